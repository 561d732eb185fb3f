"""The way of a mail: stations, who handed it to our host, defects of the header; hostile lines cost nothing."""

import time
from datetime import UTC, datetime

import pytest
from tests.readers.mime.conftest import Read
from tests.support.patience import CPU_SECONDS

from mailintake.model.message import Hop, Note, Route

OURS = (
    b"Received: from mail.qingchuan.example (unknown [1.2.3.4])\r\n"
    b"\tby mx7.box.example (Coremail) with SMTP id Q1;\r\n\tMon, 02 Nov 2026 09:20:07 +0800 (CST)\r\n"
)
FIRST = (
    b"Received: from desk-3 (desk-3 [192.168.4.21]) by mail.qingchuan.example with ESMTPSA id 77;"
    b" Mon, 02 Nov 2026 09:20:00 +0800\r\n"
)
REST = b"From: <suhe@qingchuan.example>\r\nDate: Mon, 02 Nov 2026 09:19:58 +0800\r\n"


def test_the_stations_are_told_from_the_sender_to_us(read: Read) -> None:
    route = read(OURS + FIRST + REST + b"\r\nx").route
    assert [hop.by for hop in route.hops] == ["mail.qingchuan.example", "mx7.box.example (Coremail)"]
    at = datetime(2026, 11, 2, 1, 20, 7, tzinfo=UTC)
    sender = "mail.qingchuan.example (unknown [1.2.3.4])"
    assert route.hops[1] == Hop("mx7.box.example (Coremail)", sender, "SMTP", at, 7)


def test_who_handed_it_over_is_what_our_own_host_wrote_and_no_line_below_it(read: Read) -> None:
    forged = b"Received: from x (x [5.6.7.8]) by mx7.box.example with SMTP id 1; Mon, 02 Nov 2026 09:00:00 +0800\r\n"
    assert read(OURS + forged + FIRST + REST + b"\r\nx").route.handed_over == "1.2.3.4"
    private = OURS.replace(b"1.2.3.4", b"10.0.0.4")
    assert read(private + forged + FIRST + REST + b"\r\nx").route.handed_over == ""
    assert read(REST + b"\r\nx").route == Route()


def test_defects_of_the_header_are_named(read: Read) -> None:
    route = read(OURS + b"From: <suhe@qingchuan.example\r\nDate: Sun, 02 Nov 2026 09:19:58 +0800\r\n\r\nx").route
    assert any("weekday-mismatch" in defect for defect in route.defects)
    assert any(defect.startswith("AddressHeaderDefect: from[0]") for defect in route.defects)


@pytest.mark.parametrize(
    "line", [b"from " * 390, b"(" * 2000, b"by x " * 390, b"from" + b" " * 1900 + b"by", b";" * 2000]
)
def test_hostile_lines_cost_next_to_nothing(line: bytes, read: Read) -> None:
    raw = (b"Received: " + line + b"\r\n") * 60 + REST + b"\r\nx"
    start = time.process_time()
    message = read(raw)
    assert time.process_time() - start < CPU_SECONDS
    assert len(message.route.hops) <= 30
    assert message.received_hops == 60


def test_where_the_library_gives_up_the_mail_is_read_all_the_same(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: bytes) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr("mailparser.parse_from_bytes", fail)
    message = read(OURS + REST + b"\r\nx")
    assert message.route == Route()
    assert message.new_text == "x"
    assert Note.ENVELOPE_UNREADABLE in message.notes
