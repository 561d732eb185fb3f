"""What travels through a mail's life: the mail read, then known, then the situation it is decided in.

Each stage adds what it found out and hands on one value; none changes what an earlier one said.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from mailintake.model.facts import FileFacts, Reading
from mailintake.model.message import Attachment, InboundMessage
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import Candidates, People, Understanding
from mailintake.model.value import value

_UNREAD = Reading()


@value
class ReadMail:
    """A mail whose files are measured and read: what people and kinds are found in. Files without either are listed all
    the same."""

    message: InboundMessage
    facts: Mapping[str, FileFacts]  # by sha256
    readings: Mapping[str, Reading]  # by sha256
    rules: RuleSet
    received_at: datetime

    def measured(self, file: Attachment) -> FileFacts | None:
        """The facts of a file, None where nothing was measured."""
        return self.facts.get(file.sha256)

    def reading(self, file: Attachment) -> Reading:
        """What a file says; empty where it was not read."""
        return self.readings.get(file.sha256, _UNREAD)


@value
class KnownMail:
    """A mail with its people named and everything that the store knows about them: what it is and wants is found in."""

    message: InboundMessage
    people: People
    candidates: Candidates
    rules: RuleSet

    def seeing(self, people: People) -> "KnownMail":
        """The same mail, its people seen better."""
        return replace(self, people=people)


@value
class Situation:
    """A mail understood, at the moment for which it is decided on."""

    mail: KnownMail
    understood: Understanding
    now: datetime

    @property
    def message(self) -> InboundMessage:
        """The mail itself."""
        return self.mail.message

    @property
    def candidates(self) -> Candidates:
        """What the store knows that could matter."""
        return self.mail.candidates

    @property
    def rules(self) -> RuleSet:
        """The rules it is judged by."""
        return self.mail.rules
