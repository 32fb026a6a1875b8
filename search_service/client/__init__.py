"""A search service at another address, asked over HTTP, answering with the library's own values.

Needs httpx: ``pip install 'search-service[client]'``.
"""

from search_service.client.client import SearchClient

__all__ = ["SearchClient"]
