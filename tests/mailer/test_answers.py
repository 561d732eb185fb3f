"""The provider's tokens, words and codes, and what each of them makes the worker do."""

import pytest

from mailintake.errors import MailerPaused, MailerRefused, MailerUnavailable
from mailintake.mailer.answers import Phase, decoded, refusal

LINK = "http://mail.163.com/help/help_spam_16.htm?ip=192.0.2.1"
DAY, QUARTER = 24 * 3600, 15 * 60


@pytest.mark.parametrize("code", [421, 450, 451, 550, 554])
@pytest.mark.parametrize(
    ("token", "error", "seconds"),
    [
        ("HL:REP", MailerUnavailable, 3600),
        ("HL:ICC", MailerUnavailable, 3600),
        ("MI:CEL", MailerUnavailable, 0),
        ("MI:DMC", MailerUnavailable, 0),
        ("RP:DRC", MailerUnavailable, 0),
        ("MI:SFQ", MailerPaused, QUARTER),
        ("RP:QRC", MailerPaused, QUARTER),
        ("MI:STC", MailerPaused, DAY),
        ("RP:TRC", MailerPaused, DAY),
        ("RP:RCL", MailerPaused, DAY),
        ("MI:SPF", MailerPaused, None),
        ("MI:NHD", MailerPaused, None),
        ("DT:SUM", MailerPaused, None),
    ],
)
def test_a_token_decides_whatever_the_code_and_the_link_behind_it(
    code: int, token: str, error: type[Exception], seconds: int | None
) -> None:
    told = refusal(code, f"{token} 163 smtp1,abc {LINK}".encode(), Phase.DATA)
    assert type(told) is error
    waits = (
        told.retry_after_seconds
        if isinstance(told, MailerUnavailable)
        else getattr(told, "resume_after_seconds", 0) or None
    )
    assert waits == seconds


def test_a_spam_verdict_is_temporary_with_4xx_and_stops_everything_with_5xx() -> None:
    soft = refusal(451, b"DT:SPM please try again 15min later", Phase.DATA)
    hard = refusal(554, b"DT:SPM 163 smtp1", Phase.DATA)
    assert isinstance(soft, MailerUnavailable)
    assert soft.retry_after_seconds == QUARTER
    assert isinstance(hard, MailerPaused)
    assert hard.resume_after_seconds is None


@pytest.mark.parametrize(
    ("code", "text", "phase", "error"),
    [
        (550, "User not found", Phase.RECIPIENT, MailerRefused),
        (550, f"Invalid User {LINK}", Phase.RECIPIENT, MailerRefused),
        (550, "User suspended", Phase.RECIPIENT, MailerRefused),
        (552, "exceeded mailsize", Phase.SENDER, MailerRefused),
        (552, "Illegal Attachment", Phase.DATA, MailerRefused),
        (553, "NULL sender is not allowed", Phase.SENDER, MailerRefused),
        (553, "authentication is required", Phase.SENDER, MailerPaused),
        (553, "Local user is not allowed", Phase.SENDER, MailerPaused),
        (501, "mail from address must be same as authorization user", Phase.SENDER, MailerPaused),
        (550, "User has no permission", Phase.RECIPIENT, MailerPaused),
        (451, "too much fail authentication", Phase.LOGIN, MailerPaused),
        (554, "IP is rejected, smtp auth error limit exceed", Phase.CONNECT, MailerPaused),
        (535, "Login Fail", Phase.LOGIN, MailerPaused),
        (454, "Temporary authentication failure", Phase.LOGIN, MailerUnavailable),
        (421, "closing", Phase.CONNECT, MailerUnavailable),
        (450, "mailbox busy", Phase.RECIPIENT, MailerUnavailable),
        (550, "Mail content denied", Phase.DATA, MailerPaused),
        (550, "Domain frequency limited", Phase.DATA, MailerPaused),
        (554, "no thanks", Phase.CONNECT, MailerPaused),
        (554, "no thanks", Phase.DATA, MailerRefused),
        (-1, "garbage", Phase.CONNECT, MailerUnavailable),
    ],
)
def test_words_and_codes_decide_where_no_token_comes(
    code: int, text: str, phase: Phase, error: type[Exception]
) -> None:
    assert type(refusal(code, text.encode(), phase)) is error


def test_server_text_is_read_as_utf8_else_gb18030_and_stays_on_one_line() -> None:
    assert decoded("请使用授权码登录".encode()) == "请使用授权码登录"
    assert decoded("请使用授权码登录".encode("gbk")) == "请使用授权码登录"
    assert decoded(b"two\r\nlines\x1b[31m \xe2\x80\xae") == "two lines[31m "
    assert "�" in decoded(b"\xff\xff\xff")
    assert len(decoded(b"x" * 10_000)) == 300
