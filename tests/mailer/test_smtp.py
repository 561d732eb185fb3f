"""Every answer and every break of an SMTP server: what counts as sent, what comes again, what stops."""

import socket
import time
from collections.abc import Callable

import pytest
from tests.mailer.conftest import Connect
from tests.support.netease import USER, Fault, Netease, refused_port
from tests.support.smtp_peer import dialogue, scripted

from mailintake.errors import MailerInDoubt, MailerPaused, MailerRefused, MailerUnavailable
from mailintake.mailer.smtp import SmtpMailer

TO = "li@example.com"


def letter(number: int = 1, body: str = "") -> bytes:
    head = f"From: Office <{USER}>\r\nTo: {TO}\r\nSubject: {number}\r\nMessage-ID: <{number}@office>\r\n\r\n"
    return (head + (body or f"text {number}\r\n")).encode()


def send(mailer: SmtpMailer, number: int = 1) -> str:
    return mailer.send(letter(number), USER, [TO]).answer


def test_the_queue_id_of_the_provider_is_kept(server: Netease, connect: Connect) -> None:
    assert "queued as smtp1,gcCowAD0001" in send(connect())
    assert server.state.sent == [(USER, (TO,), letter())]


def test_a_burst_uses_one_connection_and_one_login(server: Netease, connect: Connect) -> None:
    mailer = connect()
    for number in range(5):
        send(mailer, number)
    assert server.state.connections == 1
    assert server.state.commands().count("AUTH") == 0  # the verb is the first word of an SMTP line
    assert sum(" AUTH " in line for line in server.state.log) == 1


def test_both_login_mechanisms_work(server: Netease, connect: Connect) -> None:
    server.switches.smtp_features = ("AUTH LOGIN",)
    assert send(connect()).startswith("250")


def test_a_second_connection_that_is_told_421_waits(server: Netease, connect: Connect) -> None:
    first, second = connect(), connect()
    send(first, 1)
    with pytest.raises(MailerUnavailable) as told:
        send(second, 2)
    assert told.value.retry_after_seconds >= 900
    send(first, 3)


def test_f1_nobody_listens() -> None:
    with pytest.raises(MailerUnavailable, match="connecting"):
        send(SmtpMailer("127.0.0.1", refused_port(), "", "", tls="none", timeout=1))


@pytest.mark.parametrize("where", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "dot"])
def test_f15_a_temporary_refusal_at_any_step_is_tried_again(server: Netease, connect: Connect, where: str) -> None:
    server.switches.faults.append(Fault(where, "no", text="451 please come back later"))
    mailer = connect()
    with pytest.raises(MailerUnavailable, match="come back later"):
        send(mailer)
    assert server.state.sent == []
    send(mailer)
    assert len(server.state.sent) == 1


@pytest.mark.parametrize("where", ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("what", ["drop", "stall", "drip"])
def test_a_connection_that_breaks_before_the_final_dot_has_sent_nothing(
    server: Netease, connect: Connect, where: str, what: str
) -> None:
    server.switches.one_connection = False
    server.switches.faults.append(Fault(where, what, text=b"250-" + b"." * 4000))
    mailer = connect(timeout=0.4)
    start = time.monotonic()
    with pytest.raises(MailerUnavailable):
        send(mailer)
    assert time.monotonic() - start < 30  # dripping to its end takes minutes
    send(mailer)
    assert len(server.state.sent) == 1


def test_f16_an_unknown_user_is_refused_for_good_and_the_next_letter_goes_out(
    server: Netease, connect: Connect
) -> None:
    server.switches.unknown_users = frozenset({"gone@example.com"})
    mailer = connect()
    with pytest.raises(MailerRefused, match="User not found"):
        mailer.send(letter(), USER, ["gone@example.com"])
    send(mailer, 2)


def test_f17_the_third_identical_body_pauses_everything_until_an_operator_acts(
    server: Netease, connect: Connect
) -> None:
    mailer = connect()
    for number in (1, 2):
        mailer.send(letter(number, "the same\r\n"), USER, [TO])
    with pytest.raises(MailerPaused, match="DT:SPM") as told:
        mailer.send(letter(3, "the same\r\n"), USER, [TO])
    assert told.value.resume_after_seconds is None
    assert "wording" in told.value.fix


def test_f17_quota_of_a_quarter_hour_and_of_a_day_pause_for_as_long(server: Netease, connect: Connect) -> None:
    server.switches.per_quarter, server.switches.per_day = 1, 2
    mailer = connect()
    send(mailer, 1)
    with pytest.raises(MailerPaused, match="MI:SFQ") as quarter:
        send(mailer, 2)
    assert quarter.value.resume_after_seconds == 15 * 60
    server.state.clock_offset = 16 * 60
    send(mailer, 3)
    with pytest.raises(MailerPaused, match="MI:STC") as day:
        send(mailer, 4)
    assert day.value.resume_after_seconds == 24 * 3600


def test_f17_no_permission_pauses(server: Netease, connect: Connect) -> None:
    server.switches.faults.append(Fault("RCPT", "no", text="550 User has no permission"))
    with pytest.raises(MailerPaused):
        send(connect())


@pytest.mark.parametrize("gbk", [False, True])
def test_a_wrong_password_pauses_after_a_single_try_and_its_text_is_readable(
    server: Netease, connect: Connect, gbk: bool
) -> None:
    server.switches.gbk_errors = gbk
    with pytest.raises(MailerPaused, match="授权码" if gbk else "authentication failed") as told:
        send(connect(password="not-the-one"))
    assert "not-the-one" not in str(told.value) + told.value.fix
    assert server.state.wrong_logins == 1
    assert told.value.resume_after_seconds is None


def test_a_locked_account_pauses(server: Netease, connect: Connect) -> None:
    server.switches.lock_out_after = 1
    mailer = connect(password="wrong")
    for expected in ("535", "554 IP is rejected"):
        with pytest.raises(MailerPaused, match=expected):
            send(mailer)


@pytest.mark.parametrize("what", ["drop", "stall", "drip"])
def test_f18_f19_without_an_answer_to_the_final_dot_the_letter_is_in_doubt(
    server: Netease, connect: Connect, what: str
) -> None:
    server.switches.one_connection = False
    server.switches.faults.append(Fault("dot", what, text=b"250-" + b"." * 4000))
    mailer = connect(final_wait=0.4)
    with pytest.raises(MailerInDoubt):
        send(mailer)
    assert len(server.state.sent) == 1  # it was taken: this is why the caller must not simply send again
    send(mailer, 2)


def test_f19_the_answer_to_the_final_dot_is_waited_for_longer_than_any_other(connect: Connect) -> None:
    def slow(connection: socket.socket) -> None:
        reader = connection.makefile("rb")
        connection.sendall(b"220 slow\r\n")
        for answer in (b"250 hello", b"250 ok", b"250 ok", b"354 go"):
            reader.readline()
            connection.sendall(answer + b"\r\n")
        while reader.readline() != b".\r\n":
            pass
        time.sleep(0.8)
        connection.sendall(b"250 taken after all\r\n")

    with scripted(slow) as port:
        mailer = SmtpMailer("127.0.0.1", port, "", "", tls="none", timeout=0.4, final_wait=5)
        assert send(mailer) == "250 taken after all"


def test_nonsense_after_the_final_dot_is_a_doubt_and_not_a_refusal() -> None:
    with scripted(_taking(b"what?\r\n")) as port, pytest.raises(MailerInDoubt):
        send(SmtpMailer("127.0.0.1", port, "", "", tls="none", timeout=1, final_wait=1))


def test_f20_a_refused_copy_does_not_keep_the_letter_from_the_others(server: Netease, connect: Connect) -> None:
    server.switches.unknown_users = frozenset({"finance@example.com"})
    accepted = connect().send(letter(), USER, [TO, "finance@example.com", TO])
    assert accepted.refused == (("finance@example.com", "550 User not found: finance@example.com"),)
    assert server.state.sent[0][1] == (TO,)


def test_f20_when_all_are_refused_and_one_only_for_now_the_letter_waits(server: Netease, connect: Connect) -> None:
    server.switches.unknown_users = frozenset({TO})
    server.switches.faults.append(Fault("RCPT", "no", text="450 RP:CEL later"))
    with pytest.raises(MailerUnavailable):
        connect().send(letter(), USER, ["a@example.com", TO])


def test_f21_a_421_behind_the_yes_does_not_take_the_yes_back() -> None:
    with scripted(_taking(b"250 queued\r\n421 going down\r\n")) as port:
        mailer = SmtpMailer("127.0.0.1", port, "", "", tls="none", timeout=1, final_wait=1)
        assert send(mailer, 1) == send(mailer, 2) == "250 queued"


def test_f21_a_server_that_answers_before_it_is_asked_gets_no_final_dot() -> None:
    early = dialogue(b"220 hi\r\n", b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n250 taken\r\n")
    with scripted(early) as port, pytest.raises(MailerUnavailable, match="before it is asked"):
        send(SmtpMailer("127.0.0.1", port, "", "", tls="none", timeout=1, final_wait=1))


def test_f22_a_chinese_user_name_cannot_be_written_to_and_nothing_is_said(server: Netease, connect: Connect) -> None:
    with pytest.raises(MailerRefused, match="SMTPUTF8"):
        connect().send(letter(), USER, ["李雷@example.com"])
    assert server.state.connections == 0


def test_a_sender_that_is_not_the_login_pauses_since_every_letter_would_fail(server: Netease, connect: Connect) -> None:
    with pytest.raises(MailerPaused, match="553"):
        connect().send(letter(), "other@163.example", [TO])
    with pytest.raises(MailerPaused, match="DT:SUM"):
        connect().send(letter().replace(USER.encode(), b"other@163.example"), USER, [TO])


def test_a_kept_connection_that_the_server_closed_is_replaced_silently(server: Netease, connect: Connect) -> None:
    mailer = connect()
    send(mailer, 1)
    server.switches.faults.append(Fault("MAIL", "drop"))
    send(mailer, 2)
    assert len(server.state.sent) == 2
    assert server.state.connections == 2


def _taking(last: bytes) -> Callable[[socket.socket], None]:
    def script(connection: socket.socket) -> None:
        reader = connection.makefile("rb")
        connection.sendall(b"220 hi\r\n")
        for answer in (b"250 hello", b"250 ok", b"250 ok", b"354 go"):
            reader.readline()
            connection.sendall(answer + b"\r\n")
        while reader.readline() != b".\r\n":
            pass
        connection.sendall(last)
        reader.readline()

    return script
