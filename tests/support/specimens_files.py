"""Specimens as files: papers with a text layer or through a camera, photos, signatures, forms, profiles."""

import io
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import islice

import pikepdf
from PIL import Image, ImageOps
from tests.support.papers import (
    form_acroform,
    form_placeholder,
    form_scan,
    form_values,
    form_xfa,
    jpeg,
    photo,
    profile_docx,
    signature,
)
from tests.support.papers_damage import MEDIA, damaged
from tests.support.papers_people import company, person
from tests.support.specimens import Asked, Specimen, faults, papers

_PASSPORT = "passport_page"
LAYER, PIXELS, FORM = "text layer", "pixels", "fields"


def seen(seed: int, count: int) -> Iterator[Specimen]:
    """Papers as pictures: every medium in turn over papers of all kinds."""
    media = list(MEDIA)
    for number, paper in enumerate(islice(papers(seed), count)):
        medium = media[(number // 6 + number) % len(media)]
        data = damaged(paper.sheet, medium, seed * 1009 + number)
        format_ = "png" if medium == "screenshot" else "jpeg"
        yield Specimen(paper.group, medium, f"{number}.{format_}", data, _in_format(paper.asked, format_), paper.truth)


def written(seed: int, count: int) -> Iterator[Specimen]:
    """Papers as PDF with a text layer; nobody has a passport page like that."""
    made = (paper for paper in papers(seed + 500) if paper.asked[0].kind != _PASSPORT)
    for number, paper in enumerate(islice(made, count)):
        yield Specimen(paper.group, LAYER, f"{number}.pdf", paper.sheet.pdf(), paper.asked, paper.truth)


def _in_format(asked: tuple[Asked, ...], format_: str) -> tuple[Asked, ...]:
    """The guide wants the passport page as JPG; papers may come as they are."""
    if format_ == "jpeg" or asked[0].kind != _PASSPORT:
        return asked
    return tuple(replace(one, faults=one.faults | {"passport.format"}) for one in asked)


def measured(seed: int, count: int) -> Iterator[Specimen]:
    """Photos, signatures, forms and profiles in turn."""
    for number in range(count):
        make = (_photo, _signature, _form, _profile)[number % 4]
        yield make(seed * 7919 + number)


@cache
def _face(seed: int) -> Image.Image:
    return photo(seed)


@cache
def _hand(seed: int) -> Image.Image:
    """A hand that fills its frame: cut to the strokes, with a little paper around."""
    drawn = signature(person(seed).name_zh, (900, 450), seed=seed)
    strokes = ImageOps.invert(drawn.convert("L")).point(lambda v: 255 * (v > 128)).getbbox()
    return ImageOps.expand(drawn.crop(strokes), 20, "white").resize((900, 450))


def _photo(seed: int) -> Specimen:
    rng = random.Random(f"photo file {seed}")
    face, way = _face(seed % 40), rng.choice(("right", "right", "size", "grey", "cut", "format"))
    data = jpeg(face, rng.randint(70, 95))
    if way == "size":
        width, height = rng.choice(
            ((500, 700), (800, 600), (1200, 1600), (295, 413), (601, 900), (600, 700), (413, 626))
        )
        data = jpeg(face.resize((width, height)))
    if way == "grey":
        data = jpeg(face.convert("L"))
    if way == "cut":
        data = data[: round(len(data) * rng.uniform(0.4, 0.95))]
    if way == "format":
        data = _saved(face, rng.choice(("PNG", "BMP", "TIFF", "WEBP")))
    code = {"size": "size", "grey": "not_colour", "cut": "unreadable", "format": "format"}.get(way)
    true = faults(f"photo.{code}") if code else faults()
    return Specimen("photo", PIXELS, "照片.jpg", data, (Asked("photo", person(seed), company(seed), true),))


def _signature(seed: int) -> Specimen:
    rng = random.Random(f"signature file {seed}")
    hand, way = _hand(seed % 40), rng.choice(("right", "right", "size", "blank", "small", "format"))
    data = jpeg(hand.resize((300, 150)), rng.randint(75, 95))
    if way == "size":
        data = jpeg(hand.resize(rng.choice(((900, 450), (300, 200), (400, 150), (301, 160), (640, 320)))))
    if way == "blank":
        data = jpeg(Image.new("RGB", (300, 150), (rng.randint(235, 255),) * 3))
    if way == "small":
        share, paper = rng.uniform(0.3, 0.55), Image.new("RGB", (300, 150), "white")
        paper.paste(hand.resize((round(300 * share), round(150 * share))), (rng.randint(5, 90), rng.randint(5, 50)))
        data = jpeg(paper, 92)
    if way == "format":
        data = _saved(hand.resize((300, 150)), rng.choice(("PNG", "BMP", "WEBP")))
    code = {"size": "size", "blank": "blank", "small": "not_filling", "format": "format"}.get(way)
    true = faults(f"signature.{code}") if code else faults()
    return Specimen("signature", PIXELS, "签名.jpg", data, (Asked("signature", person(seed), company(seed), true),))


def _saved(image: Image.Image, format_: str) -> bytes:
    out = io.BytesIO()
    image.save(out, format_)
    return out.getvalue()


def _form(seed: int) -> Specimen:
    rng = random.Random(f"form file {seed}")
    who, employer = person(seed), company(seed)
    values = form_values(who, employer)
    ways = ("acroform", "acroform", "xfa", "xfa single", "empty", "placeholder", "incomplete", "scan", "locked")
    way, truth = rng.choice(ways), {name: (text,) for name, text in values.items()}
    absent = rng.sample(("mobile", "birth_place", "passport_no", "employer_en", "job_title"), rng.randint(1, 3))
    if way in ("xfa", "xfa single"):
        data = form_xfa(values, single_stream=way == "xfa single")
    elif way == "placeholder":
        data = form_placeholder()
    elif way == "scan":
        data = form_scan(values)
    elif way == "incomplete":
        data = form_acroform({name: text for name, text in values.items() if name not in absent})
    else:
        data = form_acroform({} if way == "empty" else values)
    data = _locked(data) if way == "locked" else data
    fault = {
        "empty": "form.empty", "placeholder": "form.empty", "incomplete": "form.incomplete",
        "scan": "form.not_fillable", "locked": "attachment.encrypted",
    }.get(way)  # fmt: skip
    if fault:
        truth = {}
    asked = (Asked("abtc_basic_data", who, employer, faults(fault) if fault else faults()),)
    return Specimen("form", FORM, f"{seed}.pdf", data, asked, truth)


def _locked(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="x1", owner="x2"))
    return out.getvalue()


def _profile(seed: int) -> Specimen:
    rng = random.Random(f"profile file {seed}")
    employer, staff = company(seed), rng.choice((3, 6, 9, 10, 11, 35, 240, 1800))
    true = faults("profile.headcount") if staff < 10 else faults()
    truth = {"employer": (employer,), "headcount": (str(staff),)}
    asked = (Asked("company_profile", person(seed), employer, true),)
    return Specimen("profile", LAYER, f"{seed}.docx", profile_docx(employer, staff), asked, truth)
