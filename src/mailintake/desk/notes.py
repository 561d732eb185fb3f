"""What the log holds of the desk besides acts: who came and went, who was turned away, and who looked at whose papers
(ASVS 5.0 16.3). Numbers and hashes only; names of applicants stand in no event."""

from starlette.requests import Request

from mailintake.desk.pages import desk_of
from mailintake.worker.shells import log_event

STRANGER = "stranger"


def note(request: Request, what: str, *, case: str = "", message: str = "", **data: str) -> None:
    """One line of the log, by whoever is logged in."""
    desk, known = desk_of(request), request.scope.get("state", {}).get("visitor")
    actor = f"staff:{known.person.name}" if known else STRANGER
    with desk.shells.store.begin() as unit:
        log_event(unit, desk.now, what, case=case, message=message, actor=actor, **data)
