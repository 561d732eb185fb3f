"""The kinds of sentence (kinds/BATCH/*.txt) and the mails made of them.

A kind is a heading `# name`, a line `主题:` and the text; `@html`, `@file NAME`, `@docx NAME`, `@docxtable NAME`,
`@pdf NAME`, `@txt NAME`, `@csv NAME`, `@xlsx NAME` begin further parts. `{A}` … `{F}` are people who apply, `{X}` `{Y}`
`{Z}` people who do not; behind a dot stands what is written of them (`_written`). So the label of a kind is its text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

import docx
import openpyxl
from PIL import Image
from tests.measure.people.names import People, Somebody
from tests.support.papers_sheet import Sheet

_FOLDER = Path(__file__).parent / "kinds"
_PART = re.compile(r"^@(html|file|docxtable|docx|pdf|txt|csv|xlsx)(?: (.+))?$", re.MULTILINE)
_SLOT = re.compile(r"\{(co|[A-Z])(?:\.(\w+))?\}")
_APPLY = frozenset("ABCDEFGH")
_CITIES = ("沈阳", "大连", "鞍山", "锦州", "营口", "丹东", "抚顺", "辽阳")
_FIRMS = ("瑞丰", "恒泽", "启航", "德润", "博远", "鼎兴", "昊天", "金辉", "华锐", "盛达")
_TRADES = ("机械", "纺织", "化工", "食品", "电子", "阀门", "轴承", "建材")
_TYPES = {"txt": "text/plain", "csv": "text/csv", "pdf": "application/pdf"}


@dataclass(frozen=True)
class Kind:
    """One kind of sentence."""

    batch: str  # "first", "second": written and first run at different times
    name: str
    subject: str
    text: str
    parts: tuple[tuple[str, str, str], ...]  # (type, file name, text)


@dataclass(frozen=True)
class Expected:
    """Somebody who applies, and the numbers that the mail gives for him; "" where it gives none."""

    name: str  # as written; Chinese where the mail has it
    latin: tuple[str, ...]  # spellings that are accepted beside it: none where the mail has the Chinese name
    numbers: Mapping[str, str]  # passport_no, old_passport_no, card_no, card_expiry
    shape: str


@dataclass(frozen=True)
class Written:
    """A finished mail with its labels."""

    kind: str
    raw: bytes
    subject: str
    text: str
    expected: tuple[Expected, ...]


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds, in order of batch, file and place."""
    files = sorted(_FOLDER.glob("*/*.txt"))
    return tuple(kind for path in files for kind in _parsed(path.parent.name, path.read_text("utf-8")))


def _parsed(batch: str, text: str) -> Iterator[Kind]:
    for block in re.split(r"^# ", text, flags=re.MULTILINE)[1:]:
        name, subject, rest = block.split("\n", 2)
        body, *parts = _PART.split(rest)
        made = tuple((parts[i], parts[i + 1] or "", parts[i + 2].strip("\n")) for i in range(0, len(parts), 3))
        yield Kind(batch, name.strip(), subject.removeprefix("主题:").strip(), body.strip("\n"), made)


def write(kind: Kind, seed: int) -> Written:
    """One mail of that kind; the same for the same seed."""
    return _Writer(kind, seed).written()


class _Writer:
    """One mail in the making: who is who, and what was said of whom."""

    def __init__(self, kind: Kind, seed: int) -> None:
        self.kind = kind
        self.rng = Random(f"{seed}/{kind.name}")
        self.people = People(f"{seed}/{kind.name}/people")
        whole = "\n".join((kind.subject, kind.text, *(f"{name}\n{text}" for _, name, text in kind.parts)))
        self.used: dict[str, set[str]] = {}
        for found in _SLOT.finditer(whole):
            if found[1] != "co":
                self.used.setdefault(found[1], set()).add(found[2] or "")
        spelt = {role for role, ways in self.used.items() if ways & {"l", "L", "r", "S", "G", "i0", "nick"}}
        self.who = {role: self.people.draw(latin=role in spelt) for role in sorted(self.used)}
        self.company = "".join(
            (self.rng.choice(_CITIES), self.rng.choice(_FIRMS), self.rng.choice(_TRADES), "有限公司")
        )

    def written(self) -> Written:
        subject, text = self._filled(self.kind.subject), self._filled(self.kind.text)
        parts = [(how, self._filled(name), self._filled(said)) for how, name, said in self.kind.parts]
        mail = EmailMessage()
        mail["From"] = f"ywb{self.rng.randrange(10_000)}@firm{self.rng.randrange(100_000)}.example"
        mail["To"] = "lnwfapec@163.com"
        mail["Date"] = "Tue, 24 Nov 2026 09:12:08 +0800"
        mail["Message-ID"] = f"<{self.rng.getrandbits(60):x}@firm.example>"
        mail["Subject"] = subject
        mail.set_content(text)
        for how, name, said in parts:
            if how == "html":
                mail.add_alternative(f"<html><body>{text}{said}</body></html>", subtype="html")
                if not text:
                    _only_html(mail, said)
            else:
                main, sub = _TYPES.get(how, "application/octet-stream").split("/")
                mail.add_attachment(_file(how, said), maintype=main, subtype=sub, filename=name)
        expected = tuple(self._expected(role) for role in sorted(self.used) if role in _APPLY)
        return Written(self.kind.name, mail.as_bytes(), subject, text + "".join(s for _, _, s in parts), expected)

    def _expected(self, role: str) -> Expected:
        somebody, ways = self.who[role], self.used[role]
        latin = f"{somebody.surname_latin} {somebody.given_latin}", f"{somebody.given_latin} {somebody.surname_latin}"
        chinese = bool(ways & {"", "sp"})
        numbers = {
            "passport_no": somebody.passport if ways & {"p", "psp"} else "",
            "old_passport_no": somebody.old_passport if "o" in ways else "",
            "card_no": somebody.card if ways & {"c", "csp"} else "",
            "card_expiry": somebody.card_expiry.isoformat() if ways & {"e", "E", "i"} else "",
        }
        return Expected(somebody.name if chinese else latin[0], () if chinese else latin, numbers, somebody.shape)

    def _filled(self, text: str) -> str:
        return _SLOT.sub(self._slot, text)

    def _slot(self, found: re.Match[str]) -> str:
        if found[1] == "co":
            short = self.company.removesuffix("有限公司")
            return {"short": short[2:4], "en": "Liaoning Machinery Co., Ltd."}.get(found[2] or "", self.company)
        return self._written(self.who[found[1]], found[2] or "")

    def _written(self, who: Somebody, way: str) -> str:
        if way in ("e", "i", "E", "b"):
            return self._date(who.birth if way == "b" else who.card_expiry, way)
        plain = {
            "": who.name,
            "p": who.passport,
            "o": who.old_passport,
            "c": who.card,
            "s": who.surname or "王",
            "sp": " ".join(who.name),
            "psp": f"{who.passport[:2]} {who.passport[2:5]} {who.passport[5:]}",
            "csp": f"CHN {who.card[3:7]} {who.card[7:]}",
            "m": who.digits,
            "tel": "2" + who.digits[:7],
            "id": f"210102{who.birth:%Y%m%d}{who.digits[:3]}X",
            "f": who.foreign,
            "nick": who.nick,
        }
        return plain[way] if way in plain else _spelt(who, way)

    def _date(self, day: date, way: str) -> str:
        if way == "i":
            return day.isoformat()
        if way == "E":
            return f"{day.day} {day:%B %Y}"
        return self.rng.choice(
            (
                f"{day.year}年{day.month}月{day.day}日",
                day.isoformat(),
                f"{day.year}.{day.month}.{day.day}",
                f"{day.year}/{day.month:02}/{day.day:02}",
            )
        )


def _spelt(who: Somebody, way: str) -> str:
    surname, given = who.surname_latin, who.given_latin
    return {
        "l": f"{surname.capitalize()} {given.capitalize()}",
        "L": f"{surname} {given}",
        "r": f"{given.capitalize()} {surname.capitalize()}",
        "S": surname,
        "G": given,
        "i0": (surname + given).lower(),
    }[way]


def _only_html(mail: EmailMessage, said: str) -> None:
    mail.clear_content()
    mail.set_content(f"<html><body>{said}</body></html>", subtype="html")


def _file(how: str, said: str) -> bytes:
    rows = [line.split("|") for line in said.splitlines()]
    makers = {
        "docx": lambda: _docx(said.splitlines()),
        "docxtable": lambda: _docx_table(rows),
        "xlsx": lambda: _xlsx(rows),
        "pdf": lambda: _pdf(said),
        "file": _picture,
    }
    return makers[how]() if how in makers else said.encode()


def _docx(lines: Sequence[str]) -> bytes:
    document, out = docx.Document(), BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def _docx_table(rows: Sequence[Sequence[str]]) -> bytes:
    document, out = docx.Document(), BytesIO()
    table = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, said in zip(row.cells, cells, strict=True):
            cell.text = said
    document.save(out)
    return out.getvalue()


def _xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    book, out = openpyxl.Workbook(), BytesIO()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def _picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "JPEG")
    return out.getvalue()


def _pdf(said: str) -> bytes:
    lines = [line[at : at + 40] for line in said.splitlines() for at in range(0, len(line), 40)]
    sheet = Sheet()
    for number, line in enumerate(lines):
        sheet.say(60, 80 + 28 * number, line)
    return sheet.pdf()
