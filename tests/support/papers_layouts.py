"""Further layouts of the papers that banks, police and insurance offices each print their own way."""

import random
from datetime import date

from tests.support import papers_slips
from tests.support.papers import Fee, Person, Sheet, in_words, slip
from tests.support.papers import certificate as plain_certificate
from tests.support.papers import insurance as plain_insurance

SLIPS = (
    "list", "parties", "stacked", "screen", "grid", "details", "english", "vertical", "dark", "words_alone", "running",
    "charged",
)  # fmt: skip
CERTIFICATES = ("plain", "chinese", "table", "query")
INSURANCES = ("rows", "ranges", "joined")


def bank_slip(fee: Fee, people: int, payer: str, day: date, layout: str, *, amount: int | None = None) -> Sheet:
    """A slip in any layout; `amount` in yuan instead of the right one."""
    wanted = fee if amount is None else Fee(fee.payee, fee.account, fee.bank, amount)
    count = people if amount is None else 1
    if layout in ("list", "parties", "stacked", "screen"):
        return slip(wanted, count, payer, day, layout=layout)
    account = str(random.Random(f"slip {payer} {day}").randint(10**14, 10**15))
    draw = {
        "grid": _grid, "details": _details, "english": _english, "vertical": papers_slips.vertical,
        "dark": papers_slips.dark, "words_alone": papers_slips.words_alone, "running": papers_slips.running,
        "charged": papers_slips.charged,
    }[layout]  # fmt: skip
    return draw(wanted, wanted.each * count, payer, account, day)


def _grid(fee: Fee, amount: int, payer: str, account: str, day: date) -> Sheet:
    """Ruled boxes: party names stand beside each other, labels before every value."""
    sheet = Sheet((842, 420)).say(290, 28, "虚构商业银行 业务回单", 18).say(60, 66, f"日期：{day:%Y年%m月%d日}", 11)
    sheet.say(560, 66, "回单编号：20260088131", 11)
    rows = (
        ("付款人全称", payer, "收款人全称", fee.payee),
        ("付款人账号", account, "收款人账号", fee.account),
        ("付款人开户行", "虚构银行样本支行", "收款人开户行", fee.bank),
    )
    for row, (left, mine, right, theirs) in enumerate(rows):
        y = 96 + 38 * row
        sheet.say(60, y, left, 11).say(145, y, mine, 11).say(430, y, right, 11).say(515, y, theirs, 11)
        sheet.lines.append((50, y - 10, 800, y - 10))
    sheet.say(60, 214, "大写金额", 11).say(145, 214, in_words(amount), 11).say(430, 214, "小写金额", 11)
    return sheet.say(515, 214, f"CNY {amount:,}.00", 11).say(60, 252, "摘要", 11).say(145, 252, "APEC卡费用", 11)


def _details(fee: Fee, amount: int, payer: str, account: str, day: date) -> Sheet:
    """A phone's page of one transfer: labels left, values flush right."""
    sheet = (
        Sheet((390, 760)).say(150, 50, "交易详情", 17).say(120, 96, f"-{amount:,}.00", 28).say(160, 140, "交易成功", 12)
    )
    rows = (
        ("收款人", fee.payee[:18]), ("收款账号", fee.account), ("收款行", fee.bank[:16]), ("付款人", payer[:18]),
        ("付款账户", f"{account[:4]} **** {account[-4:]}"), ("转账金额", f"{amount:,}.00元"),
        ("交易时间", f"{day:%Y-%m-%d} 14:03:52"), ("附言", "商务旅行卡费用"),
    )  # fmt: skip
    for row, (label, value) in enumerate(rows):
        sheet.say(20, 190 + 40 * row, label, 12).say(375 - 12 * _width(value), 190 + 40 * row, value, 12)
    return sheet


def _english(fee: Fee, amount: int, payer: str, account: str, day: date) -> Sheet:
    """Labels in two languages."""
    sheet = Sheet().say(170, 60, "电子回单 ELECTRONIC RECEIPT", 16)
    rows = (
        ("付款人 Payer", payer), ("付款账号 Payer Account", account), ("收款人 Payee", fee.payee),
        ("收款账号 Payee Account", fee.account), ("收款行 Payee Bank", fee.bank),
        ("金额 Amount", f"RMB {amount:,}.00"), ("大写金额", in_words(amount)),
        ("交易日期 Transaction Date", day.isoformat()), ("用途 Purpose", "服务费"),
    )  # fmt: skip
    for row, (label, value) in enumerate(rows):
        sheet.say(60, 130 + 30 * row, label, 11).say(220, 130 + 30 * row, value, 11)
    return sheet


def _width(text: str) -> float:
    return sum(0.55 if char.isascii() else 1.0 for char in text)


def both_slips(one: Fee, other: Fee, people: int, payer: str, day: date, layout: str = "list") -> Sheet:
    """Two slips scanned onto one page."""
    sheet = bank_slip(one, people, payer, day, layout)
    lower = max(text.y for text in sheet.texts) + 40
    second = bank_slip(other, people, payer, day, layout)
    for text in second.texts:
        sheet.say(text.x, text.y + lower, text.words, text.size)
    sheet.size = (max(sheet.size[0], second.size[0]), max(sheet.size[1], lower + second.size[1] / 2 + 60, 842))
    return sheet


def crime_certificate(who: Person, issued: date, layout: str, *, record: bool = False) -> Sheet:
    """A certificate of no criminal record in any layout."""
    if layout in ("plain", "chinese"):
        return plain_certificate(who, issued, record=record, style=layout)
    said = "有犯罪记录" if record else "无犯罪记录"
    if layout == "table":
        sheet = Sheet().say(210, 80, "无犯罪记录证明", 20).say(400, 120, "虚公证字2026第88号", 10)
        rows = (
            ("姓名", who.name_zh), ("性别", "男" if who.sex == "M" else "女"), ("公民身份号码", who.id_no),
            ("查询期间", f"{who.birth.year + 18}年1月1日至{issued.year}年{issued.month}月1日"),
            ("查询结果", f"该人在上述期间{said}"),
        )  # fmt: skip
        for row, (label, value) in enumerate(rows):
            sheet.say(70, 170 + 34 * row, label, 13).say(190, 170 + 34 * row, value, 13)
            sheet.lines.append((60, 162 + 34 * row, 530, 162 + 34 * row))
        sheet.seals.append((440, 420, 58))
        return sheet.say(370, 400, "虚构市公安局", 13).say(370, 428, f"{issued:%Y年%m月%d日}", 13)
    sheet = Sheet().say(200, 80, "犯罪记录查询结果告知函", 18).say(60, 140, f"{who.name_zh}：", 13)
    sheet.say(86, 170, f"根据您的申请，经查询，身份证号码{who.id_no}的人员", 13)
    sheet.say(60, 196, f"截至{issued.year}年{issued.month}月{issued.day}日{said}。", 13).say(86, 222, "特此告知。", 13)
    return sheet.say(360, 300, "虚构县公安局样本派出所", 13).say(380, 328, f"出具日期：{issued.isoformat()}", 13)


def insurance_list(who: Person, employer: str, until: date, months: int, layout: str) -> Sheet:
    """A social insurance list in any layout."""
    if layout == "rows":
        return plain_insurance(who, employer, until, months)
    sheet = Sheet().say(180, 50, "社会保险参保证明", 16)
    sheet.say(60, 100, f"姓名：{who.name_zh}").say(260, 100, f"证件号码：{who.id_no}")
    sheet.say(60, 122, f"单位名称：{employer}")
    last = until.year * 12 + until.month - 1
    first = last - months + 1
    named = [f"{at // 12}{at % 12 + 1:02d}" for at in (first, last)]
    if layout == "ranges":
        for x, head in ((60, "险种"), (130, "缴费起止"), (270, "月数"), (340, "缴费状态")):
            sheet.say(x, 155, head, 11)
        for row, kind in enumerate(("企业养老", "失业保险", "工伤保险")):
            cells = ((60, kind), (130, f"{named[0]}-{named[1]}"), (270, str(months)), (340, "实缴"))
            for x, text in cells:
                sheet.say(x, 180 + 24 * row, text, 11)
        return sheet.say(60, 300, f"打印日期：{until.isoformat()}", 11)
    for x, head in ((60, "费款所属期"), (160, "险种"), (240, "单位名称"), (480, "到账日期")):
        sheet.say(x, 155, head, 11)
    for row in range(months):
        year, month = divmod(last - row, 12)
        cells = (
            (60, f"{year}年{month + 1:02d}月"),
            (160, "养老保险"),
            (240, employer),
            (480, f"{year}-{month + 1:02d}-20"),
        )
        for x, text in cells:
            sheet.say(x, 180 + 22 * row, text, 11)
    return sheet.say(60, 190 + 22 * months, f"打印时间：{until.isoformat()} 09:12", 11)
