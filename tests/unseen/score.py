"""One mail held against its `expected`: every judgement with its topic, right or not, and what is wrong in words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.unseen.play import Outcome

_MEANT = {  # letters that do as well as the one that is meant
    "answer": ("answer", "procedure_sheet", "progress"),
    "complaint": ("complaint", "to_staff"),
    "progress": ("progress", "to_staff", "received", "acknowledgement", "tolerated", "correction", "payment_reminder"),
}
_ASKS = {"application", "city_forward"}
_IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


@dataclass(frozen=True)
class Judgement:
    """One expectation. `topic` is the figure it counts for."""

    topic: str
    right: bool
    said: str = ""


def judge(outcome: Outcome) -> list[Judgement]:
    """Every expectation of one mail, and what is held for every mail."""
    wanted = outcome.spec.get("expected", {})
    found = [*_fields(wanted, outcome), *_people(wanted, outcome), *_documents(wanted, outcome)]
    found += [
        *_missing(wanted, outcome),
        *_flags(wanted, outcome),
        *_letters(wanted, outcome),
        *_private(wanted, outcome),
    ]
    return found


def _any(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _one(topic: str, right: bool, said: str) -> Judgement:
    return Judgement(topic, right, "" if right else said)


def _fields(wanted: Mapping[str, Any], outcome: Outcome) -> Iterator[Judgement]:
    row = outcome.row
    if "class" in wanted:
        got = row["message_class"]
        yield _one("class", got in _any(wanted["class"]), f"class {got}, not {wanted['class']}")
    if "disposition" in wanted:
        got, meant = row["disposition"], _any(wanted["disposition"])
        yield _one("disposition", got in meant, f"{got}, not {wanted['disposition']}")
        if "parked" not in meant:
            yield _one("silent", got != "parked", "parked in silence")
    sets = [
        sorted(one) for one in wanted.get("procedures_or", [wanted["procedures"]] if "procedures" in wanted else [])
    ]
    if sets:
        got = sorted({case["procedure"] for case in row["cases"]})
        yield _one("procedure", got in sets, f"procedures {got}, not {sets}")
    if "variant" in wanted and (row["cases"] or [] not in sets):
        got = [case["variant"] for case in row["cases"]]
        yield _one(
            "procedure", any(v in _any(wanted["variant"]) for v in got), f"variant {got}, not {wanted['variant']}"
        )
    if _ASKS & set(_any(wanted.get("class", ""))):
        to_staff = row["disposition"] == "for_staff" or any(one.kind == "to_staff" for one in outcome.letters)
        right = "to_staff" in _any(wanted.get("letter", "")) or "for_staff" in _any(wanted.get("disposition", ""))
        yield Judgement("to_staff", not to_staff)
        yield _one("needless", not to_staff or right, "to staff, needlessly")


def _people(wanted: Mapping[str, Any], outcome: Outcome) -> Iterator[Judgement]:
    got = {person["name"]: person["passport_no"] or "" for person in outcome.row["applicants"]}
    sets = wanted.get("people_or", [wanted["people"]] if "people" in wanted else [])
    if sets:
        right = any(_same(one or {}, got) for one in sets)
        yield _one("people", right, f"people {got}, not {sets[0] if len(sets) == 1 else sets}")
        known = {name for one in sets for name in one or {}}
        yield _one("phantom", set(got) <= known, f"phantom {sorted(set(got) - known)}")
    if "people_not" in wanted:
        there = sorted(set(got) & set(wanted["people_not"]))
        yield _one("phantom", not there, f"phantom {there}")


def _same(wanted: Mapping[str, Any], got: Mapping[str, str]) -> bool:
    return set(wanted) == set(got) and all(no is None or str(no) == got[name] for name, no in wanted.items())


def _documents(wanted: Mapping[str, Any], outcome: Outcome) -> Iterator[Judgement]:
    got = {document["path"]: document for document in outcome.row["documents"]}
    for path, meant in wanted.get("documents", {}).items():
        document = got.get(path)
        if document is None:
            yield Judgement("document", False, f"{path}: not among the documents")
            continue
        faults = []
        if "kind" in meant and document["kind"] not in _any(meant["kind"]):
            faults.append(f"kind {document['kind']}, not {meant['kind']}")
        if "of" in meant and document["applicant"] not in _any(meant["of"]):
            faults.append(f"of {document['applicant']}, not {meant['of']}")
        outcomes = _any(meant.get("outcome", document["outcome"]))
        codes = {finding["code"] for finding in document["findings"]}
        if document["outcome"] not in outcomes:
            faults.append(f"{document['outcome']}, not {meant['outcome']} {sorted(codes)}")
        if lacking := set(_any(meant.get("codes", []))) - codes:
            faults.append(f"without {sorted(lacking)}: {sorted(codes)}")
        yield _one("document", not faults, f"{path}: {'; '.join(faults)}")
        yield _one("tick", document["outcome"] != "ok" or "ok" in outcomes, f"{path}: wrong tick")


def _missing(wanted: Mapping[str, Any], outcome: Outcome) -> Iterator[Judgement]:
    got = [(m["kind"], f"{m['kind']}/{m['applicant'] or ''}") for m in outcome.row["missing"]]
    named = {both for pair in got for both in pair}
    for topic, keys in (("missing", "missing"), ("missing", "missing_has")):
        if keys not in wanted:
            continue
        absent = [one for one in wanted[keys] if one not in named]
        extra = [pair[1] for pair in got if not set(pair) & set(wanted[keys])] if keys == "missing" else []
        yield _one(topic, not absent and not extra, f"not asked for: {absent}; needlessly: {extra}")
    if "missing_not" in wanted:
        there = sorted(named & set(wanted["missing_not"]))
        yield _one("missing", not there, f"asked for needlessly: {there}")


def _flags(wanted: Mapping[str, Any], outcome: Outcome) -> Iterator[Judgement]:
    flags = outcome.row["flags"]
    for one in wanted.get("flags", []):
        yield _one("flag", any(_raised(alike, flags) for alike in _any(one)), f"no flag {one} in {_codes(flags)}")
    for one in wanted.get("flags_not", []):
        yield _one("flag", not any(_raised(alike, flags) for alike in _any(one)), f"flag {one} in {_codes(flags)}")
    if wanted.get("no_flags"):
        yield _one("flag", not flags, f"flags {_codes(flags)}")
    if wanted.get("staff") in (True, False):
        hear = bool(flags) or outcome.row["disposition"] in ("for_staff", "quarantined")
        hear = hear or any(case["verdict"] == "for_staff" for case in outcome.row["cases"])
        yield _one("staff", hear is wanted["staff"], f"staff hear: {hear} {_codes(flags)}, not {wanted['staff']}")


def _raised(wanted: str, flags: Iterable[Mapping[str, str]]) -> bool:
    code, _, word = wanted.partition("~")
    return any(flag["code"] == code and word in flag["evidence"] for flag in flags)


def _codes(flags: Iterable[Mapping[str, str]]) -> list[str]:
    return [flag["code"] for flag in flags]


def _letters(wanted: Mapping[str, Any], outcome: Outcome) -> Iterator[Judgement]:
    got = [letter.kind for letter in outcome.letters] or ["none"]
    if "letter" in wanted:
        yield _one("letter", set(got) <= accepted(wanted["letter"]), f"letter {got}, not {wanted['letter']}")
    if not outcome.letters:
        return
    text = "\n".join(f"{letter.subject}\n{letter.text}" for letter in outcome.letters)
    for one in wanted.get("says", []):
        yield _one("says", stands(one, text), f"the letter does not say {one}")
    for one in wanted.get("says_not", []):
        yield _one("says", not stands(one, text), f"the letter says {one}")


def accepted(letter: object) -> set[str]:
    """Kinds of our letters that do as well as those that are named."""
    meant = {kind for one in _any(letter) for kind in _MEANT.get(str(one), (str(one),))}
    return {"none" if kind == "None" else kind for kind in meant}


def stands(wanted: object, text: str) -> bool:
    """Does one of these stand in the text?"""
    return any(_stands(alike, text) for alike in _any(wanted))


def _stands(wanted: object, text: str) -> bool:
    """Lines of our letters are folded: words may be cut by one."""
    sought = str(wanted)
    if len(sought) > 2 and sought.startswith("/") and sought.endswith("/"):
        return bool(re.search(sought[1:-1], text) or re.search(sought[1:-1], _unfolded(text)))
    return sought in text or _unfolded(sought) in _unfolded(text)


def _unfolded(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _private(wanted: Mapping[str, Any], outcome: Outcome) -> Iterator[Judgement]:
    if not outcome.letters:
        return
    text = "\n".join(f"{letter.subject}\n{letter.text}" for letter in outcome.letters)
    hidden: Sequence[str] = [str(one) for one in wanted.get("private", [])]
    for person in outcome.thread.people.values():
        hidden = [*hidden, *(str(person[key]) for key in ("passport", "card") if person.get(key))]
    told = [one for one in hidden if one in text] + _IDENTITY_NUMBER.findall(text)
    yield _one("disclosure", not told, f"disclosed: {told}")
