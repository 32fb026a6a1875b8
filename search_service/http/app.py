"""The composition root of HTTP: a whole application, or a part to mount in another."""

from __future__ import annotations

from flask import Flask

from search_service.config import Settings
from search_service.http.api import add_api
from search_service.http.backend import Backend
from search_service.http.blueprint import ServiceBlueprint
from search_service.http.context import install_context
from search_service.http.cors import install_cors
from search_service.http.docs import add_docs
from search_service.http.errors import install_errors
from search_service.http.pages import add_pages

__all__ = ["create_app", "create_blueprint"]


def create_blueprint(
    service: Backend, settings: Settings | None = None, *, name: str = "search_service"
) -> ServiceBlueprint:
    """Return the API, the documentation and the pages as one blueprint.

    ``app.register_blueprint(create_blueprint(service), url_prefix="/search")``
    is all that a host needs; two services in one host need two names. Below
    its prefix the blueprint answers every URL, unknown ones too. Without a
    prefix unknown URLs stay the host's.
    """
    blueprint = ServiceBlueprint(name, __name__, static_folder="static", static_url_path="/static")
    install_context(blueprint)
    install_errors(blueprint)
    install_cors(blueprint, (settings or Settings()).cors_origins)
    add_api(blueprint, service)
    add_docs(blueprint, settings or Settings())
    add_pages(blueprint, service)
    return blueprint


def create_app(service: Backend, settings: Settings | None = None) -> Flask:
    """Return an application that serves ``service`` and nothing else."""
    app = Flask(__name__, static_folder=None, template_folder=None)
    # For what no blueprint sees: methods that HTTP does not know.
    install_errors(app)
    app.register_blueprint(create_blueprint(service, settings), url_prefix="/")
    return app
