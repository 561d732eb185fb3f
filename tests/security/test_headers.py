"""What a stranger writes into names, subjects and identifiers never becomes a header of ours (CWE-93, 113, 407)."""

import time

import pytest
from tests.support.hostile import with_file, with_headers, word
from tests.support.patience import CPU_SECONDS
from tests.support.worker import Office, application, letter_text, mail

OURS = {
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "auto-submitted",
    "mime-version",
    "reply-to",
    "content-type",
    "content-transfer-encoding",
    "x-mailintake-letter",
    "x-auto-response-suppress",
    "content-language",
}
ADDRESS = "suhe@qingchuan.example"
ENDS = {
    "crlf": "\r\n",
    "lf": "\n",
    "cr": "\r",
    "folded": "\r\n ",
    "vt": "\v",
    "nel": "\x85",
    "ls": "\u2028",
    "nul": "\0",
}
PLACES = {
    "subject": lambda evil: {"Subject": word(f"新办APEC卡{evil}")},
    "display name": lambda evil: {"From": f"{word(f'苏禾{evil}')} <{ADDRESS}>"},
    "reply-to name": lambda evil: {"Reply-To": f"{word(f'苏禾{evil}')} <{ADDRESS}>"},
    "message id": lambda evil: {"Message-ID": f"<a{word(evil)}@b.example>"},
    "references": lambda evil: {"References": f"<a@b.example> {word(evil)}"},
}


def check_letters(at: Office) -> None:
    """Every letter has our headers only, and goes to the one who wrote."""
    assert at.letters()
    for letter in at.letters():
        names = [name.lower() for name in letter]
        assert set(names) <= OURS, names
        assert len(names) == len(set(names))
        assert all(c.isprintable() for value in letter.values() for c in str(value))
        assert not any(line.lower().startswith("bcc:") for line in letter_text(letter).split("\n"))
    assert {to for _, _, recipients in at.mailer.taken for to in recipients} <= {ADDRESS, *staff(at)}


def staff(at: Office) -> set[str]:
    return {to for raw, _, recipients in at.mailer.taken for to in recipients if "日报" in _subject(raw)}


def _subject(raw: bytes) -> str:
    from email import message_from_bytes
    from email.policy import default

    return str(message_from_bytes(raw, policy=default)["Subject"])


@pytest.mark.parametrize("place", PLACES)
def test_line_ends_in_decoded_words_make_no_header(at: Office, place: str) -> None:
    for name in ("crlf", "folded", "nel", "nul"):
        end = ENDS[name]
        evil = f"{end}Bcc: victim@evil.example{end}X-Evil: 1"
        at.deliver(with_headers(application(id=f"{place[:3]}-{name}", without=["photo"]), PLACES[place](evil)))
    at.run()
    assert {row.status for row in at.shells.store.messages()} == {"done"}
    check_letters(at)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_line_ends_in_file_names_make_no_header_and_no_line_of_ours(at: Office, end: str) -> None:
    at.deliver(with_file(word(f"照片.exe{end}Bcc: victim@evil.example{end}"), b"MZ" + bytes(500), without=["photo"]))
    at.run()
    check_letters(at)


BOMBS: dict[str, dict[str, str] | list[tuple[str, str]]] = {
    "many quotes in From": {"From": '"' * 20_001 + f" <{ADDRESS}>"},
    "brackets in From": {"From": "(" * 20_000 + ADDRESS},
    "encoded words in Subject": {"Subject": "=?utf-8?Q?a?= " * 20_000},
    "recipients": {"To": "Li Hua <abc@example.com>, " * 20_000},
    "references": {"References": "<a@b.example> " * 20_000},
    "a subject of one megabyte": {"Subject": "x" * 2**20},
    "header lines": [(f"X-{n}", "b") for n in range(20_000)],
    "colons": {"Received": ":;" * 60_000},
    "comments": {"Date": "(" * 60_000},
    "parameters": {"Content-Disposition": "a" + "; b*0*=x" * 20_000},
    "case numbers": {"Subject": "LN-2026-000001 " * 8_000},
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_header_bombs_cost_little_and_have_a_fate(at: Office, bomb: str) -> None:
    at.deliver(with_headers(mail(), BOMBS[bomb]))
    started = time.process_time()
    at.run()
    assert time.process_time() - started < CPU_SECONDS
    (row,) = at.shells.store.messages()
    assert row.status == "done"
    assert row.disposition is not None
