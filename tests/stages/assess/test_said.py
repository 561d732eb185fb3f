"""What people write about applicants and companies that the guide excludes: seen, and only of whom it is said."""

from dataclasses import replace

import pytest
from tests.support.judgement import HE, JI, RULES, case_of

from mailintake.model.case import Case
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import Vocabulary
from mailintake.stages.assess.prohibitions import text_flags
from mailintake.stages.assess.said import _found, _named

P = ProcedureKey


def flagged(text: str, case: Case) -> set[str]:
    return {flag.code.removeprefix("prohibited.") for flag in text_flags(text, case, RULES)}


NEW = [
    ("贺知秋是我们董事长的夫人，一起去日本考察，申请新办。", "N2"),
    ("新办 贺知秋\n贺知秋，总经理之子，随团出访，申请新办商旅卡。", "N2"),
    ("申请人贺知秋作为随行家属，办一张卡方便些。", "N2"),
    ("贺知秋跟着丈夫一起去参展，请办理。", "N2"),
    ("贺知秋目前在某大学读研二，暑假去新加坡实习。", "N2"),
    ("贺知秋还没毕业，先在我司实习。", "N2"),
    ("贺知秋系东北某高校在读博士生，父亲是我司股东。", "N2"),
    ("贺知秋同志为市商务局在编工作人员，借调我司。", "N2"),
    ("贺知秋，省人民医院医生，参加我司项目。", "N2"),
    ("贺知秋是职业乒乓球运动员，为我司代言。", "N2"),
    ("随团采访的贺知秋是晚报记者。", "N2"),
    ("贺知秋系歌舞团演员，赴韩国演出。", "N2"),
    ("贺知秋去澳大利亚打工度假，顺便谈业务。", "N2"),
    ("申请人贺知秋。她是法定代表人的女儿，公司也有她的股份。", "N2"),
    ("贺知秋判过缓刑，现在表现很好。", "N3"),
    ("我司去年纳税信用等级评为C级。", "N4"),
    ("公司税务评级是 D 级，还能办吗？", "N4"),
    ("贺知秋非我公司员工，是合作方的负责人。", "N5"),
    ("贺知秋没有签劳动合同，社保在别的公司交。", "N5"),
    ("贺知秋平时不来公司上班，借我司名义办理。", "N5"),
    ("我司只做国内市场业务。", "N1"),
    ("我公司与APEC经济体没有业务往来，主要做中东。", "N1"),
    ("公司全部出口到德国和波兰客户。", "N1"),
]

RENEW = [
    ("续办 贺知秋\n贺知秋七月辞了职，现在外地一家企业上班，他的卡请续办。", "R4"),
    ("贺知秋上个月跳槽了，卡还想续。", "R4"),
    ("贺知秋去年退休，他的商旅卡明年到期，申请续办。", "R4"),
    ("申请续办贺知秋的卡。他已经不在我司工作，本人仍想保留。", "R4"),
    ("Renewal for HE\n贺知秋 has left the company in May.", "R4"),
    ("我司今年被列入失信名单，正在申请移除。", "R1"),
    ("公司法人被限制高消费，不影响吧？", "R1"),
    ("公司因涉嫌虚开被税务稽查立案。", "R2"),
    ("贺知秋因职务侵占被取保候审，卡先续上。", "R3"),
    ("我公司已进入破产程序，由管理人接管。", "R5"),
    ("公司上月停业，执照准备吊销。", "R5"),
]

NOBODY_NEW = [
    "贺知秋毕业于东北大学，硕士研究生学历，任我司经理。",
    "贺知秋的爱人代为送材料，请通知她。",
    "紧急联系人：贺知秋丈夫，电话略。",
    "贺知秋是我司总经理，主营学生用品出口。",
    "贺知秋曾任市中学教师，2015年辞去公职入职我司。",
    "贺知秋不是公务员，是我司正式员工。",
    "王处长您好，贺知秋的材料见附件。",
    "我公司与新加坡、马来西亚均有贸易往来，国内业务为辅。",
    "除了欧洲，我司主要出口到日本和智利。",
    "我司纳税信用等级为A级。以前评过C级。",
    "我司纳税信用等级M级，贺知秋新办。",
    "申请人均为我公司正式员工，已签劳动合同。",
    "贺知秋无犯罪记录。",
]

NOBODY_RENEW = [
    "原经办人已离职，现由我负责，贺知秋的卡申请续办。",
    "贺知秋接替已离职的前任，他的卡快到期了，申请续办。",
    "贺知秋没有离职，仍在我司工作，申请续办。",
    "贺知秋还有两年才退休，申请续办。",
    "贺知秋从原单位离职后入职我公司，申请续办。",
    "如离职我们会及时注销。贺知秋申请续办。",
    "我司未被列入失信名单，贺知秋续办。",
    "我们的客户破产了，贺知秋要去处理，先续卡。",
    "我司从事资金清算业务，贺知秋续办。",
    "前台最近离职，材料寄晚了，抱歉。贺知秋申请续办。",
]


@pytest.mark.parametrize(("text", "item"), NEW)
def test_what_the_guide_excludes_for_a_first_card_is_seen_in_plain_words(text: str, item: str) -> None:
    assert item in flagged(text, case_of(P.NEW))


@pytest.mark.parametrize(("text", "item"), RENEW)
def test_what_the_guide_excludes_for_a_renewal_is_seen_in_plain_words(text: str, item: str) -> None:
    assert item in flagged(text, case_of(P.RENEW))


@pytest.mark.parametrize("text", NOBODY_NEW)
def test_what_is_denied_past_or_said_of_others_flags_nobody_who_applies(text: str) -> None:
    assert flagged(text, case_of(P.NEW)) == set()


@pytest.mark.parametrize("text", NOBODY_RENEW)
def test_what_is_denied_past_or_said_of_others_flags_nobody_who_renews(text: str) -> None:
    assert flagged(text, case_of(P.RENEW)) == set()


@pytest.mark.parametrize(
    ("text", "procedure"),
    [
        ("贺知秋新办，听同乡说公务员不让办，他可是工厂的人。", P.NEW),
        ("贺知秋续办，公司那年差点破产，如今好着呢。", P.RENEW),
        ("贺知秋续办。要是公司以后破产了，这张卡还作数吗？", P.RENEW),
        ("贺知秋新办，没签合同的临时工我们都没报。", P.NEW),
        ("贺知秋续办，隔壁那家偷税被抓了。", P.RENEW),
        ("初一新办APEC卡，初一是加工厂厂长。", P.NEW),
    ],
)
def test_hearsay_conditions_near_misses_and_names_that_are_words_state_nothing(text: str, procedure: P) -> None:
    people = (replace(HE, name="初一"),) if text.startswith("初一") else (HE,)
    assert flagged(text, case_of(procedure, people=people)) == set()


def test_who_writes_i_and_does_not_apply_speaks_of_himself() -> None:
    assert flagged("贺知秋新办。材料由我代发，我编制在市教育局，不办卡。", case_of(P.NEW)) == set()


FEW = [
    "我们是小公司，一共就七名员工，老板贺知秋要去参展。",
    "公司里现在只有5个人，能办吗？",
    "我公司员工不足10人，贺知秋新办。",
    "目前在职员工：6人。",
]
ENOUGH = [
    "我公司共3名员工申请新办，名单见附件。",
    "公司现有15名员工。",
    "全公司一百二十个人，贺知秋新办。",
    "我公司两人申请新办。",
    "员工三人赴日本考察。",
    "共5人，材料见附件。",
]


@pytest.mark.parametrize("text", FEW)
def test_a_mail_that_says_the_company_has_fewer_than_ten_people_is_for_staff(text: str) -> None:
    found = text_flags(text, case_of(P.NEW), RULES)
    assert [flag.code for flag in found] == ["profile.headcount"]
    assert text_flags(text, case_of(P.CANCEL), RULES) == ()


@pytest.mark.parametrize("text", ENOUGH)
def test_a_number_of_people_who_apply_is_no_number_of_staff(text: str) -> None:
    assert text_flags(text, case_of(P.NEW), RULES) == ()


def test_the_flag_carries_the_sentence_and_whose_it_is() -> None:
    case = case_of(P.RENEW, people=(HE, JI))
    (flag,) = text_flags("续办两人。贺知秋在岗。季云舟上月辞职，仍请续办。", case, RULES)
    assert (flag.code, flag.applicant) == ("prohibited.R4", JI.key)
    assert "季云舟上月辞职" in flag.evidence


def test_each_key_of_a_statement_decides() -> None:
    (item,) = [p for p in RULES.prohibitions if p.id == "R4"]
    case = case_of(P.RENEW)

    def found(text: str, **changes: object) -> set[str]:
        changed = replace(item, **changes)  # type: ignore[arg-type]
        words = Vocabulary({**RULES.vocabulary.lists, "exclusion_meanings": (), "exclusion_examples": ()})
        ruled = tuple(changed if p.id == "R4" else p for p in RULES.prohibitions)
        rules = replace(RULES, prohibitions=ruled, vocabulary=words)
        return {flag.code for flag in text_flags(text, case, rules)}

    assert found("贺知秋调走了。", says=("调走",)) == {"prohibited.R4"}
    assert found("贺知秋调走了。", says=()) == set()
    assert found("贺知秋临近退休。", says=("退休",)) == set()
    assert found("贺知秋临近退休。", says=("退休",), says_not=()) == {"prohibited.R4"}
    assert found("本单位已经散伙。", says_company=("散伙",)) == {"prohibited.R4"}
    assert found("经办人离职了。", says=("离职",), of_person=False) == {"prohibited.R4"}


def test_who_is_called_by_surname_and_title_is_the_applicant_unless_two_bear_the_surname() -> None:
    text = "贺厂长08年因为打架被判过刑，派出所不给开证明。"
    assert "N3" in flagged(text, case_of(P.NEW, people=(HE,)))
    cousin = replace(JI, name="贺鸣远")
    assert "N3" not in flagged(text, case_of(P.NEW, people=(HE, cousin)))


@pytest.mark.parametrize(
    ("patterns", "sentence", "hits"),
    [
        (("{name}(?:已)?离职",), "贺知秋已离职", 1),
        (("{name}(?:已)?离职",), "沈砚已离职", 0),  # nobody who applies
        (("是(?:(?!{name})[^,]){0,8}(?:妻子|之妻)",), "是老板的妻子", 1),  # a name that must not stand there
        (("是(?:(?!{name})[^,]){0,8}(?:妻子|之妻)",), "她是贺知秋的妻子", 0),
        (("注销(?!她|{name}|[^,]{0,6}卡)",), "注销贺知秋", 0),
        (("注销(?!她|{name}|[^,]{0,6}卡)",), "贺知秋注销公司", 1),
        (("[{name}]x|贺知秋辞职",), "贺知秋辞职", 1),
        (("离职", "{name}走了"), "贺知秋说他离职", 1),
    ],
)
def test_patterns_with_names_hit_as_if_every_name_were_written_out(
    patterns: tuple[str, ...], sentence: str, hits: int
) -> None:
    """The shortcut past sentences in which nothing can hit leaves none out, and adds none."""
    names = ("贺知秋", "欧阳若水")
    assert len(_found(patterns, sentence, names)) == hits
    assert [(hit.start, hit.end) for hit in _found(patterns, sentence, names)] == [
        hit.span() for hit in _named(patterns, names).finditer(sentence)
    ]
