"""Invented people and companies by seed. Nobody here exists."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红健春梅琳欣怡晨宇浩然子涵雨泽思远"
_PLACES = ("辽宁", "吉林", "山东", "河北")
_TRADES = ("精密机械", "海洋食品", "冶金设备", "生物科技", "轴承制造", "国际贸易", "软件技术")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Person:
    """An applicant."""

    name_zh: str
    surname: str
    given: str
    sex: str
    birth: date
    passport_no: str
    issued: date
    expiry: date
    id_no: str
    place: str = "辽宁"
    job_title: str = "销售经理"
    mobile: str = "13000000000"
    email: str = "specimen@company.example"

    @property
    def pinyin(self) -> str:
        """Surname and given names in capitals."""
        return f"{self.surname} {self.given}"


def person(seed: int) -> Person:
    """The invented person of that seed."""
    from pypinyin import lazy_pinyin

    rng = random.Random(f"person {seed}")
    surname = rng.choice(_SURNAMES)
    given = "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2))))
    spelled = [s.upper().replace("LV", "LYU").replace("NV", "NYU") for s in lazy_pinyin(surname + given, v_to_u=False)]
    birth = date(rng.randint(1962, 1999), rng.randint(1, 12), rng.randint(1, 28))
    issued = date(rng.randint(2020, 2025), rng.randint(1, 12), rng.randint(1, 28))
    sex = rng.choice("MF")
    order = rng.randint(10, 99) * 10 + (rng.randint(0, 4) * 2 + (sex == "M"))
    return Person(
        surname + given,
        spelled[0],
        "".join(spelled[1:]),
        sex,
        birth,
        "E" + rng.choice(_LETTERS + "0123456789") + f"{rng.randint(0, 9999999):07d}",
        issued,
        issued.replace(year=issued.year + 10) - timedelta(days=1),
        _with_check(f"210102{birth:%Y%m%d}{order:03d}"),
        place=rng.choice(_PLACES),
        job_title=rng.choice(("销售经理", "总经理", "副总经理", "外贸部部长", "工程师")),
        mobile=f"1300{rng.randint(0, 9999999):07d}",
    )


def _with_check(first: str) -> str:
    total = sum(int(c) * pow(2, 17 - i, 11) for i, c in enumerate(first))
    return first + "10X98765432"[total % 11]


def company(seed: int) -> str:
    """The invented company of that seed."""
    rng = random.Random(f"company {seed}")
    city = rng.choice(("沈阳", "大连", "鞍山", "营口"))
    fancy = "".join(rng.sample("虚构样本示例测试拟名", 2))
    return f"{city}{fancy}{rng.choice(_TRADES)}{rng.choice(('有限公司', '股份有限公司', '有限责任公司'))}"
