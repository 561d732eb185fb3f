"""Is the card made, or not yet? What an answer to our question says, in any words (guide 3.1, 4)."""

from mailintake.model.case import Case
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import MessageClass, RuleSet
from mailintake.model.situation import KnownMail
from mailintake.stages.classify.score import Scores, score
from mailintake.stages.words.fold import fold
from mailintake.stages.words.matching import word_pattern
from mailintake.stages.words.own_words import OwnWords, own_words
from mailintake.stages.words.speech import any_of

_PAIR = (ProcedureKey.PASSPORT_CHANGE, ProcedureKey.REPLACE)
_TOLD = frozenset({"changed_while_pending", "changed_card_in_hand"})
_LIKE_CHASES = (MessageClass.CHASE, MessageClass.UNKNOWN)


def meant_of_the_pair(case: Case, words: OwnWords, rules: RuleSet) -> ProcedureKey | None:
    """The procedure that the words choose for a case whose sender was asked which; None where nothing was asked, or
    the answer says neither or both."""
    asked = any(sent.letter == LetterKind.CARD_OR_PASSPORT for sent in case.letters)
    if case.sure or not asked or case.procedure not in _PAIR:
        return None
    said = fold(words.text)
    not_made, in_hand = (_says(said, name, rules) for name in ("pending", "card_made"))
    if in_hand == not_made:
        return None
    return ProcedureKey.REPLACE if in_hand else ProcedureKey.PASSPORT_CHANGE


def asked_after_the_sheet(kind: MessageClass, scores: Scores, mail: KnownMail) -> Scores | None:
    """The mail with its subject, where somebody who asked about a changed passport tells whether the card is made and
    asks on: what sounds like a chase is the next question, of a matter that is known now."""
    words, known = own_words(mail.message, mail.rules), mail.candidates
    if kind not in _LIKE_CHASES or not words.is_reply or mail.people.documents:
        return None
    if known.token_cases or known.by_number or "asks" not in scores.known:
        return None
    whole = score(mail, words)
    return whole if whole.known & _TOLD else None


def _says(said: str, name: str, rules: RuleSet) -> bool:
    of = rules.vocabulary.words
    return any(p.search(said) for p in (any_of(of(f"{name}_patterns")), word_pattern(of(f"{name}_words"))))
