"""Only what the receiving hop itself found about the sender is believed."""

from collections.abc import Sequence

import pytest
from tests.readers.mime.conftest import Read
from tests.support.mails import Mail, build, coremail_results, coremail_trace

from mailintake.model.message import AuthenticationResult

SENDER = "lihua@example.com"
FORGED = ("Authentication-Results", "mx27; spf=pass smtp.mail=boss@gov.example; dkim=pass header.i=@gov.example")


def result(
    read: Read, trace: list[tuple[str, str]], headers: Sequence[tuple[str, str]] = (), sender: str = SENDER
) -> AuthenticationResult:
    return read(build(Mail("新办", "x", addr=sender, headers=headers), "163", trace=trace)).authentication


def test_appended_results_folded_inside_words_are_read(read: Read) -> None:
    found = result(read, coremail_trace(SENDER), coremail_results(SENDER))
    assert (found.spf, found.dkim, found.aligned) == ("pass", "pass", True)


def test_a_forged_header_above_the_real_one_is_not_believed(read: Read) -> None:
    headers = [FORGED, *coremail_results(SENDER, spf="neutral", dkim="none")]
    found = result(read, coremail_trace(SENDER), headers, "boss@gov.example")
    assert (found.spf, found.dkim, found.aligned) == ("neutral", "none", None)


def test_a_forged_header_directly_below_the_trace_is_not_believed_where_the_server_appends(read: Read) -> None:
    found = result(read, [*coremail_trace(SENDER), FORGED], coremail_results(SENDER, spf="fail", dkim="none"))
    assert (found.spf, found.dkim) == ("fail", "none")


def test_a_forged_pair_of_another_transaction_is_not_believed(read: Read) -> None:
    headers = coremail_results("boss@gov.example", transaction="Other--.1S1")
    found = result(
        read, coremail_trace(SENDER), [*coremail_results(SENDER, spf="none", dkim="none"), *headers][:2] + headers[:1]
    )
    assert found.spf == "none"


def test_results_of_another_host_say_nothing(read: Read) -> None:
    assert result(read, coremail_trace(SENDER), coremail_results(SENDER, host="mx99")).spf == "unknown"


def test_results_directly_below_the_trace_count_where_nothing_is_appended(read: Read) -> None:
    value = f"gzga-mx; spf=softfail smtp.mailfrom={SENDER};\r\n\tdkim=pass header.d=example.com; dmarc=pass"
    trace = [*coremail_trace(SENDER, host="gzga-mx-g1-2"), ("Authentication-Results", value)]
    found = result(read, trace)
    assert (found.spf, found.dkim, found.aligned) == ("softfail", "pass", True)


@pytest.mark.parametrize("host", ["mx2", "x", "mx270", "evil.example"])
def test_a_name_that_only_resembles_the_host_is_not_believed(host: str, read: Read) -> None:
    trace = [*coremail_trace(SENDER), ("Authentication-Results", f"{host}; spf=pass smtp.mailfrom={SENDER}")]
    assert result(read, trace).spf == "unknown"


def test_without_a_trace_nothing_is_known(read: Read) -> None:
    found = result(read, [], [FORGED])
    assert (found.spf, found.dkim, found.aligned) == ("unknown", "unknown", None)


@pytest.mark.parametrize(
    ("passed", "sender", "aligned"),
    [
        ("example.com", "a@example.com", True),
        ("mail.example.com", "a@example.com", True),
        ("example.com", "a@hr.example.com", True),
        ("example.com", "a@badexample.com", False),
        ("com", "a@example.com", False),
    ],
)
def test_what_passed_must_be_the_domain_in_from(passed: str, sender: str, aligned: bool | None, read: Read) -> None:
    results = coremail_results(f"x@{passed}")
    assert result(read, coremail_trace(sender), results, sender).aligned is aligned


def test_results_in_two_headers_of_the_hop_are_read_together(read: Read) -> None:
    headers = [
        *coremail_results(SENDER, spf="none", dkim="none")[:1],
        ("Authentication-Results", f"mx27; spf=none smtp.mail={SENDER}"),
        ("Authentication-Results", "mx27; dkim=fail header.i=@example.com"),
    ]
    found = result(read, coremail_trace(SENDER), headers)
    assert (found.spf, found.dkim, found.aligned) == ("none", "fail", None)


def test_a_second_header_on_top_may_speak_against_the_sender_and_never_for_him(read: Read) -> None:
    first = ("Authentication-Results", f"mx27; spf=none smtp.mailfrom={SENDER}")
    trace = [*coremail_trace(SENDER), first, ("Authentication-Results", "mx27; dkim=pass header.d=example.com")]
    assert result(read, trace).dkim == "unknown"
    trace = [*coremail_trace(SENDER), first, ("Authentication-Results", "mx27; dkim=fail header.d=example.com")]
    assert result(read, trace).dkim == "fail"


@pytest.mark.parametrize(
    ("value", "spf", "dkim", "aligned"),
    [
        ("spf=hardfail smtp.mailfrom=x@example.com", "hardfail", "unknown", None),
        ("dkim=fail header.d=list.example; dkim=pass header.d=example.com", "unknown", "pass", True),
        ("dkim=pass header.d=list.example; dkim=fail header.d=example.com", "unknown", "fail", False),
        ("spf=fail (dkim=pass header.d=example.com) smtp.mailfrom=x@example.com", "fail", "unknown", None),
        ("spf=pass", "pass", "unknown", None),
        ("dkim/1 = pass header.i=@example.com; x-spf=pass smtp.mail=x@example.com", "unknown", "pass", True),
    ],
)
def test_each_method_is_read_for_itself(value: str, spf: str, dkim: str, aligned: bool | None, read: Read) -> None:
    trace = [*coremail_trace(SENDER), ("Authentication-Results", f"mx27; {value}")]
    found = result(read, trace)
    assert (found.spf, found.dkim, found.aligned) == (spf, dkim, aligned)
