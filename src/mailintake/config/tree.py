"""A YAML 1.2 file as a tree in which every value and key knows its place, so that files can be laid over each other.

The node tree of ruamel.yaml is walked by hand, because a loader that builds objects stops at the first duplicate key
and gives no place for a plain scalar in a list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from mailintake.config.problems import Fault, File, Problems, Spot, fault

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.nodes import Node

Loc: TypeAlias = tuple[str | int, ...]
Scalar: TypeAlias = str | int | float | bool | None

_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TAB = re.compile(r"^ *\t", re.MULTILINE)
_WIDE_COLON = re.compile(r"^[ ]*(?:- )?(?:\{ ?)?([A-Za-z_]\w*)\uff1a|\{ ?([A-Za-z_]\w*)\uff1a", re.MULTILINE)
_TIGHT = re.compile(r"^ *(?:- )?(?P<key>[A-Za-z_]\w*):(?=[^\s:/])|^ *-(?P<item>[A-Za-z_]\w*):", re.MULTILINE)
_TIGHT_LINES = 3  # the parser stumbles over the line below, or over one more
_WIDE_SIGN = re.compile(r"[\uff0c\uff1b\uff3b\uff3d\uff5b\uff5d]")  # comma, semicolon, brackets of Chinese text
_NULL = ("", "~", "null", "Null", "NULL")
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_SYNTAX = {  # part of ruamel's message → our code; the first that fits counts
    "<anchor>": "syntax-special",
    "<alias>": "syntax-special",
    "<tag>": "syntax-special",
    "cannot start any token": "syntax-special",
    "undefined alias": "syntax-special",
    "unknown escape": "syntax-escape",
    "alphabetic or numeric": "syntax-special",
    "mapping values are not allowed": "syntax-colon",
    "could not find expected ':'": "syntax-colon",
    "end of stream": "syntax-quote",
    "expected ',' or": "syntax-bracket",
    "<block end>": "syntax-indent",
}


@dataclass(slots=True)
class Tree:
    """One value with where it begins; `key` is where the key before it stands."""

    value: "Scalar | dict[str, Tree] | list[Tree]"
    spot: Spot
    key: Spot | None = None
    bare: bool = False  # a word of a [list, in brackets] without quotes

    @property
    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: item.plain for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain for item in self.value]
        return self.value

    def walk(self, loc: Loc = ()) -> Iterator[tuple[Loc, "Tree"]]:
        """Every value below, itself first, each with its path."""
        yield loc, self
        if isinstance(self.value, dict):
            for key, item in self.value.items():
                yield from item.walk((*loc, key))
        elif isinstance(self.value, list):
            for index, item in enumerate(self.value):
                yield from item.walk((*loc, index))


def dotted(loc: Loc) -> str:
    """`photo.checks[0].use`: the path of a value as operators read it."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read_tree(file: File, raw: bytes, problems: Problems) -> Tree | None:
    """The file as a tree, whose value is None where the file is empty; None after reporting that it is no YAML."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        problems.add(Spot(file, raw[: bad.start].count(b"\n") + 1, 1), "", fault("not-utf8"))
        return None
    if tab := _TAB.search(text):
        problems.add(Spot(file, text[: tab.end()].count("\n") + 1, len(tab[0])), "", fault("tab"))
        return None
    if wide := _wide_colon(text):
        problems.add(_spot_at(file, text, wide.end() - 1), "", fault("wide-colon", key=wide[1] or wide[2]))
        return None
    return _composed(file, text, problems)


def _wide_colon(text: str) -> re.Match[str] | None:
    """A key that is followed by the colon of Chinese text instead of ": "; not in comments and quotes."""
    for found in _WIDE_COLON.finditer(text):
        before = text[text.rfind("\n", 0, found.start()) + 1 : found.end()]
        if "#" not in before and before.count('"') % 2 == 0 and before.count("'") % 2 == 0:
            return found
    return None


def _spot_at(file: File, text: str, at: int) -> Spot:
    return Spot(file, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


def _composed(file: File, text: str, problems: Problems) -> Tree | None:
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        root = _compose(text)
    except MarkedYAMLError as bad:
        spot, told = _syntax_fault(file, text, bad)
        problems.add(spot, "", told)
        return None
    except YAMLError as bad:
        problems.add(Spot(file), "", fault("syntax", detail=str(bad).splitlines()[0]))
        return None
    return Tree(None, Spot(file, 1, 1)) if root is None else _grown(root, file, (), problems)


def _syntax_fault(file: File, text: str, bad: "MarkedYAMLError") -> tuple[Spot, Fault]:
    """Where and what; a sign of Chinese text and a blank left out are named where they stand, which is not always where
    the parser gives up."""
    spot, told = _fault_spot(file, bad), _syntax(bad.problem or bad.context or "")
    lines = dict(enumerate(text.split("\n"), 1))
    if told.code == "syntax-bracket" and (wide := _WIDE_SIGN.search(lines.get(spot.line, ""))):
        return Spot(file, spot.line, wide.start() + 1), fault("wide-sign", sign=wide[0])
    if told.code in ("syntax-colon", "syntax-indent"):
        for number in range(spot.line, spot.line - _TIGHT_LINES, -1):
            if tight := _TIGHT.search(lines.get(number, "")):
                if tight["key"]:
                    return Spot(file, number, tight.end()), fault("tight-colon", key=tight["key"])
                return Spot(file, number, tight.start("item")), fault("tight-dash", key=tight["item"])
    return spot, told


def _fault_spot(file: File, bad: "MarkedYAMLError") -> Spot:
    unclosed = bad.problem_mark is None or "end of stream" in (bad.problem or "")
    mark = bad.context_mark if unclosed and bad.context_mark else bad.problem_mark
    return Spot(file, mark.line + 1, mark.column + 1) if mark else Spot(file)


@lru_cache(maxsize=64)
def _compose(text: str) -> "Node | None":
    """The node tree, which nobody changes; kept because one command loads the same files more than once.

    libyaml is quick; what it refuses is read once more by ruamel's own parser, whose messages name the place better.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.resolver import BaseResolver, VersionedResolver

    class Untyped(VersionedResolver):
        """What a scalar is says `_scalar`; looking it up in ruamel's tables is half of the work of a parse."""

        def resolve(self, *_: object) -> Any:
            return BaseResolver.DEFAULT_SCALAR_TAG

    try:
        quick = YAML(typ="safe", pure=False)
        quick.Resolver = Untyped
        root: Node | None = quick.compose(text)
    except YAMLError:
        root = YAML(typ="safe", pure=True).compose(text)
    return root


def _grown(node: Any, file: File, loc: Loc, problems: Problems, key: Spot | None = None) -> Tree:
    spot = _spot(node, file)
    if node.id == "mapping":
        return Tree(_mapping(node, file, loc, problems), spot, key)
    if node.id == "sequence":
        items = [_grown(item, file, (*loc, index), problems) for index, item in enumerate(node.value)]
        for item, inside in zip(items, node.value, strict=True):
            item.bare = bool(node.flow_style) and getattr(inside, "style", "'") is None
        return Tree(items, spot, key)
    return Tree(_scalar(node.value, plain=_is_plain(node)), spot, key)


def _is_plain(node: "Node") -> bool:
    return getattr(node, "style", None) in (None, "")


def _mapping(node: Any, file: File, loc: Loc, problems: Problems) -> dict[str, Tree]:
    made: dict[str, Tree] = {}
    for key_node, value_node in node.value:
        key = key_node.value if key_node.id == "scalar" else ""
        here, spot = (*loc, key), _spot(key_node, file)
        if not key:
            problems.add(spot, dotted(loc), fault("odd-key"))
        elif key in made:
            first = made[key].key or spot
            problems.add(spot, dotted(here), fault("duplicate-key", key=key, line=first.line))
        else:
            made[key] = _grown(value_node, file, here, problems, spot)
    return made


def _syntax(detail: str) -> Fault:
    """ruamel's English with what an operator should look for."""
    code = next((code for sign, code in _SYNTAX.items() if sign in detail), "syntax")
    return fault(code, detail=detail)


def _spot(node: "Node", file: File) -> Spot:
    return Spot(file, node.start_mark.line + 1, node.start_mark.column + 1)


def _scalar(text: str, *, plain: bool) -> Scalar:
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
    return _date_or_text(text) if _DATE.fullmatch(text) else text


def _date_or_text(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return text
