"""Invented mails of many hands: the class, the procedure and the variant that a clerk would give them."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.support.intake_mails import known_mail, letter

from mailintake.model.message import InboundMessage
from mailintake.model.rules import MessageClass, RuleSet
from mailintake.stages.classify.classify import classify

MAILS: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("mails.yaml"))


def written(case: dict[str, Any]) -> InboundMessage:
    """The mail of one case."""
    changes: dict[str, Any] = {"quoted_text": case.get("q", "")}
    if "fwd" in case:
        changes["forwarded"] = (letter(case["fwd"]["s"], case["fwd"]["t"]),)
    sender = case.get("sender", "王科 office@haoyu.example")
    return letter(case["s"], case["t"], case.get("f", ()), sender, **changes)


@pytest.mark.parametrize("case", MAILS, ids=lambda case: f"{case['s']}|{case['t'][:20]}")
def test_a_mail_is_understood_as_a_clerk_would(case: dict[str, Any], rules: RuleSet) -> None:
    mail = written(case)
    found = classify(known_mail(mail, rules))
    said = (found, [(e.rule, e.score, e.text) for e in found.evidence if e.fired])
    assert found.message_class is MessageClass(case["want"]), said
    if case.get("sure") is False:
        assert not found.sure, said
        return
    assert found.sure, said
    if "p" in case:
        assert [intent.procedure.value for intent in found.intents] == [case["p"]], said
    if "v" in case:
        assert found.intents[0].variant == case["v"], said
    if "two" in case:
        assert {i.procedure.value: sorted(i.people) for i in found.intents} == {
            key: sorted(names) for key, names in case["two"].items()
        }, said
