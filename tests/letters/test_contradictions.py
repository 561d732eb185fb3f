"""No letter contradicts itself: one test a row of the table, and random cases that must pass it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.letters import NUMBER, SENDER, TODAY, case, checked, message, rules, situations

from mailintake.config.resource import resource
from mailintake.letters.contradictions import RULES, Contradiction, contradictions
from mailintake.letters.length import fits
from mailintake.letters.page import Line, Mark
from mailintake.letters.render import Rendered, Renderer
from mailintake.letters.view import letter_view
from mailintake.model.assessment import Assessment, CheckedDocument, Finding, Missing, Verdict
from mailintake.model.case import Applicant, Case
from mailintake.model.document import Outcome
from mailintake.model.letter import INTERNAL, Addressee, LetterKind, LetterView
from mailintake.model.message import Address
from mailintake.model.procedure import ProcedureKey, Severity
from mailintake.model.question import Language
from mailintake.model.understanding import LetterOrder

C = Contradiction
SUBJECT = 40  # characters
PEOPLE = ("陆文博", "邢若兰", "郎少卿", "欧阳朔", "景行")


def rows(renderer: Renderer, made: Rendered, view: LetterView) -> set[Contradiction]:
    """The rows of the table that a letter offends."""
    return {fault.row for fault in contradictions(made, view, renderer.phrases)}


def altered(made: Rendered, *changes: tuple[str, str], more: tuple[Line, ...] = ()) -> Rendered:
    """The letter with other words, as a careless template would write it, and with further lines behind its first."""
    lines = list(made.lines)
    for old, new in changes:
        assert any(old in line.text for line in lines), old
        lines = [replace(line, text=line.text.replace(old, new)) for line in lines]
    return replace(made, lines=(*lines[:2], *more, *lines[2:]))


@pytest.mark.parametrize("name", situations())
def test_the_letters_of_all_kinds_pass(
    name: str, renderer: Renderer, letter: Callable[[str], Rendered], view: Callable[[str], LetterView]
) -> None:
    assert contradictions(letter(name), view(name), renderer.phrases) == ()


NOTHING_LACKS = Line(Mark.TEXT, "系统核对没有发现缺项。")
CARELESS: list[tuple[Contradiction, str, tuple[tuple[str, str], ...], tuple[Line, ...]]] = [
    (C.TICKED_AND_ASKED, "correction", (), (Line(Mark.TICK, "本人汉字签名（邢若兰）：邢若兰签名.jpg"),)),
    (C.TICKED_AND_ASKED, "correction", (), (Line(Mark.TICK, "外事服务中心汇款单（2 人）：回单.pdf"),)),
    (C.TICKED_AND_ASKED, "correction", (), (Line(Mark.TEXT, "已收到：电子照片（陆文博照片.jpg）。"),)),
    (C.NOTHING_LACKING, "correction", (("还差 4 项", "没有发现缺项，还差 4 项"),), ()),
    (C.NOTHING_LACKING, "tolerated", (), (NOTHING_LACKS,)),
    (C.NOT_NEEDED, "correction", (), (Line(Mark.TEXT, "电子材料不用再发。"),)),
    (C.NOT_NEEDED, "acknowledgement", (("其他材料不用再发", "电子材料不用再发"),), ()),
    (C.SUM, "payment_reminder", (("720 元 × 2 人 = 1440 元", "720 元 × 2 人 = 1400 元"),), ()),
    (C.SUM, "payment_reminder", (("720 元 × 2 人 = 1440 元", "720 元 × 3 人 = 2160 元"),), ()),
    (C.SUM, "payment_reminder", (("720 元 × 2 人 = 1440 元", "700 元 × 2 人 = 1400 元"),), ()),
    (C.SUM, "payment_reminder", (("= 1440 元", "= 1440 元，已汇 1420 元，还差 30 元"),), ()),
    (C.DAYS, "correction", (("办理时限 10 个", "办理时限 3 个"),), ()),
    (C.DAYS, "correction-lost-card", (), (Line(Mark.TEXT, "补正期限 10 个工作日。"),)),
    (C.FREE, "payment_reminder", (), (Line(Mark.TEXT, "此项服务不收费。"),)),
    (C.LAST_DAY, "correction", (), (Line(Mark.TEXT, "请在 12月9日（星期三）前补齐。"),)),
    (C.LAST_DAY, "correction", (("12月7日", "12月8日"),), ()),
    (C.LAST_DAY, "correction-lost-card", (), (Line(Mark.TEXT, "最后一天是 12月7日（星期一）。"),)),
    (C.STRANGER, "correction", (("（邢若兰）", "（代递）"),), ()),
    (C.STRANGER, "correction", (("周小燕 您好", "辽宁某某公司 您好"),), ()),
    (C.STRANGER, "acknowledgement", (("陆文博、邢若兰的新办", "陆文博、代递的新办"),), ()),
    (C.STRANGER, "correction-two-cases", (("申请人：陆文博、邢若兰", "申请人：陆文博、郎少卿"),), ()),
    (C.COUNT, "correction", (("还差 4 项", "还差 3 项"),), ()),
    (C.COUNT, "correction-two-cases", (("。还差 4 项", "。还差 5 项"),), ()),
    (C.LANGUAGE, "correction", (("尺寸不符", "photo.size"),), ()),
    (C.LANGUAGE, "correction", (("尺寸不符", "wrong size"),), ()),
    (C.LANGUAGE, "correction", (("尺寸不符", "None"),), ()),
    (C.LANGUAGE, "correction", (("还差 4 项，", "还差 4 项，。"),), ()),
    (C.LANGUAGE, "correction", (("（邢若兰）", "（）"),), ()),
]


@pytest.mark.parametrize("careless", CARELESS, ids=[f"{c[0]}-{n}" for n, c in enumerate(CARELESS)])
def test_a_letter_that_says_both_is_found(
    careless: tuple[Contradiction, str, tuple[tuple[str, str], ...], tuple[Line, ...]],
    renderer: Renderer,
    letter: Callable[[str], Rendered],
    view: Callable[[str], LetterView],
) -> None:
    row, name, changes, more = careless
    assert row in rows(renderer, altered(letter(name), *changes, more=more), view(name))


ENGLISH: list[tuple[Contradiction, str, tuple[tuple[str, str], ...], tuple[Line, ...]]] = [
    (C.TICKED_AND_ASKED, "correction", (), (Line(Mark.TEXT, "Already received: photo (陆文博照片.jpg)."),)),
    (C.NOTHING_LACKING, "correction", (), (Line(Mark.TEXT, "Nothing was found lacking."),)),
    (C.NOT_NEEDED, "correction", (), (Line(Mark.TEXT, "Please do not send it again."),)),
    (C.SUM, "payment_reminder", (("720 yuan × 2 persons = 1440", "720 yuan × 2 persons = 1400"),), ()),
    (C.DAYS, "correction", (("accepted it: 10 working", "accepted it: 3 working"),), ()),
    (C.DAYS, "tolerated", (("period is 10 working", "period is 5 working"),), ()),
    (C.FREE, "payment_reminder", (), (Line(Mark.TEXT, "This is free of charge."),)),
    (C.LAST_DAY, "correction", (("by 7 December 2026", "by 8 December 2026"),), ()),
    (C.STRANGER, "correction", (("(邢若兰)", "(代递)"),), ()),
    (C.COUNT, "correction", (("4 items", "3 items"),), ()),
    (C.LANGUAGE, "correction", (("wrong size", "photo.size"),), ()),
    (C.COUNT, "reminder", (("4 items", "5 items"),), ()),
    (C.LAST_DAY, "reminder", (("by 7 December 2026", "by 8 December 2026"),), ()),
    (C.LAST_DAY, "overdue", (("ended on 7 December", "ended on 4 December"),), ()),
    (C.SUM, "overdue", (("1500 yuan × 2 persons = 3000", "1500 yuan × 2 persons = 1500"),), ()),
    (C.LAST_DAY, "unreadable", (("by 7 December 2026", "by 9 December 2026"),), ()),
    (C.NOT_NEEDED, "unreadable", (("What could be opened need", "The files need"),), ()),
    (C.DAYS, "card_or_passport", (("Time limit: 3", "Time limit: 5"),), ()),
]
SUBJECTS = [  # letter, words of its subject, words that are not true, language
    (C.LAST_DAY, "correction", "12月7日前", "12月8日前", Language.ZH),
    (C.COUNT, "correction", "缺4项", "缺3项", Language.ZH),
    (C.COUNT, "overdue", "缺4项", "缺5项", Language.ZH),
    (C.LAST_DAY, "reminder", "due 7 Dec", "due 8 Dec", Language.EN),
    (C.COUNT, "overdue", "4 overdue", "2 overdue", Language.EN),
    (C.LAST_DAY, "unreadable", "7 Dec", "8 Dec", Language.EN),
]


@pytest.mark.parametrize("careless", SUBJECTS, ids=[f"{c[1]}-{c[3]}" for c in SUBJECTS])
def test_a_subject_that_says_otherwise_than_its_letter_is_found(
    careless: tuple[Contradiction, str, str, str, Language],
    renderer: Renderer,
    view: Callable[[str], LetterView],
) -> None:
    row, name, old, new, language = careless
    about = replace(view(name), language=language)
    made = renderer.letter(about)
    assert old in made.subject
    assert row in rows(renderer, replace(made, subject=made.subject.replace(old, new)), about)


@pytest.mark.parametrize("careless", ENGLISH, ids=[f"{c[0]}-{n}" for n, c in enumerate(ENGLISH)])
def test_an_english_letter_that_says_both_is_found(
    careless: tuple[Contradiction, str, tuple[tuple[str, str], ...], tuple[Line, ...]],
    renderer: Renderer,
    view: Callable[[str], LetterView],
) -> None:
    row, name, changes, more = careless
    english = replace(view(name), language=Language.EN)
    good = renderer.letter(english)
    assert rows(renderer, good, english) == set()
    assert row in rows(renderer, altered(good, *changes, more=more), english)


def test_every_row_of_the_table_has_a_test() -> None:
    assert set(RULES) == set(Contradiction) == {row for row, *_ in CARELESS}


def test_the_page_of_checks_shows_every_row() -> None:
    page = (Path(__file__).parents[2] / "docs" / "letter-checks.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [row.value for row in RULES]


def test_nothing_lacking_is_not_said_beside_what_a_check_has_found(renderer: Renderer) -> None:
    found = Finding("insurance.employer", severity=Severity.FLAG)
    flagged = replace(checked("social_insurance", "社保.pdf", "a1"), findings=(found,), outcome=Outcome.NOT_CHECKED)
    about = case(assessment=Assessment(Verdict.COMPLETE, (flagged,)))
    order = LetterOrder(LetterKind.ACKNOWLEDGEMENT, (SENDER,), NUMBER)
    view = letter_view(order, {NUMBER: about}, message(), rules(), TODAY)
    made = renderer.letter(view)
    said = "\n".join(line.text for line in made.lines)
    assert "没有发现缺项" not in said
    assert "社保单上的单位与申请单位不一致，由工作人员核实" in said
    assert contradictions(made, view, renderer.phrases) == ()
    careless = altered(made, more=(NOTHING_LACKS,))
    assert C.NOTHING_LACKING in rows(renderer, careless, view)


KINDS = tuple(kind for kind in LetterKind if kind not in INTERNAL)
RENDERER = Renderer(resource("templates"))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case of any procedure with up to five people, anything missing, wrong, flagged or unchecked."""
    key = draw(st.sampled_from(ProcedureKey))
    variant = draw(st.sampled_from(rules().procedure(key).variants))
    names = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=5, unique=True))
    people = tuple(Applicant(f"a{n}", name) for n, name in enumerate(names, 1))
    documents: list[CheckedDocument] = []
    missing: list[Missing] = []
    for requirement in variant.email:
        kind = rules().kinds[requirement.kind]
        for owner in [p.key for p in people] if kind.scope.value == "applicant" else [None]:
            state = draw(st.sampled_from(("ok", "ok", "gone", "wrong", "flagged", "unsure")))
            if state == "gone" or kind.fact:
                missing.append(Missing(kind.key, kind.missing, owner, requirement.tolerable, requirement.clause))
            else:
                documents.append(_paper(kind.key, kind.subject, owner, state, len(people)))
    verdict = (
        Verdict.CORRECTABLE if missing or any(d.outcome is Outcome.NOT_OK for d in documents) else Verdict.COMPLETE
    )
    city = draw(st.sampled_from(("", "沈阳", "大连")))
    company = draw(st.sampled_from(("", "沈阳北辰精密机械有限公司")))
    return case(
        procedure=key, variant=variant.id, applicants=people, city=city, company=company,
        assessment=Assessment(verdict, tuple(documents), tuple(missing)),
    )  # fmt: skip


def _paper(kind: str, subject: str, owner: str | None, state: str, people: int) -> CheckedDocument:
    """One file in that state."""
    fee = next((f for f in rules().fees.values() if f.slip_kind == kind), None)
    name = f"{owner or '单位'}-{kind}.jpg"
    if state == "ok":
        return checked(kind, name, owner)
    if state == "unsure":
        return replace(checked(kind, name, owner), outcome=Outcome.NOT_CHECKED)
    if state == "flagged":
        found = Finding(f"{subject}.mismatch", severity=Severity.FLAG)
        return replace(checked(kind, name, owner), outcome=Outcome.NOT_CHECKED, findings=(found,))
    if fee is not None:
        due = fee.amount_cny * people
        return checked(kind, name, owner, Finding("slip.amount", {"amount_cny": due - 20}, {"amount_cny": due}))
    return checked(kind, name, owner, Finding(f"{subject}.unreadable"))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    about=cases(),
    name=st.sampled_from(("", "周小燕")),
    copied=st.booleans(),
    chosen=st.sampled_from(KINDS),
    language=st.sampled_from(Language),
)
def test_letters_about_any_case_pass(
    about: Case, name: str, copied: bool, chosen: LetterKind, language: Language
) -> None:
    lacking = about.assessment is not None and about.assessment.verdict is Verdict.CORRECTABLE
    if chosen is LetterKind.ACKNOWLEDGEMENT and lacking:
        chosen = LetterKind.CORRECTION
    mail = message(cc=(Address("", rules().office.finance_address),) if copied else ())
    order = LetterOrder(chosen, (SENDER,), about.number, procedures=(about.procedure,), text="请到大厅领取。")
    reader = Addressee(name, language)
    view = letter_view(order, {about.number: about}, mail, rules(), date(2026, 11, 23), addressee=reader)
    made = RENDERER.letter(view)
    assert fits(view, made.lines), made.text
    assert len(made.subject) <= SUBJECT, made.subject
    assert contradictions(made, view, RENDERER.phrases) == (), made.text
