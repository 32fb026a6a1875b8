"""A few processes that each answer one request after the other, in bytes.

They are plain child processes with pipes, not those of ``multiprocessing``:
forking a process that has threads, as a server does, may hang for ever, and
starting anew in the way of that module runs the caller's ``__main__`` again,
which a script without a guard does not survive. These run one function of this
package, know nothing of the caller, and end when the caller does.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock
from typing import Any, BinaryIO, Generic, TypeAlias, TypeVar, cast

from search_service.errors import EngineError

__all__ = ["ProcessPool", "processors", "serve"]

T = TypeVar("T")
Receive: TypeAlias = Callable[[bytes], T]

_SIZE = struct.Struct("<BQ")
_ANSWER, _FAILURE = 0, 1
_READY = b"ready"

# The next request lies ready where an answer has just been given.
_AT_ONCE = 2

# Answers have megabytes; with the usual 64 KB each of them waits dozens of times for its reader.
_PIPE = 1 << 20

# A group of its own keeps Ctrl-C away: it reaches the caller alone, which then ends the others.
# In a session of its own, where older Pythons must put it, Linux would share the processors
# between it and the caller with all its threads by halves.
_APART: dict[str, Any] = (
    {"process_group": 0} if sys.version_info >= (3, 11) else {"start_new_session": True}
)

# The caller's search path comes along: the package may be importable by it alone.
_MAIN = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from importlib import import_module
getattr(import_module(sys.argv[2]), sys.argv[3])()
"""


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class ProcessPool(Generic[T]):
    """Runs ``function`` of ``module``, which calls :func:`serve`, in ``count`` processes.

    They start at once and in the background; :attr:`ready` tells when they can
    be used. If one of them ends early, all that was asked of it fails.

    ``receiver`` is called once for each process, and what it returns makes
    something of each of its answers, in the order in which they are given.
    """

    def __init__(
        self, module: str, function: str, count: int, receiver: Callable[[], Receive[T]]
    ) -> None:
        self._idle: SimpleQueue[_Worker[T]] = SimpleQueue()
        self._workers: list[_Worker[T]] = []
        self._threads = ThreadPoolExecutor(_AT_ONCE * count, thread_name_prefix="analysing")
        with suppress(OSError):
            for _ in range(count):
                self._workers.append(_Worker(module, function, receiver()))
        self._starting = [self._threads.submit(worker.greet) for worker in self._workers]
        for worker in self._workers * _AT_ONCE:
            self._idle.put(worker)

    @property
    def ready(self) -> bool | None:
        """Whether the processes have started; ``None`` while they are about to."""
        if not self._starting:
            return False
        if not all(start.done() for start in self._starting):
            return None
        return all(start.exception() is None and start.result() for start in self._starting)

    def submit(self, request: bytes) -> Future[T]:
        """Ask whichever process is free; the answer may be an error of this package."""
        return self._threads.submit(self._ask, request)

    def _ask(self, request: bytes) -> T:
        worker = self._idle.get()
        try:
            return worker.ask(request)
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """End the processes, whatever they are doing, and return when they are gone."""
        for worker in self._workers:
            worker.end()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._workers:
            worker.close()


class _Worker(Generic[T]):
    """One process; threads may ask it at a time, and are answered in the order they asked.

    While one sends, another receives, so that no two pipes wait for each other.
    """

    def __init__(self, module: str, function: str, receive: Receive[T]) -> None:
        self._make = receive
        path = json.dumps([entry or str(Path.cwd()) for entry in sys.path])
        self._sending = Lock()
        self._answered = Event()
        self._answered.set()
        self._process = subprocess.Popen(  # noqa: S603 - this Python, this package
            [sys.executable, "-c", _MAIN, path, module, function],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            **_APART,
        )
        self._stdin = cast(BinaryIO, self._process.stdin)
        self._stdout = cast(BinaryIO, self._process.stdout)
        _widen(self._stdin, self._stdout)

    def greet(self) -> bool:
        """Return whether it has started well."""
        return _receive(self._stdout) == (_ANSWER, _READY)

    def ask(self, request: bytes) -> T:
        answered = Event()
        try:
            with self._sending:
                before, self._answered = self._answered, answered
                self._tell(request)
            before.wait()
            return self._next()
        finally:
            answered.set()

    def _tell(self, request: bytes) -> None:
        try:
            _send(self._stdin, _ANSWER, request)
        except (OSError, ValueError) as error:  # ValueError: the pipe is closed
            raise self._ended() from error

    def _next(self) -> T:
        try:
            kind, answer = _receive(self._stdout)
        except (OSError, EOFError, ValueError) as error:
            raise self._ended() from error
        if kind != _ANSWER:
            raise EngineError(f"documents could not be analysed: {answer.decode()}")
        return self._make(answer)

    def end(self) -> None:
        """Kill it."""
        self._process.kill()
        with suppress(OSError):
            self._stdin.close()
        self._process.wait()

    def close(self) -> None:
        """Close what is left when nobody waits for it any more."""
        self._stdout.close()

    def _ended(self) -> EngineError:
        code = self._process.wait()
        how = f"signal {-code}: out of memory?" if code < 0 else f"exit code {code}"
        return EngineError(
            f"a process that analyses documents ended before its work was done ({how}); "
            "nothing was written. Index again, or with SEARCH_PROCESSES=1"
        )


def _widen(*pipes: BinaryIO) -> None:
    """Let pipes hold more at a time, where the system can."""
    with suppress(ImportError, OSError):
        from fcntl import F_SETPIPE_SZ, fcntl  # noqa: PLC0415 - Linux alone has it

        for pipe in pipes:
            fcntl(pipe.fileno(), F_SETPIPE_SZ, _PIPE)


def serve(answer: Callable[[bytes], bytes]) -> None:
    """Answer requests on the standard streams until there are no more: what a process does."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What anybody prints must not get between the answers.
    os.dup2(2, 1)
    with suppress(OSError):  # the caller is gone
        _send(answers, _ANSWER, _READY)
        while (request := _next(requests)) is not None:
            try:
                result = _ANSWER, answer(request)
            except Exception:
                result = _FAILURE, traceback.format_exc().encode(errors="backslashreplace")
            _send(answers, *result)


def _next(stream: BinaryIO) -> bytes | None:
    try:
        return _receive(stream)[1]
    except EOFError:
        return None


def _send(stream: BinaryIO, kind: int, content: bytes) -> None:
    stream.write(_SIZE.pack(kind, len(content)))
    stream.write(content)
    stream.flush()


def _receive(stream: BinaryIO) -> tuple[int, bytes]:
    """Return the next message; raises ``EOFError`` where the stream ends before it does."""
    kind, size = _SIZE.unpack(_exactly(stream, _SIZE.size))
    return kind, _exactly(stream, size)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError("the stream ended")
    return content
