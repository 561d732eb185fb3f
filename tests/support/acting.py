"""An office in which people act: two cases, letters that wait, a stranger's mail, and a picture of everything that an
act can change."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.support.acts import AUDITOR, CLERK, HEAD, OTHER
from tests.support.worker import Office, application, mail, office, pool

from mailintake.model.act import Act, Done, Refused, Signed, TakeBack
from mailintake.model.letter import LetterKind, LetterPolicy, Mode
from mailintake.store.port import Store
from mailintake.worker.act_undo import take_back
from mailintake.worker.acts import perform

STRANGER = {
    "id": "s1",
    "at": "2026-11-02 09:25",
    "from": "段一舟 <duan@elsewhere.example>",
    "subject": "材料",
    "text": "您好，请见附件，谢谢。",
}


@contextmanager
def desk(folder: Path, *, mode: Mode = Mode.APPROVE, **more: Any) -> Iterator[Office]:
    """An office with everybody known and, after one pass, two cases and a mail that waits for a person."""
    policy = LetterPolicy(default_mode=mode, quiet_seconds=0, per_address_per_day=50)
    with office(folder, policy=policy, readers=pool(), **more) as made:
        with made.shells.store.begin() as unit:
            for colleague in (CLERK, OTHER, HEAD, AUDITOR):
                unit.save_colleague(colleague)
        yield made


def two_cases(made: Office) -> tuple[str, str]:
    """An application that lacks its photo, and one of two people that is complete."""
    made.deliver(application(id="m1", without=["photo a"]))
    made.deliver(
        application(
            id="m2",
            of=["a", "b"],
            at="2026-11-02 09:22",
            subject="新办APEC商务旅行卡 贺知秋 季云舟",
            text="您好，我公司贺知秋、季云舟首次申请办理APEC商务旅行卡，材料见附件。",
            **{"from": "高原 <gao@yuantu.example>"},
        )
    )
    made.deliver(mail(**STRANGER))
    made.run()
    numbers = tuple(one.number for one in made.shells.store.summaries(open_only=False))
    assert len(numbers) == 2, numbers
    return numbers[0], numbers[1]


def act(made: Office, what: Act, target: str, **more: Any) -> Done | Refused:
    """Do it, now."""
    said: dict[str, Any] = {"by": CLERK.name, "at": made.clock.now, "reason": "已核实"} | more
    return perform(made.shells, Signed(what, target, **said))


def done(answer: Done | Refused) -> Done:
    """It must have been done."""
    assert isinstance(answer, Done), answer
    return answer


def undone(made: Office, event: int, **more: Any) -> Done | Refused:
    """Take it back."""
    return take_back(made.shells, TakeBack(event, made.clock.now, **more))


def picture(store: Store) -> dict[str, object]:
    """Everything that an act may change: cases without their revisions, letters, lines, fates of mails."""
    return {
        "cases": {case.number: replace(case, revision=0) for case in store.cases(open_only=False)},
        "letters": {
            e.id: (e.state, e.sha256, e.words, e.approved_by, e.approved_sha256, e.send_after) for e in store.outbox()
        },
        "lines": {row.id: row.notice for row in store.notices()},
        "mails": {row.sha256: (row.disposition, row.message_class, row.cases) for row in store.messages()},
        "found": {
            one.number: [found.number for found in store.summaries(search=" ".join(one.people))]
            for one in store.summaries()
        },
    }


def without_new_letters(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The picture without letters that did not exist before and will never go out."""
    from mailintake.model.letter import OutboxState

    kept = {
        number: row
        for number, row in after["letters"].items()
        if number in before["letters"] or row[0] is not OutboxState.SUPERSEDED
    }
    return after | {"letters": kept}


def later(made: Office, hours: int) -> None:
    """Time passes, and nothing else."""
    made.clock.now += timedelta(hours=hours)


def document(made: Office, number: str, kind: str = "passport_page") -> str:
    """How a paper of that case is named in acts."""
    case = made.shells.store.case(number)
    assert case is not None
    found = next(d for d in case.documents if d.kind == kind)
    return f"{number}/{found.sha256}"


def first(made: Office, letter: LetterKind | None = None) -> str:
    """The number of the first letter of that kind, or of any."""
    return str(next(e.id for e in made.shells.store.outbox() if letter in (None, e.letter)))


def stranger(made: Office) -> str:
    """The mail that waits for a person."""
    return next(row.sha256 for row in made.shells.store.messages() if row.sender == "duan@elsewhere.example")
