"""One id from the UID in the mailbox to the mail server's answer."""

import pytest
from tests.cli.conftest import Command


def test_a_mail_a_case_an_address_a_place_and_a_letter_lead_to_the_same_way(command: Command) -> None:
    (by_id,) = command("trace", "1", "--json").rows[0]["ways"]
    (letter,) = by_id["letters"]
    mail_ = by_id["mail"]
    place = mail_["places"][0]
    assert mail_["sha256"].startswith(by_id["trace"])
    assert (letter["letter"], letter["case"]) == ("tolerated", mail_["cases"][0])
    assert mail_["received_at"].endswith("+08:00")
    asked = (by_id["trace"], mail_["message_id"], mail_["cases"][0], letter["message_id"])
    for what in (*asked, f"{place['folder']}/{place['uid']}", mail_["sender"]):
        assert by_id in command("trace", what, "--json").rows[0]["ways"], what


def test_it_is_told_in_words_with_what_waits(command: Command) -> None:
    shown = command("trace", "1").out
    for words in ("UID", "取回", "已处理", "建案", "容缺告知", "等人批准", "+08:00"):
        assert words in shown


def test_what_is_not_ours_is_not_found(command: Command) -> None:
    for what in ("nobody@nowhere.example", "LN-2026-999999-1", "INBOX/99999", "zzz"):
        assert command("trace", what).code == 2


def test_what_an_address_sent_longer_ago_is_counted_and_told_on_request(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = command("trace", "1", "--json").rows[0]["ways"][0]["mail"]["sender"]
    everything = command("trace", address, "--everything", "--json").rows[0]
    mails = [way["mail"] for way in everything["ways"] if way["mail"]]
    assert everything["older"] == 0
    monkeypatch.setattr("mailintake.app.trace.LATEST", 1)
    latest = command("trace", address, "--json").rows[0]
    assert [way["mail"] for way in latest["ways"] if way["mail"]] == mails[-1:]
    assert latest["older"] == len(mails) - 1
