"""Letters of every kind, written to docs/letters.md: `python -m tests.letters.collection > docs/letters.md`."""

import sys
from collections.abc import Iterator
from dataclasses import replace

from tests.support.letters import SENDER, TODAY, card_lacking, case, checked, message, order, rules, situations

from mailintake.config.resource import resource
from mailintake.letters.contradictions import RULES
from mailintake.letters.render import Rendered, Renderer
from mailintake.letters.view import letter_view
from mailintake.model.assessment import Assessment, Missing, Verdict
from mailintake.model.case import Case, State
from mailintake.model.letter import Addressee, LetterKind, LetterView
from mailintake.model.procedure import ProcedureKey
from mailintake.model.question import BY_STAFF, Language, QuestionKind
from mailintake.model.understanding import LetterOrder
from mailintake.stages.assign.addressee import addressee

K, Q = LetterKind, QuestionKind
_IN_SHEETS = (K.PROCEDURE_SHEET,)  # the page has these in both languages, question by question
_STATES = (
    State.NEEDS_TRIAGE,
    State.ACCEPTED,
    State.PROVINCE_REVIEWING,
    State.AT_MFA,
    State.AT_ECONOMIES,
    State.CARD_MADE,
)


def views() -> Iterator[tuple[str, LetterView]]:
    """Name and view of each letter of the collection."""
    for name, (asked, about, mail, today) in situations().items():
        known = {one.number: one for one in (about, card_lacking()) if one}
        yield name, letter_view(asked, known, mail, rules(), today, addressee=addressee(mail, rules()))
    for name, (asked, about, mail, today) in situations().items():
        if asked.letter in _IN_SHEETS:
            continue
        known = {one.number: one for one in (about, card_lacking()) if one}
        yield f"{name}-en", letter_view(asked, known, mail, rules(), today, addressee=Addressee(language=Language.EN))
    for language in Language:
        for kind in Q:
            yield f"answer-{kind.value}-{language.value}", _answer((kind,), language)
    yield "answers-two", _answer((Q.FEE, Q.HOW_LONG), Language.ZH)
    yield "answers-three", _answer((Q.PAPERS, Q.WHERE, Q.UNKNOWN), Language.ZH, ProcedureKey.NEW)
    for procedure in rules().procedures:
        variant = procedure.variant(None)
        files = tuple(
            checked(r.kind, f"{rules().kinds[r.kind].title}.jpg", "a1")
            for r in variant.email
            if r.kind in rules().kinds and not r.kind.startswith("fact_")
        )
        whole = case(procedure=procedure.key, variant=variant.id, applicants=case().applicants[:1])
        yield f"all-there-{procedure.key.value}", _about(whole, Assessment(Verdict.COMPLETE, files), K.ACKNOWLEDGEMENT)
        first = variant.email[0]
        gap = Missing(first.kind, rules().kinds[first.kind].missing, "a1", first.tolerable, first.clause)
        lacks = Assessment(Verdict.CORRECTABLE, files[1:], (gap,))
        yield f"one-lacks-{procedure.key.value}", _about(whole, lacks, K.TOLERATED if first.tolerable else K.CORRECTION)
    for state in _STATES:
        yield f"progress-{state.value}", _about(case(state=state), case().assessment, K.PROGRESS)


def _answer(kinds: tuple[QuestionKind, ...], language: Language, *procedures: ProcedureKey) -> LetterView:
    letter = K.PROCEDURE_SHEET if set(kinds) - BY_STAFF else K.TO_STAFF
    asked = LetterOrder(letter, (SENDER,), procedures=procedures, questions=kinds)
    return letter_view(asked, {}, message(attachments=()), rules(), TODAY, addressee=Addressee(language=language))


def _about(one: Case, assessment: Assessment | None, kind: LetterKind) -> LetterView:
    return letter_view(order(kind), {one.number: replace(one, assessment=assessment)}, message(), rules(), TODAY)


def letters() -> Iterator[tuple[str, LetterView, Rendered]]:
    """Each as it would go out."""
    renderer = Renderer(resource("templates"))
    return ((name, view, renderer.letter(view)) for name, view in views())


def document() -> Iterator[str]:
    """The page, line by line."""
    yield "# Letters, to be read aloud\n"
    yield "Made by `make docs` from invented matters with the shipped rules; a test keeps it fresh. No line is"
    yield "longer than 35 characters, no subject longer than 40.\n"
    yield "What no letter may say beside each other (`letters/contradictions.py`; each row has its tests in"
    yield f"`tests/letters/test_contradictions.py`): {', '.join(f'`{row.value}`' for row in RULES)}.\n"
    for name, _, made in letters():
        yield f"## {name}\n\n```\n{made.subject}\n\n{made.text.rstrip()}\n```\n"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in document())
