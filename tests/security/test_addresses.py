"""Addresses nobody can be reached at (RFC 6531 without SMTPUTF8, or nonsense): the case opens, staff are told."""

from datetime import timedelta

import pytest
from tests.support.hostile import with_headers
from tests.support.worker import Office, application

UNREACHABLE = ("李华@qingchuan.example", "li(x@y", "l\u200bi华@qingchuan.example", "x" * 80 + "@qq.com")
ODD = (
    "a..b@qingchuan.example",
    "abc.@docomo.example",
    "o'neil+apec@qingchuan.example",
    "li@晴川.example",
    "A_B@QQ.COM",
)


@pytest.mark.parametrize("address", UNREACHABLE)
def test_nobody_is_written_to_and_staff_know_it(at: Office, address: str) -> None:
    at.deliver(with_headers(application(set="person", without=["photo"]), {"From": f"<{address}>"}))
    at.run()
    assert {row.status for row in at.shells.store.messages()} == {"done"}
    assert at.letters() == []
    assert "sender.unreachable" in at.notices()
    report = at.run(timedelta(days=12))  # reminders are due, too
    assert not report.faults


@pytest.mark.parametrize("address", ODD)
def test_an_odd_address_that_works_gets_its_letter(at: Office, address: str) -> None:
    at.deliver(with_headers(application(set="person", without=["photo"]), {"From": f"<{address}>"}))
    at.run()
    (letter,) = at.letters()
    assert str(letter["To"]).isascii()
    assert at.mailer.taken[0][2][0].lower().endswith(str(letter["To"]).partition("@")[2].lower()) or "晴川" in address
