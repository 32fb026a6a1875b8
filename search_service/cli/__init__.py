"""The command line edge: ``search-service``, also ``python -m search_service``.

Commands parse options, open the service and print; what a search or an index
is, they leave to the service. Whatever takes long to import is imported inside
the function that needs it, so that ``--help`` answers at once.
"""

from __future__ import annotations

from search_service.cli.app import main

__all__ = ["main"]
