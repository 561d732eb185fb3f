"""The lists of the guide, item by item: complete, each item missing, each item faulty."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.support.judgement import HE, JI, RULES, case_of, full_papers, of_size, paper, said, wrong

from mailintake.model.assessment import Verdict
from mailintake.model.case import Applicant, Case
from mailintake.model.facts import Field
from mailintake.model.procedure import ProcedureKey, Requirement
from mailintake.stages.assess.assess import assess

P = ProcedureKey
TODAY = date(2026, 11, 9)
# Independent of the configuration: guide 1.1, 2.1, 3.1, 4.1, 5.1, 6.1 and the list of tolerable items.
TOLERABLE = {"photo", "signature", "passport_page", "abtc_basic_data", "remittance_mfa", "remittance_centre"}
SLIPS = {"remittance_mfa", "remittance_centre"}
GUIDE = {
    (P.NEW, "first_time"): {*TOLERABLE, "company_profile"},
    (P.NEW, "again_same_company"): {*TOLERABLE, "company_profile"},
    (P.RENEW, "same_company"): {*TOLERABLE, "company_profile", "fact_card_until"},
    (P.CANCEL, "with_new_card"): {"fact_card_no"},
    (P.RENEW, "changed_company"): {*TOLERABLE, "company_profile"},
    (P.REPLACE, "new_passport"): {
        *SLIPS,
        "replacement_request",
        "new_passport_page",
        "old_passport_page",
        "card_both_sides",
    },
    (P.REPLACE, "damaged"): {*SLIPS, "replacement_request", "card_both_sides", "passport_colour_scan"},
    (P.REPLACE, "lost"): {*SLIPS, "replacement_request", "fact_card_no", "passport_colour_scan", "police_loss_report"},
    (P.REPLACE, "add_economies"): {*SLIPS, "fact_card_no", "fact_passport"},
    (P.PASSPORT_CHANGE, "only"): {"passport_change_request", "new_passport_page"},
    (P.CANCEL, "only"): {
        "cancellation_request",
        "fact_person_name",
        "fact_passport",
        "fact_card_no",
        "fact_card_expiry",
    },
    (P.EARLY_ISSUE, "only"): {"early_issue_request", "fact_person_name", "fact_reason"},
}
PAPER = {
    (P.NEW, "first_time"): {
        "passport_original", "passport_copies", "application_form", "business_licence", "tax_proof", "trade_evidence",
        "company_profile", "no_criminal_record", "social_insurance",
    },
    (P.NEW, "again_same_company"): {"company_letter", "social_insurance", "no_criminal_record", "passport_original"},
    (P.RENEW, "same_company"): {
        "company_letter", "social_insurance", "no_criminal_record", "passport_original", "passport_copies",
    },
}  # fmt: skip
ITEMS = sorted((p, v, kind) for (p, v), kinds in GUIDE.items() for kind in kinds)


def known(person: Applicant) -> Applicant:
    return replace(person, card_no="CHN20000001", card_expiry="2027-02-01")


def requirements(procedure: ProcedureKey, variant: str) -> tuple[Requirement, ...]:
    return RULES.procedure(procedure).variant(variant).email


def complete(procedure: ProcedureKey, variant: str, *people: Applicant) -> Case:
    everybody = tuple(known(p) for p in people or (HE,))
    fields = (said("reason", "急需出国"),)
    return case_of(
        procedure,
        variant,
        people=everybody,
        documents=full_papers(everybody, requirements(procedure, variant)),
        fields=fields,
    )


def without(case: Case, kind: str) -> Case:
    """The case without one item and what may stand for it; a fact disappears from the people and from what was said."""
    asked = next(r for r in requirements(case.procedure, case.variant) if r.kind == kind)
    fields = tuple(name for k in (kind, *asked.alternatives) for name in RULES.kinds[k].fields)
    kept = tuple(d for d in case.documents if d.kind != kind)
    kept = tuple(replace(d, reading=replace(d.reading, fields=unsaid(d.reading.fields, fields))) for d in kept)
    blank: dict[str, Any] = {name: "" for name in fields if name not in ("name_zh", "reason", "card_expiry_month")}
    people = tuple(replace(a, **blank, name="" if "name_zh" in fields else a.name) for a in case.applicants)
    return replace(case, documents=kept, applicants=people, fields=unsaid(case.fields, fields))


def unsaid(said_fields: tuple[Field, ...], names: tuple[str, ...]) -> tuple[Field, ...]:
    return tuple(f for f in said_fields if f.name not in names)


def test_the_shipped_lists_are_those_of_the_guide() -> None:
    shipped = {(p.key, v.id): {r.kind for r in v.email} for p in RULES.procedures for v in p.variants}
    assert shipped == GUIDE


def test_the_shipped_paper_lists_are_those_of_the_guide() -> None:
    for (procedure, variant), kinds in PAPER.items():
        assert {r.kind for r in RULES.procedure(procedure).variant(variant).paper} == kinds


@pytest.mark.parametrize(("procedure", "variant"), sorted(GUIDE))
@pytest.mark.parametrize("people", [(HE,), (HE, JI)], ids=["one", "two"])
def test_everything_there_is_complete(procedure: P, variant: str, people: tuple[Applicant, ...]) -> None:
    result = assess(complete(procedure, variant, *people), RULES, TODAY)
    assert result.missing == ()
    assert [f.code for d in result.documents for f in d.findings if f.severity == "correct"] == []
    assert result.verdict is Verdict.COMPLETE, result.reasons


@pytest.mark.parametrize(("procedure", "variant", "kind"), ITEMS)
def test_each_item_is_missed_and_only_the_listed_ones_are_tolerable(procedure: P, variant: str, kind: str) -> None:
    result = assess(without(complete(procedure, variant), kind), RULES, TODAY)
    assert [m.kind for m in result.missing] == [kind]
    assert result.missing[0].code == RULES.kinds[kind].missing
    assert result.verdict is Verdict.CORRECTABLE
    assert result.missing[0].tolerable is (procedure in (P.NEW, P.RENEW) and kind in TOLERABLE)


@pytest.mark.parametrize(("procedure", "variant", "kind"), [i for i in ITEMS if not i[2].startswith("fact_")])
def test_a_faulty_item_is_told_as_its_fault_and_not_as_missing(procedure: P, variant: str, kind: str) -> None:
    case = complete(procedure, variant)
    case = replace(case, documents=tuple(wrong(d) if d.kind == kind else d for d in case.documents))
    result = assess(case, RULES, TODAY)
    assert result.missing == ()
    told = [f.code for d in result.documents for f in d.findings if f.severity == "correct"]
    assert told == [f"{RULES.kinds[kind].subject}.unreadable"]
    assert result.verdict is Verdict.CORRECTABLE


def test_of_two_people_the_one_who_lacks_it_is_named() -> None:
    case = complete(P.NEW, "first_time", HE, JI)
    case = replace(case, documents=tuple(d for d in case.documents if (d.kind, d.applicant) != ("photo", "a2")))
    assert [(m.kind, m.applicant) for m in assess(case, RULES, TODAY).missing] == [("photo", "a2")]


def test_a_paper_that_nobody_mailed_is_not_missing_but_is_on_the_list_for_the_window() -> None:
    result = assess(complete(P.NEW, "first_time"), RULES, TODAY)
    assert set(result.paper_unseen) == PAPER[P.NEW, "first_time"] - {"company_profile"}
    assert result.paper_seen == ("company_profile",)


def test_a_scan_of_a_paper_counts_as_seen_when_it_came_for_everybody() -> None:
    case = complete(P.NEW, "first_time", HE, JI)
    one = replace(case, documents=(*case.documents, paper("no_criminal_record", HE)))
    assert "no_criminal_record" in assess(one, RULES, TODAY).paper_unseen
    both = replace(one, documents=(*one.documents, paper("no_criminal_record", JI)))
    assert "no_criminal_record" in assess(both, RULES, TODAY).paper_seen


def test_a_passport_page_satisfies_where_the_guide_says_passport_information() -> None:
    case = without(complete(P.REPLACE, "add_economies"), "fact_passport")
    case = replace(case, documents=(*case.documents, paper("passport_page", HE)))
    assert assess(case, RULES, TODAY).missing == ()


def test_facts_of_one_person_do_not_stand_for_another() -> None:
    case = complete(P.CANCEL, "only", HE, JI)
    case = replace(case, applicants=(case.applicants[0], replace(JI, card_no="", card_expiry="2027-02-01")))
    case = replace(case, fields=(said("card_no", "CHN20000001"),))
    assert [(m.kind, m.applicant) for m in assess(case, RULES, TODAY).missing] == [("fact_card_no", "a2")]


def test_a_case_of_nobody_is_for_staff_unless_the_name_can_be_asked_for() -> None:
    papers = complete(P.NEW, "first_time").documents
    nobody = case_of(P.NEW, people=(), documents=tuple(replace(d, applicant=None) for d in papers))
    assert assess(nobody, RULES, TODAY).reasons == ("nobody_named",)
    unnamed = assess(case_of(P.CANCEL, people=()), RULES, TODAY)
    assert unnamed.verdict is Verdict.CORRECTABLE
    assert "fact_person_name" in {m.kind for m in unnamed.missing}


def test_a_photo_of_nobody_known_among_several_is_for_staff_and_not_missing_for_one() -> None:
    case = complete(P.NEW, "first_time", HE, JI)
    loose = tuple(replace(d, applicant=None) if (d.kind, d.applicant) == ("photo", "a2") else d for d in case.documents)
    result = assess(replace(case, documents=loose), RULES, TODAY)
    assert result.verdict is Verdict.FOR_STAFF
    assert result.reasons == ("whose_document",)


def test_what_nobody_asked_for_is_never_asked_for_again() -> None:
    case = complete(P.CANCEL, "only")
    result = assess(replace(case, documents=(*case.documents, of_size(paper("photo", HE), 200, 200))), RULES, TODAY)
    assert result.verdict is Verdict.COMPLETE
    assert [f.severity for d in result.documents for f in d.findings] == ["warn"]
