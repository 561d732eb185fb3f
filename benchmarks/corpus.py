"""Mails in the shape of the office's day, the same bytes for the same seed: of 20 mails 12 are applications (1.4 MB),
5 enquiries, 2 bring a paper after, 1 is an automatic reply. Drawn once, kept in a folder beside the checkout."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image
from tests.support.papers import (
    CENTRE,
    MFA,
    company,
    form_acroform,
    form_values,
    jpeg,
    passport_page,
    person,
    photo,
    profile_docx,
    signature,
    slip,
)

from mailintake.model.zone import SHANGHAI

SEED, VERSION = 2026, 1
FEW = 20  # mails of a short run beside the long one: what a process pays once falls on a fifth of the mails
KEPT = Path(__file__).parents[1] / ".benchmarks"
INTAKE = "lnwfapec@163.com"
_START = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
_DAY = date(2026, 10, 28)
_DOCX = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")
_JPEG, _PDF = ("image", "jpeg"), ("application", "pdf")
_QUESTIONS = (
    "请问办理商务旅行卡需要准备哪些材料？",
    "请问费用是多少，汇到哪个账户？",
    "请问补办需要多长时间？",
    "护照换了新号码，卡还能用吗？",
    "请问照片有什么要求？",
)


@dataclass(frozen=True)
class File:
    """One attachment."""

    name: str
    type: tuple[str, str]
    data: bytes


def grained(image: Image.Image, seed: int, strength: int) -> Image.Image:
    """With the noise of a scanner's sensor: a clean drawing packs far smaller than what people send."""
    shape, dice = (image.height, image.width, 1), np.random.default_rng(seed)
    noise = dice.integers(-strength, strength + 1, shape, dtype=np.int16)
    pixels = np.asarray(image.convert("RGB"), dtype=np.int16) + noise
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _undated(package: bytes) -> bytes:
    """The same files, packed at no particular time."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as told, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(told.namelist()):
            made.writestr(zipfile.ZipInfo(name), told.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _unmarked(pdf: bytes) -> bytes:
    """The same form with an id made from its bytes."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as form:
        form.save(out, deterministic_id=True)
    return out.getvalue()


def papers(number: int) -> list[File]:
    """The papers of a first application: some 0.9 MB in four pictures, a form, a payment notice and a docx."""
    seed = SEED + number
    who, employer = person(seed), company(seed)
    name = who.name_zh
    return [
        File(f"{name}照片.jpg", _JPEG, jpeg(grained(photo(seed), seed, 14), 88)),
        File(f"{name}签名.jpg", _JPEG, jpeg(signature(name, seed=seed))),
        File(f"{name}护照首页.jpg", _JPEG, jpeg(grained(passport_page(who).image(200), seed, 10))),
        File("外交部汇款单.jpg", _JPEG, jpeg(grained(slip(MFA, 1, employer, _DAY).image(150), seed, 7))),
        File(f"{name}基本资料.pdf", _PDF, _unmarked(form_acroform(form_values(who, employer)))),
        File("外服中心汇款单.pdf", _PDF, slip(CENTRE, 1, employer, _DAY, layout="parties").pdf()),
        File("企业简介.docx", _DOCX, _undated(profile_docx(employer, 20 + number % 70))),
    ]


def _message(number: int, subject: str, text: str, sender: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, INTAKE, subject
    message["Date"] = format_datetime(_START + timedelta(minutes=number))
    message["Message-ID"] = f"<{number}.{SEED}@mail.example>"
    message.set_content(text, charset="utf-8", cte="base64")
    return message


def _sender(number: int) -> str:
    return f"{company(SEED + number)[:6]} <u{number}@company{number}.example>"


def mail(number: int) -> bytes:
    """Mail so and so of the corpus."""
    place, who = number % 20, person(SEED + number)
    if place < 12:
        text = f"老师好：\n{who.name_zh}首次申请办理APEC商务旅行卡，材料见附件，请查收。\n{company(SEED + number)}\n"
        message = _message(number, f"新办APEC商务旅行卡申请-{who.name_zh}", text, _sender(number))
        for file in papers(number):
            main, sub = file.type
            message.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
    elif place < 17:
        message = _message(number, "咨询", f"您好！{_QUESTIONS[place - 12]}谢谢。\n", f"<q{number}@asks.example>")
    elif place < 19:  # the first applicants of these twenty, with another photo
        earlier = number - place + (place - 17)
        name = person(SEED + earlier).name_zh
        message = _message(number, f"补充材料-{name}", f"补发{name}的照片，请查收。\n", _sender(earlier))
        message["In-Reply-To"] = message["References"] = f"<{earlier}.{SEED}@mail.example>"
        data = jpeg(grained(photo(SEED + number), SEED + number, 14), 88)
        message.add_attachment(data, maintype="image", subtype="jpeg", filename=f"{name}照片.jpg")
    else:
        message = _message(number, "自动回复：休假", "我正在休假，下周回复您的邮件。\n", f"<away{number}@c.example>")
        message["Auto-Submitted"] = "auto-replied"
    if message.is_multipart():
        message.set_boundary(f"=_{number}_{SEED}")
    return message.as_bytes()


def corpus(count: int) -> list[Path]:
    """The files of the first `count` mails, oldest first; drawn where they are not kept yet."""
    folder = KEPT / f"corpus-{VERSION}-{SEED}"
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{number:06}.eml" for number in range(count)]
    for number, file in enumerate(files):
        if not file.exists():
            part = file.with_suffix(".part")
            part.write_bytes(mail(number))
            part.rename(file)
    return files


def digest(files: list[Path]) -> str:
    """First digits of the sha256 over all bytes: two reports with the same one measured the same mails."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()[:12]


def attachments(files: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Every attachment of these mails with the end of its name (jpg, pdf, docx)."""
    from email import message_from_bytes
    from email.policy import default

    for file in files:
        for part in message_from_bytes(file.read_bytes(), policy=default).iter_attachments():
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            yield str(part.get_filename()).rpartition(".")[2], data
