"""What the screens work with: one value behind the whole desk, handed in from outside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jinja2 import Environment

from mailintake.app.act_words import letter_state
from mailintake.desk.limits import Limit
from mailintake.desk.memory import Memory
from mailintake.desk.offers import Offer, Offers
from mailintake.desk.pictures import Pictures
from mailintake.desk.sessions import Sessions
from mailintake.model.letter import OutboxState
from mailintake.worker.shells import Shells


def _as_before(_desk: "Desk") -> None:
    """Nobody puts other rules in force."""


@dataclass
class Desk:
    """`shells` without mailboxes; `problem` says in words why the rules on disk are not those in force, or is empty.
    `renew` is asked before each page: it puts other shells and pages in, where other rules came into force.

    `proxy_header` names the header by which a trusted reverse proxy says who somebody is; empty: nobody may say so.
    """

    shells: Shells
    sessions: Sessions
    pages: Environment
    offers: Offers
    pictures: Pictures
    link_tries: Limit
    likely: Memory[Offer | None]  # by number and revision of a case, and rules
    problem: Callable[[], str]
    https: bool = False
    proxy_header: str = ""
    renew: Callable[["Desk"], None] = _as_before

    @property
    def now(self) -> datetime:
        """Now, aware."""
        return self.shells.clock()

    @property
    def words(self) -> Any:
        """Staff's words for codes, states, kinds of letters."""
        return self.shells.renderer.digest_words

    def letter_state(self, state: OutboxState) -> str:
        """What the state of a letter is called."""
        return letter_state(state)
