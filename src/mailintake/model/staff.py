"""The people of the office whom the program knows by name."""

from datetime import datetime
from enum import StrEnum

from mailintake.model.value import value


class Role(StrEnum):
    """What somebody may do."""

    CLERK = "clerk"  # every act
    HEAD = "head"  # every act; hears what is overdue
    AUDITOR = "auditor"  # reads only
    OPERATOR = "operator"  # health and rules; no act on a case


MAY_ACT = frozenset({Role.CLERK, Role.HEAD})


@value
class Colleague:
    """One of them."""

    name: str
    role: Role
    mail: str


@value
class DeskSession:
    """Somebody is logged in at the desk. Of the key that the browser holds only the hash is known."""

    key_sha256: str
    name: str
    token: str  # what the forms of this session carry
    seen_at: datetime
    told: str = ""  # JSON: what the next page says, once
