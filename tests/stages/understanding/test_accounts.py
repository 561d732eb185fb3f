"""Money that a mail says goes elsewhere: staff's alarm; our own accounts, refunds and tax numbers are none."""

import pytest

from mailintake.model.rules import RuleSet
from mailintake.stages.words.accounts import foreign_account


@pytest.mark.parametrize(
    "text",
    [
        "代办说服务费要汇到6217000000000012345，我们已经汇了。",
        "有人加微信说中心的账号停用了，让我们汇到新账户，是真的吗？",
        "收款账号是 3301 0401 6000 1234 567，和网上不一样",
    ],
)
def test_an_account_of_somebody_else_is_seen(text: str, rules: RuleSet) -> None:
    assert foreign_account(text, rules)


@pytest.mark.parametrize(
    "text",
    [
        "服务费汇到辽宁省外事服务中心 293476735218，对吗？",
        "多汇的钱请退到我公司账户 210501630000000012",
        "税号91210800MA6LT9015C，汇款后请开发票",
        "汇款以后请联系 13912345678",
        "请问汇到哪个账户？",
    ],
)
def test_our_accounts_refunds_and_other_numbers_are_left_alone(text: str, rules: RuleSet) -> None:
    assert foreign_account(text, rules) == ""
