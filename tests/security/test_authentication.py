"""From the bytes that Coremail delivers to the answer: only what the receiving hop found about a sender counts
(CWE-290, 345). How the header is read: tests/readers/mime/test_authentication.py."""

import pytest
from tests.support.hostile import with_headers
from tests.support.netease_store import arrived
from tests.support.worker import Office, application, letter_text, mail

from mailintake.app.demo.mails import Answer

OWNER = "suhe@qingchuan.example"
FORGED = f"spf=pass smtp.mail={OWNER}; dkim=pass header.d=qingchuan.example"
TRACE = ("Received", "from mail.evil.example by mx7 (Coremail) with SMTP id gcCowADn; Mon, 2 Mar 2026 10:00:00 +0800")


def follow_up(at: Office) -> bytes:
    """The owner's photo for his case, as he would send it."""
    at.deliver(arrived(application(set="person profile", without=["photo"]), OWNER))
    at.run()
    (case,) = at.shells.store.cases()
    photo = [{"name": "贺知秋照片.jpg", "is": "photo", "of": ["a"]}]
    answer = Answer(case.number, case.letters[0].message_id)
    return mail(answer, id="m2", subject="Re: {CASE}", text="补交照片。", files=photo, **{"from": f"苏禾 <{OWNER}>"})


def documents(at: Office) -> int:
    (case,) = at.shells.store.cases()
    return len(case.documents)


def test_a_pass_that_is_folded_inside_its_words_lets_the_owner_through(at: Office) -> None:
    raw = follow_up(at)
    before = documents(at)
    at.deliver(arrived(raw, OWNER))
    at.run()
    assert documents(at) == before + 1
    assert "sender.forged" not in at.notices()


FORGERIES = {
    "his own result above the real one": lambda raw: arrived(raw, "boss@evil.example", spf="fail", forged=FORGED),
    "his own result under the name of the host": lambda raw: arrived(
        with_headers(raw, {"Authentication-Results": f"mx7; {FORGED}"}), "boss@evil.example", spf="fail"
    ),
    "his own trace of the same transaction": lambda raw: arrived(
        with_headers(raw, [TRACE, ("X-CM-TRANSID", "gcCowADn"), ("Authentication-Results", f"mx7; {FORGED}")]),
        "boss@evil.example",
        spf="fail",
    ),
    "his own result folded as Coremail folds": lambda raw: arrived(
        raw, "boss@evil.example", spf="fail", forged=FORGED.replace("dkim", "dki\n\tm")
    ),
}


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_result_that_the_sender_wrote_himself_changes_nothing(at: Office, kind: str) -> None:
    raw = follow_up(at)
    before, letters = documents(at), len(at.letters())
    at.deliver(FORGERIES[kind](raw))
    at.run()
    assert documents(at) == before
    assert "sender.unverified" in at.notices()
    for letter in at.letters()[letters:]:
        assert "贺知秋" not in letter_text(letter)


def test_a_new_application_from_a_forged_sender_is_told_to_staff(at: Office) -> None:
    at.deliver(arrived(application(), "boss@evil.example", spf="fail", forged=FORGED))
    at.run()
    assert "sender.forged" in at.notices()
