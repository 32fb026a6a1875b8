"""A reader with a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

__all__ = ["AXE", "SCREENSHOTS", "Visit"]

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "build/npm/node_modules/axe-core/axe.min.js"
SCREENSHOTS = ROOT / "build/screenshots"


class Visit:
    """A reader with a browser of their own, and what went wrong in it."""

    def __init__(self, browser: Any, address: str, **settings: Any) -> None:
        settings = {"locale": "ar", "viewport": {"width": 1280, "height": 860}, **settings}
        self.address = address
        self.context = browser.new_context(base_url=address, **settings)
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.trouble: list[str] = []
        self.page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        self.page.on("console", self._on_console)
        self.page.on("dialog", self._on_dialog)
        self.page.on("request", self._on_request)

    def open(self, path: str = "/", **parameters: Any) -> Any:
        """Go to a page and return its answer."""
        query = f"?{urlencode(parameters, doseq=True)}" if parameters else ""
        return self.page.goto(path + query)

    def titles(self) -> list[str]:
        return [title.strip() for title in self.page.locator(".hits h2").all_inner_texts()]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(width))

    def violations(self) -> list[str]:
        """Return what axe-core finds serious or critical."""
        if not AXE.exists():
            pytest.skip(f"axe-core is missing: npm install --prefix {AXE.parents[2]} axe-core")
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run()")["violations"]
        return [
            f"{rule['id']}: {node['target']} {node.get('failureSummary')}"
            for rule in found
            if rule["impact"] in {"serious", "critical"}
            for node in rule["nodes"]
        ]

    def _on_console(self, message: Any) -> None:
        # The browser tells of every answer of 400 and above; these are the tests' own business.
        if message.type == "error" and "the server responded with a status" not in message.text:
            self.trouble.append(f"console: {message.text}")

    def _on_dialog(self, dialog: Any) -> None:
        self.trouble.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_request(self, request: Any) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.address).netloc:
            self.trouble.append(f"from elsewhere: {request.url}")
