"""Which acts a screen offers, the likeliest first, with the words and choices of their forms."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

from mailintake.app.act_words import act_title
from mailintake.desk.views import person_name
from mailintake.model.act import ACTS, Said
from mailintake.model.case import MAIL_SIDE_OPEN, OFFICE_STEPS, Case, State
from mailintake.model.rules import RuleSet
from mailintake.model.staff import MAY_ACT, Colleague
from mailintake.stages.assess.open_items import open_items
from mailintake.stages.flow import allowed


class Choice(NamedTuple):
    """What a form lets somebody choose."""

    value: str
    text: str


Choices = tuple[Choice, ...]
_NOTHING = Choice("", "—")
_KINDS = {name: target.value for target, acts in ACTS.items() for name in acts}
_FIELD = re.compile(r"\b([a-z]+(?:_[a-z]+)+)(?:=|: )")  # evidence of a flag: card_expiry=2028-09-30
_SOURCE = re.compile(r"\b([a-z_]+)(?= [^\s/]+(?: / |$))")  # of a conflict: mrz E1 / form E2
_CODE = re.compile(r"\b[a-z]+\.[a-z]+(?:_[a-z]+)*\b(?!\.)")  # attachment.unreadable
_MAIL_SIDE = ("accept", "accept_with_gaps")
_ALWAYS = ("note", "phone_call", "write", "assign", "relate")
_OPEN = ("set_procedure", "set_company", "set_city", "split", "merge", "extend", "refuse", "withdraw", "close")
_ENDED = ("reopen",)
_OF_DOCUMENT = ("set_kind", "set_owner", "request")


@dataclass(frozen=True)
class Input:
    """One field of a form."""

    name: str
    label: str
    type: str = "text"
    long: bool = False
    required: bool = False
    options: Choices = ()


@dataclass(frozen=True)
class Offer:
    """One act as a form or a button; `extra` are fields with a value already."""

    name: str
    label: str
    kind: str
    key: str = ""
    help: str = ""
    inputs: tuple[Input, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseOffers:
    """What can be done about a case."""

    likely: tuple[Offer, ...]
    more: tuple[Offer, ...]


class Offers:
    """The words of the desk, read once: of its acts (acts.yaml) and its single sentences (say.yaml)."""

    def __init__(self, acts: Path, sentences: Path, codes: Callable[[str], str]) -> None:
        self._codes = codes
        self._words: dict[str, dict[str, Any]] = YAML(typ="safe").load(acts.read_text("utf-8"))
        self._said: dict[str, dict[str, str]] = YAML(typ="safe").load(sentences.read_text("utf-8"))

    def sentence(self, group: str, key: str) -> str:
        """What is said for that key; the group's own `other`, or the key itself, where there is nothing."""
        said = self._said[group]
        return said.get(key) or said.get("other") or key

    def value(self, field: str, said: str) -> str:
        """A value in words: codes of sex and the like, keys of topics; anything else stays as it was read."""
        words = self._said["value"]
        return words.get(f"{field}.{said}") or " ".join(words.get(f"{field}.{part}", part) for part in said.split(" "))

    def told(self, text: str) -> str:
        """A line for staff in words: names of fields and codes in it become what they are called."""
        fields, sources = self._said["field"], self._said["source"]
        doubts = self._said["doubt"]
        if text in doubts:
            return doubts[text]
        plain = _FIELD.sub(lambda found: f"{fields.get(found[1], found[1])} ", text)
        plain = _SOURCE.sub(lambda found: sources.get(found[1], found[1]), plain)
        return _CODE.sub(lambda found: self._codes(found[0]) or found[0], plain)

    def offer(self, act: str, choices: Callable[[str], Choices], extra: Mapping[str, str] | None = None) -> Offer:
        """One act with its form."""
        said = self._words[act]
        inputs = tuple(
            Input(
                name=row["name"],
                label=row["label"],
                type=row.get("type", "text"),
                long=bool(row.get("long")),
                required=bool(row.get("required")),
                options=choices(row["from"]) if "from" in row else (),
            )
            for row in said.get("inputs", ())
            if row["name"] not in (extra or {})
        )
        title = said.get("label") or act_title(act)
        return Offer(
            act, title, _KINDS[act], said.get("key", ""), said.get("help", ""), inputs, extra or {}
        )  # fmt: skip

    def labels(self, act: str) -> Mapping[str, str]:
        """What the fields of that act's form are called."""
        return {row["name"]: row["label"] for row in self._words.get(act, {}).get("inputs", ())}

    def for_document(self, case: Case, rules: RuleSet, words: Any) -> tuple[Offer, ...]:
        """What can be said of a document besides 合格 and 不合格."""

        def choices(source: str) -> Choices:
            return _choices(source, case, rules, words, ())

        return tuple(self.offer(name, choices) for name in _OF_DOCUMENT)

    def plain(self, name: str, rules: RuleSet) -> Offer:
        """An act that needs no case to choose from."""
        return self.offer(name, lambda source: _of_rules(source, rules))

    def for_case(self, case: Case, rules: RuleSet, words: Any, staff: Iterable[Colleague]) -> CaseOffers:
        """What is likely now, and everything else that is possible."""

        def choices(source: str) -> Choices:
            return _choices(source, case, rules, words, staff)

        likely = tuple(_named(self.offer(name, choices, extra), words) for name, extra in _likely(case, rules))
        named = {(offer.name, *offer.extra.values()) for offer in likely}
        more = tuple(self.offer(name, choices) for name in _possible(case) if (name,) not in named)
        return CaseOffers(likely, more)


def _named(offer: Offer, words: Any) -> Offer:
    """A step says where it leads."""
    state = offer.extra.get("state")
    return replace(offer, label=f"{offer.label}：{words.states[state]}") if state else offer


def _likely(case: Case, rules: RuleSet) -> Iterable[tuple[str, Mapping[str, str]]]:
    if case.state is State.COMPLETE:
        yield "accept", {}
    elif case.state in MAIL_SIDE_OPEN:
        items = open_items(case, rules)
        if items and all(item.tolerable for item in items):
            yield "accept_with_gaps", {}
    elif case.state in OFFICE_STEPS and case.state is not OFFICE_STEPS[-1]:
        yield "step", {"state": OFFICE_STEPS[OFFICE_STEPS.index(case.state) + 1].value}
    elif case.state is State.CARD_DELIVERED:
        yield "close", {}


def _possible(case: Case) -> Iterable[str]:
    if case.state in MAIL_SIDE_OPEN:
        yield from _MAIL_SIDE
    if case.state in OFFICE_STEPS:
        yield from ("step", "result", "put_back")
    yield from _ALWAYS
    yield from _OPEN if allowed(case.state, State.CLOSED) else _ENDED


def _choices(source: str, case: Case, rules: RuleSet, words: Any, staff: Iterable[Colleague]) -> Choices:
    match source:
        case "states":
            steps = (s for s in (*OFFICE_STEPS, State.CANCELLED) if allowed(case.state, s))
            return tuple(Choice(s.value, words.states[s.value]) for s in steps)
        case "people":
            return (_NOTHING, *(Choice(a.key, person_name(a)) for a in case.applicants))
        case "staff":
            return tuple(Choice(c.name, c.name) for c in staff if c.role in MAY_ACT)
        case "terms":
            return tuple(Choice(d.kind.value, words.dues[d.kind.value]) for d in case.deadlines if not d.met)
        case "outcomes":
            return tuple(Choice(said.value, said.value) for said in Said)
        case _:
            return _of_rules(source, rules)


def _of_rules(source: str, rules: RuleSet) -> Choices:
    match source:
        case "procedures":
            return tuple(Choice(p.key.value, p.title) for p in rules.procedures)
        case "variants":
            several = [p for p in rules.procedures if len(p.variants) > 1]
            return (_NOTHING, *(Choice(v.id, f"{p.title} {v.title}") for p in several for v in p.variants))
        case "cities":
            return tuple(Choice(c.city, c.city) for c in rules.office.cities)
        case "kinds":
            return tuple(Choice(k.key, k.title) for k in rules.kinds.values() if not k.fact)
        case _:
            raise ValueError(source)
