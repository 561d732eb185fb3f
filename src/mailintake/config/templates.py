"""The templates of a configuration: each one compiled and tried, its faults told with file and line."""

import re

from mailintake.config.kept import recall, remember
from mailintake.config.layers import TEMPLATES, Layer, Layers
from mailintake.config.problems import File, Problems, Spot, fault

_LINE = re.compile(r"(?P<name>[^:]+):(?P<line>\d+): (?P<detail>.*)", re.DOTALL)
_CODES = (  # part of what the check of the letters says → our code; the first that fits counts
    ("no such template", "template-absent"),
    ("is empty", "template-empty"),
    ("escap", "template-unescaped"),
)


def report_templates(layers: Layers, problems: Problems) -> None:
    """Report every fault of every template that counts. Templates that were found good before are not tried again."""
    key = "x"
    if recall(key) is not None:
        return
    from mailintake.letters.check import problems as broken_templates
    from mailintake.letters.render import Renderer  # compiles, which costs more than all the rest of a check

    broken = broken_templates(Renderer(*layers.templates))
    if not broken:
        remember(key, {})
    for line in broken:
        found = _LINE.match(line)
        name, number, detail = (found["name"], int(found["line"]), found["detail"]) if found else ("", 0, line)
        code = next((code for sign, code in _CODES if sign in detail), "template-broken")
        problems.add(Spot(_file(name, layers), number), "", fault(code, detail=detail))


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
