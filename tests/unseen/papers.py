"""Draws the papers that people attach from facts: invented passports, slips, forms. Same facts, same bytes."""

import hashlib
import io
import math
import random
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import docx
import numpy as np
import pikepdf
import xlsxwriter
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

Spec = Mapping[str, Any]
SANS = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SERIF = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
BOLD = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"
SIMPLIFIED, MONO = 2, 7  # places of the faces inside the collections
A4 = (1240, 1754)
STAMP = (2026, 10, 8, 9, 0, 0)
MFA = ("外交部机关及驻外机构服务中心机关业务服务部", "0200001029006592382", "中国工商银行股份有限公司北京东四南支行")
CENTRE = ("辽宁省外事服务中心", "293476735218", "中国银行辽宁省分行")


@dataclass(frozen=True)
class World:
    """What the papers of one thread are drawn from."""

    company: Mapping[str, Any]
    people: Mapping[str, Mapping[str, Any]]
    day: str


def seed(*parts: object) -> random.Random:
    """A generator that depends on nothing but its arguments."""
    return random.Random(hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest())


@lru_cache(maxsize=64)
def font(size: int, path: str = SANS, face: int = SIMPLIFIED) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=face)


def person(spec: Spec, world: World) -> dict[str, Any]:
    """The facts of the person a paper is about, with the paper's own departures."""
    name = str(spec.get("of", ""))
    return {"name": name, **world.people.get(name, {}), **spec.get("facts", {})}


# --- pictures -------------------------------------------------------------------------------------------------------
BACKGROUNDS = {"white": (252, 252, 252), "blue": (67, 142, 219), "red": (200, 30, 35), "grey": (150, 152, 150)}


def photo(spec: Spec, world: World) -> bytes:
    """A drawn portrait: head and shoulders before a plain wall."""
    who = person(spec, world)
    dice = seed("face", who["name"])
    wide, high = 600, 800
    back = BACKGROUNDS[spec.get("background", "white")]
    image = Image.new("RGB", (wide, high), back)
    pen = ImageDraw.Draw(image)
    skin = (dice.randint(205, 232), dice.randint(165, 190), dice.randint(135, 160))
    coat = (dice.randint(15, 60), dice.randint(20, 60), dice.randint(50, 100))
    woman = who.get("sex") == "F"
    hair = (30, 24, 22)
    pen.ellipse((150, 130, 450, 620 if woman else 420), fill=hair)
    pen.rectangle((250, 480, 350, 640), fill=tuple(int(c * 0.88) for c in skin))
    pen.polygon([(20, 800), (60, 680), (230, 600), (370, 600), (540, 680), (580, 800)], fill=coat)
    pen.polygon([(235, 600), (300, 720), (365, 600)], fill=(245, 245, 242))
    pen.ellipse((178, 180, 422, 545), fill=skin)
    pen.pieslice((165, 135, 435, 430), 180, 360, fill=hair)
    pen.rectangle((190, 270, 410, 300), fill=skin)
    for x in (248, 352):
        pen.ellipse((x - 24, 338, x + 24, 362), fill=(250, 250, 250))
        pen.ellipse((x - 11, 338, x + 11, 361), fill=(45, 30, 25))
        pen.line((x - 32, 318, x + 30, 314), fill=hair, width=9)
    pen.line((300, 365, 290, 430), fill=tuple(int(c * 0.8) for c in skin), width=6)
    pen.line((285, 434, 315, 434), fill=tuple(int(c * 0.75) for c in skin), width=6)
    pen.ellipse((258, 468, 342, 492), fill=(176, 84, 82))
    image = image.filter(ImageFilter.GaussianBlur(2))
    if not spec.get("colour", True):
        image = image.convert("L").convert("RGB")
    size = tuple(spec.get("size", (600, 800)))
    return picture(image.resize((size[0], size[1])), spec)


def _strokes(name: str, dice: random.Random) -> Image.Image:
    """The name as a hand would write it: each character turned, slanted and bent."""
    sheet = Image.new("L", (300 * len(name) + 120, 460), 255)
    for place, glyph in enumerate(name):
        one = Image.new("L", (360, 360), 255)
        ImageDraw.Draw(one).text((30, 10), glyph, font=font(290, SERIF), fill=20)
        one = one.rotate(dice.uniform(-9, 9), fillcolor=255, resample=Image.Resampling.BICUBIC)
        one = one.transform(one.size, Image.Transform.AFFINE, (1, dice.uniform(0.12, 0.3), -40, 0, 1, 0), fillcolor=255)
        sheet.paste(one, (40 + place * 270, 20 + dice.randint(0, 50)), one.point(lambda v: 255 - v))
    data = np.asarray(sheet)
    rows, cols = np.indices(data.shape)
    shift = dice.uniform(0, 6)
    bent_rows = np.clip(rows + 9 * np.sin(cols / 37 + shift) + 4 * np.sin(cols / 13), 0, data.shape[0] - 1)
    bent_cols = np.clip(cols + 11 * np.sin(rows / 41 + shift) + 4 * np.sin(rows / 15), 0, data.shape[1] - 1)
    bent = Image.fromarray(data[bent_rows.astype(int), bent_cols.astype(int)])
    return bent.filter(ImageFilter.GaussianBlur(3)).point(lambda v: 20 if v < 190 else 255)


def signature(spec: Spec, world: World) -> bytes:
    """A signature; `fill` = share of the frame's width that the ink takes; `typed` = set in type; `blank` = nothing."""
    name = str(spec.get("writes", spec.get("of", "")))
    wide, high = spec.get("size", (300, 150))
    frame = Image.new("RGB", (wide, high), (255, 255, 255))
    if not spec.get("blank"):
        ink = _typed(name) if spec.get("typed") else _strokes(name, seed("hand", name))
        box = ink.point(lambda v: 255 - v).getbbox() or (0, 0, 1, 1)
        ink = ink.crop(box)
        share = float(spec.get("fill", 0.9))
        room = (max(8, int(wide * share)), max(8, int(high * min(share, 0.88))))
        ink = ink.resize(room)
        frame.paste(ink.convert("RGB"), ((wide - room[0]) // 2, (high - room[1]) // 2))
    return picture(frame, spec)


def _typed(name: str) -> Image.Image:
    sheet = Image.new("L", (300 * len(name) + 60, 400), 255)
    ImageDraw.Draw(sheet).text((20, 20), name, font=font(280, BOLD), fill=0)
    return sheet


def _worn(image: Image.Image, quality: str) -> Image.Image:
    if quality == "blurred":
        return image.filter(ImageFilter.GaussianBlur(9))
    if quality == "phone":
        turned = image.rotate(1.6, fillcolor=(120, 104, 90), expand=True, resample=Image.Resampling.BICUBIC)
        shade = np.linspace(0.82, 1.0, turned.width)[None, :, None]
        return Image.fromarray((np.asarray(turned) * shade).astype(np.uint8))
    if quality == "small":
        return image.resize((230, 325))
    if quality == "sideways":
        return image.transpose(Image.Transpose.ROTATE_90)
    return image


def picture(image: Image.Image, spec: Spec) -> bytes:
    """The picture in the wanted format; the format follows the name unless it is given."""
    image = _worn(image, str(spec.get("quality", "clean")))
    kind = str(spec.get("format") or str(spec.get("name", "x.jpg")).rsplit(".", 1)[-1]).lower()
    out = io.BytesIO()
    if kind in {"pdf", "scan"}:
        return scanned([image])
    if kind == "heic":
        import pillow_heif

        pillow_heif.from_pillow(image).save(out, quality=60)
        return out.getvalue()
    names = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "bmp": "BMP", "tif": "TIFF", "gif": "GIF", "webp": "WEBP"}
    image.save(out, names.get(kind, "JPEG"), **({"quality": 88} if kind in {"jpg", "jpeg"} else {}))
    return out.getvalue()


def scanned(pages: Sequence[Image.Image]) -> bytes:
    """Pictures of pages as a PDF without any text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    for image in pages:
        raw = io.BytesIO()
        image.convert("RGB").save(raw, "JPEG", quality=80)
        raw.seek(0)
        scale = min(595 / image.width, 842 / image.height)
        canvas.drawImage(ImageReader(raw), 0, 842 - image.height * scale, image.width * scale, image.height * scale)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


# --- passport and card ----------------------------------------------------------------------------------------------
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def _check(text: str) -> str:
    values = (0 if c == "<" else int(c) if c.isdigit() else ord(c) - 55 for c in text)
    return str(sum(v * (7, 3, 1)[i % 3] for i, v in enumerate(values)) % 10)


def machine_lines(who: Spec) -> tuple[str, str]:
    """The two lines of ICAO 9303 TD3 with right check digits."""
    surname, _, given = str(who["pinyin"]).partition(" ")
    first = f"PO{who.get('state', 'CHN')}{surname}<<{given.replace(' ', '<')}".ljust(44, "<")[:44]
    number = str(who["passport"]).ljust(9, "<")
    born, ends = (str(who[k]).replace("-", "")[2:] for k in ("born", "expires"))
    own = "<" * 14
    body = number + _check(number), born + _check(born), ends + _check(ends), own + "0"
    second = f"{body[0]}{who.get('state', 'CHN')}{body[1]}{who.get('sex', 'M')}{body[2]}{body[3]}"
    return first, second + _check("".join(body))


def _day(iso: object) -> str:
    year, month, day = str(iso).split("-")
    return f"{day} {MONTHS[int(month) - 1]} {year}"


def passport_image(who: Spec) -> Image.Image:
    """The photo page on an A4 sheet."""
    sheet = Image.new("RGB", A4, (254, 254, 252))
    page = Image.new("RGB", (1060, 744), (244, 240, 232))
    pen = ImageDraw.Draw(page)
    for y in range(20, 620, 26):
        pen.line([(x, y + 7 * math.sin(x / 60 + y)) for x in range(0, 1060, 20)], fill=(226, 226, 236), width=1)
    pen.rectangle((40, 110, 330, 490), fill=(232, 236, 246))
    pen.ellipse((115, 160, 255, 360), fill=(206, 166, 138))
    pen.pieslice((70, 350, 300, 640), 180, 360, fill=(58, 64, 84))
    pen.text((45, 26), "护照", font=font(34, BOLD), fill=(40, 40, 40))
    pen.text((45, 72), "PASSPORT", font=font(19), fill=(60, 60, 60))
    pen.text((390, 26), "中华人民共和国 PEOPLE'S REPUBLIC OF CHINA", font=font(26), fill=(120, 30, 50))
    surname, _, given = str(who["pinyin"]).partition(" ")
    sex = "女/F" if who.get("sex") == "F" else "男/M"
    cells = [
        (370, 90, "类型/Type", "P"),
        (520, 90, "国家码/Country Code", str(who.get("state", "CHN"))),
        (760, 90, "护照号/Passport No.", str(who["passport"])),
        (370, 166, "姓名/Name", f"{who['name']}"),
        (370, 262, "性别/Sex", sex),
        (520, 262, "国籍/Nationality", "中国/CHINESE"),
        (760, 262, "出生日期/Date of birth", _day(who["born"])),
        (370, 336, "出生地点/Place of birth", str(who.get("birthplace", "辽宁/LIAONING"))),
        (760, 336, "签发日期/Date of issue", _day(who["issued"])),
        (370, 410, "签发地点/Place of issue", "辽宁/LIAONING"),
        (760, 410, "有效期至/Date of expiry", _day(who["expires"])),
        (370, 484, "签发机关/Authority", "样本签发机关 SPECIMEN"),
    ]
    for x, y, label, value in cells:
        pen.text((x, y), label, font=font(15), fill=(90, 90, 110))
        pen.text((x, y + 20), value, font=font(27), fill=(15, 15, 15))
    pen.text((370, 220), f"{surname}, {given}", font=font(27), fill=(15, 15, 15))
    for place, line in enumerate(machine_lines(who)):
        pen.text((46, 622 + 54 * place), line, font=font(44, SANS, MONO), fill=(10, 10, 10))
    sheet.paste(page, (90, 160))
    return sheet


def passport(spec: Spec, world: World) -> bytes:
    return picture(passport_image(person(spec, world)), spec)


def visa_page(spec: Spec, world: World) -> bytes:
    lines = [
        "VISA",
        "签证 VISAS",
        f"JAPAN VISA  {person(spec, world).get('pinyin', '')}",
        "MULTIPLE  90 DAYS",
        "KOREA C-3-4",
    ]
    return picture(page(lines, centre=False), spec)


def card(spec: Spec, world: World) -> bytes:
    """The card's front, back or both, one below the other."""
    who = person(spec, world)
    sheet = Image.new("RGB", (1100, 1500), (250, 250, 248))
    pen = ImageDraw.Draw(sheet)
    side = str(spec.get("side", "both"))
    top = 60
    if side in {"front", "both"}:
        pen.rounded_rectangle((60, top, 1040, top + 640), 36, fill=(214, 228, 240), outline=(70, 90, 130), width=3)
        rows = [
            "APEC BUSINESS TRAVEL CARD",
            "中华人民共和国 CHINA",
            f"{str(who.get('pinyin', '')).replace(' ', ', ', 1)}   {who.get('sex', 'M')}",
            f"Card No. {who.get('card', '')}",
            f"Passport No. {who.get('passport', '')}",
            f"Date of expiry {who.get('card_expires', '')}",
        ]
        for place, row in enumerate(rows):
            pen.text((110, top + 50 + 92 * place), row, font=font(44), fill=(20, 30, 70))
        top += 700
    if side in {"back", "both"}:
        pen.rounded_rectangle((60, top, 1040, top + 640), 36, fill=(224, 232, 226), outline=(70, 90, 130), width=3)
        for place, row in enumerate(
            ["VALID FOR TRAVEL TO", str(who.get("economies", "AUS BRN CHL IDN JPN KOR MYS")), "APEC 商务旅行卡"]
        ):
            pen.text((110, top + 80 + 110 * place), row, font=font(44), fill=(20, 60, 40))
    return picture(sheet, spec)


# --- pages of text --------------------------------------------------------------------------------------------------
def wrap(text: str, wide: int) -> list[str]:
    """Lines of at most `wide` half widths, cut between characters."""
    rows: list[str] = []
    for line in text.split("\n"):
        row, used = "", 0
        for char in line:
            step = 1 if ord(char) < 256 else 2
            if used + step > wide:
                rows.append(row)
                row, used = "", 0
            row, used = row + char, used + step
        rows.append(row)
    return rows


def page(lines: Sequence[str], seal: str = "", centre: bool = True) -> Image.Image:
    """A typed A4 page; the first line is its title."""
    sheet = Image.new("RGB", A4, (254, 254, 253))
    pen = ImageDraw.Draw(sheet)
    y = 130
    for place, line in enumerate(lines):
        if place == 0 and centre:
            size = 46 if len(line) < 22 else 36
            pen.text((620, y), line, font=font(size, BOLD), fill=(20, 20, 20), anchor="ma")
            y += 110
            continue
        for row in wrap(line, 62):
            pen.text((130, y), row, font=font(31, SERIF), fill=(20, 20, 20))
            y += 56
    if seal:
        box = (820, max(500, y - 210), 1100, max(780, y + 70))
        pen.ellipse(box, outline=(214, 50, 46), width=7)
        pen.text(((box[0] + box[2]) // 2, (box[1] + box[3]) // 2), "★", font=font(70), fill=(214, 50, 46), anchor="mm")
        pen.text(((box[0] + box[2]) // 2, box[3] - 66), seal[:10], font=font(24), fill=(214, 50, 46), anchor="mm")
    return sheet


def text_pdf(lines: Sequence[str]) -> bytes:
    """A PDF with a text layer."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    y = 780
    for place, line in enumerate(lines):
        for row in wrap(line, 70):
            canvas.setFont("STSong-Light", 16 if place == 0 else 11)
            canvas.drawString(70, y, row)
            y -= 26 if place == 0 else 19
            if y < 60:
                canvas.showPage()
                y = 780
    canvas.save()
    return out.getvalue()


def rezipped(data: bytes) -> bytes:
    """The same archive with one fixed date."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(zipfile.ZipInfo(item.filename, STAMP), old.read(item), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def text_docx(lines: Sequence[str], rows: Sequence[Sequence[object]] = ()) -> bytes:
    file = docx.Document()
    for line in lines:
        file.add_paragraph(line)
    if rows:
        table = file.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            cells = table.add_row().cells
            for cell, value in zip(cells, row, strict=True):
                cell.text = str(value)
    out = io.BytesIO()
    file.save(out)
    return rezipped(out.getvalue())


def text_odt(lines: Sequence[str]) -> bytes:
    rows = "".join(f"<text:p>{line.replace('&', '&amp;').replace('<', '&lt;')}</text:p>" for line in lines)
    spaces = " ".join(
        f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{k}:1.0"' for k in ("office", "text", "style", "manifest")
    )
    body = f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:text>{rows}'
    body += "</office:text></office:body></office:document-content>"
    kind = "application/vnd.oasis.opendocument.text"
    listed = f'<?xml version="1.0"?><manifest:manifest {spaces}>'
    for place, media in (("/", kind), ("content.xml", "text/xml")):
        listed += f'<manifest:file-entry manifest:full-path="{place}" manifest:media-type="{media}"/>'
    listed += "</manifest:manifest>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        pack.writestr(zipfile.ZipInfo("mimetype", STAMP), kind)
        pack.writestr(zipfile.ZipInfo("content.xml", STAMP), body, zipfile.ZIP_DEFLATED)
        pack.writestr(zipfile.ZipInfo("META-INF/manifest.xml", STAMP), listed, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def sheet_xlsx(rows: Sequence[Sequence[object]], title: str = "Sheet1") -> bytes:
    import datetime

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime.datetime(*STAMP)})
        table = book.add_worksheet(title)
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                table.write(place, column, value if isinstance(value, int | float) else str(value))
    return out.getvalue()


def written(lines: Sequence[str], spec: Spec, seal: str = "") -> bytes:
    """The lines in the format of the file's name: docx, pdf (text), scan (pdf without text), odt, txt, or a picture."""
    kind = str(spec.get("format") or str(spec.get("name", "x.docx")).rsplit(".", 1)[-1]).lower()
    makers: dict[str, Callable[[], bytes]] = {
        "docx": lambda: text_docx(lines),
        "pdf": lambda: text_pdf(lines),
        "odt": lambda: text_odt(lines),
        "txt": lambda: "\r\n".join(lines).encode("gb18030"),
        "scan": lambda: scanned([_worn(page(lines, seal), str(spec.get("quality", "clean")))]),
        "wps": lambda: text_docx(lines),
    }
    return makers[kind]() if kind in makers else picture(page(lines, seal), spec)


def _firm(spec: Spec, world: World) -> str:
    return str(spec.get("company", world.company.get("zh", "")))


def letter(spec: Spec, world: World) -> bytes:
    """The company's letter to the office; `body` is its text."""
    firm = _firm(spec, world)
    lines = [
        str(spec.get("title", "关于申请办理APEC商务旅行卡的函")),
        str(spec.get("to", "辽宁省人民政府外事办公室：")),
        *(f"    {row}" for row in str(spec.get("body", "")).strip().split("\n")),
        str(spec.get("closing", "    妥否，请批示。")),
        "",
        f"                              {firm}",
        f"                              {spec.get('date', world.day)}",
    ]
    return written(lines, spec, "" if spec.get("unsealed") else firm)


def profile(spec: Spec, world: World) -> bytes:
    firm = world.company
    economies = spec.get("economies", firm.get("economies", "日本、韩国"))
    lines = [
        "企业简介",
        f"企业名称：{_firm(spec, world)}",
        f"企业性质：{firm.get('nature', '有限责任公司')}    企业规模：{firm.get('scale', '中型')}",
        f"生产经营范围：{firm.get('business', '机电设备制造、销售及进出口')}",
        f"与APEC经济体贸易往来情况：与{economies}等经济体企业有长期贸易往来。",
        f"员工人数：{spec.get('staff', firm.get('staff', 48))}人",
        f"上年度贸易额：{firm.get('trade', '1260万美元')}    总资产：{firm.get('assets', '8600万元')}",
        f"上年度纳税：{firm.get('paid_tax', '312万元')}",
        f"{_firm(spec, world)}",
    ]
    return written(lines, spec, _firm(spec, world))


def document(spec: Spec, world: World) -> bytes:
    """Any text, in the format of its name."""
    return written(str(spec.get("text", "")).strip().split("\n"), spec, str(spec.get("seal", "")))


def table(spec: Spec, world: World) -> bytes:
    rows: list[list[object]] = [list(row) for row in spec["rows"]]
    kind = str(spec["name"]).rsplit(".", 1)[-1].lower()
    if kind == "docx":
        return text_docx(str(spec.get("text", "人员名单")).split("\n"), rows)
    if kind == "csv":
        return "\r\n".join(",".join(map(str, row)) for row in rows).encode("gb18030")
    return sheet_xlsx(rows)


# --- forms ----------------------------------------------------------------------------------------------------------
BOXES = (
    ("ChineseName", "中文姓名 Name in Chinese", "name"),
    ("FamilyName", "姓 Family name", "family"),
    ("GivenNames", "名 Given names", "given"),
    ("Sex", "性别 Sex", "sex"),
    ("DateOfBirth", "出生日期 Date of birth", "born"),
    ("PlaceOfBirth", "出生地 Place of birth", "birthplace"),
    ("PassportNo", "护照号码 Passport No.", "passport"),
    ("PassportIssue", "签发日期 Date of issue", "issued"),
    ("PassportExpiry", "有效期至 Date of expiry", "expires"),
    ("Company", "工作单位 Employer", "employer"),
    ("Position", "职务 Position", "title"),
    ("Telephone", "联系电话 Telephone", "mobile"),
    ("Email", "电子邮箱 E-mail", "email"),
)


def _values(spec: Spec, world: World) -> dict[str, str]:
    who = person(spec, world)
    family, _, given = str(who.get("pinyin", "")).partition(" ")
    facts = {"family": family, "given": given, "birthplace": "辽宁", "employer": world.company.get("zh", ""), **who}
    facts = {"mobile": "13800" + str(int(seed(who["name"]).random() * 900000 + 100000)), **facts}
    if spec.get("empty"):
        return {key: "" for key, _, _ in BOXES}
    return {key: str(facts.get(name, "")) for key, _, name in BOXES} | dict(spec.get("boxes", {}))


def form(spec: Spec, world: World) -> bytes:
    """The basic-data form: fillable, or `style` flat (printed), scan, docx, placeholder; `lock` = a password."""
    values = _values(spec, world)
    style = str(spec.get("style", "fillable"))
    title = "APEC商务旅行卡申请人员基本资料"
    flat = [title, *(f"{label}：{values[key]}" for key, label, _ in BOXES)]
    if style == "placeholder":
        return text_pdf(
            [
                "Please wait...",
                "If this message is not eventually replaced by the proper contents of the document,",
                "your PDF viewer may not be able to display this type of document.",
            ]
        )
    if style != "fillable":
        return written(flat, {**spec, "format": {"flat": "pdf"}.get(style, style)})
    base = io.BytesIO(text_pdf([title, *(row for _, label, _ in BOXES for row in (label, ""))]))
    with pikepdf.open(base) as pdf:
        sheet = pdf.pages[0]
        fields = [_box(pdf, place, values[key], key) for place, (key, _, _) in enumerate(BOXES)]
        sheet.obj.Annots = pdf.make_indirect(pikepdf.Array(fields))
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(fields), NeedAppearances=True)
        out = io.BytesIO()
        if lock := spec.get("lock"):
            pdf.save(
                out,
                encryption=pikepdf.Encryption(user=str(lock), owner=str(lock), R=3, aes=False, metadata=False),
                static_id=True,
            )
        else:
            pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _box(pdf: pikepdf.Pdf, place: int, value: str, key: str) -> pikepdf.Object:
    label = next(text for name, text, _ in BOXES if name == key)
    y = 748 - 38 * place
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            Rect=pikepdf.Array([200, y, 500, y + 22]),
            T=pikepdf.String(key),
            TU=pikepdf.String(label),
            V=pikepdf.String(value),
            DA=pikepdf.String("/Helv 11 Tf 0 g"),
            F=4,
        )
    )


def application_form(spec: Spec, world: World) -> bytes:
    who = person(spec, world)
    lines = [
        "APEC商务旅行卡申请事项表",
        f"姓名：{who['name']}",
        f"护照号：{who.get('passport', '')}",
        f"工作单位：{_firm(spec, world)}",
        f"职务：{who.get('title', '')}",
        "授权审批部门：",
        "审核单位公章及授权人签署：",
        "本人签名：",
    ]
    return written(lines, spec)


# --- money ----------------------------------------------------------------------------------------------------------
DIGITS, UNITS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")


def in_words(amount: int) -> str:
    """An amount of whole yuan below 100,000,000 in the capital numerals of banks."""

    def below(four: int) -> str:
        said = ""
        for place, digit in enumerate(reversed(f"{four:d}")):
            said = (DIGITS[int(digit)] + UNITS[place] if digit != "0" else "零") + said
        while "零零" in said:
            said = said.replace("零零", "零")
        return said.rstrip("零")

    high, low = divmod(amount, 10000)
    words = (
        (below(high) + "万" if high else "") + ("零" if high and 0 < low < 1000 else "") + (below(low) if low else "")
    )
    return words + "元整"


def slip(spec: Spec, world: World) -> bytes:
    """A bank's receipt: `to` mfa or centre, `for` n people or `amount`; payee, account, payer, purpose may depart."""
    payee, account, bank = CENTRE if spec.get("to") == "centre" else MFA
    each = 1500 if spec.get("to") == "centre" else 720
    amount = int(spec.get("amount", each * int(spec.get("for", 1))))
    date = str(spec.get("date", world.day))
    serial = seed(amount, date, world.company.get("zh")).randint(10**9, 10**10 - 1)
    rows = [
        ("付款人户名", str(spec.get("payer", world.company.get("zh", "")))),
        ("付款人账号", f"2119{serial}8806"),
        ("收款人户名", str(spec.get("payee", payee))),
        ("收款人账号", str(spec.get("account", account))),
        ("收款人开户行", str(spec.get("bank", bank))),
        ("金额（小写）", f"¥{amount:,}.00"),
        ("金额（大写）", in_words(amount)),
        ("用途", str(spec.get("purpose", "APEC商务旅行卡费用"))),
        ("交易日期", date),
        ("交易流水号", str(serial)),
    ]
    title = str(spec.get("title", "网上银行电子回单"))
    kind = str(spec.get("format") or str(spec["name"]).rsplit(".", 1)[-1]).lower()
    if kind == "pdf":
        return text_pdf([title, *(f"{k}：{v}" for k, v in rows)])
    return picture(_receipt(title, rows), {**spec, "format": kind})


def _receipt(title: str, rows: Sequence[tuple[str, str]]) -> Image.Image:
    sheet = Image.new("RGB", (1240, 200 + 84 * len(rows)), (254, 254, 254))
    pen = ImageDraw.Draw(sheet)
    pen.text((620, 40), title, font=font(44), fill=(150, 20, 30), anchor="ma")
    for place, (key, value) in enumerate(rows):
        y = 130 + 84 * place
        pen.rectangle((60, y, 330, y + 84), outline=(90, 90, 90), width=2)
        pen.rectangle((330, y, 1180, y + 84), outline=(90, 90, 90), width=2)
        pen.text((80, y + 22), key, font=font(32), fill=(40, 40, 40))
        pen.text((350, y + 22), value, font=font(32), fill=(10, 10, 10))
    return sheet


# --- papers for the window ------------------------------------------------------------------------------------------
def licence(spec: Spec, world: World) -> bytes:
    firm = world.company
    lines = [
        "营业执照",
        f"统一社会信用代码 {firm.get('code', '91210100MA0XYZ1234')}",
        f"名称 {_firm(spec, world)}",
        f"类型 {firm.get('nature', '有限责任公司')}",
        f"法定代表人 {firm.get('head', '')}",
        "注册资本 伍佰万元整",
        f"住所 辽宁省{firm.get('city', '沈阳')}市",
        f"经营范围 {firm.get('business', '机电设备制造、销售及进出口')}",
        "登记机关 市场监督管理局",
    ]
    return written(lines, spec, "登记机关")


def tax(spec: Spec, world: World) -> bytes:
    lines = [
        "纳税信用等级证明",
        f"纳税人名称：{_firm(spec, world)}",
        f"评价年度：2025    纳税信用级别：{spec.get('grade', 'A')}",
        "兹证明该纳税人依法纳税。",
        "国家税务总局税务局",
        str(spec.get("date", world.day)),
    ]
    return written(lines, spec, "税务局")


def trade(spec: Spec, world: World) -> bytes:
    lines = [
        str(spec.get("title", "销售合同")),
        "合同编号：XS-2026-0417",
        f"卖方：{_firm(spec, world)}",
        f"买方：{spec.get('partner', 'Hanbit Trading Co., Ltd. (Korea)')}",
        f"交货地：{spec.get('place', '韩国釜山')}",
        "货物：机电设备 4 台，总价 USD 182,000.00",
        "付款方式：信用证",
        "卖方（盖章）      买方（签字）",
    ]
    return written(lines, spec, _firm(spec, world))


def certificate(spec: Spec, world: World) -> bytes:
    who = person(spec, world)
    result = str(spec.get("result", "未发现其在中国境内有犯罪记录"))
    lines = [
        "无犯罪记录证明",
        f"{who['name']}，身份证号 210102{str(who.get('born', '1980-01-01')).replace('-', '')}2415：",
        f"    经查询，{result}。",
        "    特此证明。",
        "              公安局派出所",
        f"              {spec.get('date', world.day)}",
    ]
    return written(lines, spec, "公安局")


def insurance(spec: Spec, world: World) -> bytes:
    who = person(spec, world)
    months = int(spec.get("months", 10))
    listed = [f"2026{10 - back:02d}" if back < 10 else f"2025{22 - back:02d}" for back in range(months)]
    lines = [
        "社会保险个人参保缴费明细",
        f"姓名：{who['name']}",
        f"参保单位：{_firm(spec, world)}",
        f"缴费月数：{months}个月",
        *(f"{month}  养老保险  已缴费  {_firm(spec, world)}" for month in listed[:14]),
        "社会保险事业服务中心",
    ]
    return written(lines, spec, "社保中心")


def police(spec: Spec, world: World) -> bytes:
    who = person(spec, world)
    lines = [
        str(spec.get("title", "报案回执（挂失证明）")),
        f"{who['name']}：",
        f"    你于{spec.get('lost', '2026年10月20日')}报称遗失APEC商务旅行卡一张，",
        f"    卡号{who.get('card', '')}，已予登记。",
        "    特此证明。",
        "              公安局派出所",
        f"              {spec.get('date', world.day)}",
    ]
    return written(lines, spec, "公安局")


# --- other things ---------------------------------------------------------------------------------------------------
def crypt(data: bytes, password: str) -> bytes:
    """The old cipher of zip (APPNOTE 6.1), with a fixed first block: twelve bytes and the data."""
    crc = [0] * 256
    for n in range(256):
        c = n
        for _ in range(8):
            c = (c >> 1) ^ 0xEDB88320 if c & 1 else c >> 1
        crc[n] = c
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = (keys[0] >> 8) ^ crc[(keys[0] ^ byte) & 255]
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = (keys[2] >> 8) ^ crc[(keys[2] ^ (keys[1] >> 24)) & 255]

    for byte in password.encode("gb18030"):
        update(byte)
    out = bytearray()
    for byte in data:
        mixed = (keys[2] | 2) & 0xFFFF
        out.append(byte ^ (((mixed * (mixed ^ 1)) >> 8) & 255))
        update(byte)
    return bytes(out)


def packed(children: Sequence[tuple[str, bytes]], password: str = "", gbk: bool = False) -> bytes:
    """A zip of the children; a password locks every child; `gbk` = names as old Chinese Windows writes them."""
    import struct
    import zlib

    body, central = io.BytesIO(), b""
    for name, data in children:
        raw = name.encode("gbk" if gbk else "utf-8")
        check = zlib.crc32(data)
        deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
        stored = deflate.compress(data) + deflate.flush()
        if password:
            stored = crypt(bytes(11) + bytes([check >> 24]) + stored, password)
        flags = (1 if password else 0) | (0 if gbk else 0x800)
        common = struct.pack("<HHHHHIIIHH", 20, flags, 8, 0x4800, 0x5D48, check, len(stored), len(data), len(raw), 0)
        offset = body.tell()
        body.write(b"PK\x03\x04" + common + raw + stored)
        central += b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 32, offset) + raw
    start = body.tell()
    count = len(children)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(central), start, 0)
    return body.getvalue() + central + end


def archive(spec: Spec, world: World) -> bytes:
    children = [(str(child["name"]), draw(child, world)) for child in spec["children"]]
    return packed(children, str(spec.get("password", "")), bool(spec.get("gbk")))


def pasted(spec: Spec, world: World) -> bytes:
    """A Word file with the pictures of the children pasted into it."""
    from docx.shared import Cm

    file = docx.Document()
    for child in expanded(spec["children"], world):
        file.add_paragraph(str(child.get("caption", "")))
        file.add_picture(io.BytesIO(draw(child, world)), width=Cm(float(child.get("wide", 6))))
    out = io.BytesIO()
    file.save(out)
    return rezipped(out.getvalue())


def bundle(spec: Spec, world: World) -> bytes:
    """One PDF without text whose pages are the pictures of the children."""
    children = expanded(spec["children"], world)
    return scanned([Image.open(io.BytesIO(draw({**child, "format": "jpg"}, world))) for child in children])


def shortcut(spec: Spec, world: World) -> bytes:
    """A Windows shortcut: the head of MS-SHLLINK and a path, no file."""
    head = bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes([0x81, 0, 0, 0, 0x20, 0, 0, 0])
    path = str(spec.get("target", "D:\\资料\\APEC\\汇款单.jpg")).encode("utf-16-le")
    return head.ljust(76, b"\0") + len(path).to_bytes(2, "little") + path + bytes(40)


def raw(spec: Spec, world: World) -> bytes:
    if "hex" in spec:
        return bytes.fromhex(str(spec["hex"])) + bytes(
            seed(spec["name"]).getrandbits(8) for _ in range(int(spec.get("pad", 0)))
        )
    return str(spec.get("text", "")).encode(str(spec.get("charset", "utf-8")))


def logo(spec: Spec, world: World) -> bytes:
    image = Image.new("RGB", tuple(spec.get("size", (180, 60))), (20, 70, 140))
    ImageDraw.Draw(image).text((12, 12), str(spec.get("text", "LOGO"))[:8], font=font(26), fill=(255, 255, 255))
    return picture(image, spec)


def picture_of_text(spec: Spec, world: World) -> bytes:
    return picture(page(str(spec["text"]).strip().split("\n"), centre=bool(spec.get("titled"))), spec)


WAYS = {
    "kind-name": ("照片-{of}.jpg", "签名-{of}.jpg", "护照-{of}.jpg", "基本资料-{of}.pdf"),
    "name-kind": ("{of}照片.jpg", "{of}签名.jpg", "{of}护照首页.jpg", "{of}APEC申请人员基本资料.pdf"),
    "pinyin": ("{py}_photo.jpg", "{py}_sign.jpg", "{py}_passport.jpg", "{py}_form.pdf"),
    "folder": ("{of}/照片.jpg", "{of}/签名.jpg", "{of}/护照.jpg", "{of}/申请人员基本资料.pdf"),
    "plain": ("照片.jpg", "签名.jpg", "护照.jpg", "APEC申请人员基本资料.pdf"),
}
FOUR = ("photo", "signature", "passport", "form")


def expanded(attach: Sequence[Spec], world: World) -> list[Spec]:
    """`set` = the four files of a person, named the given `way`; `money` = both slips for n people."""
    out: list[Spec] = []
    for spec in attach:
        if spec["kind"] == "set":
            out += _four(spec, world)
        elif spec["kind"] == "money":
            given = {key: value for key, value in spec.items() if key not in {"kind", "ext"}}
            end = spec.get("ext", "jpg")
            out.append({"kind": "slip", "to": "mfa", "name": f"外交部汇款单.{end}", **given})
            out.append({"kind": "slip", "to": "centre", "name": f"外服中心汇款单.{end}", **given})
        elif spec["kind"] == "zip":
            out.append({**spec, "children": expanded(spec["children"], world)})
        else:
            out.append(spec)
    return out


def _four(spec: Spec, world: World) -> list[Spec]:
    name = str(spec["of"])
    pinyin = str(world.people[name].get("pinyin", "")).replace(" ", "").lower()
    names = (one.format(of=name, py=pinyin) for one in WAYS[str(spec.get("way", "name-kind"))])
    left, other = spec.get("without", ()), spec.get("with", {})
    return [
        {"kind": kind, "of": name, "name": file, **other.get(kind, {})}
        for kind, file in zip(FOUR, names, strict=True)
        if kind not in left
    ]


DRAW: dict[str, Callable[[Spec, World], bytes]] = {
    "photo": photo,
    "signature": signature,
    "passport": passport,
    "visa_page": visa_page,
    "card": card,
    "letter": letter,
    "profile": profile,
    "document": document,
    "table": table,
    "form": form,
    "application_form": application_form,
    "slip": slip,
    "licence": licence,
    "tax": tax,
    "trade": trade,
    "certificate": certificate,
    "insurance": insurance,
    "police": police,
    "pasted": pasted,
    "bundle": bundle,
    "zip": archive,
    "shortcut": shortcut,
    "raw": raw,
    "logo": logo,
    "picture": picture_of_text,
    "calendar": raw,
    "report": raw,
}


def draw(spec: Spec, world: World) -> bytes:
    """The bytes of one attachment."""
    data = DRAW[str(spec["kind"])](spec, world)
    return data[: int(len(data) * float(spec["cut"]))] if "cut" in spec else data
