"""The answer to our question whether the card is made: a case that was taken for either is of one procedure then."""

from dataclasses import replace

from mailintake.model.case import Case
from mailintake.model.procedure import ProcedureKey
from mailintake.model.situation import Situation
from mailintake.stages.assign.remap import kinds_for
from mailintake.stages.classify.which import meant_of_the_pair
from mailintake.stages.words.own_words import own_words

_NEW_PASSPORT = "new_passport"  # the variant of a replacement


def answered_which(case: Case, at: Situation) -> Case:
    """The case, of the procedure that the mail says in answer to our question (guide 3.1, 4): the card is in hand, or
    it is not made yet. As it is where nothing was asked, or the answer says neither or both."""
    procedure = meant_of_the_pair(case, own_words(at.message, at.rules), at.rules)
    if procedure is None:
        return case
    variant = _NEW_PASSPORT if procedure is ProcedureKey.REPLACE else None
    chosen = at.rules.procedure(procedure).variant(variant).id
    documents = kinds_for(procedure, chosen, case.documents, at.rules)
    return replace(case, procedure=procedure, variant=chosen, sure=True, documents=documents)
