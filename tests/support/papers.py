"""Specimens of every document the office receives, invented by seed: passport pages, photos, signatures, forms, slips,
certificates, insurance lists, company papers, letters. Each drawing is a `Sheet`; `.jpg()`, `.pdf()` and `.scan()`
give the same paper as a picture, with a text layer, or as a scan."""

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from PIL import Image, ImageDraw
from tests.support.papers_forms import form_acroform, form_placeholder, form_scan, form_text, form_values, form_xfa
from tests.support.papers_people import Person, company, person
from tests.support.papers_sheet import Sheet, degrade, font, jpeg, picture_pdf

__all__ = [
    "CENTRE",
    "MFA",
    "Fee",
    "Person",
    "Sheet",
    "card",
    "certificate",
    "company",
    "contract",
    "degrade",
    "form_acroform",
    "form_placeholder",
    "form_scan",
    "form_text",
    "form_values",
    "form_xfa",
    "insurance",
    "jpeg",
    "letter",
    "licence",
    "mrz",
    "passport_page",
    "person",
    "photo",
    "picture_pdf",
    "police_report",
    "profile_docx",
    "signature",
    "slip",
    "tax_proof",
]  # fmt: skip
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_FIGURES = "零壹贰叁肆伍陆柒捌玖"


@dataclass(frozen=True)
class Fee:
    """One of the two transfers of the guide."""

    payee: str
    account: str
    bank: str
    each: int


MFA = Fee(
    "外交部机关及驻外机构服务中心机关业务服务部", "0200001029006592382", "中国工商银行股份有限公司北京东四南支行", 720
)
CENTRE = Fee("辽宁省外事服务中心", "293476735218", "中国银行辽宁省分行", 1500)


# -------------------------------------------------------------------------------------------- passport and pictures


def check_digit(text: str) -> str:
    """ICAO 9303 part 3, 4.9."""
    return str(sum((7, 3, 1)[i % 3] * (0 if c == "<" else int(c, 36)) for i, c in enumerate(text)) % 10)


def mrz(who: Person) -> tuple[str, str]:
    """The two lines of the person's passport."""
    first = f"POCHN{who.surname}<<{who.given}".ljust(44, "<")
    number, birth, expiry = who.passport_no, f"{who.birth:%y%m%d}", f"{who.expiry:%y%m%d}"
    number, birth, expiry = (text + check_digit(text) for text in (number, birth, expiry))
    optional = "<" * 14 + "0"
    composite = check_digit(number + birth + expiry + optional)
    return first, f"{number}CHN{birth}{who.sex}{expiry}{optional}{composite}"


def _stamp(day: date) -> str:
    return f"{day.day:02d} {_MONTHS[day.month - 1]} {day.year}"


def passport_page(who: Person) -> Sheet:
    """The photo page on A4 paper."""
    sheet = Sheet().say(60, 100, "护照 PASSPORT", 13).say(190, 100, "中华人民共和国 PEOPLE'S REPUBLIC OF CHINA", 11)
    places = [
        (190, 130, "类型/Type", "P"),
        (270, 130, "国家码/Country Code", "CHN"),
        (410, 130, "护照号/Passport No.", who.passport_no),
        (190, 165, "姓名/Name", who.name_zh),
        (190, 215, "性别/Sex", "男/M" if who.sex == "M" else "女/F"),
        (270, 215, "国籍/Nationality", "中国/CHINESE"),
        (410, 215, "出生日期/Date of birth", _stamp(who.birth)),
        (190, 250, "出生地点/Place of birth", f"{who.place}/SPECIMEN"),
        (410, 250, "签发日期/Date of issue", _stamp(who.issued)),
        (190, 285, "签发地点/Place of issue", "辽宁/LIAONING"),
        (410, 285, "有效期至/Date of expiry", _stamp(who.expiry)),
        (190, 320, "签发机关/Authority", "虚构样本 SPECIMEN"),
    ]
    for x, y, label, value in places:
        sheet.say(x, y, label, 8).say(x, y + 11, value, 12)
    sheet.say(190, 189, f"{who.surname}, {who.given}", 12)
    first, second = mrz(who)
    return sheet.say(50, 380, first, 19, mono=True).say(50, 405, second, 19, mono=True)


def photo(seed: int, size: tuple[int, int] = (600, 800), *, colour: bool = True) -> Image.Image:
    """A drawn face on white."""
    rng = random.Random(f"photo {seed}")
    picture = Image.new("RGB", (600, 800), "white")
    draw = ImageDraw.Draw(picture)
    skin = (224 + rng.randint(-12, 12), 182 + rng.randint(-12, 12), 150)
    draw.ellipse((60, 560, 540, 1000), fill=(rng.randint(20, 90), 50, 110))
    draw.ellipse((190, 160, 410, 300), fill="#2b2320")
    draw.ellipse((200, 190, 400, 520), fill=skin)
    for x in (250, 350):
        draw.ellipse((x - 22, 320, x + 22, 344), fill="white")
        draw.ellipse((x - 9, 323, x + 9, 341), fill="#222222")
    draw.line((300, 350, 290, 410, 308, 412), fill="#a77759", width=4)
    draw.arc((258, 400, 342, 470), 20, 160, fill="#993333", width=6)
    picture = picture if colour else picture.convert("L").convert("RGB")
    return picture.resize(size)


def signature(name: str, size: tuple[int, int] = (300, 150), *, fill: float = 0.9, seed: int = 0) -> Image.Image:
    """Strokes like a hand's: the characters of the name, each a little off, with swinging lines over them."""
    rng = random.Random(f"signature {name} {seed}")
    picture = Image.new("RGB", (900, 450), "white")
    draw = ImageDraw.Draw(picture)
    step = 900 * fill / len(name)
    for i, char in enumerate(name):
        spot = Image.new("L", (420, 420), 0)
        ImageDraw.Draw(spot).text((60, 20), char, font=font(280), fill=255, stroke_width=rng.randint(0, 6))
        turned = spot.rotate(rng.uniform(-14, 14)).resize((round(step * 1.25), round(450 * fill)))
        left = round(450 - 450 * fill + i * step - step * 0.1)
        picture.paste("#181830", (left, round(225 - 225 * fill)), turned)
    left, right = round(450 - 430 * fill), round(450 + 430 * fill)
    points = [(left + (right - left) * t / 12, 225 + rng.uniform(-190, 190) * fill) for t in range(13)]
    for start, end in pairwise(points):
        draw.line((*start, *end), fill="#181830", width=rng.randint(4, 14))
    return picture.resize(size)


def card(who: Person, number: str, expiry: date) -> Sheet:
    """Both sides of a business travel card."""
    sheet = Sheet().say(150, 70, "APEC BUSINESS TRAVEL CARD", 18)
    rows = [
        ("SURNAME / GIVEN NAMES", who.pinyin), ("NATIONALITY", "CHN"),
        ("SEX / DATE OF BIRTH", f"{who.sex} {who.birth:%d/%m/%Y}"), ("DOCUMENT NO.", number),
        ("PASSPORT NO.", who.passport_no), ("VALID UNTIL", f"{expiry:%d/%m/%Y}"),
    ]  # fmt: skip
    for row, (label, value) in enumerate(rows):
        sheet.say(200, 120 + 36 * row, label, 9).say(200, 133 + 36 * row, value, 13)
    return sheet.say(80, 520, "VALID FOR TRAVEL TO:", 13).say(80, 545, "AUS BRN JPN KOR MYS SGP THA VNM", 13)


# ------------------------------------------------------------------------------------------------------- slips


def in_words(yuan: int) -> str:
    """1440 as 壹仟肆佰肆拾元整."""
    digits, said, gap = str(yuan), "", False
    for i, digit in enumerate(digits):
        unit = ["", "拾", "佰", "仟", "万"][len(digits) - 1 - i]
        if digit == "0":
            gap = True
        else:
            said, gap = said + ("零" if gap else "") + _FIGURES[int(digit)] + unit, False
    return f"人民币{said}元整"


def slip(fee: Fee, people: int, payer: str, day: date, *, layout: str = "list", remark: str = "APEC卡费用") -> Sheet:
    """A bank's receipt: `list` (one row each), `parties` (payer and payee side by side), `stacked` (two blocks),
    `screen` (a phone's page)."""
    amount = fee.each * people
    rng = random.Random(f"slip {payer} {day}")
    account = str(rng.randint(10**14, 10**15))
    draw = {"list": _slip_list, "parties": _slip_parties, "stacked": _slip_stacked, "screen": _slip_screen}[layout]
    return draw(fee, amount, payer, account, day, remark)


def _rows(sheet: Sheet, rows: Sequence[tuple[str, str]], top: float = 140, step: float = 26, x: float = 60) -> Sheet:
    for row, (label, value) in enumerate(rows):
        sheet.say(x, top + step * row, label).say(x + 130, top + step * row, value)
    return sheet


def _slip_list(fee: Fee, amount: int, payer: str, account: str, day: date, remark: str) -> Sheet:
    rows = [
        ("付款人", payer), ("付款账号", account), ("收款人", fee.payee), ("收款账号", fee.account),
        ("收款行", fee.bank),
        ("金额（小写）", f"￥{amount:,}.00"), ("用途", remark), ("交易时间", day.isoformat()), ("状态", "交易成功"),
    ]  # fmt: skip
    return _rows(Sheet().say(230, 60, "客户回单", 18), rows)


def _slip_parties(fee: Fee, amount: int, payer: str, account: str, day: date, remark: str) -> Sheet:
    sheet = Sheet((842, 400)).say(300, 30, "虚构银行网上银行电子回单", 18)
    for x, mark, rows in (
        (40, "付款人", (("户名", payer), ("账号", account), ("开户行", "虚构银行样本支行"))),
        (430, "收款人", (("户名", fee.payee), ("账号", fee.account), ("开户行", fee.bank))),
    ):
        for row, (letter, (label, value)) in enumerate(zip(mark, rows, strict=True)):
            sheet.say(x, 90 + 34 * row, letter).say(x + 40, 90 + 34 * row, label).say(x + 105, 90 + 34 * row, value, 11)
    sheet.say(80, 200, "金额").say(150, 200, f"¥{amount:,}.00").say(430, 200, "金额（大写）").say(
        530, 200, in_words(amount)
    )
    sheet.say(80, 234, "用途").say(150, 234, remark).say(430, 234, "交易流水号").say(530, 234, "58383910")
    return sheet.say(430, 268, "记账日期").say(530, 268, f"{day:%Y年%m月%d日}")


def _slip_stacked(fee: Fee, amount: int, payer: str, account: str, day: date, remark: str) -> Sheet:
    sheet = Sheet().say(220, 50, "境内汇款业务回单", 18)
    sheet.say(60, 110, "付款方信息", 13)
    _rows(sheet, [("户名", payer), ("账号", account), ("开户行", "虚构银行样本支行")], 140)
    sheet.say(60, 230, "收款方信息", 13)
    _rows(sheet, [("户名", fee.payee), ("账号", fee.account), ("开户行", fee.bank)], 260)
    rows = [
        ("大写金额", in_words(amount)),
        ("小写金额", f"{amount}.00"),
        ("附言", remark),
        ("交易日期", f"{day:%Y%m%d}"),
    ]
    return _rows(sheet, rows, 360)


def _slip_screen(fee: Fee, amount: int, payer: str, account: str, day: date, remark: str) -> Sheet:
    sheet = Sheet((380, 700)).say(150, 40, "转账成功", 16).say(120, 90, f"¥{amount:,}.00", 26)
    rows = [
        ("收款户名", fee.payee[:14]), ("收款账号", fee.account), ("收款银行", fee.bank[:12]), ("付款户名", payer[:14]),
        ("付款账号", f"{account[:4]}****{account[-4:]}"), ("转账附言", remark),
        ("转账时间", f"{day:%Y/%m/%d} 10:21:33"),
    ]  # fmt: skip
    return _rows(sheet, rows, 180, 34, 20)


# ------------------------------------------------------------------------------------- certificates, insurance, company


def _chinese_date(day: date) -> str:
    year = "".join("〇一二三四五六七八九"[int(c)] for c in str(day.year))
    return f"{year}年{_small(day.month)}月{_small(day.day)}日"


def _small(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, "〇一二三"[min(tens, 3)] + "十")
    return head + (" 一二三四五六七八九"[ones] if ones else "")


def certificate(who: Person, issued: date, *, record: bool = False, style: str = "plain") -> Sheet:
    """No criminal record, or a record; `style` chinese writes the date in Chinese figures under a seal."""
    sheet = Sheet().say(200, 90, "无犯罪记录证明", 20).say(400, 140, "编号：样本2026号", 11)
    until = issued - timedelta(days=1)
    said = "经查询，发现有犯罪记录。" if record else "经查询，未发现有犯罪记录。"
    sheet.say(80, 190, f"{who.name_zh}（身份证号码：{who.id_no}），", 13)
    sheet.say(60, 215, f"自2005年1月1日至{until.year}年{until.month}月{until.day}日，{said}", 13)
    sheet.say(80, 250, "特此证明。", 13)
    written = _chinese_date(issued) if style == "chinese" else f"{issued.year}年{issued.month}月{issued.day}日"
    if style == "chinese":
        sheet.seals.append((430, 470, 60))
    return sheet.say(360, 440, "虚构市公安局样本分局", 13).say(380, 470, written, 13)


def insurance(who: Person, employer: str, until: date, months: int) -> Sheet:
    """Months back from `until`, newest first, with a row number before each."""
    sheet = Sheet().say(170, 50, "社会保险个人参保缴费明细", 16)
    sheet.say(60, 100, f"姓名：{who.name_zh}").say(260, 100, f"社会保障号码：{who.id_no}")
    sheet.say(60, 122, f"参保单位：{employer}").say(380, 122, f"打印日期：{until.isoformat()}")
    for x, head in ((60, "序号"), (110, "缴费年月"), (190, "参保单位"), (420, "险种"), (480, "缴费基数")):
        sheet.say(x, 155, head, 11)
    last = until.year * 12 + until.month - 1
    for row in range(months):
        year, month = divmod(last - row, 12)
        cells = ((60, str(row + 1)), (110, f"{year}{month + 1:02d}"), (190, employer), (420, "养老"), (480, "8200.00"))
        for x, text in cells:
            sheet.say(x, 180 + 22 * row, text, 11)
    return sheet


def licence(employer: str, legal_person: str, code: str = "91210100MA0SPECI1X") -> Sheet:
    """Business licence."""
    sheet = Sheet().say(230, 60, "营业执照", 22)
    rows = [("统一社会信用代码", code), ("名称", employer), ("类型", "有限责任公司"), ("法定代表人", legal_person)]
    rows += [("注册资本", "1000万元人民币"), ("成立日期", "2008年05月18日"), ("经营范围", "机械制造")]
    for row, (label, value) in enumerate(rows):
        sheet.say(60, 140 + 28 * row, f"{label}：{value}")
    return sheet


def tax_proof(employer: str, grade: str, year: int) -> Sheet:
    """Tax proof with its grade."""
    sheet = Sheet().say(220, 60, "税收完税证明", 20)
    said = (f"纳税人名称：{employer}", f"税款所属期：{year}年01月—{year}年12月", f"纳税信用等级：{grade}级")
    for row, text in enumerate(said):
        sheet.say(60, 130 + 28 * row, text)
    return sheet


def contract(employer: str, economy: str, title: str = "购销合同") -> Sheet:
    """Trade evidence."""
    sheet = Sheet().say(250, 60, title, 20)
    said = (
        f"甲方：{employer}",
        f"乙方：{economy} SPECIMEN TRADING CO.",
        f"目的国（地区）：{economy}",
        "日期：2026-08-11",
    )
    for row, text in enumerate(said):
        sheet.say(60, 130 + 28 * row, text)
    return sheet


def profile_docx(employer: str, staff: int, economies: Sequence[str] = ("日本", "越南")) -> bytes:
    """Company profile in the guide's fixed form."""
    from docx import Document

    document = Document()
    document.add_heading("企业简介", 1)
    said = (
        "一、企业性质：有限责任公司", "二、企业规模：中型", "三、生产经营范围：机械制造与销售",
        f"四、与APEC经济体贸易往来情况：与{'、'.join(economies)}客户长期合作", f"五、员工人数：{staff}人",
        "六、上年度贸易额：3000万美元", "七、总资产：20000万元", "八、纳税情况：上年度纳税900万元",
    )  # fmt: skip
    for text in (*said, "", employer):
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


# ------------------------------------------------------------------------------------------------------------ letters

LETTERS = {
    "new": "我公司拟为{people}申请办理APEC商务旅行卡，以便赴日本洽谈业务。",
    "renew": "我公司员工{people}所持APEC商务旅行卡即将到期，申请续办。我公司已在贵办备案。",
    "replacement": "我公司员工{people}因护照换发，申请更换APEC商务旅行卡，原卡号{card}，有效期至{until}。",
    "lost": "我公司员工{people}不慎遗失APEC商务旅行卡，卡号{card}，申请补办新卡，并注销旧卡。",
    "passport_change": "我公司员工{people}的APEC商务旅行卡正在办理中，尚未制卡。现因护照到期更换护照，请予办理。",
    "cancel": "我公司员工{people}因退休，申请注销其APEC商务旅行卡，卡号{card}，有效期至{until}。",
    "early": "我公司员工{people}因急需赴越南参加展会，申请提前制作APEC商务旅行卡。",
}


def letter(kind: str, people: Sequence[Person], employer: str, day: date, *, card_no: str = "CHN12345678") -> Sheet:
    """An official letter of that kind; lines break where the paper ends."""
    named = "、".join(f"{p.name_zh}（护照号{p.passport_no}）" for p in people)
    body = LETTERS[kind].format(people=named, card=card_no, until="2028年3月1日")
    sheet = Sheet().say(150, 50, employer, 18).say(270, 110, "公 函", 18)
    sheet.say(60, 170, "辽宁省人民政府外事办公室：", 13)
    lines = _wrapped("　　" + body, 36)
    for row, text in enumerate((*lines, "　　妥否，请批示。")):
        sheet.say(60, 200 + 26 * row, text, 13)
    below = 240 + 26 * len(lines)
    return sheet.say(330, below + 40, employer, 13).say(380, below + 66, f"{day.year}年{day.month}月{day.day}日", 13)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` Chinese characters; Latin ones take half the room."""
    lines, room = [""], float(width)
    for char in text:
        needed = 0.55 if char.isascii() else 1.0
        if needed > room:
            lines.append("")
            room = float(width)
        lines[-1] += char
        room -= needed
    return lines


def police_report(who: Person, day: date, card_no: str = "CHN12345678") -> Sheet:
    """Report of loss."""
    sheet = (
        Sheet()
        .say(240, 60, "报警回执", 20)
        .say(60, 130, f"报警人：{who.name_zh}")
        .say(220, 130, f"护照号：{who.passport_no}")
    )
    sheet.say(60, 165, f"{day.isoformat()}，报警人称其APEC商务旅行卡（卡号{card_no}）遗失，特此证明。")
    return sheet.say(330, 260, "虚构市公安局样本派出所")
