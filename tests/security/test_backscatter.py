"""Whom we never answer: machines, lists, ourselves, nobody in particular (RFC 3834; CWE-405, 834)."""

from tests.support.hostile import with_headers, word
from tests.support.worker import Office, application, mail

OURS = "lnwfapec@163.com"
SILENT: dict[str, dict[str, str] | list[tuple[str, str]]] = {
    "null return path": {"Return-Path": "<>"},
    "null return path, other words": {"Return-Path": "< >"},
    "mailer daemon": {"From": "MAILER-DAEMON@qingchuan.example"},
    "postmaster": {"From": "Mail Delivery System <postmaster@qingchuan.example>", "Return-Path": "<>"},
    "auto-replied": {"Auto-Submitted": "auto-replied"},
    "auto-generated": {"Auto-Submitted": "Auto-Generated; by=x"},
    "auto-notified": {"Auto-Submitted": "auto-notified"},
    "precedence bulk": {"Precedence": "bulk"},
    "precedence list": {"Precedence": "List"},
    "precedence junk": {"Precedence": "junk"},
    "precedence auto_reply": {"Precedence": "auto_reply"},
    "a mailing list": {"List-Id": "<l.example>", "List-Unsubscribe": "<mailto:l@l.example>"},
    "x-autoreply": {"X-Autoreply": "yes"},
    "x-autorespond": {"X-Autorespond": "yes"},
    "qq's automatic reply": {"X-QQ-AUTO-REPLY": "1"},
    "subject only": {"Subject": word("自动回复：我在休假")},
    "our own address": {"From": f"someone <{OURS}>"},
    "our own address in capitals": {"From": f"someone <{OURS.upper()}>"},
    "our loop header": {"X-Mailintake-Letter": "correction"},
    "our kind of Message-ID": {"Message-ID": "<mailintake.abc.0@163.com>"},
    "too many hops": [
        ("Received", f"from a{n}.example by b{n}.example; Mon, 2 Nov 2026 09:00:00 +0800") for n in range(60)
    ],
    "no From": {"From": ""},
    "a group in From": {"From": "undisclosed: ;"},
    "From without address": {"From": "李华"},
    "a From that is no mailbox": {"From": "<@@>"},
    "delivery report": {"Content-Type": "multipart/report; report-type=delivery-status; boundary=x"},
    "read receipt": {"Content-Type": "multipart/report; report-type=disposition-notification; boundary=x"},
    "calendar": {"Content-Type": "text/calendar; method=REQUEST"},
}


def test_nobody_is_answered_and_each_mail_has_a_fate(at: Office) -> None:
    for number, headers in enumerate(SILENT.values()):
        said = {
            "subject": "巡检结果",
            "text": "本周巡检完成，各项正常。",
            "from": f"苏禾 <suhe@company{number}.example>",
        }
        at.deliver(with_headers(mail(id=f"s{number}", **said), headers))
    at.run()
    rows = at.shells.store.messages()
    assert [row.sha256 for row in rows if row.status != "done" or row.disposition is None] == []
    answered = {entry.in_answer_to for entry in at.outbox()}
    names = dict(zip(SILENT, (row.sha256 for row in reversed(rows)), strict=True))
    assert [name for name, sha256 in names.items() if sha256 in answered] == []


MANY = {
    "two From headers": [("From", "a@qingchuan.example"), ("From", "victim@evil.example")],
    "two mailboxes in From": [("From", "a@qingchuan.example, victim@evil.example")],
    "an address in the display name": [("From", '"victim@evil.example" <a@qingchuan.example>')],
    "two brackets": [("From", "<victim@evil.example> <a@qingchuan.example>")],
    "an encoded comma": [("From", f"{word('x, victim@evil.example')} <a@qingchuan.example>")],
    "Reply-To with many": [("From", "a@qingchuan.example"), ("Reply-To", "victim@evil.example, b@evil.example")],
    "Reply-To elsewhere": [("From", "a@qingchuan.example"), ("Reply-To", "victim@evil.example")],
    "Sender elsewhere": [("From", "a@qingchuan.example"), ("Sender", "victim@evil.example")],
    "Return-Path elsewhere": [("From", "a@qingchuan.example"), ("Return-Path", "<victim@evil.example>")],
    "resent": [("From", "a@qingchuan.example"), ("Resent-From", "victim@evil.example")],
    "copies": [("From", "a@qingchuan.example"), ("Cc", "victim@evil.example"), ("Bcc", "victim@evil.example")],
    "receipts": [("From", "a@qingchuan.example"), ("Disposition-Notification-To", "victim@evil.example")],
}


def test_a_third_person_is_never_written_to(at: Office) -> None:
    for number, headers in enumerate(MANY.values()):
        rows = [(name, value.replace("qingchuan", f"company{number}")) for name, value in headers]
        at.deliver(with_headers(mail(id=f"t{number}"), rows))
    at.run()
    assert len(at.letters()) >= len(MANY) - 4  # those without one clear sender get none
    assert not [to for _, _, recipients in at.mailer.taken for to in recipients if "evil.example" in to]
    assert not [e for e in at.outbox() if any("evil" in to for to in (*e.to, *e.cc))]


def test_a_sender_who_floods_gets_few_letters_a_day(at: Office) -> None:
    """However many applications he sends; the rest waits for a clerk."""
    for number in range(9):
        at.deliver(application(id=f"f{number}", of=["abcdef"[number % 6]], set="profile"))
    at.run()
    assert len(at.letters()) <= at.shells.configuration.letters.per_address_per_day
    assert {row.status for row in at.shells.store.messages()} == {"done"}
