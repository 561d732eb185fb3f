"""漏告知: what an earlier letter could have told and did not is counted; what came or changed later is not."""

from dataclasses import replace
from datetime import timedelta

from tests.support.acts import around, done, judged_case, signed
from tests.support.judgement import HE, JI, MONDAY, RULES, of_size, paper, rules_with, wrong

from mailintake.model.act import SetProcedure
from mailintake.model.case import Case, SentLetter
from mailintake.model.document import Document
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.ruling import About, Ruling
from mailintake.stages.acts.cases import on_case
from mailintake.stages.assess.told_late import told_late
from mailintake.stages.decide.judging import judge
from mailintake.stages.summary import summary_of

P = ProcedureKey
SMALL = of_size(paper("photo", HE), 200, 200)


def anew(case: Case, *more: Document, mail: str = "m2", **changes: object) -> Case:
    """The case judged again a day later, with what another mail brought."""
    came = replace(case, documents=(*case.documents, *more), messages=(*case.messages, mail))
    return judge(replace(came, **changes), RULES, MONDAY + timedelta(days=1))  # type: ignore[arg-type]


def without_photo() -> Case:
    return judged_case("photo")


def with_photo(photo: Document) -> Case:
    """A complete application but for what that photo is."""
    case = without_photo()
    return judge(replace(case, documents=(*case.documents, photo)), RULES, MONDAY)


def test_what_is_told_once_more_was_told_before() -> None:
    first = with_photo(SMALL)
    assert told_late(anew(first, paper("company_profile", mail="m2")), (first,), RULES) == ()


def test_a_fault_of_a_file_that_lay_there_and_is_seen_only_now_is_late() -> None:
    lenient = {**RULES.kinds, "photo": replace(RULES.kinds["photo"], checks=())}
    overlooked = judge(with_photo(SMALL), rules_with(kinds=lenient), MONDAY)
    found = told_late(anew(overlooked), (overlooked,), RULES)
    assert found == ("photo.size|a1",)


def test_a_fault_of_what_the_later_mail_brought_is_not() -> None:
    first = without_photo()
    assert told_late(anew(first, replace(SMALL, message="m2")), (first,), RULES) == ()


def test_what_a_new_person_lacks_could_not_be_told_before() -> None:
    first = judged_case()
    later = anew(first, applicants=(HE, JI))
    assert any(m.applicant == "a2" for m in later.assessment.missing if later.assessment)  # type: ignore[union-attr]
    assert [late for late in told_late(later, (first,), RULES) if late.endswith("|a2")] == []


def test_a_wrong_classification_put_right_makes_what_it_hid_late() -> None:
    first = judged_case(procedure=P.CANCEL)
    answered = replace(first, messages=("m1",))
    made = done(on_case(answered, SetProcedure(P.RENEW), signed(SetProcedure(P.RENEW)), around()))
    (right,) = made.cases
    late = told_late(anew(right), (first,), RULES)
    assert late
    assert all(item.endswith(("|", "|a1")) for item in late)


def test_a_paper_that_turns_out_to_be_another_was_lacking_all_along() -> None:
    first = with_photo(paper("photo", HE))
    photo = next(d for d in first.documents if d.kind == "photo")
    said = Ruling(About.KIND, "company_profile", "赵敏", MONDAY, photo.sha256)
    later = anew(first, rulings=(said,))
    assert "photo.missing|a1" in told_late(later, (first,), RULES)


def test_told_in_any_letter_before_is_told() -> None:
    first, second = without_photo(), with_photo(wrong(paper("photo", HE)))
    third = anew(replace(second, messages=("m1", "m2")), mail="m3")
    assert told_late(third, (first, second), RULES) == ()


def test_only_what_really_went_out_is_counted_and_each_fault_once() -> None:
    def letter(number: int, *, sent: bool) -> SentLetter:
        at = MONDAY if sent else None
        return SentLetter(LetterKind.CORRECTION, f"<{number}>", MONDAY, at, late=("photo.size|a1",))

    case = replace(judged_case(), letters=(letter(1, sent=True), letter(2, sent=True)))
    assert summary_of(case).told_late == 1
    assert summary_of(replace(case, letters=(letter(1, sent=False),))).told_late == 0
