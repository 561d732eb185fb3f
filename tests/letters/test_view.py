"""What a letter may know."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.support.letters import (
    ARRIVED,
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
from mailintake.model.case import Applicant, Case, Deadline, DeadlineKind, SentLetter
from mailintake.model.document import Outcome
from mailintake.model.letter import Addressee, LetterKind, LetterView
from mailintake.model.message import Address, InboundMessage
from mailintake.model.procedure import ProcedureKey, Severity


def view(
    kind: LetterKind, about: Case, mail: InboundMessage | None = None, *others: Case, today: date = TODAY
) -> LetterView:
    """The view of a letter of that kind."""
    cases = {one.number: one for one in (about, *others)}
    ordered = order(kind, related=tuple(one.number for one in others))
    return letter_view(ordered, cases, mail, rules(), today)


def codes(made: LetterView) -> list[tuple[str, tuple[str, ...]]]:
    """What is asked of whom, line by line."""
    return [(item.code, item.people) for matter in made.matters for item in matter.todo]


def test_everything_is_asked_once_in_the_order_of_the_guide_with_its_people() -> None:
    assert codes(view(LetterKind.CORRECTION, case(assessment=lacking()))) == [
        ("photo.size", ("陆文博",)),
        ("signature.not_filling", ("陆文博",)),
        ("signature.missing", ("邢若兰",)),
        ("slip.missing_centre", ()),
    ]


def test_the_same_gap_of_several_people_is_one_line() -> None:
    gone = tuple(Missing("photo", "photo.missing", key, tolerable=True) for key in ("a1", "a2"))
    made = view(LetterKind.CORRECTION, case(assessment=only(*gone)))
    assert codes(made) == [("photo.missing", ("陆文博", "邢若兰"))]


def test_the_same_fault_of_several_people_is_one_line_with_each_file_and_its_measure() -> None:
    sizes = {"a1": (413, 579), "a2": (300, 400)}
    wrong = tuple(
        checked("photo", f"{key}.jpg", key, Finding("photo.size", {"width": w, "height": h}, {"width": 600}))
        for key, (w, h) in sizes.items()
    )
    made = view(LetterKind.CORRECTION, case(assessment=Assessment(Verdict.CORRECTABLE, wrong)))
    ((item,),) = (matter.todo for matter in made.matters)
    assert item.people == ("陆文博", "邢若兰")
    assert [(c.file, c.finding.measured["width"]) for c in item.came] == [("a1.jpg", 413), ("a2.jpg", 300)]


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
    assert "旧照片.jpg" not in str(made.matters)


def test_a_wrong_document_is_not_also_called_missing() -> None:
    wrong = checked("photo", "照片.png", "a1", Finding("photo.format", {"format": "png"}))
    gone = Missing("photo", "photo.missing", "a1", tolerable=True)
    made = view(LetterKind.CORRECTION, case(assessment=Assessment(Verdict.CORRECTABLE, (wrong,), (gone,))))
    assert codes(made) == [("photo.format", ("陆文博",))]


def test_what_nobody_checked_is_received_for_staff() -> None:
    unsure = replace(checked("remittance_mfa", "汇款单.jpg"), outcome=Outcome.NOT_CHECKED)
    made = view(LetterKind.ACKNOWLEDGEMENT, case(assessment=Assessment(Verdict.COMPLETE, (unsure,))))
    assert [(r.files, r.checked) for m in made.matters for r in m.by_staff] == [(("汇款单.jpg",), False)]
    assert not any(m.received for m in made.matters)


@pytest.mark.parametrize("severity", [Severity.FLAG, Severity.WARN])
def test_what_a_check_has_found_is_never_called_in_order(severity: Severity) -> None:
    found = Finding("insurance.employer", severity=severity)
    documents = (replace(checked("social_insurance", "社保.pdf", "a1"), findings=(found,)),)
    made = view(LetterKind.ACKNOWLEDGEMENT, case(assessment=Assessment(Verdict.COMPLETE, documents)))
    assert not any(m.received for m in made.matters)
    assert made.noted is (severity is Severity.FLAG)


def test_a_paper_that_the_procedure_does_not_know_is_never_called_in_order() -> None:
    documents = (checked("trade_evidence", "合同.pdf"),)
    about = case(procedure=ProcedureKey.CANCEL, variant="only", assessment=Assessment(Verdict.COMPLETE, documents))
    (matter,) = view(LetterKind.ACKNOWLEDGEMENT, about).matters
    assert (matter.received, [r.files for r in matter.by_staff]) == ((), [("合同.pdf",)])


def test_two_people_of_one_name_are_both_asked() -> None:
    twins = (Applicant("a1", "王伟"), Applicant("a2", "王伟"))
    gone = tuple(Missing("photo", "photo.missing", key, tolerable=True) for key in ("a1", "a2"))
    made = view(LetterKind.CORRECTION, case(applicants=twins, assessment=Assessment(Verdict.CORRECTABLE, (), gone)))
    assert codes(made) == [("photo.missing", ("王伟", "王伟"))]


def test_a_missing_item_brings_what_the_rules_require() -> None:
    made = view(LetterKind.CORRECTION, case(assessment=only(Missing("photo", "photo.missing", "a1", tolerable=True))))
    standard = made.matters[0].todo[0].standard
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
    lines = made.matters[0].fees
    assert [(f.total_cny, f.people, f.slip_seen, f.due) for f in lines] == [
        (1440, 2, True, False),
        (3000, 2, False, True),
    ]


def test_a_slip_that_is_wrong_does_not_count_as_seen() -> None:
    wrong = checked("remittance_mfa", "汇款单.pdf", None, Finding("slip.amount", {"amount_cny": 1420}))
    made = view(LetterKind.CORRECTION, case(assessment=Assessment(Verdict.CORRECTABLE, (wrong,))))
    line = made.matters[0].fees[0]
    assert (line.slip_seen, line.due, line.paid_cny) == (False, True, 1420)


def test_a_copy_to_finance_is_noticed() -> None:
    copied = message(cc=(Address("", rules().office.finance_address),))
    assert view(LetterKind.CORRECTION, case(), copied).wanted_by_finance == ()
    assert [line.fee.key for line in view(LetterKind.CORRECTION, case(), message()).wanted_by_finance] == ["centre"]


def test_free_procedures_have_no_fees() -> None:
    for key in (ProcedureKey.PASSPORT_CHANGE, ProcedureKey.CANCEL, ProcedureKey.EARLY_ISSUE):
        about = case(procedure=key, variant="only", assessment=Assessment(Verdict.COMPLETE))
        assert not view(LetterKind.ACKNOWLEDGEMENT, about).matters[0].pays


def test_a_letter_about_two_cases_lists_both_and_counts_all() -> None:
    other = case(
        number="LN-2026-000124",
        procedure=ProcedureKey.CANCEL,
        variant="only",
        assessment=Assessment(Verdict.CORRECTABLE, (), (Missing("fact_card_no", "card.number_missing", "a1", False),)),
    )
    made = view(LetterKind.CORRECTION, case(assessment=lacking()), None, other)
    assert made.todo_count == 5
    assert [matter.case.number for matter in made.matters] == [NUMBER, "LN-2026-000124"]


def test_letters_that_anybody_may_get_see_no_case() -> None:
    for kind in (LetterKind.RECEIVED, LetterKind.PROCEDURE_SHEET):
        made = view(kind, case(assessment=lacking()), message())
        assert made.case is None
        assert (made.matters, made.arrived, made.unreadable) == ((), (), ())
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


def test_papers_go_to_the_city_of_the_case_before_the_one_the_mail_names() -> None:
    def city(about: Case, said: str) -> str:
        cases = {about.number: about}
        made = letter_view(
            order(LetterKind.CORRECTION), cases, message(), rules(), TODAY, addressee=Addressee(city=said)
        )
        return made.city.city if made.city else ""

    assert city(case(city="大连"), "鞍山") == "大连"
    assert city(case(city=""), "鞍山") == "鞍山"
    assert city(case(city=""), "") == ""


def test_a_later_mail_begins_with_what_it_brought() -> None:
    sent = SentLetter("correction", "<a@b>", ARRIVED, ARRIVED)
    later = message(sha256="ef" * 32)
    new = checked("photo", "新照片.jpg", "a1")
    new = replace(new, document=replace(new.document, message="ef" * 32))
    about = case(
        messages=("ab" * 32, "ef" * 32), letters=(sent,), assessment=Assessment(Verdict.COMPLETE, (*in_order(), new))
    )
    made = view(LetterKind.ACKNOWLEDGEMENT, about, later)
    assert (made.follow_up, [r.files for r in made.arrived]) == (True, [("新照片.jpg",)])
    unsent = replace(about, letters=(replace(sent, sent_at=None),))
    assert not view(LetterKind.ACKNOWLEDGEMENT, unsent, later).follow_up


def test_times_are_told_as_in_china_wherever_the_server_stands() -> None:
    late = case(last_received_at=datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
    made = view(LetterKind.CORRECTION, late)
    assert made.case is not None
    assert made.case.received_at.isoformat() == "2026-11-24T04:00:00+08:00"


def test_renewals_say_that_the_old_card_stays_usable_and_lost_cards_that_it_must_be_cancelled() -> None:
    renewal = case(procedure=ProcedureKey.RENEW, variant="same_company")
    assert view(LetterKind.CORRECTION, renewal).matters[0].old_card_usable
    lost = case(procedure=ProcedureKey.REPLACE, variant="lost")
    companion = rules().procedure(ProcedureKey.CANCEL).title
    assert view(LetterKind.CORRECTION, lost).matters[0].companion_title == companion
    cancel = case(number="LN-2026-000124", procedure=ProcedureKey.CANCEL, variant="only")
    (only_one,) = view(LetterKind.CORRECTION, lost, None, cancel).matters
    assert only_one.companion_number == "LN-2026-000124"


def test_a_personal_paper_without_a_name_belongs_to_the_only_applicant() -> None:
    alone = (Applicant("a1", "陆文博"),)
    nameless = checked("photo", "IMG_2034.JPG", None, Finding("photo.size"))
    made = view(LetterKind.CORRECTION, case(applicants=alone, assessment=Assessment(Verdict.CORRECTABLE, (nameless,))))
    assert codes(made) == [("photo.size", ())]


def test_the_same_fault_in_two_files_is_one_thing_to_mend() -> None:
    twice = tuple(checked("photo", f"{n}.jpg", "a1", Finding("photo.size")) for n in (1, 2))
    made = view(LetterKind.CORRECTION, case(assessment=Assessment(Verdict.CORRECTABLE, twice)))
    (item,) = made.matters[0].todo
    assert [came.file for came in item.came] == ["1.jpg", "2.jpg"]


def test_a_known_paper_that_could_not_be_opened_stands_in_one_place() -> None:
    broken = checked("photo", "照片.jpg", "a1", Finding("attachment.too_large"))
    about = case(
        documents=(document("photo", "照片.jpg", "a1", problem="attachment.too_large"),),
        assessment=Assessment(Verdict.CORRECTABLE, (broken,)),
    )
    corrected = view(LetterKind.CORRECTION, about, message())
    assert (codes(corrected), corrected.unreadable) == ([("attachment.too_large", ("陆文博",))], ())
    unread = view(LetterKind.UNREADABLE, about, message())
    assert (codes(unread), [item.file for item in unread.unreadable]) == ([], ["照片.jpg"])


def test_cases_that_share_papers_do_not_repeat_them() -> None:
    about = case(assessment=lacking())
    other = replace(about, number="LN-2026-000124", procedure=ProcedureKey.RENEW, variant="same_company")
    made = view(LetterKind.CORRECTION, about, None, other)
    assert [item.code for item in made.matters[1].todo] == ["slip.missing_centre"]  # each matter's own sum
    assert not made.matters[1].received
