"""Which URLs may become links: one rule for the search page and for notebooks."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["web_link"]


def web_link(url: str | None) -> str | None:
    r"""Return the URL if it leads to the web; nothing else (``javascript:``) becomes a link.

    White space and control characters are refused, because browsers drop some
    of them: to them "java\nscript:" is a script.
    """
    if not url or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None
