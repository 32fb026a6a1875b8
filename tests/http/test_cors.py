"""CORS: closed unless a setting names who may read the API."""

from __future__ import annotations

import pytest
from flask import Flask

from search_service.config import Settings
from search_service.errors import SettingsError
from search_service.http import create_app, create_blueprint

SITE, OTHER = "https://example.org", "https://elsewhere.example"


def headers(client, path="/v1/search?q=طريق", origin=SITE, method="GET", **more):
    sent = {**({"Origin": origin} if origin else {}), **more}
    found = client.open(path, method=method, headers=sent).headers
    return {name: value for name, value in found.items() if "Access-Control" in name}


@pytest.fixture
def open_client(service):
    return create_app(service, Settings(cors_origins=(SITE,))).test_client()


def test_without_the_setting_nothing_is_opened(client):
    assert headers(client) == {}
    assert "Vary" not in client.get("/v1/search?q=طريق", headers={"Origin": SITE}).headers


def test_a_named_site_may_read_answers_and_their_tag(open_client):
    assert headers(open_client) == {
        "Access-Control-Allow-Origin": SITE,
        "Access-Control-Expose-Headers": "ETag, Retry-After, X-Request-Id",
    }


@pytest.mark.parametrize("origin", [OTHER, "null", "https://example.org.evil.example", None])
def test_no_other_site_may(open_client, origin):
    assert headers(open_client, origin=origin) == {}


def test_caches_are_told_that_the_answer_depends_on_the_site(open_client):
    for origin in (SITE, OTHER):
        answer = open_client.get("/v1/search?q=طريق", headers={"Origin": origin})
        assert "Origin" in answer.vary


def test_a_star_opens_the_api_to_all(service):
    client = create_app(service, Settings(cors_origins=("*",))).test_client()
    assert headers(client, origin=OTHER)["Access-Control-Allow-Origin"] == "*"
    assert headers(client, origin=None) == {}


@pytest.mark.parametrize(
    "path", ["/v1/search?q=طريق&size=0", "/v1/documents/nowhere", "/v1/nothing"]
)
def test_errors_can_be_read_too(open_client, path):
    assert headers(open_client, path)["Access-Control-Allow-Origin"] == SITE


def test_an_answer_that_still_holds_can_be_read_too(open_client):
    tag = open_client.get("/v1/search?q=طريق").headers["ETag"]
    found = headers(open_client, **{"If-None-Match": tag})
    assert found["Access-Control-Allow-Origin"] == SITE


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/healthz"])
def test_only_the_api_is_opened(open_client, path):
    assert headers(open_client, path) == {}


def test_a_browser_may_ask_before_it_posts_json(open_client):
    asking = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    found = headers(open_client, "/v1/search", method="OPTIONS", **asking)
    assert found["Access-Control-Allow-Origin"] == SITE
    assert "POST" in found["Access-Control-Allow-Methods"].split(", ")
    assert "Content-Type" in found["Access-Control-Allow-Headers"]
    assert int(found["Access-Control-Max-Age"]) > 0
    refused = headers(open_client, "/v1/search", origin=OTHER, method="OPTIONS", **asking)
    assert refused == {}


def test_below_a_prefix_the_api_is_opened_and_the_host_is_not(service):
    app = Flask("host")
    app.add_url_rule("/v1/own", "own", lambda: "own")
    blueprint = create_blueprint(service, Settings(cors_origins=("*",)))
    app.register_blueprint(blueprint, url_prefix="/search")
    client = app.test_client()
    assert headers(client, "/search/v1/stats")["Access-Control-Allow-Origin"] == "*"
    assert headers(client, "/search/") == {}
    assert headers(client, "/v1/own") == {}


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("", ()),
        ("*", ("*",)),
        ("https://example.org", ("https://example.org",)),
        (
            "https://example.org, http://127.0.0.1:3000",
            ("https://example.org", "http://127.0.0.1:3000"),
        ),
    ],
)
def test_origins_stand_between_commas(text, origins):
    assert Settings.from_env({"SEARCH_CORS_ORIGINS": text}).cors_origins == origins


@pytest.mark.parametrize(
    "text", ["example.org", "https://example.org/", "https://Example.org", "https://*.a.org/x"]
)
def test_what_no_browser_sends_is_no_origin(text):
    with pytest.raises(SettingsError, match="SEARCH_CORS_ORIGINS"):
        Settings.from_env({"SEARCH_CORS_ORIGINS": text})
