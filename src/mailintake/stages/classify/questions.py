"""What a mail asks as a whole, and of whom: this office, another one, or nobody."""

from mailintake.model.rules import RuleSet
from mailintake.stages.classify.meanings import concepts_in
from mailintake.stages.classify.question_kinds import BARE, MATTERS, MAX_TEXT, hit, is_beyond, kinds_asked, spoken_of
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.speech import asking_sentences

_OURS = frozenset({"card", "office"})  # concepts of what this office is asked about
_BEGUN = frozenset({"mine", "under_way", "approved"})  # concepts of one that somebody has in hand


def beside_the_card(words: OwnWords, rules: RuleSet) -> bool:
    """Is the mail about something that the guide knows nothing of: a card that was found, a misprint, money that is to
    come back, the visa of a guest?"""
    return hit("question_elsewhere_matter_patterns", fold(words.both[:MAX_TEXT]), rules.vocabulary) is not None


def offers_something(folded: str, rules: RuleSet) -> bool:
    """Does a folded text offer, advertise, or hurry somebody into a payment?"""
    return hit("question_offer_patterns", folded, rules.vocabulary) is not None


def asks_this_office(text: str, rules: RuleSet) -> bool:
    """Does a mail ask what people ask this office, in words that say no more than that? Whoever offers something, or
    speaks to a company, asks nothing of us."""
    folded = fold(text[:MAX_TEXT])
    if offers_something(folded, rules):
        return False
    asking = asking_sentences(folded, rules)
    told = {kind for sentence in asking for kind in kinds_asked(sentence, rules.vocabulary)}
    if not told and any(len(sentence) <= BARE for sentence in asking):
        told = set(kinds_asked(folded, rules.vocabulary))
    if told or any(_OURS & concepts_in(sentence, rules.vocabulary).keys() for sentence in asking):
        return True
    beyond = any(is_beyond(sentence, rules.vocabulary) for sentence in asking)  # "are you closed at noon?"
    return beyond or bool(asking and spoken_of(folded, rules))


def of_another_service(words: OwnWords, rules: RuleSet) -> bool:
    """Is asked what this office does not do by mail (visas, private passports, study, labour), and nowhere a word said
    of the card? Then nothing of what the guide says about papers, fees and places answers it."""
    text = fold(words.both[:MAX_TEXT])
    if hit("question_of_the_card_patterns", text, rules.vocabulary):
        return False
    return any(hit("question_elsewhere_patterns", s, rules.vocabulary) for s in asking_sentences(text, rules))


def beyond_the_guide(words: OwnWords, rules: RuleSet) -> bool:
    """Is something asked that the guide is known to be silent about: collecting the card, refunds, opening hours?"""
    asking = asking_sentences(fold(words.both[:MAX_TEXT]), rules)
    return any(is_beyond(sentence, rules.vocabulary) for sentence in asking)


def asks_in_general(words: OwnWords, rules: RuleSet) -> bool:
    """Is a matter asked about that nobody says to have begun: "how long does a renewal take?"""
    spoken = concepts_in(fold(words.both[:MAX_TEXT]), rules.vocabulary).keys()
    return bool(spoken & MATTERS) and not spoken & _BEGUN
