"""What a letter may know."""

from dataclasses import replace
from datetime import UTC, date, datetime

from tests.support.letters import (
    NUMBER,
    TODAY,
    case,
    checked,
    document,
    in_order,
    lacking,
    message,
    only,
    order,
    rules,
)  # fmt: skip

from mailintake.letters.view import letter_view
from mailintake.model.assessment import Assessment, Finding, Missing, Verdict
from mailintake.model.case import Applicant, Case, Deadline, DeadlineKind
from mailintake.model.document import Outcome
from mailintake.model.letter import LetterKind, LetterView
from mailintake.model.message import Address, InboundMessage
from mailintake.model.procedure import ProcedureKey, Severity
from mailintake.model.understanding import LetterOrder


def view(
    kind: LetterKind, about: Case, mail: InboundMessage | None = None, *others: Case, today: date = TODAY
) -> LetterView:
    """The view of a letter of that kind."""
    cases = {one.number: one for one in (about, *others)}
    ordered = order(kind, related=tuple(one.number for one in others))
    return letter_view(ordered, cases, mail, rules(), today, answer_by=None)


def codes(made: LetterView) -> list[tuple[str, str]]:
    """What is asked of whom."""
    return [(block.name, item.code) for block in made.blocks for item in block.todo]


def test_everything_is_asked_once_per_person_in_the_order_of_the_guide() -> None:
    assert codes(view(LetterKind.CORRECTION, case(assessment=lacking()))) == [
        ("陆文博", "photo.size"),
        ("陆文博", "signature.not_filling"),
        ("邢若兰", "signature.missing"),
        ("", "slip.missing_centre"),
    ]


def test_warnings_and_flags_are_not_told() -> None:
    findings = (
        Finding("photo.quality", severity=Severity.WARN),
        Finding("signature.not_handwritten", severity=Severity.FLAG),
        Finding("account.foreign"),
        Finding("prohibited.N2"),
    )
    documents = (checked("photo", "照片.jpg", "a1"),)
    noisy = Assessment(Verdict.COMPLETE, (replace(documents[0], findings=findings),), case_findings=findings)
    made = view(LetterKind.ACKNOWLEDGEMENT, case(assessment=noisy))
    assert made.todo_count == 0


def test_a_superseded_document_is_neither_asked_for_nor_received() -> None:
    old = replace(checked("photo", "旧照片.jpg", "a1", Finding("photo.size")), superseded=True)
    made = view(LetterKind.ACKNOWLEDGEMENT, case(assessment=Assessment(Verdict.COMPLETE, (old, *in_order()))))
    assert made.todo_count == 0
    assert "旧照片.jpg" not in str(made.blocks)


def test_a_wrong_document_is_not_also_called_missing() -> None:
    wrong = checked("photo", "照片.png", "a1", Finding("photo.format", {"format": "png"}))
    gone = Missing("photo", "photo.missing", "a1", tolerable=True)
    made = view(LetterKind.CORRECTION, case(assessment=Assessment(Verdict.CORRECTABLE, (wrong,), (gone,))))
    assert codes(made) == [("陆文博", "photo.format")]


def test_what_nobody_checked_is_received_for_staff() -> None:
    unsure = replace(checked("remittance_mfa", "汇款单.jpg"), outcome=Outcome.NOT_CHECKED)
    made = view(LetterKind.ACKNOWLEDGEMENT, case(assessment=Assessment(Verdict.COMPLETE, (unsure,))))
    assert [(r.file, r.checked) for b in made.blocks for r in b.received] == [("汇款单.jpg", False)]


def test_two_people_of_one_name_stay_apart() -> None:
    twins = (Applicant("a1", "王伟"), Applicant("a2", "王伟"))
    gone = tuple(Missing("photo", "photo.missing", key, tolerable=True) for key in ("a1", "a2"))
    made = view(LetterKind.CORRECTION, case(applicants=twins, assessment=Assessment(Verdict.CORRECTABLE, (), gone)))
    assert [block.key for block in made.blocks] == ["a1", "a2"]


def test_a_missing_item_brings_what_the_rules_require() -> None:
    made = view(LetterKind.CORRECTION, case(assessment=only(Missing("photo", "photo.missing", "a1", tolerable=True))))
    standard = made.blocks[0].todo[0].standard
    assert (standard["width"], standard["height"], standard["formats"]) == (600, 800, ("jpeg",))


def test_the_period_starts_on_the_day_the_letter_is_written_for() -> None:
    made = view(LetterKind.CORRECTION, case(assessment=lacking()))
    assert made.case is not None
    assert made.case.due == date(2026, 12, 7)


def test_a_running_period_is_not_prolonged_by_a_second_letter() -> None:
    running = (Deadline(DeadlineKind.CORRECTION, date(2026, 12, 1), provisional=True),)
    made = view(LetterKind.CORRECTION, case(assessment=lacking(), deadlines=running))
    assert made.case is not None
    assert (made.case.due, made.case.due_provisional) == (date(2026, 12, 1), True)


def test_fees_are_counted_for_everybody_and_slips_seen_are_told_apart() -> None:
    made = view(LetterKind.CORRECTION, case(assessment=lacking()))
    assert [(f.total_cny, f.people, f.slip_seen) for f in made.fees] == [(1440, 2, True), (3000, 2, False)]


def test_a_slip_that_is_wrong_does_not_count_as_seen() -> None:
    wrong = checked("remittance_mfa", "汇款单.pdf", None, Finding("slip.amount"))
    made = view(LetterKind.CORRECTION, case(assessment=Assessment(Verdict.CORRECTABLE, (wrong,))))
    assert not made.fees[0].slip_seen


def test_a_copy_to_finance_is_noticed() -> None:
    copied = message(cc=(Address("", rules().office.finance_address),))
    assert all(line.slip_to_finance for line in view(LetterKind.CORRECTION, case(), copied).fees)


def test_free_procedures_have_no_fees() -> None:
    for key in (ProcedureKey.PASSPORT_CHANGE, ProcedureKey.CANCEL, ProcedureKey.EARLY_ISSUE):
        about = case(procedure=key, variant="only", assessment=Assessment(Verdict.COMPLETE))
        assert view(LetterKind.ACKNOWLEDGEMENT, about).fees == ()


def test_a_letter_about_two_cases_lists_both_and_counts_all() -> None:
    other = case(
        number="LN-2026-000124",
        procedure=ProcedureKey.CANCEL,
        variant="only",
        assessment=Assessment(Verdict.CORRECTABLE, (), (Missing("fact_card_no", "card.number_missing", "a1", False),)),
    )
    made = view(LetterKind.CORRECTION, case(assessment=lacking()), None, other)
    assert made.todo_count == 5
    assert [c.number for c in made.related] == ["LN-2026-000124"]
    assert {block.case for block in made.blocks} == {NUMBER, "LN-2026-000124"}


def test_letters_that_anybody_may_get_see_no_case() -> None:
    for kind in (LetterKind.RECEIVED, LetterKind.PROCEDURE_SHEET):
        made = view(kind, case(assessment=lacking()), message())
        assert made.case is None
        assert (made.blocks, made.fees if kind is LetterKind.RECEIVED else (), made.unreadable) == ((), (), ())
        assert "陆文博" not in repr(made)


def test_a_file_that_could_not_be_opened_is_named_once() -> None:
    locked = document(None, "材料.zip", problem="archive.encrypted")
    found = checked(None, "材料.zip", None, Finding("archive.encrypted"))
    about = case(documents=(locked,), assessment=replace(lacking(), documents=(*in_order(), found)))
    made = view(LetterKind.UNREADABLE, about, message())
    assert [(item.file, item.code) for item in made.unreadable] == [("材料.zip", "archive.encrypted")]


def test_an_old_unreadable_file_is_forgotten_when_nothing_is_lacking() -> None:
    locked = document(None, "材料.zip", problem="archive.encrypted", message="ef" * 32)
    made = view(LetterKind.ACKNOWLEDGEMENT, case(documents=(locked,)), message())
    assert made.unreadable == ()


def test_the_city_of_an_enquiry_is_read_from_the_mail_when_it_names_one() -> None:
    def city(text: str) -> str:
        ordered = LetterOrder(LetterKind.PROCEDURE_SHEET, ("a@example.com",), procedures=(ProcedureKey.NEW,))
        made = letter_view(ordered, {}, message(new_text=text), rules(), TODAY, answer_by=None)
        return made.city.city if made.city else ""

    assert city("我们公司在鞍山") == "鞍山"
    assert city("鞍山和大连都有分公司") == ""
    assert city("请问怎么办理") == ""


def test_times_are_told_as_in_china_wherever_the_server_stands() -> None:
    late = case(last_received_at=datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
    made = view(LetterKind.CORRECTION, late)
    assert made.case is not None
    assert made.case.received_at.isoformat() == "2026-11-24T04:00:00+08:00"


def test_renewals_say_that_the_old_card_stays_usable_and_lost_cards_that_it_must_be_cancelled() -> None:
    assert view(LetterKind.CORRECTION, case(procedure=ProcedureKey.RENEW, variant="same_company")).note_old_card_usable
    lost = case(procedure=ProcedureKey.REPLACE, variant="lost")
    assert view(LetterKind.CORRECTION, lost).companion_title == rules().procedure(ProcedureKey.CANCEL).title
    cancel = case(number="LN-2026-000124", procedure=ProcedureKey.CANCEL, variant="only")
    assert view(LetterKind.CORRECTION, lost, None, cancel).companion_title == ""


def test_a_personal_paper_without_a_name_belongs_to_the_only_applicant() -> None:
    alone = (Applicant("a1", "陆文博"),)
    nameless = checked("photo", "IMG_2034.JPG", None, Finding("photo.size"))
    made = view(LetterKind.CORRECTION, case(applicants=alone, assessment=Assessment(Verdict.CORRECTABLE, (nameless,))))
    assert codes(made) == [("陆文博", "photo.size")]


def test_the_same_fault_in_two_files_is_one_thing_to_mend() -> None:
    twice = tuple(checked("photo", f"{n}.jpg", "a1", Finding("photo.size")) for n in (1, 2))
    made = view(LetterKind.CORRECTION, case(assessment=Assessment(Verdict.CORRECTABLE, twice)))
    (item,) = made.blocks[0].todo
    assert (item.file, item.more_files) == ("1.jpg", ("2.jpg",))


def test_a_known_paper_that_could_not_be_opened_stands_in_one_place() -> None:
    broken = checked("photo", "照片.jpg", "a1", Finding("attachment.too_large"))
    about = case(
        documents=(document("photo", "照片.jpg", "a1", problem="attachment.too_large"),),
        assessment=Assessment(Verdict.CORRECTABLE, (broken,)),
    )
    corrected = view(LetterKind.CORRECTION, about, message())
    assert (codes(corrected), corrected.unreadable) == ([("陆文博", "attachment.too_large")], ())
    unread = view(LetterKind.UNREADABLE, about, message())
    assert (codes(unread), [item.file for item in unread.unreadable]) == ([], ["照片.jpg"])


def test_cases_that_share_papers_do_not_repeat_them() -> None:
    about = case(assessment=lacking())
    other = replace(about, number="LN-2026-000124", procedure=ProcedureKey.RENEW, variant="same_company")
    assert codes(view(LetterKind.CORRECTION, about, None, other)) == codes(view(LetterKind.CORRECTION, about))
