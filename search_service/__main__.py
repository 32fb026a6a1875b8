"""``python -m search_service``: the command line where no script is installed."""

from __future__ import annotations

from search_service.cli import main

if __name__ == "__main__":
    main()
