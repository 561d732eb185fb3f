"""An invented morning."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.support.letters import case, lacking, rules

from mailintake.model.assessment import Assessment, Flag, Missing, Verdict
from mailintake.model.case import Applicant, Case, Deadline, DeadlineKind, SentLetter, State
from mailintake.model.digest import Digest, Health
from mailintake.model.letter import LetterKind, Mode, OutboxEntry, OutboxState
from mailintake.model.procedure import ProcedureKey
from mailintake.model.understanding import NoticeRow, StaffNotice
from mailintake.stages.digest import BROKEN, FOR_A_CLERK, Found, digest, news_since
from mailintake.stages.summary import summary_of

NOW = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # 08:30 in Shanghai
NEXT = NOW + timedelta(days=1)
HEALTHY = Health(NOW - timedelta(minutes=1), 2026, 2026, calendar_known_until=date(2026, 12, 31), rule_version="r17")
COUNTS = {
    "mails": {"2026-11-24": 3, "2026-11-23": 9, "2026-11-20": 7, "2026-11-19": 12, "2026-11-18": 5},
    "parked": {"auto_reply": 4, "spam": 2},
    "findings": {"photo.size": 11, "signature.not_filling": 6, "slip.missing_centre": 4},
}
COMPLETE = Assessment(Verdict.COMPLETE)


def numbered(number: int, **changes: Any) -> Case:
    """A case of that running number."""
    plain: dict[str, object] = {"number": f"LN-2026-{number:06d}", "flags": (), "assessment": COMPLETE}
    return case(**(plain | changes))


def due(kind: DeadlineKind, day: date) -> tuple[Deadline, ...]:
    """One deadline."""
    return (Deadline(kind, day),)


def cases() -> tuple[Case, ...]:
    """Every block of the digest has something."""
    slip = Assessment(
        Verdict.CORRECTABLE, missing=(Missing("remittance_mfa", "slip.missing_mfa", None, tolerable=False),)
    )
    letters = (
        SentLetter("correction", "<a@b>", NOW),
        SentLetter("acknowledgement", "<c@d>", NOW),
    )
    renewal = (Applicant("a1", "蒲思远"), Applicant("a2", "葛春晓"), Applicant("a3", "KIM Ana"))
    d = DeadlineKind
    return (
        numbered(118, procedure=ProcedureKey.RENEW, state=State.COMPLETE, company="大连海岳进出口有限公司",
                 applicants=renewal, deadlines=due(d.TIME_LIMIT, date(2026, 11, 24)), letters=letters),
        numbered(131, procedure=ProcedureKey.REPLACE, variant="lost", assessment=slip,
                 deadlines=due(d.CORRECTION, date(2026, 11, 24))),
        numbered(97, state=State.CORRECTION_OVERDUE, company="鞍山远图科技有限公司", assessment=lacking(),
                 deadlines=due(d.CORRECTION, date(2026, 11, 20))),
        numbered(140, state=State.COMPLETE, company="丹东临江食品有限公司",
                 flags=(Flag("prohibited.N4", "纳税证明第1页：M级"),),
                 deadlines=due(d.TIME_LIMIT, date(2026, 12, 4)), letters=letters[1:]),
        numbered(141, assessment=lacking(), deadlines=due(d.CORRECTION, date(2026, 12, 7)), letters=letters[:1]),
        numbered(142, procedure=ProcedureKey.CANCEL, state=State.NEEDS_TRIAGE, company="营口北海轮胎有限公司"),
    )  # fmt: skip


def entry(number: int, kind: LetterKind, state: OutboxState, **changes: Any) -> OutboxEntry:
    """A letter in the outbox."""
    plain: dict[str, object] = {
        "id": number, "letter": kind, "state": state, "mode": Mode.APPROVE, "to": ("clerk@example.com",), "cc": (),
        "subject": "【补正告知】LN-2026-000141", "message_id": f"<{number}@x>", "sha256": "", "case": "LN-2026-000141",
        "in_answer_to": "", "queued_at": NOW, "send_after": NOW,
    }  # fmt: skip
    return OutboxEntry(**(plain | changes))  # type: ignore[arg-type]


def outbox() -> tuple[OutboxEntry, ...]:
    """Three sent, one waiting, one bounced back by the server."""
    yesterday = NOW - timedelta(hours=10)
    return (
        entry(1, LetterKind.CORRECTION, OutboxState.SENT, sent_at=yesterday),
        entry(2, LetterKind.CORRECTION, OutboxState.SENT, sent_at=yesterday),
        entry(3, LetterKind.ACKNOWLEDGEMENT, OutboxState.SENT, sent_at=yesterday),
        entry(4, LetterKind.TOLERATED, OutboxState.WAITING),
        entry(5, LetterKind.CORRECTION, OutboxState.FAILED, last_answer="550 User not found"),
    )


def notices() -> tuple[NoticeRow, ...]:
    """What the stages left for a person."""
    return (
        NoticeRow(
            1, NOW, StaffNotice("procedure.conflict", "更换 5.5，换护照 5.0：“关于护照的问题”", message="ab" * 32)
        ),
        NoticeRow(
            2, NOW, StaffNotice("sender.unverified", "wang@example.org 提到 E12345678", "LN-2026-000118", "cd" * 32)
        ),
    )


def morning(**changes: Any) -> Digest:
    """The digest of all that."""
    parts: dict[str, Any] = {"cases": cases(), "notices": notices(), "outbox": outbox(), "counts": COUNTS,
                             "health": HEALTHY} | changes  # fmt: skip
    since = news_since(NOW, rules().calendar)
    letters: tuple[OutboxEntry, ...] = parts["outbox"]
    found = Found(
        cases=tuple(map(summary_of, parts["cases"])),
        notices=parts["notices"],
        broken=tuple(e for e in letters if e.state in BROKEN),
        sent=Counter(e.letter for e in letters if e.state is OutboxState.SENT and e.sent_at and e.sent_at >= since),
        waiting=Counter(e.letter for e in letters if e.state in FOR_A_CLERK),
        counts=parts["counts"],
        mails=parts.get("mails", {}),
        waiting_for=frozenset(e.case for e in letters if e.state in FOR_A_CLERK),
        heads=parts.get("heads", ()),
    )
    link = parts.get("link", "")
    return digest(found, parts["health"], rules(), sequence=215, now=NOW, next_at=NEXT, link=link)
