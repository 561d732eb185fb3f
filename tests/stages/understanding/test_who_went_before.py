"""Who held a post before, and who only writes for somebody, applies for nothing; his numbers are nobody else's."""

import pytest
from tests.support.intake_mails import letter, people_of

from mailintake.model.rules import RuleSet


def found(subject: str, text: str, rules: RuleSet) -> dict[str, str]:
    return {person.name: person.passport_no for person in people_of(letter(subject, text), rules).applicants}


@pytest.mark.parametrize(
    "text",
    [
        "我公司原总经理岳长庚已于今年6月退休，其岗位由苗雪接替，苗雪需经常赴日本，申请新办APEC卡，护照号EA5550011。",
        "苗雪接替岳长庚任海外部经理，护照号EA5550011，申请新办。",
        "岳长庚的岗位由苗雪接任，现申请为苗雪新办APEC卡，护照EA5550011。岳长庚的卡CHN64711318早就还了。",
        "原负责东南亚业务的岳长庚今年退休了（护照号EA6660022），他的工作交给苗雪，给苗雪新办一张，护照号EA5550011。",
        "岳长庚退休以后，公司任命苗雪为副总，常去智利，所以来申请新办，护照EA5550011。",
        "苗雪是接岳长庚班的，护照EA5550011，新办APEC卡。",
        "前任岳长庚（护照EA6660022）去年调走，现任苗雪新办，护照EA5550011。",
        "岳长庚调任集团，苗雪顶他的位置，申请给苗雪新办APEC卡，护照号EA5550011。",
        "苗雪的前任是岳长庚，去年走了。苗雪新办APEC卡，护照号EA5550011。",
    ],
)
def test_who_went_before_applies_for_nothing(text: str, rules: RuleSet) -> None:
    assert found("新办", text, rules) == {"苗雪": "EA5550011"}


def test_who_left_and_whose_card_is_cancelled_is_the_one(rules: RuleSet) -> None:
    text = "岳长庚退休，注销其卡，卡号CHN64711318，护照EA6660022，有效期2028-01-05。他的岗位由苗雪接替。"
    assert found("注销", text, rules) == {"岳长庚": "EA6660022"}


@pytest.mark.parametrize(
    "text",
    [
        "我爸岳长庚新办APEC卡，我自己不办。护照号EA5550011。岳小舟",
        "您好，我是岳小舟，我爸岳长庚是公司老总，想新办APEC卡，护照EA5550011，我只帮他发邮件，我自己不办。",
        "我是岳长庚的儿子岳小舟，替他发材料，岳长庚新办APEC卡，护照EA5550011，就我爸一个人办。",
        "我是岳总的秘书苗雪，岳总全名岳长庚，新办APEC卡，护照EA5550011，我本人不办。",
        "我老公岳长庚新办APEC卡，护照EA5550011，我叫苗雪，代他发，我不申请。",
        "父亲岳长庚不会用电脑，我代发。岳长庚新办，护照EA5550011。女儿 岳小舟",
    ],
)
def test_who_writes_for_somebody_is_no_applicant(text: str, rules: RuleSet) -> None:
    assert found("办卡", text, rules) == {"岳长庚": "EA5550011"}
