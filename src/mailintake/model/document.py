"""An attachment in its role."""

import re
from datetime import datetime
from enum import StrEnum

from mailintake.model.facts import FileFacts, Reading
from mailintake.model.rules import Where
from mailintake.model.value import value

PASTED = re.compile(r"image(\d+)\.\w{2,5}")  # as readers call a picture inside a file that has no name of its own

UNCONFIRMED = "owner.unconfirmed"  # a reason of a paper that came from an address nobody knows for its case
STRAY = "owner.stray"  # a page of somebody who does not apply, in place of the applicant's own


@value
class Evidence:
    """One reason for a decision, in a form `explain` can print."""

    rule: str  # id of the rule or of the step
    source: str = ""  # config file:line, empty for code
    score: float = 0.0
    text: str = ""  # the words or values that spoke
    where: Where | None = None
    fired: bool = True  # False: nearly fired


@value
class Document:
    """One file that somebody sent for a purpose."""

    path: str
    name: str
    sha256: str
    message: str  # sha256 of the mail it came with
    received_at: datetime
    kind: str | None = None  # DocumentKind.key; None: unassigned, listed and shown to staff
    applicant: str | None = None  # Applicant.key; None: company, group or unassigned
    reasons: tuple[Evidence, ...] = ()
    facts: FileFacts | None = None
    reading: Reading = Reading()
    problem: str = ""  # finding code when the bytes could not be had (encrypted archive …)

    @property
    def is_unconfirmed(self) -> bool:
        """Did somebody send it who may not speak for the case?"""
        return any(reason.rule == UNCONFIRMED for reason in self.reasons)

    @property
    def is_stray(self) -> bool:
        """Is it somebody's who does not apply, in place of the applicant's own?"""
        return any(reason.rule == STRAY for reason in self.reasons)


class Outcome(StrEnum):
    """Result of checking one document; not_checked never counts as ok."""

    OK = "ok"
    NOT_OK = "not_ok"
    NOT_CHECKED = "not_checked"
