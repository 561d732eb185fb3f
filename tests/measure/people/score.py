"""Who applies and whose the numbers are, held against the labels; people and numbers are counted apart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.measure.people.sentences import Expected, Written

from mailintake.model.case import Applicant

NUMBERS = ("passport_no", "old_passport_no", "card_no", "card_expiry")


@dataclass
class Count:
    """Right ones, needless or wrong ones, and those not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of what was said that is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of what was there that was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass
class Score:
    """All mails of a run."""

    people: Count = field(default_factory=Count)
    numbers: Count = field(default_factory=Count)
    phantoms: Counter[str] = field(default_factory=Counter)  # kind → people made up
    faults: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    mails: int = 0
    whole: int = 0  # mails without any fault

    def add(self, written: Written, found: Sequence[Applicant]) -> None:
        """Count one mail."""
        before = len(self.faults)
        self.mails += 1
        self.kinds.add(written.kind)
        rest = list(found)
        for expected in written.expected:
            one = next((a for a in rest if _is(expected, a)), None)
            if one is None:
                self.people.missed += 1
                self.numbers.missed += sum(1 for number in expected.numbers.values() if number)
                self._fault(written, f"{expected.name} not found ({expected.shape})")
                continue
            rest.remove(one)
            self.people.right += 1
            self._numbers(written, expected, one)
        for one in rest:
            self.people.wrong += 1
            self.phantoms[written.kind] += 1
            self._fault(written, f"{one.name or one.name_pinyin or '(no name)'} does not apply")
        self.whole += len(self.faults) == before

    def _numbers(self, written: Written, expected: Expected, found: Applicant) -> None:
        for name in NUMBERS:
            said, want = getattr(found, name), expected.numbers[name]
            if said and said == want:
                self.numbers.right += 1
                continue
            self.numbers.wrong += bool(said)
            self.numbers.missed += bool(want)
            if said != want:
                self._fault(written, f"{expected.name}: {name} is {said or '-'}, not {want or '-'}")

    def _fault(self, written: Written, what: str) -> None:
        self.faults.append(f"{written.kind}: {what}")


def _is(expected: Expected, found: Applicant) -> bool:
    if expected.latin:
        return found.name.upper() in expected.latin
    return found.name == expected.name


def report(score: Score) -> Iterable[str]:
    """Lines of the table."""
    yield f"{len(score.kinds)} kinds, {score.mails} mails, {score.whole} of them right in everything."
    yield ""
    yield "| what | precision | recall | right | wrong | missed |"
    yield "|---|---|---|---|---|---|"
    for name, count in (("people", score.people), ("numbers", score.numbers)):
        yield (
            f"| {name} | {count.precision:.2%} | {count.recall:.2%} | {count.right} | {count.wrong} | {count.missed} |"
        )
