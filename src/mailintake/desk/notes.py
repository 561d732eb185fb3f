"""What the log holds of the desk besides acts: who came and went, who was turned away, and who looked at whose papers
(ASVS 5.0 16.3). Numbers and hashes only; names of applicants stand in no event."""

from starlette.requests import Request

from mailintake.app.act_words import act_title
from mailintake.desk.pages import desk_of
from mailintake.desk.place import Desk
from mailintake.model.act import Erase
from mailintake.model.case import Event
from mailintake.worker.shells import log_event

STRANGER = "stranger"
_ERASED = f"act.{Erase.name}"


def note(request: Request, what: str, *, case: str = "", message: str = "", **data: str) -> None:
    """One line of the log, by whoever is logged in."""
    desk, known = desk_of(request), request.scope.get("state", {}).get("visitor")
    actor = f"staff:{known.person.name}" if known else STRANGER
    with desk.shells.store.begin() as unit:
        log_event(unit, desk.now, what, case=case, message=message, actor=actor, **data)


def deed(desk: Desk, event: Event) -> str:
    """What somebody did, in words; an erasure without its ground was only proposed."""
    proposed = event.what == _ERASED and "ground" not in dict(event.data)
    return desk.offers.sentence("event", "erase.proposed") if proposed else act_title(event.what.removeprefix("act."))
