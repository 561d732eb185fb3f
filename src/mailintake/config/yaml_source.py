"""YAML 1.2 into plain data that remembers where every key and value stood.

The node tree of ruamel.yaml is walked by hand, because a loader that builds objects stops at the first duplicate key
and gives no place for a plain scalar in a list.
"""

import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from mailintake.config.problems import Place, Problems, words

Loc = tuple[str | int, ...]
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NULL = ("", "~", "null", "Null", "NULL")
_SYNTAX = {  # part of ruamel's message → our sentence; the first that fits counts
    "<anchor>": "syntax_special",
    "<alias>": "syntax_special",
    "<tag>": "syntax_special",
    "cannot start any token": "syntax_special",
    "undefined alias": "syntax_special",
    "alphabetic or numeric": "syntax_special",
    "mapping values are not allowed": "syntax_colon",
    "could not find expected ':'": "syntax_colon",
    "end of stream": "syntax_quote",
    "expected ',' or": "syntax_bracket",
    "<block end>": "syntax_indent",
}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class Source:
    """One YAML file: its label in messages, its plain data, and the place of everything in it."""

    def __init__(self, label: str, path: Path, problems: Problems) -> None:
        """Read and parse; faults go to `problems` and leave `data` None."""
        self.label = label
        self.path = path
        self.problems = problems
        self.data: Any = None
        self.sound = False  # could be parsed at all
        self._values: dict[Loc, Place] = {}
        self._keys: dict[Loc, Place] = {}
        self.raw = b""
        self._read()

    def _read(self) -> None:
        try:
            self.raw = self.path.read_bytes()
            text = self.raw.decode("utf-8-sig")
        except UnicodeDecodeError as bad:
            line = self.raw[: bad.start].count(b"\n") + 1
            self.problems.add(self.label, (line, 1), "", words("not_utf8"))
            return
        except OSError as bad:
            self.problems.add(self.label, (0, 0), "", words("not_readable", detail=bad.strerror))
            return
        tab = re.search(r"^ *\t", text, re.MULTILINE)
        if tab:
            self.problems.add(self.label, (text[: tab.end()].count("\n") + 1, len(tab[0])), "", words("tab"))
            return
        self._parse(text)

    def _parse(self, text: str) -> None:
        try:
            root = _compose(text)
        except MarkedYAMLError as bad:
            unclosed = bad.problem_mark is None or "end of stream" in (bad.problem or "")
            mark = bad.context_mark if unclosed and bad.context_mark else bad.problem_mark
            place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            self.problems.add(self.label, place, "", _syntax_message(bad.problem or bad.context or ""))
            return
        except YAMLError as bad:
            self.problems.add(self.label, (0, 0), "", words("syntax", detail=str(bad).splitlines()[0]))
            return
        self.sound = True
        if root is not None:
            self.data = self._plain(root, ())

    def _plain(self, node: Node, loc: Loc) -> Any:
        self._values[loc] = _place(node)
        if isinstance(node, MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, SequenceNode):
            return [self._plain(item, (*loc, index)) for index, item in enumerate(node.value)]
        return _scalar(node.value, plain=getattr(node, "style", None) is None)

    def _mapping(self, node: MappingNode, loc: Loc) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else ""
            here = (*loc, key)
            if not key:
                self.problems.add(self.label, _place(key_node), dotted(loc), words("odd_key"))
            elif key in made:
                first = self._keys[here][0]
                self.problems.add(self.label, _place(key_node), dotted(here), words("duplicate", key=key, line=first))
            else:
                self._keys[here] = _place(key_node)
                made[key] = self._plain(value_node, here)
        return made

    def place(self, loc: Loc, *, key: bool = False) -> Place:
        """Where the value (or the key) of `loc` stands; of its nearest existing parent where it does not exist."""
        table = self._keys if key else self._values
        for length in range(len(loc), -1, -1):
            for known in (table, self._values):
                if loc[:length] in known:
                    return known[loc[:length]]
        return (1, 1)

    def has(self, loc: Loc) -> bool:
        """Does the file itself say something there?"""
        return loc in self._values

    def report(self, loc: Loc, message: str, *, key: bool = False) -> None:
        """A fault at `loc` of this file."""
        self.problems.add(self.label, self.place(loc, key=key), dotted(loc), message)

    def at(self, loc: Loc) -> str:
        """`file:line` of a value, for the `source` fields of rules. An item of a mapping is where its key stands."""
        return f"{self.label}:{self.place(loc, key=True)[0]}"


@lru_cache(maxsize=64)
def _compose(text: str) -> Node | None:
    """The node tree, which nobody changes; kept because one command loads the same files more than once."""
    root: Node | None = YAML(typ="safe", pure=True).compose(text)
    return root


def dotted(loc: Loc) -> str:
    """`photo.checks[0].use`: the path of a value as operators read it."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _syntax_message(detail: str) -> str:
    """ruamel's English with what an operator should look for."""
    code = next((code for sign, code in _SYNTAX.items() if sign in detail), "syntax")
    return words(code, detail=detail)


def _place(node: Node) -> Place:
    return (node.start_mark.line + 1, node.start_mark.column + 1)


def _scalar(text: str, *, plain: bool) -> Any:
    """Plain scalars by the core schema of YAML 1.2; everything quoted or folded is text."""
    if not plain:
        return text
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _DATE.fullmatch(text):
        return _date_or_text(text)
    return text


def _date_or_text(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return text
