"""Slips as some banks draw them: names written downwards, a phone in the dark, a sum in words alone."""

from datetime import date

from tests.support.papers import Fee, Sheet, in_words


def vertical(fee: Fee, amount: int, payer: str, account: str, day: date) -> Sheet:
    """Two boxes side by side, the party's name written downwards at the edge of each."""
    sheet = (
        Sheet((842, 420)).say(290, 24, "虚构银行 网上银行电子回单", 18).say(60, 62, "电子回单号码：0021-4482-9917", 10)
    )
    for x, who, name, number, bank in (
        (50, "付", payer, _grouped(account), "虚构银行样本支行"),
        (430, "收", fee.payee, fee.account, fee.bank),
    ):
        for row, (sign, label, text) in enumerate(
            ((who, "户名", name), ("款", "账号", number), ("人", "开户银行", bank))
        ):
            y = 100 + 30 * row
            sheet.say(x, y, sign, 11).say(x + 24, y, label, 11).say(x + 90, y, text, 11)
    rows = (
        ("金额", f"¥{amount:,}.00元", "金额（大写）", in_words(amount)),
        ("摘要", "商旅卡", "业务（产品）种类", "汇款"),
        ("时间戳", f"{day:%Y-%m-%d}-10.22.41.551207", "备注", "附言：代办费"),
        ("记账网点", "00211", "记账日期", f"{day:%Y年%m月%d日}"),
    )
    return _table(sheet, rows, 205)


def dark(fee: Fee, amount: int, payer: str, account: str, day: date) -> Sheet:
    """A phone at night: light on black, the account cut into groups below the name, a charge of nothing."""
    sheet = Sheet((390, 760), dark=True).say(20, 10, "10:41", 11).say(330, 10, "5G 83%", 11)
    sheet.say(150, 44, "转账详情", 16).say(120, 90, f"¥ {amount:,}.00", 28).say(160, 134, "转账成功", 12)
    rows = (
        ("收款账户", fee.payee[:13]), ("", _grouped(fee.account)), ("收款银行", fee.bank[:14]),
        ("付款账户", payer[:13]),
        ("", f"{account[:4]} **** **** {account[-4:]}"), ("手续费", "¥ 0.00"), ("转账方式", "实时"),
        ("转账时间", f"{day:%Y/%m/%d} 10:40:12"), ("附言", "商旅卡"),
    )  # fmt: skip
    for row, (label, text) in enumerate(rows):
        width = sum(0.55 if char.isascii() else 1.0 for char in text)
        sheet.say(20, 180 + 38 * row, label, 12).say(375 - 12 * width, 180 + 38 * row, text, 12)
    return sheet


def words_alone(fee: Fee, amount: int, payer: str, account: str, day: date) -> Sheet:
    """An order over the counter: the sum stands there in capitals alone."""
    sheet = Sheet((842, 360)).say(290, 24, "虚构农商银行 结算业务申请书", 18)
    sheet.say(320, 60, f"申请日期 {day.year}年{day.month:02d}月{day.day:02d}日", 11)
    rows = (
        ("申请人全称", payer, "收款人全称", fee.payee),
        ("申请人账号", account, "收款人账号", fee.account),
        ("汇出行名称", "虚构农商银行样本支行", "汇入行名称", fee.bank),
        ("金额（大写）", in_words(amount), "附加信息", "商旅卡费用"),
    )
    return _table(sheet, rows, 100)


def running(fee: Fee, amount: int, payer: str, account: str, day: date) -> Sheet:
    """Labels with colons, several in one line."""
    sheet = Sheet((842, 300)).say(300, 24, "虚构邮储银行 电子银行业务回执", 18)
    rows = (
        (f"付款方户名：{payer}", f"收款方户名：{fee.payee}"),
        (f"付款方账号：{account}", f"收款方账号：{fee.account}"),
        ("付款方开户行：虚构邮储样本支行", f"收款方开户行：{fee.bank}"),
        (f"交易金额（小写）：{amount:,}.00元", f"交易金额（大写）：{in_words(amount)}"),
        ("币种：人民币   交易渠道：企业网银   交易状态：成功", ""),
        (f"交易时间：{day:%Y-%m-%d} 16:03:11   交易流水：20261103884412   用途：费用", ""),
    )
    for row, (left, right) in enumerate(rows):
        sheet.say(40, 80 + 30 * row, left, 11)
        if right:
            sheet.say(440, 80 + 30 * row, right, 11)
    return sheet


def charged(fee: Fee, amount: int, payer: str, account: str, day: date) -> Sheet:
    """The bank's charge and a total that holds it stand below the sum."""
    sheet = Sheet((595, 480)).say(220, 50, "虚构信用社 客户付款回单", 16)
    rows = (
        ("交易日期", f"{day:%Y年%m月%d日}"), ("付款人户名", payer), ("付款人账号", account), ("收款人户名", fee.payee),
        ("收款人账号", fee.account), ("收款人开户行", fee.bank), ("交易金额", f"{amount:,}.00"), ("手续费", "10.00"),
        ("合计", f"{amount + 10:,}.00"), ("摘要", "代办费"),
    )  # fmt: skip
    for row, (label, text) in enumerate(rows):
        sheet.say(60, 110 + 28 * row, label, 11).say(190, 110 + 28 * row, text, 11)
    return sheet


def statement(entries: tuple[tuple[str, str, str, str], ...], payer: str, day: date) -> Sheet:
    """An account's statement: (name, account, paid, received) a line. It is no slip."""
    sheet = Sheet((842, 400)).say(300, 24, "虚构银行 账户交易明细", 18).say(40, 60, f"户名：{payer}", 11)
    columns = (40, 130, 400, 560, 660)
    lines = [("交易日期", "对方户名", "对方账号", "支出金额", "收入金额"), *((f"{day:%Y%m%d}", *e) for e in entries)]
    for row, cells in enumerate(lines):
        for x, text in zip(columns, cells, strict=True):
            if text:
                sheet.say(x, 95 + 26 * row, text, 10)
    return sheet


def _grouped(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _table(sheet: Sheet, rows: tuple[tuple[str, str, str, str], ...], top: int) -> Sheet:
    for row, (left, mine, right, theirs) in enumerate(rows):
        y = top + 30 * row
        sheet.say(50, y, left, 11).say(140, y, mine, 11).say(430, y, right, 11).say(540, y, theirs, 11)
    return sheet
