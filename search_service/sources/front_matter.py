"""The YAML head of a Markdown file."""

from __future__ import annotations

import functools
import re
from typing import Any

__all__ = ["BrokenFrontMatterError", "split_front_matter"]

_HEAD = re.compile(
    r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)

# The plain values of YAML 1.2, which are those of JSON. In YAML 1.1, PyYAML's
# default, `no` (Norwegian) is false, `007` is 7 and a bad date is a crash.
_SCALARS = (
    ("tag:yaml.org,2002:null", r"(?:~|null|Null|NULL|)\Z", "~nN"),
    ("tag:yaml.org,2002:bool", r"(?:true|True|TRUE|false|False|FALSE)\Z", "tTfF"),
    ("tag:yaml.org,2002:int", r"-?(?:0|[1-9][0-9]*)\Z", "-0123456789"),
    ("tag:yaml.org,2002:float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+\Z", "-0123456789"),
)


class BrokenFrontMatterError(ValueError):
    """The head is not valid YAML; ``line`` is the line of the file."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(f"broken front matter: {reason}")
        self.line = line


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return the values of the head, and the text after it.

    A file may begin with a rule (``---``) and have no head: text between two
    such lines that is valid YAML but no set of ``name: value`` stays text.
    Raises :class:`BrokenFrontMatterError`.
    """
    match = _HEAD.match(text)
    if match is None:
        return {}, text
    values = _load(match["yaml"])
    if not isinstance(values, dict | None):
        return {}, text
    return {str(name): value for name, value in (values or {}).items()}, text[match.end() :]


def _load(text: str) -> Any:
    # Imported here: only Markdown files need it.
    import yaml

    try:
        return _loader()(text).get_single_data()  # what yaml.load does
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        # Lines count from 0, and the `---` comes before them.
        raise BrokenFrontMatterError(reason, mark.line + 2 if mark else 1) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        # PyYAML's way to say that a value does not fit its explicit tag, `!!int x`.
        raise BrokenFrontMatterError(f"a value does not fit its tag: {error}", 1) from error


@functools.cache
def _loader() -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """Safe YAML with the scalars of JSON, and without references."""

        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (PyYAML's own name)

        def compose_node(self, parent: Any, index: Any) -> Any:
            # A few lines of references to references unpack to gigabytes.
            if self.check_event(yaml.AliasEvent):
                event: Any = self.peek_event()  # type: ignore[no-untyped-call]
                raise yaml.composer.ComposerError(
                    None, None, "references (*name) are not supported", event.start_mark
                )
            return super().compose_node(parent, index)

    for tag, pattern, first in _SCALARS:
        Loader.add_implicit_resolver(tag, re.compile(pattern), [*first, ""])
    return Loader
