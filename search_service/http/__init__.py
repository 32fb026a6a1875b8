"""The HTTP edge: a JSON API described by OpenAPI, and a small search page.

``create_app`` makes a whole Flask application, ``create_blueprint`` a part
that another Flask application mounts under a prefix.
"""

from search_service.http.app import create_app, create_blueprint

__all__ = ["create_app", "create_blueprint"]
