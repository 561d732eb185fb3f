"""Readings and verdicts held against the truth, counted by kind, by medium and by field."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time

from tests.measure.accuracy_read import Read
from tests.support.specimens import Asked, Specimen

from mailintake.model.assessment import CheckedDocument
from mailintake.model.case import Applicant, Case, State
from mailintake.model.document import Document, Outcome
from mailintake.model.facts import Reading
from mailintake.model.procedure import ProcedureKey, Severity
from mailintake.model.rules import RuleSet
from mailintake.stages.assess.documents import check_documents
from mailintake.stages.interpret import interpret

_WHERE = {"remittance_mfa": "new", "police_loss_report": "replace", "card_both_sides": "replace"}


@dataclass
class FieldScore:
    """One field in one line: how often it was there, found right, found wrong, and wrong though sure."""

    there: int = 0
    right: int = 0
    wrong: int = 0
    wrong_sure: int = 0

    def add(self, other: "FieldScore") -> None:
        """Count another one's in."""
        self.there, self.right = self.there + other.there, self.right + other.right
        self.wrong, self.wrong_sure = self.wrong + other.wrong, self.wrong_sure + other.wrong_sure

    @property
    def recall(self) -> float:
        """Right values of those on the paper."""
        return self.right / self.there if self.there else 1.0

    @property
    def precision(self) -> float:
        """Right values of those found."""
        found = self.right + self.wrong
        return self.right / found if found else 1.0


@dataclass
class Score:
    """Everything counted in one run."""

    fields: dict[tuple[str, str, str], FieldScore] = field(default_factory=lambda: defaultdict(FieldScore))
    verdicts: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    seconds: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    oddities: list[str] = field(default_factory=list)

    def add(self, read: Read, rules: RuleSet) -> None:
        """Count one specimen."""
        specimen, facts = read.specimen, read.facts
        reading = interpret(facts, facts.text, specimen.name, rules)
        self._add_fields(specimen, reading)
        self.seconds[specimen.group, specimen.medium].append(read.seconds)
        for asked in specimen.asked:
            checked = _checked(read, reading, asked, rules)
            verdict = _verdict(checked, asked)
            self.verdicts[specimen.group, specimen.medium][verdict] += 1
            if verdict.startswith("false"):
                said = [f"{f.code}/{f.severity.value} {dict(f.measured)}" for f in checked.findings]
                self._note(verdict, specimen, f"true={sorted(asked.faults)} said={said}")

    def _add_fields(self, specimen: Specimen, reading: Reading) -> None:
        for name, truth in specimen.truth.items():
            score = self.fields[specimen.group, specimen.medium, name]
            wanted = Counter(_plain(text) for text in truth)
            score.there += len(truth)
            for read in (f for f in reading.fields if f.name == name):
                if wanted[_plain(read.value)] > 0:
                    wanted[_plain(read.value)] -= 1
                    score.right += 1
                else:
                    score.wrong += 1
                    score.wrong_sure += read.sure
                    verdict = "sure but wrong" if read.sure else "wrong"
                    self._note(verdict, specimen, f"{name}={read.value!r} truth={truth}")
            for text in wanted.elements():
                self._note("not found", specimen, f"{name}={text!r}")

    def _note(self, verdict: str, specimen: Specimen, what: str) -> None:
        self.oddities.append(f"{verdict}: {specimen.group}, {specimen.medium}, {specimen.name}: {what}")

    def totals(self) -> Mapping[str, int]:
        """Verdicts over everything."""
        return sum(self.verdicts.values(), Counter())

    def by(self, *parts: int) -> Iterator[tuple[tuple[str, ...], FieldScore]]:
        """Field scores summed over the parts of their key (0 kind, 1 medium, 2 field) that are not named."""
        summed: dict[tuple[str, ...], FieldScore] = defaultdict(FieldScore)
        for key, score in self.fields.items():
            summed[tuple(key[part] for part in parts)].add(score)
        yield from sorted(summed.items())


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _checked(read: Read, reading: Reading, asked: Asked, rules: RuleSet) -> CheckedDocument:
    moment = datetime.combine(asked.received, time(2), UTC)
    first = Applicant("a1", asked.who.name_zh, asked.who.pinyin, asked.who.passport_no)
    others = tuple(Applicant(f"a{n}", f"样本{n}") for n in range(2, asked.people + 1))
    name = read.specimen.name
    document = Document(name, name, read.facts.sha256, "m", moment, asked.kind, "a1", (), read.facts, reading)
    procedure = rules.procedure(ProcedureKey(_WHERE.get(asked.kind, "new")))
    case = Case(
        "S1", procedure.key, procedure.variant(None).id, State.RECEIVED, asked.employer, moment, moment, moment, "t",
        applicants=(first, *others),
    )  # fmt: skip
    case = replace(case, documents=(document,))
    return check_documents(case, rules, asked.received)[0]


def _verdict(checked: CheckedDocument, asked: Asked) -> str:
    """What became of the truth. A fault that is not true counts against us even beside one that is."""
    told = {f.code for f in checked.findings if f.severity is Severity.CORRECT}
    shown = {f.code for f in checked.findings if f.severity in (Severity.FLAG, Severity.WARN)}
    if told - asked.faults:
        return "false fault told"
    if not asked.faults:
        flagged = any(f.severity is Severity.FLAG for f in checked.findings)
        return "ok" if checked.outcome is Outcome.OK else "needless flag" if flagged else "good, not checked"
    if checked.outcome is Outcome.OK:
        return "false ok"
    if told:
        return "fault told"
    return "fault flagged" if shown & asked.faults else "faulty, not checked"
