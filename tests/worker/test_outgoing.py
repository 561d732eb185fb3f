"""Which letters are written, to whom, and when they are held back."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from tests.support.worker import Office, application, letter_text, mail, office

from mailintake.app.demo.mails import Answer
from mailintake.letters.contradictions import Contradiction, Fault
from mailintake.model.case import State
from mailintake.model.letter import LetterKind, LetterPolicy, Mode, OutboxState
from mailintake.model.understanding import LetterOrder
from mailintake.readers.pool import ReaderPool
from mailintake.worker.intake.process import process
from mailintake.worker.outbox import queueing
from mailintake.worker.outbox.queueing import Occasion, queue_orders

QUIET = LetterPolicy(default_mode=Mode.AUTO, quiet_seconds=600)
SOON = timedelta(minutes=2)


def kinds(at: Office, *states: OutboxState) -> list[str]:
    return [entry.letter.value for entry in at.outbox(*states)]


def order(at: Office, wanted: LetterOrder) -> None:
    """Queue a letter that no mail asked for."""
    with at.shells.store.begin() as unit:
        known = {c.number: c for c in at.shells.store.cases()}
        number = len(at.shells.store.outbox())
        queue_orders(at.shells, unit, (wanted,), known, Occasion(None, at.clock.now, number))


@pytest.mark.parametrize(
    ("mode", "state"),
    [
        (Mode.SHADOW, OutboxState.SHADOWED),
        (Mode.APPROVE, OutboxState.WAITING),
        (Mode.DRAFT, OutboxState.DRAFTED),
        (Mode.AUTO, OutboxState.SENT),
    ],
)
def test_the_mode_decides_how_far_a_letter_goes(
    tmp_path: Path, readers: ReaderPool, mode: Mode, state: OutboxState
) -> None:
    with office(tmp_path, readers=readers, policy=LetterPolicy(default_mode=mode, quiet_seconds=0)) as at:
        at.deliver(mail())
        at.run()
        assert [entry.state for entry in at.outbox()] == [state]
        assert len(at.letters()) == (state is OutboxState.SENT)
        drafts = list((tmp_path / "inbox" / "Drafts").glob("*.eml"))
        assert len(drafts) == (state is OutboxState.DRAFTED)


def test_a_letter_that_contradicts_itself_waits_for_a_person_and_staff_read_why(
    tmp_path: Path, readers: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (Fault(Contradiction.LAST_DAY, "12月7日 12月9日"),)
    monkeypatch.setattr(queueing, "contradictions", lambda *_: found)
    with office(tmp_path, readers=readers, policy=LetterPolicy(default_mode=Mode.AUTO, quiet_seconds=0)) as at:
        at.deliver(mail())
        at.run()
        assert [entry.state for entry in at.outbox()] == [OutboxState.WAITING]
        assert at.letters() == []
        assert any("12月9日" in text for text in at.notices("letter.contradiction"))


def test_a_letter_that_is_off_is_not_written(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, policy=LetterPolicy(default_mode=Mode.OFF)) as at:
        at.deliver(application())
        at.run()
        assert at.outbox() == ()
        assert len(at.shells.store.cases()) == 1


def test_mails_inside_the_quiet_period_get_one_letter_that_says_everything(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, policy=QUIET) as at:
        at.deliver(application(without=["photo", "signature"]))
        at.run()
        (case,) = at.shells.store.cases()
        photo = [{"name": "贺知秋照片.jpg", "is": "photo", "of": ["a"]}]
        answer = Answer(case.number, case.letters[0].message_id)
        at.deliver(mail(answer, id="more", subject="补充照片", text="补充照片，请查收。", files=photo))
        at.run(SOON)
        assert at.letters() == []
        at.run(timedelta(minutes=11))
        (letter,) = at.letters()
        assert kinds(at) == ["correction"] * len(at.outbox()) or kinds(at)[-1] != "received"
        assert [e.state for e in at.outbox()] == [OutboxState.SUPERSEDED, OutboxState.SENT]
        text = letter_text(letter)
        assert "签名" in text


def test_a_small_answer_does_not_take_back_a_correction(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, policy=QUIET) as at:
        at.deliver(application(without=["photo"]))
        at.run()
        (case,) = at.shells.store.cases()
        assert case.state is State.AWAITING_CORRECTION
        order(at, LetterOrder(LetterKind.TO_STAFF, ("suhe@qingchuan.example",), case.number))
        assert OutboxState.SUPERSEDED not in {e.state for e in at.outbox()}


def test_what_staff_wrote_is_never_taken_back(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, policy=LetterPolicy()) as at:
        at.deliver(application(without=["photo"]))
        at.run()
        (case,) = at.shells.store.cases()
        to = ("suhe@qingchuan.example",)
        order(at, LetterOrder(LetterKind.RESULT, to, case.number, text="请到窗口领卡。"))
        order(at, LetterOrder(LetterKind.CORRECTION, to, case.number))
        assert [(e.letter.value, e.state.value) for e in at.outbox()] == [
            ("tolerated", "superseded"),
            ("result", "waiting"),
            ("correction", "waiting"),
        ]


def test_a_letter_about_two_cases_is_only_replaced_by_one_about_both(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, policy=QUIET) as at:
        at.deliver(application(without=["photo"]))
        at.deliver(
            application(
                id="m2", of=["d"], subject="新办APEC商务旅行卡 沈砚", text="沈砚首次申请办理。", without=["photo"]
            )
        )
        at.run()
        first, second = at.shells.store.cases()
        to = ("suhe@qingchuan.example",)
        row = at.shells.store.messages()[0]
        both = LetterOrder(LetterKind.CORRECTION, to, first.number, (second.number,))
        with at.shells.store.begin() as unit:
            from mailintake.worker.outbox.queueing import remembered

            known = {c.number: c for c in (first, second)}
            queued = queue_orders(at.shells, unit, (both,), known, Occasion(None, at.clock.now, 7))
            for case in (first, second):
                unit.save_case(remembered(at.shells, case, queued, at.clock.now))
        order(at, LetterOrder(LetterKind.CORRECTION, to, first.number))
        (unsent,) = at.outbox(OutboxState.READY)
        text = at.shells.store.files.path(unsent.sha256).read_bytes()
        assert row.sha256
        assert second.number in decoded(text)
        assert first.number in decoded(text)


def decoded(raw: bytes) -> str:
    from email import message_from_bytes
    from email.policy import default

    return str(letter_text(message_from_bytes(raw, policy=default)))


def test_the_deadline_of_every_case_in_a_letter_starts_with_it(tmp_path: Path, readers: ReaderPool) -> None:
    two = "您好，我公司贺知秋的卡遗失，申请补办；另季云舟护照换发，申请变更护照号码。"
    with office(tmp_path, readers=readers) as at:
        at.deliver(mail(subject="APEC卡遗失补办", text=two))
        at.run()
        cases = at.shells.store.cases()
        told = [c for c in cases if any(letter.sent_at for letter in c.letters)]
        assert len(told) == len({c.number for c in cases if c.letters})


def test_a_sheet_is_sent_once_a_day_to_one_address(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        for number in range(3):
            at.deliver(mail(id=f"m{number}"))
            at.run(timedelta(hours=1))
        assert len(at.letters()) == 1
        assert at.notices("letter.withheld") == ["suhe@qingchuan.example once_a_day"]
        at.deliver(mail(id="next-day"))
        at.run(timedelta(days=1))
        assert len(at.letters()) == 2


def test_one_address_gets_so_many_letters_a_day_and_the_rest_waits_for_a_clerk(
    tmp_path: Path, readers: ReaderPool
) -> None:
    policy = LetterPolicy(default_mode=Mode.AUTO, quiet_seconds=0, per_address_per_day=2)
    with office(tmp_path, readers=readers, policy=policy) as at:
        people = {"a": "贺知秋", "b": "季云舟", "c": "宁采薇"}
        for key, name in people.items():
            at.deliver(
                application(id=key, of=[key], subject=f"新办APEC商务旅行卡 {name}", text=f"{name}首次申请办理。")
            )
            at.run(timedelta(minutes=30))
        assert len(at.letters()) == 2
        assert len(at.outbox(OutboxState.WAITING)) == 1
        assert at.notices("letter.withheld") == ["suhe@qingchuan.example address_limit"]


def test_all_together_get_so_many_letters_a_day(tmp_path: Path, readers: ReaderPool) -> None:
    policy = LetterPolicy(default_mode=Mode.AUTO, quiet_seconds=0, global_per_day=2)
    with office(tmp_path, readers=readers, policy=policy) as at:
        for number in range(4):
            at.deliver(mail(id=f"m{number}", **{"from": f"a{number}@b{number}.example"}))
        at.run()
        assert len(at.letters()) == 2
        assert len(at.outbox(OutboxState.WAITING)) == 2
        assert at.notices("letter.withheld") == ["global_limit"]


def test_nobody_of_ours_is_written_to(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        own = at.shells.rules.office.intake_address
        order(at, LetterOrder(LetterKind.RECEIVED, (own.upper(),)))
        order(at, LetterOrder(LetterKind.RECEIVED, ("",)))
        order(at, LetterOrder(LetterKind.RECEIVED, ()))
        assert at.outbox() == ()


def test_letters_come_from_the_address_the_provider_knows(tmp_path: Path, readers: ReaderPool) -> None:
    from mailintake.config.settings import SmtpSettings

    smtp = SmtpSettings(from_address="apec@office.example", from_name="外办")
    with office(tmp_path, readers=readers, smtp=smtp) as at:
        at.deliver(mail())
        at.run()
        ((_, envelope, _),) = at.mailer.taken
        assert envelope == "apec@office.example"
        assert str(at.letters()[0]["From"]) == "外办 <apec@office.example>"
        assert at.letters()[0]["Message-ID"].endswith("@office.example>")


def test_a_template_that_is_broken_leaves_the_mail_whole_and_waiting(tmp_path: Path, readers: ReaderPool) -> None:
    from mailintake.letters.render import Renderer

    broken = tmp_path / "templates" / "letters" / "procedure_sheet"
    broken.mkdir(parents=True)
    (broken / "body.txt").write_text("{{ nothing.of.the.kind }}")
    with office(tmp_path / "office", readers=readers) as at:
        whole = at.shells.renderer
        at.worker.shells = replace(at.shells, rendering=cache(lambda: Renderer(tmp_path / "templates", *whole.folders)))
        at.deliver(mail())
        at.run()
        (row,) = at.shells.store.messages()
        assert (row.status, at.outbox()) == ("received", ())
        assert "TemplateBroken" in row.reason
        at.worker.shells = at.shells
        at.run(timedelta(hours=1))
        assert len(at.letters()) == 1


def test_a_mail_that_is_done_is_not_done_again(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(application())
        at.run()
        (row,) = at.shells.store.messages()
        assert process(at.shells, row).letters == ()
        assert at.shells.store.messages()[0].status == "done"
        assert len(at.shells.store.cases()) == len(at.outbox()) == 1
