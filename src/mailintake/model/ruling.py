"""Rulings: facts by a person. They survive mails and rule changes, and end with the file."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from mailintake.model.value import value


class About(StrEnum):
    """What a ruling says something about."""

    KIND = "kind"  # what a document is: a DocumentKind.key
    OWNER = "owner"  # whose it is: an Applicant.key; empty: nobody's, the company's or the group's
    OUTCOME = "outcome"  # ok or not_ok, of the whole document or of one check
    FLAG = "flag"  # dismissed: the evidence that was looked at
    PROCEDURE = "procedure"  # which procedure the case is about, as "key.variant"
    PAPER = "paper"  # the original was seen at the window


@value
class Ruling:
    """One fact by a person about a document (by its bytes) or, without one, about the case."""

    about: About
    value: str
    by: str
    at: datetime
    sha256: str = ""  # of the document; empty: about the case as a whole
    key: str = ""  # outcome: a finding code, empty for all of it; flag: its code; paper: kind; procedure: what it was
    reason: str = ""

    @property
    def slot(self) -> tuple[About, str, str, str]:
        """Two rulings with the same slot speak of the same thing: the later one counts."""
        apart = self.value if self.about in (About.FLAG, About.PAPER) else ""
        return self.about, self.sha256, self.key, apart


def is_of(ruling: Ruling, people: Collection[str]) -> bool:
    """Is it about somebody with one of these keys: whose a paper is, or which paper of his?"""
    return ruling.about in (About.OWNER, About.PAPER) and ruling.value in people


def with_ruling(rulings: tuple[Ruling, ...], ruling: Ruling) -> tuple[Ruling, ...]:
    """The rulings with a new one, in the place of what was said about the same thing before."""
    return (*(known for known in rulings if known.slot != ruling.slot), ruling)


@value
class Proposal:
    """A step that counts only when a second person has said yes to it."""

    act: str
    by: str
    at: datetime
    reason: str = ""
    clause: str = ""
