"""The stand-in itself behaves as the public protocol logs of 163 say, or the tests against it would prove nothing."""

import imaplib
import re
import smtplib
import time
from pathlib import Path

import pytest
from tests.support.netease import PASSWORD, USER, Netease
from tests.support.netease_store import FIRST_UID, JUNK, SENT, arrived, with_download_block

MAIL = b"From: li@example.com\r\nSubject: one\r\n\r\nbody\r\n"


@pytest.fixture
def client(server: Netease) -> imaplib.IMAP4:
    client = imaplib.IMAP4(server.host, server.imap_port, timeout=5)
    client.login(USER, PASSWORD)
    imaplib.Commands["ID"] = ("AUTH", "SELECTED")
    return client


def said(client: imaplib.IMAP4, line: str) -> list[str]:
    """Everything the server answers to a line of ours, up to the tagged one."""
    client.send(f"{line}\r\n".encode())
    tag = line.split(maxsplit=1)[0]
    lines: list[str] = []
    while not lines or not lines[-1].startswith(tag):
        lines.append(client.readline().decode().rstrip())
    return lines


def test_select_is_refused_until_a_well_formed_id_came(client: imaplib.IMAP4) -> None:
    assert said(client, "A1 SELECT INBOX")[-1].startswith("A1 NO SELECT Unsafe Login")
    assert said(client, "A2 SEARCH ALL")[-1].startswith("A2 NO SEARCH State error")
    assert said(client, "A3 ID name value")[-1] == "A3 BAD Parse command error"
    assert said(client, "A4 EXAMINE INBOX")[-1].startswith("A4 NO EXAMINE Unsafe Login")
    assert said(client, 'A5 ID ("name" "x" "version" NIL)')[-1].startswith("A5 OK")
    assert said(client, "A6 SELECT INBOX")[-1].startswith("A6 OK")


def test_select_tells_no_uidnext_and_status_is_ill_formed(server: Netease, client: imaplib.IMAP4) -> None:
    server.store.add(MAIL)
    said(client, "A1 ID NIL")
    lines = "\n".join(said(client, "A2 SELECT INBOX"))
    assert "UIDNEXT" not in lines
    assert "UNSEEN" not in lines
    assert "[UIDVALIDITY 1]" in lines
    assert "\\*" not in lines
    assert said(client, 'A3 STATUS "INBOX" (UIDNEXT)')[0] == '* STATUS "INBOX" ()'


@pytest.mark.parametrize(
    "line", ["A1 IDLE", "A1 UID MOVE 1 Sent", "A1 UNSELECT", "A1 NAMESPACE", "A1 ENABLE X", "A1 AUTHENTICATE PLAIN AA"]
)
def test_commands_it_does_not_know_are_bad(client: imaplib.IMAP4, line: str) -> None:
    assert said(client, line)[-1] == "A1 BAD Parse command error"


def test_bare_number_tags_are_bad(client: imaplib.IMAP4) -> None:
    assert said(client, "17 NOOP")[-1] == "17 BAD Parse command error"


def test_keywords_are_taken_and_forgotten(server: Netease, client: imaplib.IMAP4) -> None:
    uid = server.store.add(MAIL)
    said(client, "A1 ID NIL")
    said(client, "A2 SELECT INBOX")
    assert said(client, f"A3 UID STORE {uid} +FLAGS (Done \\Seen)")[-1].startswith("A3 OK")
    assert server.store.mails()[0].flags == {"\\Seen"}


def test_searching_is_refused_in_the_ways_of_163_and_useless_in_the_way_of_qq(
    server: Netease, client: imaplib.IMAP4
) -> None:
    uids = [server.store.add(MAIL) for _ in range(2)]
    said(client, "A1 ID NIL")
    said(client, "A2 SELECT INBOX")
    assert said(client, "A3 UID SEARCH CHARSET UTF-8 ALL")[-1].startswith("A3 BAD")
    assert said(client, "A4 UID SEARCH FROM nobody")[-1].startswith("A4 NO")
    assert said(client, f"A5 UID SEARCH UID {uids[1]}:*")[0] == f"* SEARCH {uids[1]}"
    server.switches.search = "qq"
    assert said(client, "A6 UID SEARCH FROM nobody")[0] == f"* SEARCH {uids[0]} {uids[1]}"


def test_numbers_start_high_and_have_gaps_and_folders_cannot_be_made(server: Netease, client: imaplib.IMAP4) -> None:
    uids = [server.store.add(MAIL) for _ in range(5)]
    assert uids[0] > FIRST_UID
    assert uids[-1] - uids[0] > 4
    assert said(client, 'A1 CREATE "INBOX/own"')[-1].startswith("A1 NO")
    assert len([line for line in said(client, 'A2 LIST "" "*"') if line.startswith("* LIST")]) == 8


def test_damaged_structures_come_on_request(server: Netease, client: imaplib.IMAP4) -> None:
    server.store.add(MAIL)
    server.switches.damaged_structure = True
    said(client, "A1 ID NIL")
    said(client, "A2 SELECT INBOX")
    assert '""""' in said(client, "A3 FETCH 1 (BODYSTRUCTURE)")[0]


def test_arriving_mail_carries_the_verdict_behind_the_senders_headers_folded_inside_words() -> None:
    raw = arrived(MAIL, "li@example.com", forged="spf=pass smtp.mail=boss@gov.example").decode()
    assert raw.startswith("Received: from mail.example.com")
    assert raw.index("boss@gov.example") < raw.index("Subject: one") < raw.index("X-CM-TRANSID")
    assert re.search(r"dki\n\tm=none", raw)
    assert b"netease-attDown" in with_download_block(b"<html><body>x</body></html>")


def test_mail_sent_by_smtp_appears_in_the_sent_folder_after_a_while(server: Netease) -> None:
    server.switches.sent_appears = 0.05
    with smtplib.SMTP(server.host, server.smtp_port, timeout=5) as smtp:
        smtp.login(USER, PASSWORD)
        smtp.sendmail(USER, ["li@example.com"], f"From: {USER}\r\n\r\nbody\r\n".encode())
    assert server.store.mails(SENT) == ()
    time.sleep(0.2)
    assert len(server.store.mails(SENT)) == 1


def test_a_store_is_filled_from_a_folder_and_mails_are_moved_with_their_date(server: Netease, tmp_path: Path) -> None:
    for name in ("b.eml", "a.eml"):
        (tmp_path / name).write_bytes(name.encode())
    server.store.load(tmp_path, JUNK)
    first, second = server.store.mails(JUNK)
    assert first.raw == b"a.eml"
    moved = server.store.move(second.uid, JUNK, "INBOX")
    assert server.store.mails()[0].date == second.date
    assert server.store.mails()[0].uid == moved
