"""Every check against its cases (cases/<check>.yaml): at the limits, with nothing read, with something read badly."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from mailintake.checks import parameters, registry
from mailintake.checks.subject import CaseSubject, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.case import Applicant, Case
from mailintake.model.codec import decode, encode
from mailintake.model.document import Document
from mailintake.model.facts import FileFacts, Reading
from mailintake.model.procedure import DocumentKind
from mailintake.model.rules import Fee

CASES = Path(__file__).parent / "cases"
IMAGE = {"width": 600, "height": 800, "format": "jpeg", "mode": "RGB"}
FEES = {
    "mfa": Fee("mfa", "代办费", 720, "某中心", "0200001029006592382", "某行", "remittance_mfa"),
    "centre": Fee("centre", "服务费", 1500, "另一中心", "293476735218", "另一行", "remittance_centre"),
}
TODAY = "2026-11-09"


def load() -> list[Any]:
    yaml = YAML(typ="safe", pure=True)
    rows = []
    for path in sorted(CASES.glob("*.yaml")):
        for row in yaml.load(path.read_text("utf-8")):
            rows.append(pytest.param(path.stem, row, id=f"{path.stem}: {row['says']}"))
    return rows


def facts_of(given: dict[str, Any]) -> FileFacts | None:
    if given.get("facts", {}) is None:
        return None
    facts = dict(given.get("facts", {}))
    if "image" in facts:
        facts["image"] = IMAGE | facts["image"]
    if "text" in facts:
        facts["text"] = {"lines": [{"text": line} for line in facts["text"].splitlines()]}
    return decode(FileFacts, {"sha256": "f" * 64, "size": 1, "format": "jpeg"} | facts)


def document(given: dict[str, Any]) -> Document:
    blank = [{"name": name, "value": ""} for name in given.get("blank", ())]
    said = {"fields": given.get("reading", []), "evidence": given.get("evidence", []), "blank": blank}
    reading = decode(Reading, said)
    row = {
        "path": "a.jpg",
        "name": "a.jpg",
        "sha256": "a" * 64,
        "message": "m",
        "received_at": "2026-11-09T09:00:00+08:00",
    }
    kept = {key: given[key] for key in ("sha256", "kind", "applicant", "name") if key in given}
    made = decode(Document, row | {"kind": "thing"} | kept)
    return replace(made, reading=reading)


def subject_of(given: dict[str, Any]) -> Subject:
    kind = {"key": "thing", "title": "x", "subject": "photo", "scope": "applicant", "missing": "photo.missing"}
    this = document(given)
    return Subject(
        document=this,
        kind=decode(DocumentKind, kind | given.get("kind_is", {})),
        facts=facts_of(given),
        reading=this.reading,
        today=date.fromisoformat(given.get("today", TODAY)),
        first_received_at=date.fromisoformat(given.get("first_received_at", TODAY)),
        applicant=decode(Applicant, {"key": "a1"} | given["person"]) if "person" in given else None,
        people_count=given.get("people", 1),
        announced=given.get("announced", 0),
        awaits_parts=given.get("awaits_parts", False),
        company=given.get("company", ""),
        fees=FEES,
        legal_person=given.get("legal_person", False),
        sent_to_finance=given.get("sent_to_finance", False),
        others=tuple(document(other) for other in given.get("others", ())),
    )


def case_subject_of(given: dict[str, Any]) -> CaseSubject:
    row = {
        "number": "LN-1",
        "procedure": "renew",
        "variant": "same_company",
        "state": "received",
        "company": "",
        "opened_at": "2026-11-09T09:00:00+08:00",
        "first_received_at": "2026-11-09T09:00:00+08:00",
        "last_received_at": "2026-11-09T09:00:00+08:00",
        "rule_version": "v",
        "applicants": given.get("people", []),
    }
    day = date.fromisoformat(given.get("first_received_at", TODAY))
    return CaseSubject(decode(Case, row), date.fromisoformat(TODAY), day)


@pytest.mark.parametrize(("name", "row"), load())
def test_a_check_answers_as_its_case_says(name: str, row: dict[str, Any]) -> None:
    made = registry()[name]
    given = row.get("given", {})
    subject = case_subject_of(given) if made.subject_type is CaseSubject else subject_of(given)
    result = made(subject, parameters(made, row.get("params", {})))
    expected = row["expect"]
    if isinstance(expected, str) and expected != "ok":
        assert result == NotChecked(expected)
        return
    assert not isinstance(result, NotChecked), result
    wanted = [] if expected == "ok" else expected
    assert [f.code for f in result] == [w["code"] for w in wanted]
    for finding, want in zip(result, wanted, strict=True):
        shown = encode(finding)
        for key in ("measured", "required", "severity"):
            if key in want:
                assert shown.get(key, {} if key != "severity" else "correct") == want[key]


def test_every_check_has_cases_that_pass_and_cases_that_fail() -> None:
    answers: dict[str, set[str]] = {name: set() for name in registry()}
    for case in load():
        name, row = case.values
        answers[name].add("fails" if isinstance(row["expect"], list) else "passes")
    only_fails = {"staff_review"}  # a line of the checklist is always there
    assert {name for name, seen in answers.items() if seen != {"fails", "passes"}} == only_fails
