from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from search_service.cli.server import Server, options, url
from search_service.config import Settings


@pytest.mark.parametrize(
    ("host", "bind"),
    [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80"), ("localhost", "localhost:80")],
)
def test_the_address(host, bind):
    settings = Settings(host=host, port=80)
    assert options(settings, 30, 30)["bind"] == bind
    assert url(settings) == f"http://{bind}/"


def test_gunicorn_takes_the_options():
    configured = Server(Settings(workers=3), 9, 8).cfg
    assert (configured.workers, configured.timeout, configured.graceful_timeout) == (3, 9, 8)
    assert not configured.preload_app


def test_the_url_is_told_when_the_server_listens(capsys):
    settings = Settings(index_dir=Path("an-index"))
    options(settings, 30, 30)["when_ready"](None)
    assert capsys.readouterr().out == (
        "serving an-index on http://127.0.0.1:8000/ (Ctrl-C stops)\n"
    )


def test_the_application_answers_from_the_service(service):
    client = Server(Settings(), 30, 30).load().test_client()
    found = client.get("/v1/search", query_string={"q": "طريق"}).get_json()
    assert (found["total"], found["hits"][0]["id"]) == (1, "history/002")


def test_a_worker_opens_the_index_once_before_its_first_request(service):
    client = Server(Settings(), 30, 30).load().test_client()
    assert len(service.opened) == 1
    client.get("/v1/search", query_string={"q": "x"})
    assert len(service.opened) == 1


@pytest.mark.parametrize("timeout", [1, 30, 600])
def test_a_worker_loads_in_less_time_than_ends_it(service, timeout):
    Server(Settings(), timeout, 30).load()
    ((name, _, options_of_call),) = service.calls
    assert name == "prepare"
    assert 0 < options_of_call["wait"] <= min(timeout / 2, 10)


@contextmanager
def running(environment, folder, port):
    command = [sys.executable, "-m", "search_service"]
    subprocess.run(
        [*command, "index", "seeds"], env=environment, cwd=folder, check=True, capture_output=True
    )
    with subprocess.Popen(
        # One worker: a second that is still starting when the signal comes would not hear of it,
        # and gunicorn waits for it as long as --graceful-timeout says.
        [*command, "serve", "--port", str(port), "--workers", "1"],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def get(port, path):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(plain_environment, tmp_path, stop):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "one.txt").write_text("وصل القطار إلى المدينة", encoding="utf-8")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running(plain_environment, tmp_path, port) as process:
        assert process.stdout.readline() == (
            f"serving index on http://127.0.0.1:{port}/ (Ctrl-C stops)\n"
        )
        status, found = get(port, "/v1/search?q=%D9%82%D8%B7%D8%A7%D8%B1")
        assert (status, found["total"]) == (200, 1)
        began = time.monotonic()
        process.send_signal(stop)
        assert process.wait(20) == 0
        assert time.monotonic() - began < 15
