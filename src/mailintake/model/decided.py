"""What was decided about a mail when it came, kept as it was: nobody has to judge it anew to know."""

from datetime import datetime

from mailintake.model.understanding import Disposition, StaffNotice, Understanding
from mailintake.model.value import value


@value
class DecidedCase:
    """A case as that decision left it, by its revision."""

    number: str
    revision: int


@value
class Decided:
    """One decision. The understanding is kept without the measurements of the files, which lie elsewhere by their
    bytes, and without the case itself, which is a version."""

    at: datetime
    rules: str  # version of the rule set
    disposition: Disposition
    understanding: Understanding | None = None
    linked: str = ""  # the case that the mail was found to belong to
    cases: tuple[DecidedCase, ...] = ()
    letters: tuple[str, ...] = ()  # kinds that were ordered
    notices: tuple[StaffNotice, ...] = ()
