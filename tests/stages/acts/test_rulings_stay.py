"""Mails, acts, newer rules, newer readers, restarts in whatever order: what a person has said about a file counts."""

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.acts import around, judged_case, signed
from tests.support.judgement import HE, JI, MONDAY, RULES, paper, rules_with, wrong

from mailintake.model.act import Assign, Rule, Said, SetCity, SetCompany, SetKind, SetOwner, SetProcedure
from mailintake.model.case import Case
from mailintake.model.codec import decode, encode
from mailintake.model.document import Document, Outcome
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet
from mailintake.model.ruling import About
from mailintake.stages.acts.cases import on_case
from mailintake.stages.acts.documents import on_document
from mailintake.stages.acts.frame import Acted
from mailintake.stages.decide.judging import judge

FEWER = rules_with(kinds={key: replace(kind, checks=kind.checks[:1]) for key, kind in RULES.kinds.items()})
OF_FILES = (
    Rule(Said.OK),
    Rule(Said.NOT_OK),
    SetKind("company_profile"),
    SetKind("photo"),
    SetOwner("a2"),
    SetOwner(""),
)
OF_CASES = (
    SetCity("鞍山"),
    SetCompany("鞍山远图科技有限公司"),
    SetProcedure(ProcedureKey.RENEW),
    SetProcedure(ProcedureKey.NEW),
    Assign("钱峰"),
)
STEPS = st.one_of(
    st.tuples(st.just("file"), st.sampled_from(OF_FILES), st.integers(0, 30)),
    st.tuples(st.just("case"), st.sampled_from(OF_CASES), st.just(0)),
    st.tuples(st.sampled_from(("mail", "same", "read", "rules", "restart")), st.none(), st.integers(0, 30)),
)


@given(st.lists(STEPS, min_size=3, max_size=14))
@settings(max_examples=60, deadline=None)
def test_whatever_happens_a_ruling_wins_while_its_file_is_the_same(steps: list[tuple[str, object, int]]) -> None:
    case, rules = judged_case("photo", people=(HE, JI)), RULES
    for number, (what, act, at) in enumerate(steps, 2):
        rules = (FEWER if rules is RULES else RULES) if what == "rules" else rules
        before = case.rulings
        case = after(case, what, act, case.documents[at % len(case.documents)], number, rules)
        if what not in ("file", "case"):
            assert case.rulings == before
        everything_said_counts(case)


def after(case: Case, what: str, act: object, file: Document, number: int, rules: RuleSet) -> Case:
    """The case one step later."""
    now = MONDAY + timedelta(hours=number)
    here = replace(around(now=now), rules=rules)
    match what:
        case "file":
            by = signed(act, reason="看过", at=now)  # type: ignore[arg-type]
            made = on_document(case, file, act, by, here)  # type: ignore[arg-type]
        case "case":
            made = on_case(case, act, signed(act, reason="核实", at=now), here)  # type: ignore[arg-type]
        case "restart":
            return decode(Case, json.loads(json.dumps(encode(case))))
        case "mail" | "same":
            fresh = paper("photo", HE if number % 2 else JI, mail=f"m{number}", at=now)
            sent = fresh if what == "mail" else replace(file, message=f"m{number}", path=f"{number}/{file.path}")
            came = replace(case, documents=(*case.documents, sent), messages=(*case.messages, f"m{number}"))
            return judge(came, rules, now)
        case "read":  # a newer reader finds something else in the same bytes
            anew = tuple(wrong(d) if d.sha256 == file.sha256 else d for d in case.documents)
            return judge(replace(case, documents=anew), rules, now)
        case _:
            return judge(case, rules, now)
    return made.cases[0] if isinstance(made, Acted) else case


def everything_said_counts(case: Case) -> None:
    assert case.assessment is not None
    for said in case.rulings:
        files = [one for one in case.assessment.documents if one.document.sha256 == said.sha256]
        assert files or not said.sha256
        for one in files:
            match said.about:
                case About.OUTCOME:
                    assert (one.outcome is Outcome.OK) == (said.value == Said.OK)
                case About.KIND:
                    assert one.document.kind == said.value
                case About.OWNER:
                    assert one.document.applicant == (said.value or None)
                case _:
                    assert said.about is About.PROCEDURE
    wrong_names = {ruling.key.partition(".")[0] for ruling in case.rulings if ruling.about is About.PROCEDURE}
    assert wrong_names <= {key.value for key in case.taken_for}
