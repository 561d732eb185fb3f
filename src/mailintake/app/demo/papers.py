"""Invented documents of every kind, drawn anew each time from a seed; nothing here is anybody's."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any
from zipfile import ZipFile

from PIL import Image, ImageDraw, ImageFont
from ruamel.yaml import YAML

from mailintake.config.resource import resource
from mailintake.model.rules import RuleSet

_A4 = (1240, 1754)  # 150 dpi
_WEIGHTS = (7, 3, 1)  # ICAO 9303-3, 4.9


@dataclass(frozen=True)
class Person:
    """One invented applicant."""

    name: str
    surname: str
    given: str
    passport: str
    card: str = ""
    birth: str = "1980-01-01"
    expiry: str = "2032-05-09"
    sex: str = "M"
    company: str = ""


@cache
def _texts() -> dict[str, list[str]]:
    loaded: dict[str, list[str]] = YAML(typ="safe").load(resource("templates/demo/papers.yaml"))
    return loaded


def photo(person: Person, size: tuple[int, int] = (600, 800), *, grey: bool = False, format_: str = "JPEG") -> bytes:
    """A drawn head and shoulders on white, different for each name."""
    rng = Random(person.name)  # noqa: S311 - a drawing, not a secret
    width, height = size
    image = Image.new("RGB", size, (252, 252, 252))
    draw = ImageDraw.Draw(image)

    def oval(left: float, top: float, right: float, bottom: float, fill: tuple[int, ...]) -> None:
        draw.ellipse((width * left, height * top, width * right, height * bottom), fill=fill)

    half, top, chin = rng.uniform(0.19, 0.27), rng.uniform(0.12, 0.2), rng.uniform(0.58, 0.7)
    eyes, hair = rng.uniform(0.34, 0.42), rng.uniform(0.3, 0.62)
    coat = tuple(rng.randint(20, 140) for _ in "rgb")
    draw.rectangle((width * rng.uniform(0.08, 0.2), height * rng.uniform(0.64, 0.76), width * 0.86, height), fill=coat)
    oval(0.5 - half - 0.05, top - 0.06, 0.5 + half + 0.05, hair, (rng.randint(10, 90), 25, 20))
    oval(0.5 - half, top, 0.5 + half, chin, (rng.randint(200, 235), rng.randint(160, 185), rng.randint(130, 155)))
    for x in (0.5 - half * 0.42, 0.5 + half * 0.42):
        oval(x - 0.03, eyes, x + 0.03, eyes + 0.03, (20, 20, 20))
    mouth = chin - rng.uniform(0.08, 0.13)
    draw.arc(
        (width * 0.42, height * (mouth - 0.05), width * 0.58, height * mouth), 20, 160, fill=(150, 60, 60), width=4
    )
    return _saved(image.convert("L") if grey else image, format_)


def signature(person: Person, size: tuple[int, int] = (300, 150), *, fill: float = 0.95) -> bytes:
    """Pen strokes that fill `fill` of the frame."""
    rng = Random(person.name + "s")  # noqa: S311 - the same
    width, height = size
    image = Image.new("RGB", (width * 3, height * 3), (252, 252, 250))
    draw = ImageDraw.Draw(image)
    left, top = width * 3 * (1 - fill) / 2, height * 3 * (1 - fill) / 2
    right, bottom = width * 3 - left, height * 3 - top
    draw.line((left, top, right, bottom), fill=(15, 15, 30), width=9)
    for _ in range(14):
        points = [(rng.uniform(left, right), rng.uniform(top, bottom)) for _ in range(3)]
        draw.line(points, fill=(15, 15, 30), width=rng.randint(5, 14), joint="curve")
    draw.line((left, bottom, right, top), fill=(15, 15, 30), width=7)
    return _saved(image.resize(size, Image.Resampling.LANCZOS), "JPEG")


def passport_page(person: Person, format_: str = "JPEG") -> bytes:
    """An A4 scan with a data page and a machine-readable zone (TD3) on it."""
    image = Image.new("RGB", _A4, (254, 254, 253))
    draw = ImageDraw.Draw(image)
    draw.rectangle((120, 130, 1120, 850), fill=(226, 232, 240), outline=(120, 130, 150))
    image.paste(Image.open(io.BytesIO(photo(person))).resize((240, 320)), (160, 250))
    lines = (person.surname, person.given, f"{person.sex}   CHN   {person.birth}", person.expiry, person.passport)
    for row, line in enumerate(("PASSPORT  P  CHN", *lines)):
        draw.text((460, 230 + 60 * row), line, fill=(20, 20, 40), font=ImageFont.load_default(34))
    for row, line in enumerate(mrz(person)):
        draw.text((140, 690 + 60 * row), line, fill=(10, 10, 10), font=ImageFont.load_default(36))
    return _saved(image, format_)


def mrz(person: Person) -> tuple[str, str]:
    """Two lines of 44 characters with their check digits (ICAO 9303-4, 4.2.2)."""
    names = f"POCHN{person.surname}<<{person.given.replace(' ', '<')}".ljust(44, "<")[:44]
    birth, expiry = (d.replace("-", "")[2:] for d in (person.birth, person.expiry))
    number = person.passport.ljust(9, "<")
    parts = [number + _digit(number), "CHN", birth + _digit(birth), person.sex, expiry + _digit(expiry), "<" * 14 + "0"]
    composite = parts[0] + parts[2] + parts[4] + parts[5]
    return names, "".join(parts) + _digit(composite)


def _digit(text: str) -> str:
    values = (0 if c == "<" else int(c, 36) for c in text)
    return str(sum(v * _WEIGHTS[i % 3] for i, v in enumerate(values)) % 10)


def pdf(lines: list[str]) -> bytes:
    """A page of text with a text layer."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setFont("STSong-Light", 13)
    for row, line in enumerate(lines):
        canvas.drawString(72, 770 - 28 * row, line)
    canvas.save()
    return buffer.getvalue()


def form(person: Person) -> bytes:
    """The basic-data form, printed to PDF."""
    return pdf(_filled("abtc_basic_data", _person_words(person)))


def _person_words(person: Person) -> dict[str, str]:
    words = {
        k: getattr(person, k) for k in ("name", "surname", "given", "passport", "birth", "expiry", "company", "card")
    }
    return words | {
        "sex_zh": _texts()["sexes"]["MF".index(person.sex)],
        "tail": person.passport[-4:],
        "names": person.name,
    }


def _filled(kind: str, words: Mapping[str, Any]) -> list[str]:
    return [line.format_map(words) for line in _texts()[kind]]


def letter(kind: str, people: list[Person], rules: RuleSet, **extra: str) -> bytes:
    """A PDF of that kind about those people; slips are made out to the payee of the configuration."""
    first = people[0]
    words: dict[str, Any] = (
        _person_words(first) | {"names": "\u3001".join(p.name for p in people), "reason": ""} | extra
    )
    template = kind
    if kind.startswith("remittance_"):
        fee = next(f for f in rules.fees.values() if f.slip_kind == kind)
        amount = f"{fee.amount_cny * len(people):,}"
        words |= {
            "payee": fee.payee,
            "account": fee.account,
            "bank": fee.bank,
            "amount": amount,
            "serial": first.passport,
        }
        words |= extra
        template = "remittance_mfa"
    return pdf(_filled(template, words))


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip with those members."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return buffer.getvalue()


def _saved(image: Image.Image, format_: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, quality=85)
    return buffer.getvalue()
