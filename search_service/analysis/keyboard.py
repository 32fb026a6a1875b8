"""Words typed with the keyboard in the wrong layout: ``hgsghl`` where السلام was meant."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from search_service.analysis.tables import read_table

__all__ = ["typed_in_other_layout"]

# Keys that type two letters which have keys of their own too are rarer than the two keys.
_TWO_LETTERS = 2


@functools.cache
def _keys() -> Mapping[str, str]:
    """Return what each key types in Arabic; capitals that type no letter as if without shift."""
    keys = {key: letters for key, letters, _ in read_table("keyboard.tsv", 3)}
    return {key.upper(): letters for key, letters in keys.items()} | keys


@functools.cache
def _letters() -> Mapping[str, str]:
    """Return the key, without shift, that types each Arabic letter or pair of letters."""
    keys = {letters: key for key, letters, _ in read_table("keyboard.tsv", 3)}
    return {letters: key.lower() for letters, key in keys.items()}


def typed_in_other_layout(text: str) -> tuple[str, ...]:
    """Return what the keys for ``text`` type in the other of the Arabic and English layouts.

    Empty for text that is not of one layout alone; two readings where لا may be
    one key or two.

    >>> typed_in_other_layout("hgsghl"), typed_in_other_layout("اثممخ")
    (('السلام',), ('hello',))
    """
    if all(key in _keys() for key in text):
        return ("".join(map(_keys().__getitem__, text)),) if text else ()
    readings = (_as_keys(text, _TWO_LETTERS), _as_keys(text, 1))
    return tuple(dict.fromkeys(reading for reading in readings if reading))


def _as_keys(text: str, longest: int) -> str:
    """Return the keys that type ``text``, the empty string if some letter has none."""
    keys, at = "", 0
    while at < len(text):
        for size in range(longest, 0, -1):
            key = _letters().get(text[at : at + size])
            if key and len(text[at : at + size]) == size:
                keys, at = keys + key, at + size
                break
        else:
            return ""
    return keys
