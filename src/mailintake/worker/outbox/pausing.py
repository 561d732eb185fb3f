"""When all sending stops: quota, spam verdict, wrong credentials; and how it goes on."""

from datetime import datetime, timedelta

from mailintake.errors import MailerPaused
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.model.understanding import StaffNotice
from mailintake.store.port import for_good
from mailintake.worker.outbox.table import moved
from mailintake.worker.shells import MACHINE, Shells, log_event

_FOREVER = timedelta(days=3650)  # until an operator lets it go on, or restarts the program
_PAUSED = "sending.paused"


def paused_until(shells: Shells) -> datetime | None:
    """Until when nothing is to be sent; None: sending goes on."""
    pause = shells.store.pause()
    return None if pause is None or pause.until <= shells.clock() else pause.until


def pause(shells: Shells, entry: OutboxEntry, halt: MailerPaused) -> OutboxState:
    """The letter stays ready; nothing goes out for the time given. A short pause is the provider's everyday quota and
    needs nobody; the configuration may make it longer."""
    now, seconds = shells.clock(), halt.resume_after_seconds
    least = shells.configuration.settings.sending.pause_on_quota_seconds
    wait = timedelta(seconds=max(seconds, least)) if seconds else _FOREVER
    with shells.store.begin() as unit:
        moved(unit, entry, OutboxState.READY, now, last_answer=str(halt))
        unit.pause_sending(now, now + wait, str(halt))
        unit.add_notice_once(StaffNotice(_PAUSED, str(halt)), now, about="")
        log_event(unit, now, _PAUSED, seconds=str(seconds or 0))
    return OutboxState.READY


def resume(shells: Shells, actor: str = MACHINE) -> bool:
    """Let sending go on; False when it was not paused."""
    if paused_until(shells) is None:
        return False
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.end_pause(now)
        log_event(unit, now, "sending.resumed", actor=actor)
    return True


def resume_after_restart(shells: Shells) -> None:
    """A pause without an end waits for a person; a restart is how one says that the cause is mended."""
    pause = shells.store.pause()
    if pause is not None and for_good(pause.until, shells.clock()):
        resume(shells)


def worked(shells: Shells) -> None:
    """A letter was taken: what was said about a pause is over."""
    if shells.store.pause() is not None:
        now = shells.clock()
        with shells.store.begin() as unit:
            unit.end_pause(now)
            unit.close_notices(_PAUSED, "", now, "over")
