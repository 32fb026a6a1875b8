"""The real service in a real browser: Debian's Chromium, steered by Playwright.

``pip install -e '.[browser]'`` and ``apt-get install chromium fonts-noto-core``
are all that is needed; Playwright's own browser is not. Without them these
tests are skipped and say so.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from search_service import Document, SearchService
from search_service.errors import EngineError
from search_service.http import create_blueprint
from search_service.http.backend import Backend, LazyBackend
from tests.browser.visiting import Visit

ROOT = Path(__file__).resolve().parents[2]

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(2)>\"onmouseover=\"alert(3)"


def hostile() -> Document:
    """Return a document that holds script wherever text can be."""
    return Document(
        id=f"طريق/{HOSTILE}",
        title=f"طريق {HOSTILE}",
        body=f"طريق {HOSTILE}\n\n</p></article>{HOSTILE} طريق",
        url=f"https://example.org/{HOSTILE}".replace(" ", "%20"),
        language='"><script>alert(4)</script>',
        tags=(HOSTILE, "'\"><svg onload=alert(5)>"),
        metadata={"source": HOSTILE},
    )


def _no_index() -> Any:
    raise EngineError("there is no index")


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the sample documents; under prefixes, what they do not show."""
    folder = tmp_path_factory.mktemp("browser")
    app = Flask("host", static_folder=None)
    with (
        SearchService.open(folder / "seeds") as seeds,
        SearchService.open(folder / "hostile") as bad,
        SearchService.open(folder / "empty") as empty,
    ):
        seeds.index_paths([ROOT / "seeds"])
        bad.index([hostile()])
        backends: dict[str, Backend] = {
            "": seeds,
            "hostile": bad,
            "empty": empty,
            "broken": LazyBackend(_no_index),
        }
        for name, backend in backends.items():
            blueprint = create_blueprint(backend, name=name or "seeds")
            app.register_blueprint(blueprint, url_prefix=f"/{name}")
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: pip install -e '.[browser]'"
    )
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip("no Chromium is installed: apt-get install chromium fonts-noto-core")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Callable[..., Visit]]:
    """Return a function that begins a visit; afterwards, nothing may have gone wrong in any."""
    begun: list[Visit] = []

    def begin(**settings: Any) -> Visit:
        begun.append(Visit(browser, address, **settings))
        return begun[-1]

    yield begin
    for one in begun:
        one.context.close()
    assert [trouble for one in begun for trouble in one.trouble] == []


@pytest.fixture
def suggested() -> Callable[..., str]:
    """Return a function that makes the body of an answer with suggestions."""

    def body(*texts: str) -> str:
        entries: list[dict[str, Any]] = [
            {"text": text, "kind": "word", "html": text, "ranges": [], "count": 1, "id": None}
            for text in texts
        ]
        return json.dumps({"query": "", "suggestions": entries})

    return body
