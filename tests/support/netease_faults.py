"""Addresses at fault.example: writing to one of them makes the stand-in misbehave, as an applicant there would."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP

from tests.support.netease import USER, Fault

DOMAIN = "fault.example"
_HELP = "http://mail.163.com/help/help_spam_16.htm?ip=192.0.2.1&hostid=smtp1&time=1770000000"
ADDRESSES = {
    "unknown": ("RCPT", "no", "550 User not found: unknown@fault.example"),
    "suspended": ("RCPT", "no", "550 User suspended: suspended@fault.example"),
    "later": ("RCPT", "no", "450 RP:CEL 163 smtp1, too many errors"),
    "busy": ("RCPT", "no", "421 HL:ICC 163 smtp1, too many connections"),
    "quota": ("RCPT", "no", f"451 RP:QRC 163 smtp1, quota {_HELP}"),
    "gbk": ("RCPT", "no", "550 收件人地址不存在".encode("gbk")),
    "full": ("dot", "no", "552 Requested mail action aborted: exceeded mailsize limit"),
    "illegal": ("dot", "no", "552 Illegal Attachment"),
    "suspicious": ("dot", "no", f"451 DT:SPM 163 smtp1, please try again 15min later {_HELP}"),
    "spam": ("dot", "no", f"554 DT:SPM 163 smtp1, {_HELP}"),
    "daily": ("dot", "no", f"554 MI:STC 163 smtp1, daily limit {_HELP}"),
    "lost": ("dot", "lost", ""),  # the connection ends and nothing was taken
    "taken": ("dot", "drop", ""),  # taken, and the connection ends before the 250
    "silent": ("dot", "stall", ""),  # taken, and no answer
    "slow": ("dot", "drip", b"250 Mail OK queued" + b"." * 400),  # taken, and one byte of the answer after the other
}
BOUNCES, ANSWERS = f"bounce@{DOMAIN}", f"vacation@{DOMAIN}"
_BOUNCE = """\
抱歉，您的邮件被退回来了……

原邮件信息：
时　间：2026-11-02 10:00:00
主　题：{subject}
收件人：{recipient}

退信原因：收件人邮件地址不存在，邮件无法送达。
The email could not be delivered: user not found.
"""
_AWAY = "您好，我正在休假中，无法亲自回复您的邮件。我将在假期结束后尽快给您回复。"


def at_address(recipient: str) -> Fault | None:
    """What is ordered by that recipient, or None."""
    local, _, domain = recipient.partition("@")
    if domain != DOMAIN or local not in ADDRESSES:
        return None
    where, what, text = ADDRESSES[local]
    return Fault(str(where), str(what), text=text if isinstance(text, bytes) else str(text))


def answered_by(recipient: str, raw: bytes) -> bytes | None:
    """The mail that comes back from an address that bounces or is on holiday; neither says so in a header."""
    subject = str(make_header(decode_header(str(message_from_bytes(raw)["Subject"]))))
    if recipient == BOUNCES:
        text = _BOUNCE.format(subject=subject, recipient=recipient)
        return _mail("postmaster@163.example", "系统退信/The email is returned", text)
    if recipient == ANSWERS:
        return _mail(recipient, f"自动回复：{subject}", _AWAY)
    return None


def _mail(sender: str, subject: str, text: str) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = sender, USER
    made["Subject"] = subject
    made["Date"] = "Mon, 02 Nov 2026 10:00:00 +0800"
    made.set_content(text, charset="utf-8", cte="base64")
    return made.as_bytes()
