"""The SMTP half of the 163 stand-in."""

import base64
import binascii
import hashlib
import threading
import time
from email import message_from_bytes
from email.utils import parseaddr

from tests.support.netease import PASSWORD, USER, Conversation, Fault, Hangup, now
from tests.support.netease_faults import answered_by, at_address
from tests.support.netease_store import SENT

_HELP = "http://mail.163.com/help/help_spam_16.htm?ip=192.0.2.1&hostid=smtp1&time=1770000000"
_WRONG = "535 Error: authentication failed"
_WRONG_GBK = "535 错误：请使用授权码登录".encode("gbk")


class SmtpConversation(Conversation):
    """One client."""

    def _another_stays_open(self) -> bool:
        """Is there really a second client, or only one whose hang-up has not been noticed yet?"""
        patience = time.monotonic() + 0.5
        while self.state.smtp_open > 1 and time.monotonic() < patience:
            time.sleep(0.01)
        return self.state.smtp_open > 1

    def talk(self) -> None:
        self.logged_in = False
        self.sender = ""
        self.recipients: list[str] = []
        if self.state.switches.one_connection and self._another_stays_open():
            self.say(f"421 HL:ICC 163 smtp1, too many connections {_HELP}")
            raise Hangup
        if self._broken("greeting"):
            return
        self.say("220 163.com Anti-spam GT for Coremail System (163com[20141201])")
        while True:
            verb, _, rest = self.line().partition(b" ")
            name = verb.decode("ascii", "replace").upper()
            if self._broken(name):
                continue
            handler = getattr(self, f"do_{name.lower()}", None)
            if handler is None:
                self.say("502 Error: command not implemented")
            else:
                handler(rest.decode("utf-8", "replace"))

    def handle(self) -> None:
        with self.state.counting:
            self.state.smtp_open += 1
        try:
            super().handle()
        finally:
            with self.state.counting:
                self.state.smtp_open -= 1

    def _broken(self, where: str) -> bool:
        fault = self.fault(where)
        if fault is None:
            return False
        if fault.what == "no":
            self._answer(fault)
            return True
        self.perform(fault)
        return True

    def _answer(self, fault: Fault) -> None:
        text = fault.text if isinstance(fault.text, bytes) else fault.text.encode()
        self.say(text)
        if text.startswith(b"421"):
            raise Hangup

    def do_ehlo(self, _: str) -> None:
        self.say("250-mail")
        for feature in self.state.switches.smtp_features:
            self.say(f"250-{feature}")
        self.say("250 coremail 1Uxr2xKj7kG0xkI17xGrUDI0s8FY2U3Uj8Cz28x1UUUUU7Ic2I0Y2Ur")

    do_helo = do_ehlo

    def do_noop(self, _: str) -> None:
        self.say("250 OK")

    def do_rset(self, _: str) -> None:
        self.sender = ""
        self.recipients = []
        self.say("250 OK")

    def do_quit(self, _: str) -> None:
        self.say("221 Bye")
        raise Hangup

    def do_auth(self, rest: str) -> None:
        mechanism, _, initial = rest.partition(" ")
        if mechanism.upper() == "PLAIN":
            given = self._decoded(initial or self._ask("")).split("\0")[-2:]
        else:
            user = self._decoded(initial or self._ask("dXNlcm5hbWU6"))
            given = [user, self._decoded(self._ask("UGFzc3dvcmQ6"))]
        limit = self.state.switches.lock_out_after
        if limit and self.state.wrong_logins >= limit:
            return self.say("554 IP is rejected, smtp auth error limit exceed")
        if given != [USER, PASSWORD]:
            self.state.wrong_logins += 1
            return self.say(_WRONG_GBK if self.state.switches.gbk_errors else _WRONG)
        self.logged_in = True
        return self.say("235 Authentication successful")

    def _ask(self, challenge: str) -> str:
        self.say(f"334 {challenge}")
        return self.line().decode("ascii", "replace")

    @staticmethod
    def _decoded(text: str) -> str:
        try:
            return base64.b64decode(text).decode("utf-8", "replace")
        except binascii.Error:
            return ""

    def do_mail(self, rest: str) -> None:
        sender = rest.partition("<")[2].partition(">")[0]
        if not self.logged_in:
            return self.say("553 authentication is required")
        if not sender:
            return self.say("553 NULL sender is not allowed")
        if sender != USER and self.state.switches.envelope_must_match:
            return self.say("553 Mail from must equal authorized user")
        if refusal := self._quota():
            return self.say(refusal)
        self.sender, self.recipients = sender, []
        return self.say("250 Mail OK")

    def _quota(self) -> str:
        moment, switches = now(self.state), self.state.switches
        quarter = sum(moment - sent < 900 for sent in self.state.sent_at)
        day = sum(moment - sent < 86400 for sent in self.state.sent_at)
        if switches.per_day and day >= switches.per_day:
            return f"554 MI:STC 163 smtp1, daily limit {_HELP}"
        if switches.per_quarter and quarter >= switches.per_quarter:
            return f"451 MI:SFQ 163 smtp1, quota {_HELP}"
        return ""

    def do_rcpt(self, rest: str) -> None:
        recipient = rest.partition("<")[2].partition(">")[0]
        if recipient in self.state.switches.unknown_users:
            return self.say(f"550 User not found: {recipient}")
        if fault := self._ordered("RCPT", recipient):
            return self._answer(fault)
        self.recipients.append(recipient)
        return self.say("250 Mail OK")

    def do_data(self, _: str) -> None:
        if not self.recipients:
            return self.say("503 bad sequence of commands")
        self.say("354 End data with <CR><LF>.<CR><LF>")
        raw = self._data()
        fault = self.fault("dot") or self._ordered("dot", *self.recipients)
        if fault and fault.what == "no":
            return self._answer(fault)
        if fault and fault.what == "lost":
            raise Hangup
        if refusal := self._judge(raw):
            return self.say(refusal)
        self._take(raw)
        if fault:
            self.perform(fault)  # taken, and then the connection breaks: the test for sending twice
        number = len(self.state.sent)
        return self.say(f"250 Mail OK queued as smtp1,gcCowAD{number:04d} {int(now(self.state))}")

    def _ordered(self, where: str, *recipients: str) -> Fault | None:
        """What an address at fault.example asks for at this place."""
        found = (at_address(recipient) for recipient in recipients if self.state.switches.fault_addresses)
        return next((fault for fault in found if fault and fault.where == where), None)

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise Hangup
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _judge(self, raw: bytes) -> str:
        header_from = parseaddr(str(message_from_bytes(raw)["From"]))[1]
        if self.state.switches.envelope_must_match and header_from != self.sender:
            return f"554 DT:SUM 163 smtp1, envelope from differs {_HELP}"
        same = self.state.switches.same_body
        twins = sum(_body(raw) == _body(sent) for _, _, sent in self.state.sent)
        return f"554 DT:SPM 163 smtp1, {_HELP}" if same and twins + 1 >= same else ""

    def _take(self, raw: bytes) -> None:
        self.state.sent.append((self.sender, tuple(self.recipients), raw))
        self.state.sent_at.append(now(self.state))
        for recipient in self.recipients:
            if self.state.switches.fault_addresses and (answer := answered_by(recipient, raw)):
                self.state.store.add(answer)
        if (delay := self.state.switches.sent_appears) >= 0:
            threading.Thread(target=self._copy, args=(raw, delay), daemon=True).start()

    def _copy(self, raw: bytes, delay: float) -> None:
        time.sleep(delay)
        self.state.store.add(raw, SENT)


def _body(raw: bytes) -> str:
    return hashlib.sha256(raw.partition(b"\r\n\r\n")[2]).hexdigest()
