"""One mail under one set of rules, from what was measured of it: nothing is read, sent or stored."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial

from mailintake.config import Configuration, resource_folders
from mailintake.config.layers import layers_of
from mailintake.errors import TemplateBroken
from mailintake.letters.render import Renderer
from mailintake.letters.view import letter_view
from mailintake.model.case import Case
from mailintake.model.document import Document, Evidence
from mailintake.model.facts import FileFacts
from mailintake.model.letter import LetterKind
from mailintake.model.message import InboundMessage
from mailintake.model.rules import ClassificationPolicy, RuleSet
from mailintake.model.situation import KnownMail, ReadMail, Situation
from mailintake.model.understanding import Candidates, Decision, LetterOrder, People, Understanding
from mailintake.model.zone import local_day
from mailintake.stages.assign.addressee import addressee
from mailintake.stages.assign.steps import assign
from mailintake.stages.decide.decide import decide
from mailintake.stages.interpret import interpret
from mailintake.stages.understand import understand
from mailintake.stages.words.numbers import make_number

_FIRST_OF_TRIAL = 900_000  # numbers that a trial gives its cases
_UNWRITABLE = "template"


@dataclass(frozen=True)
class Given:
    """A mail as it was measured. Texts of files that were read are in the facts."""

    name: str
    message: InboundMessage
    facts: Mapping[str, FileFacts]
    at: datetime


class Words:
    """A letter as its reader would see it. `kind` is a LetterKind. It is written when somebody asks for its words: of
    most letters only the kind is compared."""

    def __init__(self, kind: str, write: Callable[[], tuple[str, str]]) -> None:
        """`write`: gives subject and text."""
        self.kind, self._write = kind, write

    @cached_property
    def _made(self) -> tuple[str, str]:
        return self._write()

    @property
    def subject(self) -> str:
        """What stands in its subject."""
        return self._made[0]

    @property
    def text(self) -> str:
        """What it says, as plain text."""
        return self._made[1]


@dataclass(frozen=True)
class Judged:
    """What the rules make of it."""

    understanding: Understanding
    decision: Decision
    letters: tuple[Words, ...]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every rule that fired or nearly fired."""
        return (*self.understanding.screening.evidence, *self.understanding.classification.evidence)

    @property
    def fired(self) -> frozenset[str]:
        """Ids of the rules that fired."""
        return frozenset(one.rule for one in self.evidence if one.fired)

    @property
    def message_class(self) -> str:
        """What the mail is."""
        parked = self.understanding.screening.message_class if self.understanding.screening.parked else None
        return (parked or self.understanding.classification.message_class).value

    @property
    def procedures(self) -> tuple[str, ...]:
        """What it asks for: `procedure.variant`, in order; those of the cases, where there are cases."""
        cases = tuple(f"{case.procedure.value}.{case.variant}" for case in self.decision.cases)
        asked = self.understanding.classification.intents
        return cases or tuple(f"{intent.procedure.value}.{intent.variant}" for intent in asked)

    @property
    def verdicts(self) -> tuple[str, ...]:
        """Of each case."""
        return tuple(case.assessment.verdict.value for case in self.decision.cases if case.assessment)

    @property
    def lacking(self) -> tuple[str, ...]:
        """Codes of everything that is missing or wrong, sorted, each once."""
        return tuple(sorted({code for case in self.decision.cases for code in codes_of(case)}))

    @property
    def deadlines(self) -> tuple[str, ...]:
        """`kind day` of every last day that counts."""
        return tuple(f"{d.kind.value} {d.due.isoformat()}" for case in self.decision.cases for d in case.deadlines)


def codes_of(case: Case) -> tuple[str, ...]:
    """Codes of what is missing or wrong in a case."""
    if case.assessment is None:
        return ()
    made = case.assessment
    found = [finding.code for one in made.documents if not one.superseded for finding in one.findings]
    return (*(m.code for m in made.missing), *found, *(finding.code for finding in made.case_findings))


class Judge:
    """One configuration, asked about many mails. `letters` False leaves the letters unwritten; `beside` is another one
    that is asked about each mail before: what both see or judge alike is not done twice."""

    def __init__(self, configuration: Configuration, *, letters: bool = True, beside: "Judge | None" = None) -> None:
        self.configuration, self._beside = configuration, beside
        self._alike: dict[str, _Alike] = {}
        self._renderer = Renderer(*resource_folders("templates", configuration.rules_folder)) if letters else None
        self._writes_alike = beside is not None and letters and _templates(self) == _templates(beside)

    def keys(self, given: Given, mailbox: str = "", known: "Seen | None" = None) -> "Seen":
        """The mail with everybody named: what the database is asked about it follows from this. `known`: what the judge
        beside has seen of it."""
        rules = self.configuration.rules_of(mailbox)
        if known is not None and (alike := self._compared(mailbox)).reads:
            return Seen(rules, given, known.people, alike)
        names = {a.sha256: a.name for a in given.message.attachments}
        readings = {sha: interpret(f, f.text, names.get(sha, ""), rules) for sha, f in given.facts.items()}
        return Seen(rules, given, assign(ReadMail(given.message, given.facts, readings, rules, given.at)))

    def judged(self, seen: "Seen", candidates: Candidates, known: Judged | None = None) -> Judged:
        """Class, cases and letters. A letter that cannot be written is one without words. `known`: what the
        judge beside has made of it; where only templates differ nothing is judged twice, and where both understand a
        mail alike nothing is decided twice."""
        given, rules = seen.given, seen.rules
        if known is not None and seen.alike.judges:
            return self._decided(known.understanding, known, candidates, seen)
        mail = KnownMail(given.message, seen.people, candidates, rules)
        understood = understand(mail)
        if known is not None and seen.alike.decides and understood == known.understanding:
            return self._decided(understood, known, candidates, seen)
        decision = decide(Situation(mail, understood, given.at), _numbers(given.at.year))
        return Judged(understood, decision, tuple(self._words(decision, candidates, seen)))

    def _decided(self, understood: Understanding, known: Judged, candidates: Candidates, seen: "Seen") -> Judged:
        """The decision of the judge beside, in this one's words."""
        letters = known.letters if self._writes_alike else tuple(self._words(known.decision, candidates, seen))
        return Judged(understood, known.decision, letters)

    def _compared(self, mailbox: str) -> "_Alike":
        if mailbox not in self._alike and self._beside is not None:
            mine, other = self.configuration.rules_of(mailbox), self._beside.configuration.rules_of(mailbox)
            self._alike[mailbox] = _alike(mine, other)
        return self._alike.get(mailbox, _Alike())

    def _words(self, decision: Decision, candidates: Candidates, seen: "Seen") -> Iterator[Words]:
        known = {c.number: c for c in (*candidates.token_cases, *candidates.by_number, *decision.cases)}
        for order in decision.letters:
            yield Words(LetterKind(order.letter).value, partial(self._written, order, known, seen))

    def _written(self, order: LetterOrder, cases: Mapping[str, Case], seen: "Seen") -> tuple[str, str]:
        """Subject and text."""
        if self._renderer is None:
            return "", ""
        message, today = seen.given.message, local_day(seen.given.at)
        try:
            reader = addressee(message, seen.rules)
            view = letter_view(order, cases, message, seen.rules, today, addressee=reader, answer_by=today)
            made = self._renderer.letter(view)
        except TemplateBroken as broken:
            return _UNWRITABLE, str(broken)
        return made.subject, made.text


@dataclass(frozen=True)
class _Alike:
    """How two sets of rules stand to each other."""

    reads: bool = False  # both read files and name people alike
    decides: bool = False  # both decide alike what they understand alike
    judges: bool = False  # both judge alike: they differ in their templates at most


@dataclass(frozen=True)
class Seen:
    """A mail with everybody named, under those rules."""

    rules: RuleSet
    given: Given
    people: People
    alike: _Alike = _Alike()  # how they stand to those of the judge beside

    @property
    def documents(self) -> tuple[Document, ...]:
        """Its files in their roles."""
        return self.people.documents


_SEEN_BY = ("vocabulary", "kinds", "procedures", "office", "fees", "calendar", "logins")


def _alike(one: RuleSet, other: RuleSet) -> "_Alike":
    reads = all(getattr(one, name) == getattr(other, name) for name in _SEEN_BY)
    decides = reads and _behind(one) == _behind(other)
    return _Alike(reads, decides, decides and replace(one, version="") == replace(other, version=""))


def _behind(rules: RuleSet) -> RuleSet:
    """What the stages behind the understanding ask for: no rules of screening and classification, no policy."""
    return replace(rules, version="", screening=(), classification=(), policy=ClassificationPolicy())


def _templates(judge: Judge) -> Mapping[str, bytes]:
    """The templates that a judge writes with."""
    files = layers_of(judge.configuration.rules_folder).template_files
    return {name: path.read_bytes() for name, path in files.items()}


def _numbers(year: int) -> Iterator[str]:
    count = _FIRST_OF_TRIAL
    while True:
        count += 1
        yield make_number(year, count)
