"""Runs a contestant in a process of its own, and tells how much memory it took."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from server import clean_environment

__all__ = ["Failed", "memory", "run", "tree"]

_BENCHMARKS = Path(__file__).resolve().parents[1]
_PAUSE = 0.1
# Who shares which page is looked up again when memory is this many times what it then was.
_HIGHER = 1.01
_SIZE = re.compile(r"^(\w+):\s+(\d+) kB$", re.MULTILINE)


class Failed(Exception):
    """A contestant crashed, ran too long or printed no figures; the message says what it said."""


def run(command: Sequence[str], timeout: float) -> dict[str, Any]:
    """Return the JSON object that a program prints, with ``peak_memory`` (bytes) of its process.

    With processes below it, ``peak_memory`` is the most that all of them held
    at one time; pages that they share count once. Raises :class:`Failed`.
    """
    environment = clean_environment() | {"PYTHONPATH": str(_BENCHMARKS)}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            command, stdout=out, stderr=err, env=environment, start_new_session=True
        )
        try:
            status, peak = _wait(process.pid, time.monotonic() + timeout)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            # It was waited for here, which Popen cannot know.
            process.returncode = 0
        if status is None:
            raise Failed(f"stopped after {timeout:.0f} s")
        if status:
            raise Failed(f"exit {status}: {_last_line(err)}")
        return _figures(out, err) | {"peak_memory": peak}


def tree(pid: int) -> list[int]:
    """Return a process and all below it; only the process where the system does not tell."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += map(int, Path(task, "children").read_text(encoding="ascii").split())
    return found


def memory(pid: int) -> dict[str, int]:
    """Return ``Rss`` and ``Pss`` of a process in bytes, nothing where the system does not tell.

    Pss divides pages that processes share among them, so it may be summed.
    """
    return _numbers(pid, "smaps_rollup")


def _numbers(pid: int, file: str) -> dict[str, int]:
    """Return the sizes that a file of ``/proc`` gives in kB, in bytes."""
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/{file}").read_text(encoding="utf-8", errors="replace")
        return {name: int(size) * 1024 for name, size in _SIZE.findall(lines)}
    return {}


def _wait(pid: int, end: float) -> tuple[int | None, int]:
    """Return exit code and peak memory; ``None`` for one that ran too long and was stopped."""
    alone = together = highest = 0
    late = False
    while True:
        done, status, used = os.wait4(pid, os.WNOHANG)
        if done:
            code = None if late else os.waitstatus_to_exitcode(status)
            counted = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
            return code, max(alone or counted, together)
        if time.monotonic() > end and not late:
            os.killpg(pid, signal.SIGKILL)
            late = True
        # Linux lets a process inherit its parent's peak in ru_maxrss; VmHWM is its own.
        alone = max(alone, _numbers(pid, "status").get("VmHWM", 0))
        processes = tree(pid)
        held = sum(_numbers(one, "status").get("VmRSS", 0) for one in processes)
        # To ask who shares which page takes so long that it would slow what is measured.
        if len(processes) > 1 and held > _HIGHER * highest:
            highest = held
            together = max(together, sum(memory(one).get("Pss", 0) for one in processes))
        time.sleep(_PAUSE)


def _figures(out: IO[bytes], err: IO[bytes]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(_text(out).splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise Failed(f"printed no figures: {_last_line(err)}") from error
    return found


def _last_line(file: IO[bytes]) -> str:
    """Return the last line, which names the error, or what little there is."""
    lines = [line.strip() for line in _text(file).splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
