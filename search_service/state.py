"""What answers depend on besides the question, as one short text."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from search_service.config import Settings
from search_service.generations import Meta

__all__ = ["state_fingerprint"]


def state_fingerprint(meta: Meta, synonyms: str, settings: Settings) -> str:
    """Return a hash of an index's last commit, synonyms, settings and the program's version."""
    # The time at which it was made, too: an index made again counts from 1 again.
    index = (meta.created, meta.generation, meta.commit, meta.analyzer)
    parts = (_program(), index, synonyms, settings.max_expansions, settings.max_query_words)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:20]


@cache  # asked before every answer over HTTP, and read from disk
def _program() -> str:
    # Here, because only answers over HTTP need it.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("search-service")
    except PackageNotFoundError:  # run from a folder that was never installed
        return ""
