"""Other processes answer, and when they do not, the caller hears of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from search_service.errors import EngineError
from search_service.processes import ProcessPool, processors

Pool: TypeAlias = ProcessPool[bytes]

WORK = """
import os, sys, time
from search_service.processes import serve

asked = 0

def answer(request):
    global asked
    asked += 1
    if request == b"count":
        return asked.to_bytes(2, "big") + bytes(200_000)
    if request == b"die":
        os._exit(3)
    if request == b"fail":
        raise RuntimeError("no such luck")
    if request == b"print":
        print("something")
        os.write(1, b"something else")
    if request == b"sleep":
        time.sleep(600)
    return request[::-1]

def work():
    serve(answer)

def broken():
    raise SystemExit(1)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "some_work.py").write_text(WORK, encoding="utf-8")
    # Other processes find what this one finds.
    monkeypatch.syspath_prepend(str(tmp_path))
    return "some_work"


@pytest.fixture
def pool(module: str) -> Iterator[Pool]:
    opened = Pool(module, "work", 2, lambda: bytes)
    yield opened
    opened.close()


def wait(pool: ProcessPool[Any]) -> bool:
    while pool.ready is None:
        time.sleep(0.01)
    return pool.ready


def test_answers_belong_to_requests(pool: Pool) -> None:
    assert wait(pool)
    requests = [str(number).encode() * 50_000 for number in range(20)]
    answers = [pool.submit(request) for request in requests]
    assert [answer.result() for answer in answers] == [request[::-1] for request in requests]


def test_what_one_process_answers_is_received_in_its_order(module: str) -> None:
    received: list[list[bytes]] = []

    def receiver() -> Callable[[bytes], tuple[int, bytes]]:
        own: list[bytes] = []
        received.append(own)

        def receive(answer: bytes) -> tuple[int, bytes]:
            own.append(answer)
            return len(own), answer

        return receive

    pool = ProcessPool(module, "work", 2, receiver)
    assert wait(pool)
    given = [pool.submit(str(number).encode()).result() for number in range(20)]
    pool.close()
    assert sorted(answer for own in received for answer in own) == sorted(a for _, a in given)
    assert all((own.index(answer) + 1, answer) in given for own in received for answer in own)


def test_one_process_answers_many_threads_in_the_order_they_asked(module: str) -> None:
    received: list[list[int]] = []

    def receiver() -> Callable[[bytes], None]:
        own: list[int] = []
        received.append(own)
        return lambda answer: own.append(int.from_bytes(answer[:2], "big"))

    pool = ProcessPool(module, "work", 2, receiver)
    assert wait(pool)
    for answer in [pool.submit(b"count") for _ in range(400)]:
        answer.result(timeout=60)
    pool.close()
    assert sum(map(len, received)) == 400
    assert all(own == list(range(1, len(own) + 1)) for own in received)


def test_requests_and_answers_larger_than_pipes_do_not_wait_for_each_other(pool: Pool) -> None:
    assert wait(pool)
    requests = [bytes([number]) * 5_000_000 for number in range(8)]
    answers = [pool.submit(request) for request in requests]
    assert [answer.result(timeout=60) for answer in answers] == requests


def test_what_is_printed_there_does_not_get_between_the_answers(pool: Pool) -> None:
    assert wait(pool)
    assert [pool.submit(b"print").result() for _ in range(4)] == [b"tnirp"] * 4


def test_a_process_that_dies_is_an_error_and_no_wait(pool: Pool) -> None:
    assert wait(pool)
    with pytest.raises(EngineError, match=r"exit code 3.*SEARCH_PROCESSES=1"):
        pool.submit(b"die").result(timeout=60)


def test_a_process_that_is_killed_is_an_error(pool: Pool) -> None:
    assert wait(pool)
    answer = pool.submit(b"sleep")
    for worker in pool._workers:
        worker._process.send_signal(signal.SIGKILL)
    with pytest.raises(EngineError, match="signal 9: out of memory"):
        answer.result(timeout=60)


def test_an_exception_there_is_an_error_here_with_its_reason(pool: Pool) -> None:
    assert wait(pool)
    with pytest.raises(EngineError, match="no such luck"):
        pool.submit(b"fail").result(timeout=60)
    assert pool.submit(b"ab").result(timeout=60) == b"ba"


def test_closing_ends_work_that_is_under_way(pool: Pool) -> None:
    assert wait(pool)
    answers = [pool.submit(b"sleep") for _ in range(3)]
    pool.close()
    assert all(worker._process.poll() is not None for worker in pool._workers)
    assert all(answer.cancelled() or answer.exception() for answer in answers)


@pytest.mark.parametrize("function", ["broken", "no_such_function"])
def test_processes_that_cannot_start_are_not_ready(module: str, function: str) -> None:
    pool = Pool(module, function, 2, lambda: bytes)
    assert wait(pool) is False
    pool.close()


def test_a_python_that_is_not_there_is_not_ready(
    module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Where Python is embedded in another program, there may be none to start.
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    pool = Pool(module, "work", 2, lambda: bytes)
    assert wait(pool) is False
    pool.close()


def test_processes_end_when_their_caller_is_killed(module: str, tmp_path: Path) -> None:
    script = textwrap.dedent(f"""
        import sys, time
        sys.path.insert(0, {str(tmp_path)!r})
        from search_service.processes import ProcessPool
        pool = ProcessPool({module!r}, "work", 1, lambda: bytes)
        while pool.ready is None:
            time.sleep(0.01)
        print(pool._workers[0]._process.pid, flush=True)
        time.sleep(600)
    """)
    caller = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert caller.stdout
    pid = int(caller.stdout.readline())
    caller.kill()
    caller.wait()
    caller.stdout.close()
    for _ in range(1000):
        if not _alive(pid):
            break
        time.sleep(0.02)
    else:
        pytest.fail("it still runs")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text(encoding="ascii").split()[2] != "Z"


def test_there_is_a_processor() -> None:
    assert processors() >= 1
