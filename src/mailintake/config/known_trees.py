"""Shipped files as the trees they were parsed to: they change with a release only, and parsing them is half of a check.

Kept by the hash of their bytes, so that a file that was changed is parsed anew. Files with a fault are never kept.
"""

import hashlib
from functools import cache
from typing import Any

from mailintake.config.kept import program, recall, remember
from mailintake.config.problems import File, Spot
from mailintake.config.tree import Tree

_BYTES = 16  # of a hash
_LINE, _COLUMN, _VALUE, _BARE = range(4)  # of a kept node; `_BARE` is there where it is true


class KnownTrees:
    """The trees of the shipped files. One a process; `keep` writes down what was new."""

    def __init__(self) -> None:
        """As they were kept, or empty."""
        self._key = f"trees-{program()}"
        self._kept: dict[str, Any] = (recall(self._key) or {}).get("files", {})
        self._asked: dict[str, Any] = {}
        self._new = False

    def tree(self, file: File, raw: bytes) -> Tree | None:
        """The tree of that file with these bytes; None where it is not known."""
        name = _name(raw)
        node = self._kept.get(name)
        if node is None:
            return None
        self._asked[name] = node
        return _grown(node, file, None)

    def add(self, raw: bytes, tree: Tree) -> None:
        """It was parsed now, without a fault."""
        self._asked[_name(raw)] = _plain(tree)
        self._new = True

    def keep(self) -> None:
        """Write down what is new; files that were not asked for any more are forgotten."""
        if self._new:
            self._new = False
            self._kept = self._asked
            remember(self._key, {"files": self._asked})


@cache
def known_trees() -> KnownTrees:
    """Those of this process."""
    return KnownTrees()


def _name(raw: bytes) -> str:
    return hashlib.blake2b(raw, digest_size=_BYTES).hexdigest()


def _plain(tree: Tree) -> list[Any]:
    value: Any = tree.value
    if isinstance(value, dict):
        value = {key: [item.key or item.spot, item] for key, item in value.items()}
        value = {key: [spot.line, spot.column, _plain(item)] for key, (spot, item) in value.items()}
    elif isinstance(value, list):
        value = [_plain(item) for item in value]
    return [tree.spot.line, tree.spot.column, value, *([1] if tree.bare else [])]


def _grown(node: list[Any], file: File, key: Spot | None) -> Tree:
    value = node[_VALUE]
    if isinstance(value, dict):
        value = {
            name: _grown(inner[_VALUE], file, Spot(file, inner[_LINE], inner[_COLUMN])) for name, inner in value.items()
        }
    elif isinstance(value, list):
        value = [_grown(inner, file, None) for inner in value]
    return Tree(value, Spot(file, node[_LINE], node[_COLUMN]), key, len(node) > _BARE)
