"""Which ids are new for sure, in little memory however many there are."""

from __future__ import annotations

__all__ = ["IdFilter"]

# Of a million ids, one in eight shares the bit of another.
_BYTES = 1 << 20


class IdFilter:
    """Holds one bit for each id that was added, which others may share.

    It spares asking a store that is slow to say no. Takes 1 MB.

    >>> ids = IdFilter()
    >>> ids.add("a")
    True
    >>> ids.may_have("a")
    True
    """

    def __init__(self) -> None:
        self._bits = bytearray(_BYTES)

    def may_have(self, document_id: str) -> bool:
        """Tell whether an id may have been added; False is certain."""
        place, bit = self._place(document_id)
        return bool(self._bits[place] & bit)

    def add(self, document_id: str) -> bool:
        """Add an id; return whether it is new for sure."""
        place, bit = self._place(document_id)
        before = self._bits[place]
        self._bits[place] = before | bit
        return not before & bit

    def _place(self, document_id: str) -> tuple[int, int]:
        place, bit = divmod(hash(document_id) % (8 * len(self._bits)), 8)
        return place, 1 << bit
