"""Category, procedures, fate of the case, kind of reply, flags and deadlines."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.measure.feeding import Step
from tests.measure.labels import PAPERS, PROCEDURES, VARIANTS, categories, effects, flag_fits, replies
from tests.measure.marks import Mark, mark
from tests.measure.wording import names_kind

_SERIOUS = ("prohibited.", "account.", "sender.", "procedure.", "duplicate.")  # the last three say why staff has it


def fate_marks(step: Step) -> Iterator[Mark]:
    """Everything about the mail as a whole."""
    expected, line = step.expected, step.line
    if line["failure"]:
        yield mark("failure", False, "", line["failure"])
    found = categories(line)
    said = f"{'|'.join(sorted(found))} ({line['message_class']}/{line['procedure']})"
    yield mark("category", bool(found & set(expected["accept_category"])), expected["accept_category"], said)
    yield from _procedures(step)
    reached = effects(line)
    yield mark(
        "case_effect", bool(reached & set(expected["accept_case_effect"])), expected["accept_case_effect"], reached
    )
    yield mark("reply", _reply_fits(step), expected["accept_reply"], replies(line))
    yield from _flags(expected, line)
    yield from _due(expected, line)


def _procedures(step: Step) -> Iterator[Mark]:
    expected, line = step.expected, step.line
    wanted = set(expected.get("procedures", ())) if expected["category"] in PROCEDURES else set()
    if wanted:
        asked = "staff_only" in replies(line) or bool(effects(line) & {"held_for_staff"})
        recorded = {case["procedure"] for case in line["cases"]} | set(line["procedures"])
        yield mark("procedures", wanted <= recorded or asked, wanted, recorded)
    reason = expected.get("replace_reason")
    if reason and line["procedure"] == "replace":
        yield mark("variant", line["variant"] == VARIANTS.get(reason, reason), reason, line["variant"])
    if expected.get("accept_cases"):
        count = len(line["cases"])
        yield mark("cases", count in expected["accept_cases"] or count == 0, expected["accept_cases"], count)


def _reply_fits(step: Step) -> bool:
    """A letter whose window part names the unseen papers says as much as a correction that asks for them."""
    got, accepted = replies(step.line), set(step.expected["accept_reply"])
    if got & accepted:
        return True
    lacking = {d["kind"] for d in labelled(step.expected) if d["status"] == "missing" and not d["tolerable"]}
    told = got & {"acknowledgement", "tolerated_acknowledgement", "payment_reminder"}
    named = all(names_kind(step.text, kind) for kind in lacking)
    return "correction_request" in accepted and bool(told and lacking) and lacking <= PAPERS and named


def labelled(expected: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every labelled document with the person it belongs to; the empty string for the company's."""
    for document in expected["documents"]:
        yield {**document, "person": ""}
    for person in expected["applicants"]:
        for document in person["documents"]:
            yield {**document, "person": person["name"]}


def _flags(expected: Mapping[str, Any], line: Mapping[str, Any]) -> Iterator[Mark]:
    ours = {flag["code"] for flag in line["flags"]}
    ours |= {f["code"] for d in line["documents"] for f in d["findings"]} | {m["code"] for m in line["missing"]}
    for wanted in expected["flags"]:
        accepted = [wanted, *expected.get("accept_flags", ())]
        yield mark("flags", any(flag_fits(a, o) for a in accepted for o in ours), wanted, ours)
    allowed = [*expected["flags"], *expected.get("accept_flags", ()), *expected["optional_flags"]]
    serious = _SERIOUS if line["disposition"] != "for_staff" else _SERIOUS[:2]
    raised = {f["code"]: f["evidence"] for f in line["flags"] if f["code"].startswith(serious)}
    extra = {f"{c} ({e[:40]})" for c, e in raised.items() if not any(flag_fits(a, c) for a in allowed)}
    yield mark("no false flag", not extra, "", extra)


def _due(expected: Mapping[str, Any], line: Mapping[str, Any]) -> Iterator[Mark]:
    wanted = expected.get("deadline", {})
    if not wanted.get("correction_due"):
        return
    got = {d["due"] for d in line["deadlines"] if d["kind"] == "correction"}
    accepted = set(wanted.get("accept_correction_due", ())) | {wanted["correction_due"]}
    right = bool(got & accepted) or (not got and bool(wanted.get("correction_period_optional")))
    yield mark("correction_due", right, accepted, got)
