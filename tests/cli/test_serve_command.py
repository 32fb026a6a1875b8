from __future__ import annotations

import socket
from contextlib import closing

import pytest

from search_service.cli import server
from search_service.errors import IndexMismatch


@pytest.fixture
def started(monkeypatch):
    """Return what servers were made with; none is run."""
    made = []

    class FakeServer:
        def __init__(self, *args):
            made.append(args)

        def run(self):
            pass

    monkeypatch.setattr(server, "Server", FakeServer)
    return made


@pytest.fixture
def taken():
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


@pytest.fixture
def free():
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def test_options_reach_the_server(run, started, free, index_dir):
    args = ["--port", free, "--workers", 3, "--timeout", 9, "--graceful-timeout", 8]
    assert run("serve", *args, "--host", "localhost").exit_code == 0
    settings, timeout, graceful_timeout = started[0]
    assert (settings.host, settings.port, settings.workers) == ("localhost", free, 3)
    assert (timeout, graceful_timeout, settings.index_dir) == (9, 8, index_dir)


def test_variables_stand_in_for_options(run, started, free):
    assert run("serve", env={"SEARCH_PORT": str(free), "SEARCH_WORKERS": "5"}).exit_code == 0
    assert (started[0][0].port, started[0][0].workers) == (free, 5)


def test_the_index_is_closed_again_before_any_worker_is_forked(run, service, started, free):
    run("serve", "--port", free)
    assert (service.calls[0][0], service.closed) == ("check_ready", 1)


def test_a_port_that_is_taken_is_told_at_once(run, started, taken):
    result = run("serve", "--port", taken)
    assert (result.exit_code, started) == (2, [])
    assert result.stderr.startswith(
        f"error: port {taken} of 127.0.0.1 is taken by another program: choose one with --port"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "a" * 300, "..", ""])
def test_an_address_that_cannot_be_listened_on(run, started, free, host):
    result = run("serve", "--port", free, "--host", host)
    assert (result.exit_code, started) == (2, [])
    assert "cannot listen on" in result.stderr


@pytest.mark.parametrize(
    ("args", "env"),
    [
        (["--port", "0"], {}),
        (["--port", "65536"], {}),
        ([], {"SEARCH_PORT": "65536"}),
        ([], {"SEARCH_PORT": "http"}),
        (["--workers", "0"], {}),
        (["--timeout", "0"], {}),
        (["now"], {}),
    ],
    ids=str,
)
def test_wrong_usage(run, started, args, env):
    result = run("serve", *args, env=env)
    assert (result.exit_code, started) == (2, [])
    assert result.stderr.count("\n") == 1


def test_a_missing_index_is_told_before_the_start(run, started, free, tmp_path):
    result = run("serve", "--port", free, "--index-dir", tmp_path / "nowhere")
    assert (result.exit_code, started) == (3, [])
    assert "there is no index in" in result.stderr


def test_an_index_that_does_not_fit_is_told_before_the_start(run, service, started, free):
    service.failure = IndexMismatch("rebuild it: search-service index --full seeds")
    result = run("serve", "--port", free)
    assert (result.exit_code, started, service.closed) == (3, [], 1)
    assert result.stderr == "error: rebuild it: search-service index --full seeds\n"
