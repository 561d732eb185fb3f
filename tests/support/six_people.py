"""A mail of six applicants in one zip, named in every way at once: folders by name, number and pinyin, flat files by
pinyin and by name, and a folder of camera names that only the papers in it explain."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage

from PIL import Image, ImageDraw
from tests.support.papers import CENTRE, MFA, Person, company, jpeg, passport_page, person, photo, profile_docx
from tests.support.papers import signature as strokes
from tests.support.papers_damage import damaged
from tests.support.papers_forms import form_acroform, form_values, form_xfa
from tests.support.papers_layouts import bank_slip, crime_certificate, insurance_list

PEOPLE = tuple(person(500 + n) for n in range(6))
COMPANY = company(77)
ZIP = "六人材料.zip"
Files = dict[str, tuple[bytes, str, str]]  # path → bytes, kind, name of the person or ""
_PAID = date(2026, 11, 5)


def files() -> Files:
    """Everything in the zip; the fifth person's photo is grey and his signature is not there."""
    one, two, three, four, five, six = PEOPLE
    flat = three.pinyin.lower().replace(" ", "")
    made: Files = {}
    first, fifth = one.name_zh, five.name_zh
    named = (
        (one, tuple(f"{first}/{k}" for k in ("照片.jpg", "签名.jpg", "护照.jpg", "表.pdf"))),
        (two, tuple(f"2-{two.name_zh}/{k}" for k in ("1.jpg", "2.jpg", "3.jpg", "4.pdf"))),
        (three, tuple(f"{flat}_{k}" for k in ("photo.jpg", "sign.jpg", "passport.jpg", "form.pdf"))),
        (four, tuple(f"{four.pinyin}/{k}" for k in ("photo.jpg", "signature.jpg", "scan.jpg", "data.pdf"))),
        (five, (f"其他/{fifth}-照片.jpg", "", f"其他/护照-{fifth}.jpg", f"其他/{fifth}资料表.pdf")),
        (six, tuple(f"丙/{k}" for k in ("IMG_2034.JPG", "IMG_2036.JPG", "IMG_2035.JPG", "scan0001.pdf"))),
    )
    for n, (who, names) in enumerate(named):
        made |= _of(who, n, names)
    made[f"{one.name_zh}/无犯罪记录证明.pdf"] = (
        crime_certificate(one, date(2026, 10, 20), "plain").pdf(), "no_criminal_record", one.name_zh,
    )  # fmt: skip
    insured = insurance_list(two, COMPANY, date(2026, 10, 15), 8, "rows").pdf()
    made[f"2-{two.name_zh}/社保.pdf"] = (insured, "social_insurance", two.name_zh)
    made["公司/企业简介.docx"] = (profile_docx(COMPANY, 120), "company_profile", "")
    made["公司/回单1.jpg"] = (bank_slip(MFA, 6, COMPANY, _PAID, "vertical").jpg(150), "remittance_mfa", "")
    made["公司/回单2.pdf"] = (bank_slip(CENTRE, 6, COMPANY, _PAID, "running").pdf(), "remittance_centre", "")
    return made


def _of(who: Person, n: int, names: tuple[str, ...]) -> Files:
    page: Callable[[], bytes] = lambda: damaged(passport_page(who), "phone" if n in (2, 5) else "clean", n)  # noqa: E731
    form = form_xfa if n == 1 else form_acroform
    portrait, ink, scan, form_name = names
    made: Files = {
        portrait: (jpeg(_portrait(n)), "photo", who.name_zh),
        scan: (page(), "passport_page", who.name_zh),
        form_name: (form(form_values(who, COMPANY)), "abtc_basic_data", who.name_zh),
    }
    return made | ({ink: (jpeg(strokes(who.name_zh)), "signature", who.name_zh)} if ink else {})


def _portrait(n: int) -> Image.Image:
    """Drawn faces are too much alike for six people: other shoulders, other hair."""
    picture = photo(n, colour=n != 4)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60 + n * 60, 580, 140 + n * 60, 800), fill="white" if n % 2 else "black")
    draw.ellipse((190 - n * 6, 100 + n * 9, 410 + n * 6, 250 + n * 9), fill="#2b2320" if n != 4 else "#2b2b2b")
    return picture


def mail() -> bytes:
    """The mail as it arrives."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, (data, _, _) in files().items():
            archive.writestr(path, data)
    names = "、".join(who.name_zh for who in PEOPLE)
    made = EmailMessage()
    made["From"], made["To"], made["Cc"] = "王女士 <wang@company.example>", "lnwfapec@163.com", "147823438@qq.com"
    made["Date"], made["Message-ID"] = "Mon, 09 Nov 2026 09:30:00 +0800", "<six@company.example>"
    made["Subject"] = f"【新办】{COMPANY} {names}等6人APEC商务旅行卡材料"
    made.set_content(f"您好，我公司{COMPANY}为{names}六人新办APEC商务旅行卡，材料见压缩包。\n谢谢\n王女士")
    made.add_attachment(packed.getvalue(), "application", "zip", filename=ZIP)
    return made.as_bytes()
