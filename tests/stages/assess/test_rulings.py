"""What a person has said about a paper counts while its bytes are the same, whatever comes after."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.judgement import HE, JI, MONDAY, RULES, case_of, full_papers, of_size, paper, rules_with, wrong

from mailintake.model.assessment import Assessment, CheckedDocument
from mailintake.model.case import Case
from mailintake.model.document import Document, Outcome
from mailintake.model.procedure import ProcedureKey, Severity
from mailintake.model.ruling import About, Ruling, with_ruling
from mailintake.stages.assess.assess import assess
from mailintake.stages.assess.rulings import LAPSED, NOT_OK, OK

P = ProcedureKey
TODAY = date(2026, 11, 9)
SMALL = of_size(paper("photo", HE), 200, 200)


def ruling(document: Document, about: About, value: str, *, key: str = "", reason: str = "") -> Ruling:
    return Ruling(about, value, "赵敏", MONDAY, document.sha256, key, reason)


def judged(*documents: Document, rulings: tuple[Ruling, ...] = (), people: int = 1) -> Assessment:
    case = case_of(P.NEW, documents=documents, people=(HE, JI)[:people])
    return assess(replace(case, rulings=rulings), RULES, TODAY)


def codes(checked: CheckedDocument) -> list[str]:
    return [f.code for f in checked.findings if f.severity is Severity.CORRECT]


def test_a_paper_that_a_person_finds_good_is_good() -> None:
    (machine,) = judged(SMALL).documents
    assert codes(machine) == ["photo.size"]
    (checked,) = judged(SMALL, rulings=(ruling(SMALL, About.OUTCOME, OK),)).documents
    assert (checked.outcome, checked.findings) == (Outcome.OK, ())


def test_one_finding_can_be_overruled_and_the_others_stay() -> None:
    grey = replace(
        SMALL,
        facts=replace(SMALL.facts, image=replace(SMALL.facts.image, colourfulness=0.0)),  # type: ignore[type-var, union-attr]
    )
    assert set(codes(judged(grey).documents[0])) == {"photo.size", "photo.not_colour"}
    (checked,) = judged(grey, rulings=(ruling(grey, About.OUTCOME, OK, key="photo.size"),)).documents
    assert codes(checked) == ["photo.not_colour"]
    assert checked.outcome is Outcome.NOT_OK


def test_a_paper_that_a_person_finds_wrong_is_told_with_the_reason() -> None:
    photo = paper("photo", HE)
    (checked,) = judged(photo, rulings=(ruling(photo, About.OUTCOME, NOT_OK, reason="戴了墨镜"),)).documents
    assert codes(checked) == ["photo.by_staff"]
    assert checked.findings[0].measured == {"said": "戴了墨镜"}


def test_a_file_is_what_a_person_says_it_is_and_whose() -> None:
    unknown = replace(paper("photo", HE), kind=None, applicant=None)
    said = (ruling(unknown, About.KIND, "photo"), ruling(unknown, About.OWNER, JI.key))
    result = judged(unknown, rulings=said, people=2)
    assert [(c.document.kind, c.document.applicant) for c in result.documents] == [("photo", JI.key)]
    lacking = {m.applicant for m in result.missing if m.kind == "photo"}
    assert lacking == {HE.key}


def test_the_newer_word_of_a_person_takes_the_place_of_the_older() -> None:
    first, second = ruling(SMALL, About.OUTCOME, NOT_OK), ruling(SMALL, About.OUTCOME, OK)
    assert with_ruling(with_ruling((), first), second) == (second,)


def test_a_ruling_lapses_for_all_to_see_when_another_file_comes_in_its_place() -> None:
    later = replace(paper("photo", HE), sha256="b" * 64, message="m2", received_at=MONDAY + timedelta(days=1))
    result = judged(SMALL, later, rulings=(ruling(SMALL, About.OUTCOME, OK),))
    assert [f.evidence for f in result.flags if f.code == LAPSED] == [SMALL.path]
    assert not judged(SMALL, rulings=(ruling(SMALL, About.OUTCOME, OK),)).flags


def test_a_faulty_paper_that_was_replaced_is_what_its_ruling_was_for() -> None:
    photo = paper("photo", HE)
    later = replace(paper("photo", HE), sha256="b" * 64, message="m2", received_at=MONDAY + timedelta(days=1))
    result = judged(photo, later, rulings=(ruling(photo, About.OUTCOME, NOT_OK),))
    assert [c.outcome for c in result.documents if not c.superseded] == [Outcome.OK]
    assert LAPSED not in [f.code for f in result.flags]


def test_a_dismissed_hint_is_gone_until_it_has_other_evidence() -> None:
    case = case_of(P.NEW, documents=(paper("photo", HE), paper("photo", JI)), people=(HE, JI))
    same = replace(case.documents[1], sha256=case.documents[0].sha256)
    case = replace(case, documents=(case.documents[0], same))
    (flag,) = [f for f in assess(case, RULES, TODAY).flags if f.code == "duplicate.person"]
    looked = Ruling(About.FLAG, flag.evidence, "赵敏", MONDAY, key=flag.code)
    assert flag not in assess(replace(case, rulings=(looked,)), RULES, TODAY).flags
    other = replace(looked, value="something else")
    assert flag in assess(replace(case, rulings=(other,)), RULES, TODAY).flags


FILES = full_papers((HE,), RULES.procedure(P.NEW).variant("first_time").email)
STRICTER = rules_with(
    kinds={k: replace(v, checks=v.checks[:1]) for k, v in RULES.kinds.items()},
)


@given(
    st.lists(st.sampled_from(FILES), min_size=1, unique_by=lambda d: d.sha256),
    st.data(),
)
@settings(max_examples=60, deadline=None)
def test_whatever_mails_come_in_whichever_order_a_ruling_wins_where_its_file_counts(
    first: list[Document], data: st.DataObject
) -> None:
    about = data.draw(st.sampled_from(first))
    outcome = data.draw(st.sampled_from((OK, NOT_OK)))
    said = Ruling(About.OUTCOME, outcome, "赵敏", MONDAY, about.sha256, reason="看过")
    later = data.draw(st.lists(st.sampled_from(FILES), unique_by=lambda d: d.sha256))
    faulty = [wrong(d) if data.draw(st.booleans()) else d for d in first]
    more = [
        replace(d, message=f"m{n}", path=f"{n}/{d.path}", received_at=MONDAY + timedelta(hours=n))
        for n, d in enumerate(later, 2)
    ]
    documents = tuple(data.draw(st.permutations([*faulty, *more])))
    for rules in (RULES, STRICTER):
        case = replace(case_of(P.NEW, documents=documents), rulings=(said,))
        check_rulings_win(case, assess(case, rules, TODAY + timedelta(days=400)))


def check_rulings_win(case: Case, result: Assessment) -> None:
    for said in case.rulings:
        for checked in result.documents:
            if checked.document.sha256 == said.sha256:
                assert (checked.outcome is Outcome.OK) == (said.value == OK)
