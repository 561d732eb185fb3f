"""What a mail states of its matter: whoever asks, supposes or denies states nothing."""

import pytest
from tests.support.observing import shipped

from mailintake.model.told import Told, unmet
from mailintake.stages.words.heard import heard_in

RULES = shipped().rules
T = Told


@pytest.mark.parametrize(
    ("text", "told", "kinds"),
    [
        ("无犯罪证明和社保的原件前天交到本溪外办了。", T.HANDED_IN, {"no_criminal_record", "social_insurance"}),
        ("纸质那套上周五已经送窗口。", T.HANDED_IN, set()),
        ("The originals have been handed in at the counter.", T.HANDED_IN, set()),
        ("原件下周二由司机送市外办", T.TO_COME, set()),
        ("费用前年办卡时就交过了", T.PAID_ANOTHER_TIME, set()),
        ("公司三年前在贵办备过案", T.REGISTERED, set()),
        ("原卡已经上交单位", T.CARD_GIVEN_UP, set()),
        ("已向派出所报案，回执下周寄到", T.LOSS_REPORTED, set()),
        ("我们只交电子版可以吗？", T.ONLY_ELECTRONIC, set()),
        ("十月中旬要去泰国参展，请帮忙催一下", T.HURRY, set()),
        ("简介盖不了章", T.OBSTACLE, {"company_profile"}),
        ("签名他人在国外", T.OBSTACLE, {"signature"}),
    ],
)
def test_a_statement_is_found_by_what_it_speaks_of(text: str, told: Told, kinds: set[str]) -> None:
    found = [one for one in heard_in(text, (), RULES) if one.told is told]
    assert found
    assert {kind for one in found for kind in one.kinds} >= kinds


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("纸质材料还没交，等审核通过再送", T.HANDED_IN),
        ("原件要不要送到大厅？", T.TO_COME),
        ("请将纸质材料交到市外办", T.HANDED_IN),
        ("材料已发送至邮箱，请查收", T.HANDED_IN),
        ("原件如果已交市外办，就不用再寄", T.HANDED_IN),
        ("两笔费用昨天已经汇过", T.PAID_ANOTHER_TIME),
        ("公司没有备案", T.REGISTERED),
        ("护照没有变化，照片没有改动", T.OBSTACLE),
        ("焦急的卡办到哪了", T.HURRY),
    ],
)
def test_what_asks_supposes_or_denies_states_nothing(text: str, told: Told) -> None:
    assert told not in {one.told for one in heard_in(text, ("焦急",), RULES)}


def test_what_may_come_later_is_in_nobodys_way() -> None:
    said = heard_in("签名他人在国外", (), RULES)
    assert not unmet(said, {"signature": True, "company_profile": False})
    assert unmet(said, {"signature": False})
