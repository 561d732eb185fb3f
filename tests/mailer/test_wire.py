"""Addresses and line ends as they go over the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailintake.errors import MailerRefused
from mailintake.mailer.addresses import wire_address
from mailintake.mailer.smtp import dot_stuffed


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("li.lei+apec@mail.example.com", "li.lei+apec@mail.example.com"),
        ("li@公司.example", "li@xn--55qx5d.example"),
        ("root@[127.0.0.1]", "root@[127.0.0.1]"),
    ],
)
def test_an_address_goes_out_in_ascii(address: str, wire: str) -> None:
    assert wire_address(address) == wire


@pytest.mark.parametrize(
    "address",
    [
        "李雷@example.com",
        "",
        "nobody",
        "@example.com",
        "a@",
        "a b@example.com",
        "a@example.com>\r\nRCPT TO:<x@evil.example",
        "a@example.com\nDATA",
        "<a@example.com>",
        "a@exa mple.com",
        "a\0@example.com",
        "x" * 65 + "@example.com",
        "a@" + "公" * 70 + ".example",
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_said(address: str) -> None:
    with pytest.raises(MailerRefused):
        wire_address(address)


@given(st.binary(max_size=400))
def test_no_mail_can_end_itself_before_its_end(raw: bytes) -> None:
    wire = dot_stuffed(raw)
    lines = wire.split(b"\r\n")
    assert lines[-1] == b""
    assert b"." not in lines
    assert not any(b"\r" in line or b"\n" in line for line in lines)


def test_leading_dots_are_doubled_and_lone_line_ends_become_crlf() -> None:
    assert dot_stuffed(b".a\n..b\r\r\nc.d") == b"..a\r\n...b\r\n\r\nc.d\r\n"
