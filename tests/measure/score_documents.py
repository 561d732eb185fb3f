"""Every labelled document: is it there, in order, and whose; and the reason where it is not."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.measure.feeding import Step
from tests.measure.labels import FACTS, PAPERS, codes_for, kinds_for, label_for
from tests.measure.marks import Mark, mark
from tests.measure.score_fate import labelled
from tests.measure.wording import names_kind

_STATUS = {"ok": "present", "not_checked": "unverified", "not_ok": "defective"}
_BEST = ("present", "unverified", "defective")


def document_marks(step: Step) -> Iterator[Mark]:
    """One mark a document, one more for the reason of a fault, one for what stays open."""
    for document in labelled(step.expected):
        if not document.get("scored", True):
            continue
        status = _status(step, document)
        accepted = set(document.get("accept_status", ())) | {document["status"]}
        hard = " (hard)" if document.get("hard") else ""
        side = "person" if document["person"] else "company"
        wanted = f"{document['person']} {document['kind']} {'/'.join(sorted(accepted))}".strip()
        got = status if status in accepted else f"{status} {_seen(step, document)}".strip()
        yield mark(f"documents of the {side}{hard}", status in accepted, wanted, got)
        if status == document["status"] and document["reasons"]:
            yield _reason(step, document, hard)
    yield from _outstanding(step)


def _status(step: Step, document: Mapping[str, Any]) -> str:
    ours = [_STATUS.get(row["outcome"], "?") for row in _rows(step, document)]
    if ours:
        return min(ours, key=_BEST.index)
    if any(_same(row, document) for row in step.line["missing"]):
        return "missing"
    if document["kind"] in FACTS and step.line["cases"]:
        return "present"
    if document["status"] == "missing" and document["kind"] in PAPERS and names_kind(step.text, document["kind"]):
        return "missing"
    return "absent"


def _rows(step: Step, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in step.line["documents"] if _same(row, document)]


def _same(row: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    if row["kind"] not in kinds_for(document["kind"]):
        return False
    return not document["person"] or row["applicant"] == document["person"]


def _seen(step: Step, document: Mapping[str, Any]) -> str:
    """What we made of the labelled file, for the line of a miss."""
    name = document.get("file", "")
    rows = _rows(step, document) or [r for r in step.line["documents"] if name and r["path"].endswith(name)]
    shown = [
        f"{r['path']}={r['kind']},{r['applicant'] or '-'},{r['outcome']}"
        + "".join(f",{f['code']}:{f['measured']}" for f in r["findings"])
        for r in rows
    ]
    return "[" + "; ".join(shown) + "]" if shown else f"[file {name or '-'} not listed]"


def _reason(step: Step, document: Mapping[str, Any], hard: str) -> Mark:
    codes = {f["code"] for row in _rows(step, document) for f in row["findings"]}
    codes |= {row["code"] for row in step.line["missing"] if _same(row, document)}
    unseen = not codes and document["status"] == "missing"
    right = unseen or any(code in codes for reason in document["reasons"] for code in codes_for(reason))
    who = f"{document['person']} {document['kind']}".strip()
    return mark(f"reasons{hard}", right, f"{who} {document['reasons']}", codes)


def _outstanding(step: Step) -> Iterator[Mark]:
    expected = step.expected.get("outstanding_after")
    if expected is None or not step.line["cases"]:
        return
    rows = [*step.line["missing"], *(r for r in step.line["documents"] if r["outcome"] == "not_ok" and r["kind"])]
    ours = {f"{r['applicant']}|{label_for(r['kind'])}" if r["applicant"] else label_for(r["kind"]) for r in rows}
    wanted = set(expected)
    seen = wanted | set(step.expected.get("outstanding_if_pictures_are_read", ()))
    if "all" in wanted:
        yield mark("outstanding", bool(ours), "all", ours)
        return
    papers = {item for item in wanted if item.rpartition("|")[2] in PAPERS}
    named = {item for item in papers if names_kind(step.text, item.rpartition("|")[2])}
    yield mark("outstanding", wanted - named <= ours <= seen, wanted, ours)
