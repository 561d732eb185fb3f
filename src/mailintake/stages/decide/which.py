"""The answer to our question whether the card is made: a case that was taken for either is of one procedure then."""

from dataclasses import replace

from mailintake.model.case import Case
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.situation import Situation
from mailintake.stages.assign.remap import kinds_for
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import own_words
from mailintake.stages.words.speech import any_of

_PAIR = (ProcedureKey.PASSPORT_CHANGE, ProcedureKey.REPLACE)
_NEW_PASSPORT = "new_passport"  # the variant of a replacement


def answered_which(case: Case, at: Situation) -> Case:
    """The case, of the procedure that the mail says in answer to our question (guide 3.1, 4): the card is in hand, or
    it is not made yet. As it is where nothing was asked, or the answer says neither or both."""
    asked = any(sent.letter == LetterKind.CARD_OR_PASSPORT for sent in case.letters)
    if case.sure or not asked or case.procedure not in _PAIR:
        return case
    said, words = fold(own_words(at.message, at.rules).text), at.rules.vocabulary.words
    in_hand, not_made = _says(said, words("card_made_patterns")), _says(said, words("pending_patterns"))
    if in_hand == not_made:
        return case
    procedure, variant = (_PAIR[1], _NEW_PASSPORT) if in_hand else (_PAIR[0], "")
    chosen = at.rules.procedure(procedure).variant(variant or None).id
    documents = kinds_for(procedure, chosen, case.documents, at.rules)
    return replace(case, procedure=procedure, variant=chosen, sure=True, documents=documents)


def _says(text: str, patterns: tuple[str, ...]) -> bool:
    return any_of(patterns).search(text) is not None
