"""What the reply must say and must not say."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.measure.feeding import Step
from tests.measure.marks import Mark, mark
from tests.measure.wording import asks_payment, names_kind, promises_approval

_ASKING = {"correction", "tolerated", "payment_reminder"}


def letter_marks(step: Step) -> Iterator[Mark]:
    """One mark for each thing that must, and for each that must not be said."""
    for item in step.expected.get("reply_must_mention", ()):
        yield _mention(step, item)
    for forbidden in step.expected.get("reply_must_not", ()):
        judge = _FORBIDDEN.get(forbidden)
        if judge is not None:
            said = judge(step)
            yield mark("must not", not said, f"no {forbidden}", f"says it ({_letters(step)})" if said else "")
    if step.expected.get("container", {}).get("must_be_named"):
        yield _container(step)


def _mention(step: Step, item: Mapping[str, Any]) -> Mark:
    person = item.get("person") or ""
    said = names_kind(step.text, item["kind"]) and (not person or _person_named(step.text, person))
    return mark("must mention", said, f"{person} {item['kind']}".strip(), f"not said ({_letters(step)})")


def _person_named(text: str, person: str) -> bool:
    """By the whole name or by the masked one that letters carry (first character kept)."""
    return person in text or f"{person[0]}*" in text or f"{person[0]}×" in text or f"{person[0]}某" in text


def _container(step: Step) -> Mark:
    codes = {f["code"] for d in step.line["documents"] for f in d["findings"]}
    opened = any("/" in d["path"] for d in step.line["documents"])
    named = opened or any(code.startswith(("archive.", "attachment.")) for code in codes)
    return mark("container", named, "opened or named", codes)


def _letters(step: Step) -> str:
    return ",".join(letter["letter"] for letter in step.line["letters"]) or "no letter"


def _discloses(step: Step) -> bool:
    """Somebody of the case, by name or number, told to a person who is not part of it."""
    people = [p for s in step.earlier for p in s.expected["applicants"]]
    secrets = {str(value) for p in people for value in (p["name"], p.get("passport")) if value}
    return any(secret in step.text for secret in secrets)


def _elsewhere(step: Step) -> bool:
    return any(address.lower() not in step.sender.lower() for x in step.line["letters"] for address in x["to"])


_FORBIDDEN: dict[str, Callable[[Step], bool]] = {
    "promise_approval": lambda step: promises_approval(step.text),
    "ask_payment": lambda step: asks_payment(step.text),
    "any_reply": lambda step: bool(step.line["letters"]),
    "disclose_case_details": _discloses,
    "ask_documents_as_if_applying": lambda step: any(x["letter"] in _ASKING for x in step.line["letters"]),
    "change_contact": _elsewhere,
}
