"""Lines for staff that must not pile up: one open line for one trouble, closed when the trouble is over."""

from datetime import datetime

from mailintake.model.understanding import StaffNotice
from mailintake.store.port import Unit
from mailintake.worker.shells import Shells


def notice_once(shells: Shells, unit: Unit, notice: StaffNotice, now: datetime, about: str | None = None) -> bool:
    """Add it unless a line with that code, about the same (its text begins with `about`), is open already."""
    begin = notice.text if about is None else about
    known = any(row.notice.code == notice.code and row.notice.text.startswith(begin) for row in shells.store.notices())
    if not known:
        unit.add_notice(notice, now)
    return not known


def close_notices(shells: Shells, unit: Unit, code: str, about: str, now: datetime) -> None:
    """Close every open line with that code whose text begins with `about`."""
    for row in shells.store.notices():
        if row.notice.code == code and row.notice.text.startswith(about):
            unit.close_notice(row.id, now, "over")
