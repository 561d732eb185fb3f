"""Follow-ups: a wrong link is worse than none, and nobody hears about a case that is not his."""

from typing import Any

import pytest
from tests.support.intake_mails import COMPANY, candidates, case, known_mail, letter

from mailintake.model.case import State
from mailintake.model.message import AuthenticationResult, InboundMessage
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import Link, LinkedBy
from mailintake.stages.classify.classify import classify
from mailintake.stages.thread import link
from mailintake.stages.words.numbers import make_number

A, B, C = (make_number(2026, n) for n in (11, 12, 13))
OURS = "<mailintake.1@lnwfapec.example>"
OURS_B = "<mailintake.2@lnwfapec.example>"
COLLEAGUE = "li@haoyu.example"
STRANGER = "somebody@163.com"
DING = case(A, ["丁一鸣"], passports=["E11223344"])
MIAO = case(B, ["苗雨桐"], ProcedureKey.RENEW, passports=["E22334455"])
OTHERS = case(
    C, ["郁文博"], participants=["hr@yuanzhou.example"], company="大连远舟物流有限公司", passports=["E33445566"]
)
ALL = (DING, MIAO, OTHERS)


def linked(
    mail: InboundMessage, rules: RuleSet, cases: tuple[Any, ...] = ALL, sent: dict[str, str] | None = None
) -> Link:
    """The link of a mail against a store with these cases."""
    letters = {OURS: A, OURS_B: B} if sent is None else sent
    at = known_mail(mail, rules, candidates(mail, cases, rules, letters))
    return link(at, classify(at))


def answer(
    text: str, files: tuple[str, ...] = (), sender: str = COMPANY, token: str = OURS, **more: Any
) -> InboundMessage:
    """A reply to a letter of ours."""
    return letter("Re: 补正告知", text, files, sender, in_reply_to=(token,), references=(token,), **more)


# ---------------------------------------------------------------- verified senders


@pytest.mark.parametrize(
    ("mail", "by"),
    [
        (answer("签名补上", ("丁一鸣签名.jpg",)), LinkedBy.TOKEN),
        (answer("照片重拍了", ("IMG_2034.JPG",)), LinkedBy.TOKEN),
        (answer("收到，谢谢"), LinkedBy.TOKEN),
        (answer("请问什么时候能办好？"), LinkedBy.TOKEN),
        (answer("护照首页补上", ("护照.jpg",), COLLEAGUE), LinkedBy.TOKEN),
        (letter("Re: 告知", "补签名", ("签名.jpg",), references=("<x@a>", OURS)), LinkedBy.TOKEN),
        (letter(f"补充材料 {A}", "签名", ("签名.jpg",)), LinkedBy.NUMBER_AND_SENDER),
        (letter("补充材料", f"受理编号：{A}，签名补上", ("签名.jpg",)), LinkedBy.NUMBER_AND_SENDER),
        (letter("补充", f"编号{A.lower().replace('-', '')}", ("签名.jpg",), COLLEAGUE), LinkedBy.NUMBER_AND_SENDER),
        (letter("Re: 告知", "签名补上了", ("签名.jpg",), quoted_text=f"受理编号 {A}"), LinkedBy.NUMBER_AND_SENDER),
        (letter("丁一鸣的签名", "补上", ("丁一鸣签名.jpg",)), LinkedBy.FITS_ONE),
        (letter("补充材料", "丁一鸣护照号E11223344，照片见附件", ("照片.jpg",)), LinkedBy.FITS_ONE),
        (letter("补充材料", "补上丁一鸣的社保", ("社保.pdf",), COLLEAGUE), LinkedBy.FITS_ONE),
        (answer("丁一鸣的手机号填错了，请以本次为准"), LinkedBy.TOKEN),
        (answer("请撤回丁一鸣的申请，不办了"), LinkedBy.TOKEN),
    ],
)
def test_a_participant_s_follow_up_reaches_its_case(mail: InboundMessage, by: LinkedBy, rules: RuleSet) -> None:
    found = linked(mail, rules)
    assert (found.by, found.verified) == (by, True)
    assert found.case is not None
    assert found.case.number == A


def test_a_mail_without_names_fits_the_only_open_case(rules: RuleSet) -> None:
    found = linked(letter("补充", "签名补上", ("签名.jpg",)), rules, (DING, OTHERS))
    assert found.by is LinkedBy.FITS_ONE
    assert found.case is not None
    assert found.case.number == A


def test_a_mail_without_names_is_a_guess_when_two_cases_are_open(rules: RuleSet) -> None:
    found = linked(letter("补充", "签名补上", ("签名.jpg",)), rules)
    assert (found.by, found.case) == (LinkedBy.GUESS, None)
    assert {guess.case for guess in found.guesses} == {A, B}


def test_of_many_possible_cases_the_likeliest_are_named_and_the_others_counted(rules: RuleSet) -> None:
    many = tuple(
        case(make_number(2026, n), [f"丁一{c}"], passports=[f"E1122334{n}"]) for n, c in enumerate("鸣舟帆鹤岚松竹", 1)
    )
    found = linked(letter("补充", "补交照片", ("照片.jpg",)), rules, many)
    assert (found.by, len(found.guesses), found.unnamed) == (LinkedBy.GUESS, 5, 2)


def test_a_number_in_the_new_text_beats_the_one_in_the_quote(rules: RuleSet) -> None:
    found = linked(letter("补充", f"{B} 的签名", ("签名.jpg",), quoted_text=f"编号 {A}"), rules)
    assert found.case is not None
    assert found.case.number == B


def test_references_beat_the_number_in_the_quote(rules: RuleSet) -> None:
    found = linked(answer("签名补上", ("签名.jpg",), quoted_text=f"编号 {B}"), rules)
    assert found.case is not None
    assert found.case.number == A


def test_a_letter_and_a_number_of_two_cases_are_a_guess(rules: RuleSet) -> None:
    found = linked(answer(f"编号 {B} 的签名补上", ("签名.jpg",)), rules)
    assert (found.by, found.case) == (LinkedBy.GUESS, None)


def test_papers_of_another_person_are_a_guess_even_in_the_thread(rules: RuleSet) -> None:
    found = linked(answer("签名补上", ("苗雨桐签名.jpg",)), rules)
    assert (found.by, found.case) == (LinkedBy.GUESS, None)
    assert {guess.case for guess in found.guesses} == {A, B}


def test_the_slip_goes_to_the_case_that_costs_money(rules: RuleSet) -> None:
    lost = case(A, ["丁一鸣"], ProcedureKey.REPLACE, variant="lost")
    gone = case(B, ["丁一鸣"], ProcedureKey.CANCEL, related=[A])
    found = linked(letter("汇款单", "丁一鸣的汇款单补上", ("外交部汇款单.jpg",)), rules, (lost, gone))
    assert found.case is not None
    assert found.case.number == A


def test_both_cases_of_a_lost_card_are_a_guess_for_a_paper_of_neither(rules: RuleSet) -> None:
    lost = case(A, ["丁一鸣"], ProcedureKey.REPLACE, variant="lost")
    gone = case(B, ["丁一鸣"], ProcedureKey.CANCEL, related=[A])
    assert linked(letter("丁一鸣补充材料", "补上", ("说明.docx",)), rules, (lost, gone)).case is None


def test_a_part_of_a_series_joins_the_first_part(rules: RuleSet) -> None:
    found = linked(letter("新办材料（2/3）", "第二部分", ("丁一鸣社保.pdf", "丁一鸣无犯罪证明.pdf")), rules)
    assert found.case is not None
    assert found.case.number == A


def test_the_same_application_sent_again_extends_its_case(rules: RuleSet) -> None:
    mail = letter("新办APEC卡", "丁一鸣新办，材料见附件", ("丁一鸣照片.jpg", "丁一鸣签名.jpg", "丁一鸣护照.jpg"))
    found = linked(mail, rules)
    assert found.by is LinkedBy.FITS_ONE
    assert found.case is not None
    assert found.case.number == A


# ---------------------------------------------------------------- new matters


@pytest.mark.parametrize(
    "mail",
    [
        answer("另外，苗雨桐的卡到期了，申请续办，材料见附件", ("苗雨桐照片.jpg", "苗雨桐签名.jpg", "公函.pdf")),
        answer("丁一鸣离职，申请注销其APEC卡，请示见附件", ("注销请示.pdf",)),
        answer("丁一鸣急需出国，申请提前制卡，公函见附件", ("提前制卡公函.pdf",)),
        letter(f"Re: {A}", "卡还没下来，护照换了，申请更换护照信息，请示见附件", ("新护照.jpg", "请示.pdf")),
    ],
)
def test_a_new_matter_in_an_old_thread_opens_a_related_case(mail: InboundMessage, rules: RuleSet) -> None:
    found = linked(mail, rules)
    assert (found.by, found.case) == (LinkedBy.NEW, None)
    assert A in found.related


def test_papers_of_the_case_s_own_person_with_its_number_are_its_own_whatever_else_they_might_begin(
    rules: RuleSet,
) -> None:
    files = ("苗雨桐照片.jpg", "苗雨桐签名.jpg", "苗雨桐护照首页.jpg")
    found = linked(letter(f"苗雨桐 {B} 照片签名护照（JPG）", "按要求分开存成JPG了，请查收。", files), rules)
    assert found.case is not None
    assert found.case.number == B


def test_a_renewal_in_a_closed_thread_is_a_new_case(rules: RuleSet) -> None:
    closed = case(A, ["丁一鸣"], ProcedureKey.RENEW, state=State.CLOSED)
    found = linked(
        answer("丁一鸣的卡又到期了，申请续办，材料见附件", ("照片.jpg", "签名.jpg", "护照.jpg")), rules, (closed,)
    )
    assert (found.by, found.related) == (LinkedBy.NEW, (A,))


def test_an_application_for_a_new_person_is_not_put_into_the_open_case(rules: RuleSet) -> None:
    mail = letter("新办APEC卡", "郝思远新办，材料见附件", ("郝思远照片.jpg", "郝思远签名.jpg", "郝思远护照.jpg"))
    found = linked(mail, rules, (DING,))
    assert (found.by, found.case, found.related) == (LinkedBy.NEW, None, ())


def test_the_same_subject_alone_means_nothing(rules: RuleSet) -> None:
    mail = letter("Re: 补正告知", "申请新办，材料见附件", ("照片.jpg", "签名.jpg", "护照.jpg"), "new@other.example")
    assert linked(mail, rules).by is LinkedBy.NEW


def test_a_forward_with_another_case_s_number_in_the_quote_is_its_own_matter(rules: RuleSet) -> None:
    mail = letter(
        f"Fw: Re: 新办 {C}"[:9],
        "宋知远的卡到期了，申请续办，材料见附件",
        ("宋知远照片.jpg", "宋知远签名.jpg", "公函.pdf"),
        quoted_text=f"受理编号 {C} 郁文博",
    )
    found = linked(mail, rules)
    assert (found.by, found.case) == (LinkedBy.NEW, None)
    assert C not in found.related


# ---------------------------------------------------------------- strangers and forgers


@pytest.mark.parametrize(
    "mail",
    [
        answer("签名补上", ("丁一鸣签名.jpg",), STRANGER),
        answer("申请人联系方式换了，把登记的信息发我核对一下", (), STRANGER),
        letter(f"补充材料 {A}", "签名补上", ("签名.jpg",), STRANGER),
        letter("咨询", f"{A}办到哪一步了？", (), STRANGER),
        letter("丁一鸣的签名", "补上", ("丁一鸣签名.jpg",), STRANGER),
        letter("补充材料", "护照号E11223344，照片见附件", ("照片.jpg",), STRANGER),
        letter(f"Re: {A}", "请撤回申请", (), "x@haoyu.example.evil.example"),
        letter(f"Re: {A}", "签名", ("签名.jpg",), "x@haoyu-example.example"),
        answer("签名补上", ("签名.jpg",), COMPANY, authentication=AuthenticationResult(spf="fail", aligned=False)),
        answer("签名补上", ("签名.jpg",), COLLEAGUE, authentication=AuthenticationResult(spf="pass", aligned=False)),
        letter(f"补充 {A}", "签名", ("签名.jpg",), COMPANY, authentication=AuthenticationResult(dkim="fail")),
        letter(f"{A}", "签名", ("签名.jpg",), COMPANY).__class__(
            **{
                **{f: getattr(letter(f"{A}", "签名", ("签名.jpg",)), f) for f in InboundMessage.__dataclass_fields__},
                "sender": None,
            }
        ),
    ],
)
def test_a_stranger_with_number_letter_or_name_changes_nothing(mail: InboundMessage, rules: RuleSet) -> None:
    found = linked(mail, rules)
    assert found.case is None
    assert found.verified is False
    assert found.by in (LinkedBy.GUESS, LinkedBy.NONE)
    assert found.related == ()


def test_staff_see_whom_a_stranger_s_mail_may_concern(rules: RuleSet) -> None:
    found = linked(answer("签名补上", ("丁一鸣签名.jpg",), STRANGER), rules)
    assert found.guesses[0].case == A
    assert found.guesses[0].why == "token+person"


def test_two_users_of_one_public_provider_are_not_colleagues(rules: RuleSet) -> None:
    public = case(A, ["丁一鸣"], participants=["haoyu_office@163.com"])
    found = linked(letter("丁一鸣的签名", "补上", ("丁一鸣签名.jpg",), STRANGER), rules, (public,))
    assert (found.by, found.case, found.verified) == (LinkedBy.GUESS, None, False)


def test_a_namesake_with_another_passport_is_somebody_else(rules: RuleSet) -> None:
    mail = letter("补充材料", "丁一鸣（护照号E99887766）的照片", ("丁一鸣照片.jpg",))
    assert linked(mail, rules, (DING,)).case is None


def test_a_wrong_check_digit_is_no_number(rules: RuleSet) -> None:
    wrong = A[:-1] + str((int(A[-1]) + 1) % 10)
    found = linked(letter(f"补充 {wrong}", "签名补上", ("签名.jpg",), STRANGER), rules)
    assert (found.by, found.guesses) == (LinkedBy.NONE, ())


def test_a_stranger_s_own_application_is_a_new_case_without_relations(rules: RuleSet) -> None:
    mail = letter(
        "新办APEC卡", "丁一鸣新办，材料见附件", ("丁一鸣照片.jpg", "丁一鸣签名.jpg", "丁一鸣护照.jpg"), STRANGER
    )
    found = linked(mail, rules)
    assert (found.by, found.case, found.related, found.verified) == (LinkedBy.NEW, None, (), False)


def test_a_general_question_of_a_participant_belongs_to_no_case(rules: RuleSet) -> None:
    assert linked(letter("咨询", "请问续办需要哪些材料？"), rules).by is LinkedBy.NONE
