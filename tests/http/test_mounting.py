"""The blueprint in somebody else's application."""

from __future__ import annotations

import re

import pytest
from flask import Blueprint, Flask, request
from flask.json.provider import DefaultJSONProvider

from search_service.http import create_app, create_blueprint
from search_service.http.backend import LazyBackend
from search_service.schema import Document


def _crash() -> str:
    raise ZeroDivisionError


@pytest.fixture
def host():
    """Return an application with pages, handlers, templates and settings of its own."""
    app = Flask("host", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 10
    app.json = DefaultJSONProvider(app)
    app.jinja_env.autoescape = False
    app.add_url_rule("/mine", "mine", lambda: "mine", methods=["GET"])
    app.add_url_rule("/crash", "crash", _crash)
    app.register_error_handler(404, lambda error: ("the host's 404", 404))
    app.register_error_handler(405, lambda error: ("the host's 405", 405))
    app.register_error_handler(422, lambda error: ("the host's 422", 422))
    app.register_error_handler(Exception, lambda error: ("the host's 500", 500))
    return app


@pytest.fixture
def mounted(host, service):
    host.register_blueprint(create_blueprint(service), url_prefix="/search")
    return host.test_client()


def test_the_api_works_under_the_prefix(mounted):
    assert mounted.get("/search/v1/search?q=طريق").json["total"] == 1
    assert mounted.post("/search/v1/search", json={"q": "طريق الحرير"}).json["total"] == 1
    assert mounted.get("/search/v1/documents/history/002-silk-road").status_code == 200
    assert mounted.get("/search/healthz").status_code == 200
    assert "قوافل".encode() in mounted.get("/search/v1/search?q=طريق").data


def test_every_link_of_every_page_works_under_the_prefix(mounted):
    seen, waiting = set(), ["/search/"]
    while waiting:
        path = waiting.pop()
        answer = mounted.get(path, buffered=True)
        assert answer.status_code in (200, 302), path
        seen.add(path)
        found = re.findall(r'(?:href|src|action)="([^"]+)"', answer.text)
        paths = {link.partition("#")[0].replace("&amp;", "&") for link in found}
        paths = {link for link in paths if link and not link.startswith("http")}
        assert all(link.startswith("/search/") for link in paths), paths
        waiting += paths - seen
        if "/search/?q=طريق" not in seen:
            waiting.append("/search/?q=طريق")
    assert {"/search/docs", "/search/openapi.json", "/search/static/page.css"} <= seen
    assert "/search/documents/history/002-silk-road" in seen


def test_what_scripts_load_and_ask_for_is_under_the_prefix_too(mounted):
    page = mounted.get("/search/").text
    asked = re.findall(r'data-(?:suggest|reader)="([^"]+)"', page)
    assert len(asked) == 2
    assert all(path.startswith("/search/") for path in asked), asked
    (script,) = re.findall(r'<script [^>]*src="([^"]+)"', page)
    parts = re.findall(r'from "\./([^"]+)"', mounted.get(script, buffered=True).text)
    assert parts
    for part in parts:
        assert mounted.get(f"/search/static/{part}", buffered=True).status_code == 200


def test_the_prefix_without_its_slash_leads_to_the_page(mounted):
    assert mounted.get("/search", follow_redirects=True).status_code == 200


def test_the_openapi_document_names_the_prefix(mounted, client):
    document = mounted.get("/search/openapi.json").json
    assert document.pop("servers") == [{"url": "/search"}]
    assert document == client.get("/openapi.json").json


def test_a_prefix_of_a_proxy_counts_too(mounted):
    environ = {"SCRIPT_NAME": "/proxy"}
    document = mounted.get("/search/openapi.json", environ_overrides=environ).json
    assert document["servers"] == [{"url": "/proxy/search"}]
    problem = mounted.get("/search/v1/search", environ_overrides=environ).json
    assert problem["type"] == "/proxy/search/problems/validation"
    assert problem["instance"] == "/proxy/search/v1/search"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/search/v1/search", 422),
        ("GET", "/search/v1/documents/none", 404),
        ("GET", "/search/nothing", 404),
        ("GET", "/search/static/nothing.css", 404),
        ("DELETE", "/search/v1/search", 405),
        ("POST", "/search/", 405),
    ],
)
def test_errors_below_the_prefix_are_problem_documents(mounted, method, path, status):
    answer = mounted.open(path, method=method)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_the_methods_of_a_url_are_right_under_the_prefix(mounted):
    expected = {"GET", "HEAD", "POST", "OPTIONS"}
    assert set(mounted.delete("/search/v1/search").allow) == expected
    assert set(mounted.options("/search/v1/search").allow) == expected


def test_unforeseen_errors_too(mounted, service):
    service.failure = RuntimeError("secret")
    answer = mounted.get("/search/v1/stats")
    assert answer.status_code == 500
    assert answer.content_type == "application/problem+json"


def test_the_hosts_own_routes_and_errors_are_untouched(mounted):
    assert mounted.get("/mine").text == "mine"
    assert mounted.get("/nothing").text == "the host's 404"
    assert mounted.get("/searching").text == "the host's 404"
    assert mounted.delete("/mine").text == "the host's 405"
    assert mounted.get("/crash").text == "the host's 500"
    assert "X-Request-Id" not in mounted.get("/mine").headers
    assert set(mounted.options("/mine").allow) == {"GET", "HEAD", "OPTIONS"}


def test_limits_of_the_host_are_not_those_of_the_service(mounted):
    body = {"q": "طريق" * 100}
    assert mounted.post("/search/v1/search", json=body).status_code == 200


def test_escaping_and_templates_do_not_follow_the_host(host, new_service):
    from jinja2 import DictLoader

    names = ["base.html", "results.html", "document.html"]
    host.jinja_loader = DictLoader(dict.fromkeys(names, "the host's template"))
    bad = Document("1", title="<script>", body="طريق")
    host.register_blueprint(create_blueprint(new_service([bad])), url_prefix="/search")
    page = host.test_client().get("/search/documents/1").text
    assert "the host" not in page
    assert "<script>" not in page


def test_without_a_prefix_unknown_urls_stay_the_hosts(host, service):
    host.register_blueprint(create_blueprint(service))
    client = host.test_client()
    assert client.get("/v1/search?q=طريق").json["total"] == 1
    assert client.get("/v1/search").content_type == "application/problem+json"
    assert client.get("/nothing").text == "the host's 404"
    assert client.get("/mine").text == "mine"


def test_within_another_blueprint(host, service):
    outer = Blueprint("outer", "outer", url_prefix="/outer")
    outer.register_blueprint(create_blueprint(service), url_prefix="/search")
    host.register_blueprint(outer)
    client = host.test_client()
    assert "/outer/search/static/page.css" in client.get("/outer/search/").text
    assert client.get("/outer/search/openapi.json").json["servers"] == [{"url": "/outer/search"}]
    assert client.get("/outer/search/no").content_type == "application/problem+json"
    assert client.delete("/outer/search/v1/stats").status_code == 405


def test_a_host_can_ask_for_a_password(host, service):
    blueprint = create_blueprint(service)

    @blueprint.before_request
    def ask():
        return None if request.authorization else ("password, please", 401)

    host.register_blueprint(blueprint, url_prefix="/search")
    client = host.test_client()
    assert client.get("/search/v1/stats").status_code == 401
    assert client.get("/search/v1/stats", auth=("a", "b")).status_code == 200


def test_two_services_in_one_host(host, new_service):
    for name in ("first", "second"):
        service = new_service([Document(name, body="طريق")])
        host.register_blueprint(create_blueprint(service, name=name), url_prefix=f"/{name}")
    client = host.test_client()
    for name in ("first", "second"):
        (hit,) = client.get(f"/{name}/v1/search?q=طريق").json["hits"]
        assert hit["id"] == name
        assert f'href="/{name}/documents/{name}' in client.get(f"/{name}/?q=طريق").text


def test_two_applications_in_one_process_share_nothing(new_service):
    one, other = new_service([Document("1", body="طريق")]), new_service([])
    first, second = create_app(one).test_client(), create_app(other).test_client()
    assert first.get("/v1/search?q=طريق").json["total"] == 1
    assert second.get("/v1/search?q=طريق").json["total"] == 0
    one.failure = RuntimeError("only here")
    assert first.get("/v1/stats").status_code == 500
    assert second.get("/v1/stats").status_code == 200


def test_a_lazy_backend_is_opened_once_and_at_its_first_use(service):
    opened = []
    app = create_app(LazyBackend(lambda: opened.append(1) or service))
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    assert opened == []
    paths = ["/v1/search?q=طريق", "/v1/stats", "/v1/documents/plain", "/v1/analyze?text=a"]
    assert [client.get(path).status_code for path in [*paths, "/readyz"]] == [200] * 5
    service.amiss = ("synonyms.tsv: not a file",)
    assert client.get("/readyz").json["details"] == ["synonyms.tsv: not a file"]
    assert opened == [1]


def test_a_lazy_backend_is_opened_again_in_another_process(service, monkeypatch):
    opened = []
    backend = LazyBackend(lambda: opened.append(1) or service)
    backend.stats()
    monkeypatch.setattr("os.getpid", lambda: -1)
    backend.stats()
    assert opened == [1, 1]


def test_an_index_that_cannot_be_opened_is_tried_again(service):
    from search_service.errors import IndexMismatch

    answers = iter([IndexMismatch("run this"), service])

    def open_backend():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    client = create_app(LazyBackend(open_backend)).test_client()
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").status_code == 200
