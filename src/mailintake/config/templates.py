"""The templates of a configuration: each one compiled and tried, its faults told with file and line."""

import re

from mailintake.config.known_templates import KnownTemplates
from mailintake.config.layers import TEMPLATES, Layer, Layers
from mailintake.config.problems import File, Problems, Spot, fault

_LINE = re.compile(r"(?P<name>[^:]+):(?P<line>\d+): (?P<detail>.*)", re.DOTALL)
_CODES = {  # part of what the check of the letters says → our code; the first that fits counts
    "no such template": "template-absent",
    "has no attribute": "template-no-value",
    "is undefined": "template-no-value",
    "Unexpected end of template": "template-open",
    "unknown tag": "template-tag",
    "is empty": "template-empty",
    "escap": "template-unescaped",
    "only the HTML says: ": "template-only-html",
    "the HTML lacks: ": "template-only-text",
}
_QUOTED = {  # which of the words that Jinja quotes is the one that an operator looks for
    "has no attribute": re.compile(r"has no attribute '([^']*)'"),
    "is undefined": re.compile(r"'([^']*)' is undefined"),
    "Unexpected end of template": re.compile(r"needs to be closed is '([^']*)'"),
    "unknown tag": re.compile(r"unknown tag '([^']*)'"),
}
_OF_LAYOUT = ("only the HTML says: ", "the HTML lacks: ")  # shows in every letter, and is told once


def report_templates(layers: Layers, problems: Problems) -> None:
    """Report every fault of every template that counts. What was found good before is not tried again."""
    known = KnownTemplates(layers.template_files)
    if known.complete:
        return
    from mailintake.config.known_code import KnownCode
    from mailintake.letters.check import problems as broken_templates
    from mailintake.letters.render import Renderer  # compiles, which costs more than all the rest of a check

    code = KnownCode()
    broken = broken_templates(Renderer(*layers.templates, compiled=code), known)
    code.keep()
    of_layout = set[tuple[str, str]]()
    for line in broken:
        found = _LINE.match(line)
        name, number, detail = (found["name"], int(found["line"]), found["detail"]) if found else ("", 0, line)
        sign = next((sign for sign in _CODES if sign in detail), "")
        if sign in _OF_LAYOUT:
            if (name, sign) in of_layout:
                continue
            of_layout.add((name, sign))
            detail = detail.removeprefix(sign)
        elif sign in _QUOTED and (quoted := _QUOTED[sign].search(detail)):
            detail = quoted[1]
        problems.add(Spot(_file(name, layers), number), "", fault(_CODES.get(sign, "template-broken"), detail=detail))
    known.keep(whole=not broken)


def _file(name: str, layers: Layers) -> File:
    own = next((layer for layer in reversed(layers.layers) if layer.own), None)
    path = layers.template_files.get(name)
    if own is not None and path is not None and path.is_relative_to(own.root):
        return File(name, own.label(path), path)
    return File(
        f"{TEMPLATES}/{name}", f"{TEMPLATES}/{name}", path or layers.templates[-1] / name, _label(own, name), False
    )


def _label(own: Layer | None, name: str) -> str:
    return own.label(own.root / TEMPLATES / name) if own else ""
