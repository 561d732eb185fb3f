"""When all sending stops: quota, spam verdict, wrong credentials; and how it goes on."""

from datetime import datetime, timedelta

from mailintake.errors import MailerPaused
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.model.understanding import StaffNotice
from mailintake.worker.notices import close_notices, notice_once
from mailintake.worker.shells import MACHINE, Shells, log_event

UNTIL = "sending:paused_until"
_FOREVER = timedelta(days=3650)  # until an operator lets it go on, or restarts the program
_LONG = timedelta(days=365)


def is_paused(shells: Shells) -> bool:
    """Is nothing to be sent now?"""
    until = shells.store.value(UNTIL)
    return bool(until) and datetime.fromisoformat(until or "") > shells.clock()


def pause(shells: Shells, entry: OutboxEntry, halt: MailerPaused) -> OutboxState:
    """The letter stays ready; nothing goes out for the time given. A short pause is the provider's everyday quota and
    needs nobody; the configuration may make it longer."""
    now, seconds = shells.clock(), halt.resume_after_seconds
    least = shells.configuration.settings.sending.pause_on_quota_seconds
    wait = timedelta(seconds=max(seconds, least)) if seconds else _FOREVER
    with shells.store.begin() as unit:
        unit.set_outbox(entry.id, OutboxState.READY, now, answer=str(halt))
        unit.set_value(UNTIL, (now + wait).isoformat())
        notice_once(shells, unit, StaffNotice("sending.paused", str(halt)), now, about="")
        log_event(unit, now, "sending.paused", seconds=str(seconds or 0))
    return OutboxState.READY


def resume(shells: Shells, actor: str = MACHINE) -> bool:
    """Let sending go on; False when it was not paused."""
    if not is_paused(shells):
        return False
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.set_value(UNTIL, "")
        log_event(unit, now, "sending.resumed", actor=actor)
    return True


def resume_after_restart(shells: Shells) -> None:
    """A pause without an end waits for a person; a restart is how one says that the cause is mended."""
    until = shells.store.value(UNTIL)
    if until and datetime.fromisoformat(until) - shells.clock() > _LONG:
        resume(shells)


def worked(shells: Shells) -> None:
    """A letter was taken: what was said about a pause is over."""
    if shells.store.value(UNTIL):
        now = shells.clock()
        with shells.store.begin() as unit:
            unit.set_value(UNTIL, "")
            close_notices(shells, unit, "sending.paused", "", now)
