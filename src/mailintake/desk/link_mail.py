"""The mail with a one-time link: queued like any letter, sent by the service; the desk itself sends nothing."""

from mailintake.desk.place import Desk
from mailintake.letters.compose import compose, make_message_id
from mailintake.letters.render import Rendered
from mailintake.model.letter import Letter, LetterKind, Mode, OutboxState, ThreadingHeaders
from mailintake.model.zone import SHANGHAI
from mailintake.worker.shells import log_event


def mail_link(desk: Desk, addr: str, base: str) -> bool:
    """A link to the address of somebody known; False for a stranger, to whom nothing is sent."""
    who = desk.sessions.by_mail(addr)
    key = desk.sessions.link_for(who.name) if who else None
    if who is None or key is None:
        return False
    values = {"name": who.name, "link": f"{base.rstrip('/')}/login/{key}", "office": desk.shells.rules.office}
    subject, text, html = (
        desk.pages.get_template(f"desk/mail/{part}").render(values).strip()
        for part in ("subject.txt", "body.txt", "body.html")
    )
    shells, now = desk.shells, desk.now
    message_id = make_message_id(key[:16], "login", 1, shells.sender.addr.rpartition("@")[2])
    raw = compose(
        Rendered(subject, text, html),
        kind=LetterKind.LOGIN,
        sender=shells.sender,
        to=(who.mail,),
        cc=(),
        message_id=message_id,
        threading=ThreadingHeaders(),
        date=now.astimezone(SHANGHAI),
    )
    letter = Letter(LetterKind.LOGIN, Mode.AUTO, (who.mail,), (), subject, message_id, raw)
    with shells.store.begin() as unit:
        unit.queue_letter(letter, OutboxState.READY, now, now)
        log_event(unit, now, "desk.link", actor=f"staff:{who.name}")
    return True
