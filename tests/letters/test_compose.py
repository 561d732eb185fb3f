"""The bytes that go out."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from mailintake.letters.compose import LOOP_HEADER, compose, is_own_message_id, make_message_id
from mailintake.letters.render import Rendered
from mailintake.model.letter import LetterKind, ThreadingHeaders
from mailintake.model.message import Address

RENDERED = Rendered(
    "【补正告知】LN-2026-000123 新办APEC商务旅行卡（还差12项，12月7日前）" * 2, "您好：\n正文\n", "<p>您好：</p>"
)
WHEN = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
LONG = f"<{'x' * 120}@mail.example.com>"
OFFICE = Address("辽宁省人民政府外事办公室", "intake@example.com")


def raw(kind: LetterKind = LetterKind.CORRECTION, **changes: Any) -> bytes:
    """A composed letter."""
    parts: dict[str, object] = {
        "sender": OFFICE, "to": ("clerk@example.com",), "cc": ("finance@example.com",),
        "message_id": make_message_id("ab", kind.value, 0, "example.com"),
        "threading": ThreadingHeaders(LONG, ("<first@example.com>", LONG)), "date": WHEN,
    }  # fmt: skip
    return compose(RENDERED, kind=kind, **(parts | changes))  # type: ignore[arg-type]


def read(data: bytes) -> EmailMessage:
    """As a mail program reads it."""
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_text_and_html_come_back_as_written() -> None:
    mail = read(raw())
    assert mail.get_content_type() == "multipart/alternative"
    text, page = mail.iter_parts()
    assert text.get_content().splitlines() == RENDERED.text.splitlines()
    assert page.get_content().strip() == RENDERED.html


def test_names_and_subject_come_back_as_written() -> None:
    mail = read(raw())
    assert mail["Subject"] == RENDERED.subject
    assert mail["From"].addresses[0].display_name == OFFICE.name
    assert mail["Reply-To"].addresses[0].addr_spec == OFFICE.addr
    assert mail["Cc"] == "finance@example.com"


def test_bytes_are_plain_ascii_with_crlf_and_short_lines() -> None:
    data = raw()
    data.decode("ascii")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 998


def test_long_references_stay_identifiers() -> None:
    header = raw().partition(b"\r\n\r\n")[0]
    assert b"References: <first@example.com>\r\n " + LONG.encode() in header
    assert b"In-Reply-To: " + LONG.encode() in header


def test_rubbish_in_references_is_left_out() -> None:
    mail = read(raw(threading=ThreadingHeaders("no id", ("<a@b>", "x<c d>", "<局@b>"))))
    assert mail["In-Reply-To"] is None
    assert mail["References"] == "<a@b>"


def test_very_long_threads_keep_the_first_and_the_last() -> None:
    many = tuple(f"<m{n}@example.com>" for n in range(60))
    kept = read(raw(threading=ThreadingHeaders(many[-1], many)))["References"].split()
    assert (kept[0], kept[-1], len(kept)) == (many[0], many[-1], 20)


@pytest.mark.parametrize(
    ("kind", "submitted"),
    [
        (LetterKind.CORRECTION, "auto-replied"),
        (LetterKind.REMINDER, "auto-generated"),
        (LetterKind.DIGEST, "auto-generated"),
    ],
)
def test_letters_say_that_a_machine_wrote_them(kind: LetterKind, submitted: str) -> None:
    mail = read(raw(kind))
    assert mail["Auto-Submitted"] == submitted
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail[LOOP_HEADER] == kind.value


def test_same_letter_gives_the_same_bytes() -> None:
    assert raw() == raw()


def test_a_letter_without_recipient_is_refused() -> None:
    with pytest.raises(ValueError, match="recipient"):
        raw(to=("",))


def test_message_ids_are_deterministic_and_recognised() -> None:
    one = make_message_id("ab" * 32, "correction", 0, "163.com")
    assert one == make_message_id("ab" * 32, "correction", 0, "163.com")
    assert is_own_message_id(one)
    assert is_own_message_id(f" {one.upper()} ")


def test_message_ids_differ_by_mail_kind_and_sequence() -> None:
    made = {make_message_id(mail, kind, n, "163.com") for mail in ("a", "b") for kind in ("c", "d") for n in range(3)}
    assert len(made) == 12


@pytest.mark.parametrize(
    "other", ["", "<a@b>", "<mailintake.xyz.0@163.com>", "mailintake.0@163.com", f"<mailintake.{'0' * 32}.0@163.com> x"]
)
def test_other_message_ids_are_not_ours(other: str) -> None:
    assert not is_own_message_id(other)
