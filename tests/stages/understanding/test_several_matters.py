"""Several matters in one mail: each person with the one thing that is asked for him; none is dropped without a word."""

from tests.support.intake_mails import MONDAY, known_mail, letter
from tests.support.judgement import RULES

from mailintake.model.case import Applicant
from mailintake.model.document import Document
from mailintake.model.facts import FileFacts, TextFacts, TextLine
from mailintake.model.understanding import Classification, People
from mailintake.stages.classify.matters import listed_matters
from mailintake.stages.understand import understand

NUMBERED = (
    "三件事：\n一、项雪梅调离，卡CHN55001112注销。\n"
    "二、阮长河护照页用完换了新护照（旧EK1100222，新EK5500222），卡CHN55002223到2028-09-10，申请换卡。\n"
    "三、顾一鸣（护照EK5500333）的新办申请还差两个国家没批，12月12日要去智利，申请提前制卡。"
)
LETTERS = ("1注销请示.pdf", "2换卡申请.pdf", "3提前制卡申请.pdf")


def _classified(subject: str, text: str, *files: str) -> Classification:
    return understand(known_mail(letter(subject, text, files), RULES)).classification


def test_of_a_sentence_about_one_person_the_procedure_that_most_speaks_for_is_meant() -> None:
    found = _classified("注销、换卡、提前制卡", NUMBERED, *LETTERS)
    assert {i.procedure.value: i.people for i in found.intents} == {
        "cancel": ("项雪梅",),
        "replace": ("阮长河",),
        "early_issue": ("顾一鸣",),
    }
    assert found.sure


def test_a_letter_for_a_matter_that_was_not_seen_leaves_the_mail_to_a_person() -> None:
    found = _classified("项雪梅卡注销", "项雪梅（护照EK5500111）调离，卡CHN55001112注销，请示附上。", *LETTERS[::2])
    assert found.conflict == "several_matters"
    assert not any(intent.sure for intent in found.intents)


def test_one_letter_under_another_name_is_the_one_that_is_asked_for() -> None:
    found = _classified("项雪梅卡注销", "项雪梅（护照EK5500111）调离，卡CHN55001112注销，请示附上。", "请示.pdf")
    assert found.sure


def _list(*rows: str) -> People:
    text = TextFacts(tuple(TextLine(row, box=(10, 40 * n, 600, 40 * n + 20)) for n, row in enumerate(rows, 1)))
    file = Document(
        "名单.xlsx", "名单.xlsx", "1" * 64, "0" * 64, MONDAY, facts=FileFacts("1" * 64, 900, "xlsx", text=text)
    )
    return People((Applicant("a", "阮长河"), Applicant("b", "项雪梅"), Applicant("c", "顾一鸣")), (file,))


def test_a_list_says_for_each_person_what_is_asked_in_a_column_of_its_own() -> None:
    found = listed_matters(_list("姓名 | 事项", "阮长河 | 续办", "项雪梅 | 注销", "顾一鸣 | 续办"), RULES)
    assert {m.procedure.value: m.people for m in found} == {"renew": ("阮长河", "顾一鸣"), "cancel": ("项雪梅",)}


def test_a_list_that_leaves_one_person_open_says_nothing_of_any() -> None:
    assert listed_matters(_list("姓名 | 事项", "阮长河 | 续办", "项雪梅 | 待定", "顾一鸣 | 续办"), RULES) == ()
