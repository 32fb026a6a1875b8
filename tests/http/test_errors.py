"""Every error is one shape: RFC 9457."""

from __future__ import annotations

import io
import logging

import pytest

from search_service import errors

SHAPE = ["type", "title", "status", "detail", "instance", "request_id"]
JSON = "application/json"


def problem(answer, status):
    """Return the body of an answer that must be a problem document of this status."""
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert list(answer.json)[: len(SHAPE)] == SHAPE
    assert answer.json["status"] == status
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]
    return answer.json


def messages(answer):
    return {each["field"]: each["message"] for each in problem(answer, 422)["errors"]}


def test_unknown_url(client):
    found = problem(client.get("/v1/nothing"), 404)
    assert found["type"] == "about:blank"
    assert found["instance"] == "/v1/nothing"
    assert list(found) == SHAPE


def test_instance_is_a_uri(client):
    assert problem(client.get("/طريق<b>"), 404)["instance"].isascii()


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "TRACE", "FOO"])
def test_wrong_method(client, method):
    answer = client.open("/v1/search", method=method)
    assert problem(answer, 405)["type"] == "about:blank"
    if method != "FOO":
        assert set(answer.allow) == {"GET", "HEAD", "POST", "OPTIONS"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"q": "\xff"}', b"[" * 100_000, b'{"q": "a", "size": ' + b"9" * 5000]
)
def test_a_body_that_is_not_json(client, body):
    answer = client.post("/v1/search", data=body, content_type=JSON)
    assert problem(answer, 400)["type"] == "/problems/malformed-body"


def test_a_body_that_is_too_long(client):
    answer = client.post("/v1/search", data=b" " * 1_048_577, content_type=JSON)
    assert "1,048,576" in problem(answer, 413)["detail"]


def test_a_chunked_body_that_is_too_long(client):
    answer = client.post(
        "/v1/search",
        input_stream=io.BytesIO(b" " * 3_000_000),
        content_type=JSON,
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    problem(answer, 413)


def test_a_body_in_another_format(client):
    assert "application/json" in problem(client.post("/v1/search", data={"q": "a"}), 415)["detail"]


@pytest.mark.parametrize("body", ["[]", '"q"', "3", "null"])
def test_a_body_that_is_not_an_object(client, body):
    answer = client.post("/v1/search", data=body, content_type=JSON)
    assert messages(answer) == {"body": "Must be a JSON object."}


def test_q_is_required(client):
    for answer in (client.get("/v1/search"), client.post("/v1/search", json={})):
        assert messages(answer) == {"q": "Missing data for required field."}
        assert answer.json["type"] == "/problems/validation"
        assert answer.json["detail"] == "Look at: q."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("size", "0"),
        ("size", "101"),
        ("size", "ten"),
        ("size", ""),
        ("size", "1.5"),
        ("size", "9" * 5000),
        ("page", "0"),
        ("page", "-1"),
        ("page", "1000001"),
        ("match", "none"),
        ("strict", "maybe"),
        ("explain", ""),
        ("highlight", "2"),
        ("sort", "score"),
        ("facet", "title"),
        ("facet", "tags,,year"),
        ("fields", "body"),
        ("highlight_tag", "script"),
        ("highlight_length", "5"),
        ("highlight_count", "0"),
        ("highlight_whole", "maybe"),
    ],
)
def test_a_parameter_out_of_bounds(client, service, name, value):
    assert list(messages(client.get(f"/v1/search?q=a&{name}={value}"))) == [name]
    assert service.calls == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q", None),
        ("q", 7),
        ("q", ["a"]),
        ("size", "5"),
        ("size", True),
        ("size", 1.5),
        ("size", None),
        ("page", 10**30),
        ("strict", "true"),
        ("strict", 1),
        ("match", "ANY"),
        ("sort", 1),
        ("facet", "tags"),
        ("facet", ["tags", 1]),
        ("filter", "tags:علوم"),
        ("filter", [None]),
        ("filter", ["id:a"] * 51),
        ("fields", ["body"]),
        ("highlight_tag", "script"),
        ("highlight_length", "100"),
        ("highlight_count", True),
        ("highlight_whole", 1),
    ],
)
def test_a_body_field_of_another_type(client, name, value):
    assert list(messages(client.post("/v1/search", json={"q": "a", name: value}))) == [name]


def test_infinity_is_no_size(client):
    answer = client.post("/v1/search", data='{"q": "a", "size": Infinity}', content_type=JSON)
    assert list(messages(answer)) == ["size"]


def test_an_unknown_name_is_an_error_that_helps(client):
    expected = (
        "Unknown. Did you mean size? Known: q, match, size, page, sort, filter, facet, fields, "
        "highlight, highlight_tag, highlight_length, highlight_count, highlight_whole, strict, "
        "explain, exact."
    )
    assert messages(client.get("/v1/search?q=a&sise=3")) == {"sise": expected}
    assert messages(client.post("/v1/search", json={"q": "a", "sise": 3})) == {"sise": expected}


def test_an_unknown_name_like_nothing_known(client):
    assert messages(client.get("/v1/analyze?text=a&زيادة=1")) == {"زيادة": "Unknown. Known: text."}
    assert messages(client.get("/v1/stats?x=1")) == {"x": "Unknown: nothing can be given here."}


@pytest.mark.parametrize(
    ("name", "value", "near"),
    [
        ("facet", "tgas", "tags"),
        ("sort", "-dat", "-date"),
        ("fields", "titel", "title"),
    ],
)
def test_an_unknown_value_is_told_the_nearest_known(client, name, value, near):
    for answer in (
        client.get(f"/v1/search?q=a&{name}={value}"),
        client.post("/v1/search", json={"q": "a", name: value if name == "sort" else [value]}),
    ):
        assert f"did you mean {near}?" in messages(answer)[name]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_filter_that_is_wrong_is_shown_with_the_place(client, method):
    if method == "get":
        answer = client.get("/v1/search", query_string={"q": "a", "filter": ["id:a", "سياسة"]})
    else:
        answer = client.post("/v1/search", json={"q": "a", "filter": ["id:a", "سياسة"]})
    assert messages(answer) == {"filter": "'سياسة': a word without a field"}
    assert answer.json["type"] == "/problems/validation"
    assert answer.json["span"] == {"start": 0, "end": 5}


def test_a_list_between_commas_is_given_once_and_a_filter_several_times(client):
    assert list(messages(client.get("/v1/search?q=a&facet=tags&facet=year"))) == ["facet"]
    assert client.get("/v1/search?q=a&filter=id:a&filter=id:b").status_code == 200


def test_all_errors_are_named_at_once(client):
    assert set(messages(client.get("/v1/search?size=0&pag=2"))) == {"q", "size", "pag"}


def test_a_parameter_given_twice(client):
    assert messages(client.get("/v1/search?q=a&q=b")) == {"q": "Given more than once."}


def test_a_body_of_many_long_unknown_names_gets_a_short_answer(client):
    answer = client.post("/v1/search", json={f"{n}{'x' * 500}": 1 for n in range(1000)})
    problem(answer, 422)
    assert len(answer.data) < 10_000


def test_a_query_that_cannot_be_understood(client):
    found = problem(client.get('/v1/search?q="طري&strict=true'), 400)
    assert found["type"] == "/problems/query-syntax"
    assert found["detail"] == "a quotation mark is not closed"
    assert found["span"] == {"start": 0, "end": 5}


def test_no_such_document(client):
    assert problem(client.get("/v1/documents/a/b"), 404)["type"] == "/problems/document-not-found"


PRIVATE = "/srv/private/index: run `search-service rebuild`"


@pytest.mark.parametrize("path", ["/v1/search?q=a", "/v1/documents/1", "/v1/stats", "/readyz"])
@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.EngineError, "index-unavailable"),
        (errors.EngineUnavailable, "index-unavailable"),
        (errors.IndexMismatch, "index-mismatch"),
        (errors.IndexLocked, "index-locked"),
    ],
)
def test_an_index_that_cannot_answer(client, service, caplog, path, error, kind):
    service.failure = error(PRIVATE)
    answer = client.get(path, headers={"X-Request-Id": "abc"})
    assert problem(answer, 503)["type"] == f"/problems/{kind}"
    assert "private" not in answer.text
    assert any(PRIVATE in line and "abc" in line for line in caplog.messages)
    assert (answer.headers.get("Retry-After") == "5") == (kind == "index-locked")


def test_an_engine_that_is_not_installed_is_answered_with_how_to_install_it(client, service):
    service.failure = errors.EngineUnavailable(PRIVATE, "pip install it")
    for path in ("/readyz", "/v1/search?q=a"):
        found = problem(client.get(path), 503)
        assert found["detail"].endswith("Install it: pip install it")
        assert "private" not in found["detail"]


def test_an_error_that_nobody_foresaw(client, service, caplog):
    service.failure = RuntimeError(PRIVATE)
    answer = client.get("/v1/stats")
    assert problem(answer, 500)["type"] == "about:blank"
    assert "private" not in answer.text
    assert "Traceback" not in answer.text
    assert [r.exc_info[1] for r in caplog.records if r.exc_info] == [service.failure]


@pytest.mark.parametrize("debug", [False, True])
def test_no_mode_of_flask_shows_a_stack_trace(app, service, debug):
    app.testing = app.debug = debug
    service.failure = RuntimeError(PRIVATE)
    answer = app.test_client().get("/v1/stats")
    problem(answer, 500)
    assert "Traceback" not in answer.text
    assert "private" not in answer.text


def test_every_type_leads_to_its_explanation(client):
    location = client.get("/problems/index-locked").headers["Location"]
    assert location == "/docs#problem-index-locked"
    assert 'id="problem-index-locked"' in client.get("/docs").text
    problem(client.get("/problems/nothing"), 404)


@pytest.mark.parametrize("sent", ["a", "req-1/2+3=", "x" * 128])
def test_a_sane_request_id_is_kept(client, caplog, sent):
    caplog.set_level(logging.INFO)
    answer = client.get("/v1/nothing", headers={"X-Request-Id": sent})
    assert problem(answer, 404)["request_id"] == sent
    assert any(sent in line for line in caplog.messages)


@pytest.mark.parametrize("sent", ["", "x" * 129, "with space", "قطار", "tab\there"])
def test_another_request_id_is_replaced(client, sent):
    header = sent.encode().decode("latin-1")
    first, second = (
        client.get("/healthz", headers={"X-Request-Id": header}).headers["X-Request-Id"]
        for _ in range(2)
    )
    assert first != second
    assert len(first) == 32


def test_what_people_search_for_is_not_logged(client, caplog):
    caplog.set_level(logging.INFO)
    client.get("/v1/search?q=طريق")
    assert any("/v1/search" in line for line in caplog.messages)
    assert "طريق" not in caplog.text


def test_a_line_break_in_a_path_makes_no_line_in_the_log(client, caplog):
    caplog.set_level(logging.INFO)
    client.get("/v1/documents/a%0Aforged")
    assert not any("\n" in line for line in caplog.messages)
