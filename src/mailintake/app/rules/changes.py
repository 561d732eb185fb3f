"""What differs between two sets of rules, value by value, and which of it needs a second person."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from mailintake.config.differences import Change, Kind, changes
from mailintake.config.layers import SETTINGS, TEMPLATES, Layer, Layers, shipped_folder
from mailintake.config.problems import Problems
from mailintake.config.resource import resource_folders
from mailintake.config.sets import MAILBOXES
from mailintake.config.settings import MailboxSettings
from mailintake.config.sources import open_sources

_MONEY = "fees.yaml"
_OFFICE = "office.yaml"
_PLAIN = ("title", "clause", "slip_kind", "words", "template_path", "company_may_come_to_province", "city", "name")
_REACHES = re.compile(r"[0-9][0-9 -]{6,}|@")  # an account, a telephone number, an address


@dataclass(frozen=True)
class Difference:
    """One value, or one line of a template, that is not the same in both."""

    file: str
    path: str  # empty: a line of a template
    kind: Kind
    before: object
    after: object
    origin: str
    second: bool  # a payee, an account, a fee, an address: two people must want it


def differences(
    before: Path | None, after: Path | None, mailboxes: tuple[MailboxSettings, ...] = (), *, kept: bool = True
) -> tuple[Difference, ...]:
    """From the operator's files in one folder to those in another. `kept`: the first is a set that was kept, the other
    the operator's folder; then mailboxes with rules of their own are compared, too."""
    found = list(_between(_layers(before), _layers(after), ""))
    for box in mailboxes if kept else ():
        if box.rules is not None:
            old = before / MAILBOXES / box.name if before is not None else None
            found += _between(_layers(before, old), _layers(after, box.rules), f"{box.name}: ")
    return tuple({repr(one): one for one in found}.values())  # a new entry is a mapping: nothing to be hashed


def _layers(folder: Path | None, above: Path | None = None) -> Layers:
    own = [Layer(place, str(place), own=True) for place in (folder, above) if place is not None and place.is_dir()]
    shipped = Layer(shipped_folder(), "config", own=False)
    return Layers((shipped, *own), resource_folders(TEMPLATES, tuple(layer.root for layer in reversed(own))))


def _between(before: Layers, after: Layers, prefix: str) -> Iterator[Difference]:
    for change in changes(after, open_sources(before, Problems())):
        if change.file != SETTINGS:
            yield Difference(
                f"{prefix}{change.file}",
                *(change.path, change.kind, change.before, change.after, change.origin),
                second=_needs_second(change),
            )
    old, new = before.template_files, after.template_files
    for name in sorted({*old, *new}):
        yield from _template(f"{prefix}{TEMPLATES}/{name}", old.get(name), new.get(name))


def _needs_second(change: Change) -> bool:
    if change.file not in (_MONEY, _OFFICE):
        return False
    last = change.path.rpartition(".")[2]
    return not last.startswith(_PLAIN)


def _template(name: str, before: Path | None, after: Path | None) -> Iterator[Difference]:
    if before == after:
        return
    old = before.read_text("utf-8", "replace").splitlines() if before else []
    new = after.read_text("utf-8", "replace").splitlines() if after else []
    for line in unified_diff(old, new, n=0, lineterm=""):
        if line.startswith(("---", "+++", "@@")):
            continue
        kind, text = (Kind.ADDED if line[0] == "+" else Kind.REMOVED), line[1:].strip()
        gone, came = (None, text) if kind is Kind.ADDED else (text, None)
        if text:
            yield Difference(name, "", kind, gone, came, str(after or ""), second=bool(_REACHES.search(text)))
