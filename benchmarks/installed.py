"""What may be installed or not: the error that says so, and where Lucene is."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

__all__ = ["NotHere", "lucene_command", "xapian_python"]

_DEBIAN_PYTHON = "/usr/bin/python3"


class NotHere(Exception):
    """The engine is not installed; the message says what is missing."""


def lucene_command(jar: Path | None, program: Path) -> list[str]:
    """Return the command that runs a Java source with Lucene; ``jar`` or the one in pyserini.

    Raises :class:`NotHere` without Java or a jar.
    """
    jar = jar or _pyserini_jar()
    if jar is None:
        raise NotHere("--lucene-jar, or pip install pyserini")
    if shutil.which("java") is None:
        raise NotHere("java, 17 or newer")
    return ["java", "-Dfile.encoding=UTF-8", "-cp", str(jar), str(program)]


def xapian_python() -> str:
    """Return the Python that has Xapian: Debian packages it for its own only.

    Raises :class:`NotHere` if it has not.
    """
    test = [_DEBIAN_PYTHON, "-c", "import xapian"]
    if not os.access(_DEBIAN_PYTHON, os.X_OK) or _fails(test):
        raise NotHere("apt-get install python3-xapian")
    return _DEBIAN_PYTHON


def _pyserini_jar() -> Path | None:
    # Looked for, not imported: importing it loads half a machine learning library.
    package = importlib.util.find_spec("pyserini")
    folders = list(package.submodule_search_locations or []) if package else []
    jars = (jar for f in folders for jar in Path(f).glob("resources/jars/anserini-*-fatjar.jar"))
    return next(jars, None)


def _fails(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode != 0
