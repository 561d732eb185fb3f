"""What an answer to questions needs of the guide: every number it quotes comes from the configuration."""

from collections.abc import Mapping

from mailintake.letters.sheets import fees_of, papers, sheet
from mailintake.letters.weighing import quotable
from mailintake.model.letter import GuideView, Later, LetterKind, Served
from mailintake.model.procedure import DocumentKind, Procedure, ProcedureKey
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import LetterOrder

_QUOTED = 3  # questions that a letter repeats
_WINDOW = "card_window"  # the condition of a renewal (guide 2.1②)


def guide_view(order: LetterOrder, rules: RuleSet) -> GuideView | None:
    """For an answer, for the word that a person will give one, and for questions beside an application; else None."""
    answers = order.letter in (LetterKind.PROCEDURE_SHEET, LetterKind.TO_STAFF)
    if not answers and not (order.questions or order.anyway or order.unanswered):
        return None
    quoted = _quoted(order.unanswered)
    asked = [rules.procedure(key) for key in order.procedures]
    return GuideView(
        asked=tuple(kind.value for kind in order.questions),
        topics=order.topics,
        named=tuple(_served(procedure, rules) for procedure in asked),
        procedures=tuple(_served(procedure, rules) for procedure in rules.procedures),
        fees=tuple(rules.fees.values()),
        checks={key: _checks(kind) for key, kind in rules.kinds.items()},
        accepted={key: kind.formats for key, kind in rules.kinds.items()},
        renew_months=_renew_months(rules),
        more=tuple(sheet(procedure, procedure.variant(None), rules) for procedure in asked[1:]),
        tolerable=_tolerable(rules),
        anyway=tuple(kind.value for kind in order.anyway),
        later=_later(order, rules),
        people=order.people,
        unanswered=quoted[:_QUOTED],
        more_unanswered=len(order.unanswered) > len(quoted[:_QUOTED]),
        doubted=_quoted(order.doubted)[:_QUOTED],
        card_until=order.card.until if order.card else "",
        renew_from=order.card.renew_from if order.card else "",
        on_paper=papers(rules.procedure(ProcedureKey.NEW).variant(None), rules),
    )


def _quoted(said: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words for one in said if (words := quotable(one))))


def _served(procedure: Procedure, rules: RuleSet) -> Served:
    return Served(
        procedure.key.value,
        procedure.title,
        procedure.clause,
        procedure.time_limit_days,
        fees_of(procedure, rules),
        procedure.correction_days if procedure.tolerance else None,
    )


def _tolerable(rules: RuleSet) -> tuple[str, ...]:
    variant = rules.procedure(ProcedureKey.NEW).variant(None)
    return tuple(rules.kinds[r.kind].title for r in variant.email if r.tolerable)


def _later(order: LetterOrder, rules: RuleSet) -> tuple[Later, ...]:
    variant = rules.procedure(ProcedureKey.NEW).variant(None)
    may = {r.kind for r in (*variant.email, *variant.paper) if r.tolerable}
    return tuple(Later(rules.kinds[kind].title, kind in may) for kind in order.later if kind in rules.kinds)


def _checks(kind: DocumentKind) -> Mapping[str, Mapping[str, object]]:
    """The first of each, where the configuration uses a check twice: the stricter ones only warn."""
    return {spec.use: spec.params for spec in reversed(kind.checks)}


def _renew_months(rules: RuleSet) -> int:
    """0 where the configuration sets no window."""
    windows = (c for c in rules.procedure(ProcedureKey.RENEW).conditions if c.use == _WINDOW)
    return int(str(next((c.params["months"] for c in windows), 0)))
