"""Every folder NN-name beside this file: mails in, what must come of them out. One runner for all.

`scenario.yaml` holds invented people and mails (the same language as templates/demo/mails.yaml, plus `set`) and an
`expect` under each mail; .eml files beside it are taken as they are, in order of name, with expectations in `expect`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from tests.support.databases import scenario_shells
from tests.support.scenarios import deliver, expanded, settle

from mailintake.app.contract import as_json
from mailintake.app.demo.mails import Answer, build_mail, parse_script, when
from mailintake.app.replay import Clock
from mailintake.config import load
from mailintake.letters.length import fits, limit, size
from mailintake.model.letter import Letter
from mailintake.worker.shells import Shells

HERE = Path(__file__).parent
SCHEMA = Draft202012Validator(json.loads((HERE.parents[1] / "docs" / "replay.schema.json").read_text()))
SUBJECT = 40  # characters
QUIET = timedelta(minutes=10)
SCENARIOS = sorted(p.parent for p in HERE.glob("*/scenario.yaml"))


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda p: p.name)
def test_the_office_gets_what_it_expects(folder: Path, tmp_path: Path) -> None:
    loaded = YAML(typ="safe").load(folder / "scenario.yaml")
    configuration = load(None)
    settings = replace(configuration.settings, ocr=bool(loaded.get("ocr", False)))
    script = parse_script(expanded(loaded))
    clock = Clock(when(script.mails[0]))
    with scenario_shells(replace(configuration, settings=settings), tmp_path, clock) as shells:
        for spec, row, letters in play(script, shells, clock, folder):
            SCHEMA.validate(row)
            compare(spec.get("expect", {}), row, letters)


def play(script: Any, shells: Shells, clock: Clock, folder: Path) -> Iterator[tuple[Mapping[str, Any], Any, list[str]]]:
    answers: dict[str, Answer] = {}
    texts: dict[str, str] = {}
    for written, following in zip(script.mails, (*script.mails[1:], None), strict=True):
        spec = with_quotation(written, texts.get(written.get("follows", ""), ""))
        clock.now = when(spec)
        answer = answers.get(spec.get("follows", ""))
        raw = (folder / spec["eml"]).read_bytes() if "eml" in spec else build_mail(spec, script, shells.rules, answer)
        done = deliver(shells, raw)
        if following is None or when(following) - when(spec) > QUIET:
            settle(shells)
        numbers = [case.number for case in done.decision.cases] if done.decision else []
        cases = [case for n in numbers if (case := shells.store.case(n))]
        letters = [
            {
                "letter": one.order.letter.value,
                "mode": one.letter.mode.value,
                "to": list(one.letter.to),
                "subject": one.letter.subject,
                "message_id": one.letter.message_id,
                "eml": "",
            }
            for one in done.letters
        ]
        if done.letters:
            number = next((one.order.case for one in done.letters if one.order.case), numbers[0] if numbers else "")
            answers[spec["id"]] = Answer(number, done.letters[0].letter.message_id)
            texts[spec["id"]] = text_of(done.letters[0].letter.raw)
        for one in done.letters:
            measured(one.letter, shells)
        yield spec, as_json(spec["id"], done, cases, letters), [text_of(one.letter.raw) for one in done.letters]


def with_quotation(spec: Mapping[str, Any], letter: str) -> Mapping[str, Any]:
    """`quote` puts our letter below the text of the mail that follows it, each line behind `mark`, with answers written
    below (or, with `same_line`, behind) the first line that holds the words of each key of `answers`."""
    if "quote" not in spec:
        return spec
    wanted, mark = dict(spec["quote"]["answers"]), spec["quote"].get("mark", "")
    rows = ["", "在 2026-11-02 10:20，lnwfapec <lnwfapec@163.com> 写道："]
    for line in letter.splitlines():
        key = next((key for key in wanted if key in line), None)
        answer = wanted.pop(key) if key is not None else ""
        rows += [f"{mark}{line} {answer}"] if spec["quote"].get("same_line") else [f"{mark}{line}", *answer.split()]
    assert not wanted, f"the letter has no line with {list(wanted)}:\n{letter}"
    return {**spec, "text": spec.get("text", "") + "\n".join(rows)}


def measured(letter: Letter, shells: Shells) -> None:
    """No letter is longer than it may be, and no subject than a phone shows."""
    assert letter.view is not None
    made = shells.renderer.letter(letter.view)
    assert fits(letter.view, made.lines), f"{size(made.lines)} of {limit(letter.view)} characters:\n{made.text}"
    assert len(letter.subject) <= SUBJECT, letter.subject
    assert letter.faults == (), made.text


def text_of(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def compare(expect: Mapping[str, Any], row: Mapping[str, Any], letters: list[str]) -> None:
    """`expect` names what matters; what it does not name is free."""
    got = {
        "class": row["message_class"],
        "procedure": row["procedure"],
        "procedures": row["procedures"],
        "variant": row["variant"],
        "sure": row["sure"],
        "disposition": row["disposition"],
        "letters": sorted(letter["letter"] for letter in row["letters"]),
        "to": sorted(to for letter in row["letters"] for to in letter["to"]),
        "states": sorted(case["state"] for case in row["cases"]),
        "verdicts": sorted(case["verdict"] for case in row["cases"]),
        "applicants": sorted(a["name"] for a in row["applicants"]),
        "passports": sorted(f"{a['name']} {a['passport_no']}" for a in row["applicants"] if a["passport_no"]),
        "missing": sorted({m["code"] for m in row["missing"]}),
        "missing_for": sorted(f"{m['code']} {m['applicant'] or ''}".strip() for m in row["missing"]),
        "findings": sorted(
            {f["code"] for d in row["documents"] for f in d["findings"] if f.get("severity") == "correct"}
        ),
        "kinds": sorted(d["kind"] or "?" for d in row["documents"]),
        "flags": sorted({f["code"] for f in row["flags"]}),
        "linked_by": sorted({str(case["linked_by"]) for case in row["cases"]}),
        "due": sorted(d["due"] for d in row["deadlines"] if d["kind"] == "correction"),
    }
    listed = {
        key: sorted(value) if isinstance(value, list) and key != "procedures" else value
        for key, value in expect.items()
    }
    wrong = {key: (value, got[key]) for key, value in listed.items() if key in got and got[key] != value}
    assert not wrong, f"expected/got: {wrong}"
    for code in expect.get("flags_include", ()):
        assert code in got["flags"], got["flags"]
    text = "\n".join(letters)
    for words in expect.get("says", ()):
        assert words in text, f"{words!r} is not in the letter:\n{text}"
    for words in expect.get("says_not", ()):
        assert words not in text, f"{words!r} is in the letter:\n{text}"


def test_every_procedure_of_the_office_is_played() -> None:
    """What a new procedure of the configuration does to its mails is seen in a scenario."""
    scripts = (YAML(typ="safe").load(folder / "scenario.yaml") for folder in SCENARIOS)
    told = (spec.get("expect", {}) for script in scripts for spec in script.get("mails", ()))
    played = {name for expect in told for name in (expect.get("procedure"), *expect.get("procedures", ())) if name}
    assert {str(procedure.key) for procedure in load(None).rules.procedures} <= played
