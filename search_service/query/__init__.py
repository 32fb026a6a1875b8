"""From a typed query to what an engine is asked: syntax, then meaning."""
