"""What becomes of letters that were written under the rules before."""

from enum import StrEnum


class Letters(StrEnum):
    """Letters that have not gone out when other rules come into force."""

    LEAVE = "leave"
    REWRITE = "rewrite"
    HOLD = "hold"  # those that would go out by themselves wait for a clerk
