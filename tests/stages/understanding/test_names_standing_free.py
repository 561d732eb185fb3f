"""A name that stands free in two parts of a mail is somebody's, whatever its characters; a post in front of it is no
part of it; and where a sentence counts those of whom it spoke one by one, each of them applies."""

from collections.abc import Mapping

import pytest
from tests.support.intake_mails import MONDAY, facts_of, letter

from mailintake.model.rules import RuleSet
from mailintake.model.situation import ReadMail
from mailintake.stages.assign.steps import assign
from mailintake.stages.interpret import interpret

_NUMBERS = "护照号EQ0284406，卡号CHN55716630"


def found(subject: str, text: str, rules: RuleSet, letters: Mapping[str, str] | None = None) -> list[str]:
    """Who applies, where these letters came along."""
    mail = letter(subject, text, tuple(letters or ()))
    facts = facts_of(mail, letters)
    read = {f.sha256: interpret(f, f.text, "", rules) for f in facts.values()}
    return [person.name for person in assign(ReadMail(mail, facts, read, rules, MONDAY)).applicants]


def request(title: str, body: str) -> dict[str, str]:
    """A letter of a company."""
    lines = (title, "辽宁省人民政府外事办公室：", body, "特此申请。", "大连望山机械有限公司", "2026年10月20日")
    return {"请示.pdf": "\n".join(lines)}


@pytest.mark.parametrize(
    "post", ["安装技师", "高级会计师", "旗舰店店长", "施工队队长", "采购员", "领班", "轮机长", "电焊工", "项目负责人"]
)
@pytest.mark.parametrize("name", ["钢锐", "岭秀", "费思量", "高远"])
def test_a_post_before_a_name_is_no_part_of_it(post: str, name: str, rules: RuleSet) -> None:
    body = f"我公司{post}{name}，男，护照号EQ0284406，因客户主机停产须赶赴现场，特申请提前制作APEC商务旅行卡。"
    letters = request(f"关于提前制作{name}APEC商务旅行卡的申请", body)
    said = f"{name}8月份报的卡，还差几个国家没批完，公函在附件。"
    assert found(f"【急】{name}申请提前制卡", said, rules, letters) == [name]
    assert found(f"{name}新办APEC卡", f"老师好，我公司{post}{name}新办APEC卡，材料在附件。", rules) == [name]


@pytest.mark.parametrize("name", ["费思量", "白雪", "时伟", "万里", "江河", "单方", "成才", "申报国"])
def test_a_name_that_is_a_word_is_found_where_a_name_stands(name: str, rules: RuleSet) -> None:
    assert found(f"{name}注销", f"老师好，{name}上月退休，卡收回来了。{_NUMBERS}。", rules) == [name]
    assert found("申请", f"我公司{name}，护照号EQ0284406，申请新办商务旅行卡，材料见附件。", rules) == [name]
    assert found("提前制卡", f"急用卡，请提前制卡，{name}的护照号是EQ0284406。", rules) == [name]
    body = f"我公司原采购经理{name}已于2026年9月30日离职，{_NUMBERS}，卡已收回，申请注销。"
    assert found("注销卡", "请示在附件，请查收。", rules, request(f"关于注销{name}APEC商务旅行卡的请示", body)) == [
        name
    ]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("本公司申请新办", "我公司申请新办APEC卡，材料见附件。"),
        ("立山申请新办APEC卡", "立山申请新办APEC卡，立山的材料在附件。"),
        ("时间紧，申请提前制卡", "时间紧，申请提前制卡。"),
        ("方便注销吗", "方便注销的话，卡号CHN55716630。"),
        ("老板退休注销", "老板退休了，卡要注销，护照号EQ0284406。"),
        ("全体续办", "全体续办，材料见附件。"),
        ("师傅离职注销", "安装师傅离职，卡要注销，护照号EQ0284406。"),
    ],
)
def test_what_stands_there_and_is_a_word_or_a_firm_is_nobody(subject: str, text: str, rules: RuleSet) -> None:
    assert found(subject, text, rules) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("老师好，我公司黄静退休，徐娟离职，时伟内部转岗，三人的APEC卡申请注销。", ["黄静", "徐娟", "时伟"]),
        ("黄静退休，徐娟离职，时伟内部转岗，卡都交回来了，请办理注销。", ["黄静", "徐娟", "时伟"]),
        ("我公司刘敏、王建国二人常跑越南，陈立新跑智利，三人都申请续办。", ["刘敏", "王建国", "陈立新"]),
        ("孟凡退休了，佟丽调去深圳了，俩人的卡一起注销吧。", ["孟凡", "佟丽"]),
        ("孟凡去年退的休，佟丽春天走的，乔生上个月刚调走，三张卡都收上来了，给销了吧。", ["孟凡", "佟丽", "乔生"]),
        ("孟凡护照页满换了新护照，佟丽卡折断了，乔生卡丢了，三人都要换卡。", ["孟凡", "佟丽", "乔生"]),
        ("孟凡已退休、佟丽已离职，特申请注销上述两人的商务旅行卡。", ["孟凡", "佟丽"]),
        ("刘敏、王建国两人的卡申请注销。王伟接替。", ["刘敏", "王建国"]),
    ],
)
def test_people_with_different_fates_are_counted_together(text: str, names: list[str], rules: RuleSet) -> None:
    assert found("APEC卡", text, rules) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("佟丽接替退休的孟凡，申请新办。经理乔生都同意。", ["佟丽"]),
        ("佟丽的卡今年到期要续。孟凡两个月前续的，当时是乔生经办的，三个人都问过您。", ["佟丽"]),
        ("佟丽新办，和乔生、孟凡一起出差，三人的机票都订了。", ["佟丽"]),
        ("佟丽换了护照，孟凡的没换，两个人的卡都还没下来，佟丽的申请换护照。", ["佟丽"]),
        ("您好，联系人乔生，申请人佟丽，两人的电话都写在表里。", ["佟丽"]),
        ("孟凡补照片，佟丽补签名，乔生补护照。", ["孟凡", "佟丽", "乔生"]),
    ],
)
def test_a_count_of_people_asks_nothing_for_those_who_are_only_mentioned(
    text: str, names: list[str], rules: RuleSet
) -> None:
    assert found("申请", text, rules) == names
