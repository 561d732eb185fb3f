"""Does a mail read like the adverts and lures that came before? A second witness beside the words (`words/nearest`):
what is offered has no end, how it is offered has.

Examples of what is ours are the questions that people asked (`question_examples`), and mails of every other kind.
"""

from functools import lru_cache

from mailintake.model.message import InboundMessage
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.stages.classify.alike import EXAMPLES as ASKED
from mailintake.stages.classify.meanings import CONCEPTS as OF_QUESTIONS
from mailintake.stages.classify.meanings import concepts_in
from mailintake.stages.words.concepts import spoken
from mailintake.stages.words.fold import fold
from mailintake.stages.words.kept_index import kept_index
from mailintake.stages.words.nearest import (
    Example,
    Index,
    Voting,
    examples_of,
    faulty_line,
    index_of,
    marks_of,
    shares,
)

EXAMPLES = "advert_examples"
CONCEPTS = "advert_concept_patterns"
ADVERT, OURS = "advert", "ours"
_VOTING = Voting(common=0.15)
_LONGEST = 400  # characters that are read
_LIKELY = 0.5  # share of the votes


def reads_like_an_advert(message: InboundMessage, rules: RuleSet) -> bool:
    """Most of the examples that are like subject and text are adverts or lures."""
    lists = rules.vocabulary.lists
    text = fold(f"{message.subject} {message.new_text}"[:_LONGEST])
    if not text or not lists.get(EXAMPLES):
        return False
    words = tuple(lists.get(name, ()) for name in (EXAMPLES, ASKED, CONCEPTS, OF_QUESTIONS))
    return shares(_marks(text, *words[2:]), _index(*words)).get(ADVERT, 0.0) >= _LIKELY


def load_adverts(vocabulary: Vocabulary) -> None:
    """Have the examples in order before the first mail asks for them."""
    lists = vocabulary.lists
    _index(*(lists.get(name, ()) for name in (EXAMPLES, ASKED, CONCEPTS, OF_QUESTIONS)))


def faulty_example(line: str) -> str:
    """What is wrong with an example: its form, or a kind that is none; empty where it is right."""
    return faulty_line(line, {ADVERT, OURS})


def _marks(text: str, concepts: tuple[str, ...], of_questions: tuple[str, ...]) -> dict[str, int]:
    vocabulary = Vocabulary({CONCEPTS: concepts, OF_QUESTIONS: of_questions})
    names = {f"advert {name}" for name in spoken(text, vocabulary, CONCEPTS)}
    return dict(marks_of(text, names | concepts_in(text, vocabulary).keys()))


@lru_cache(maxsize=4)
def _index(*words: tuple[str, ...]) -> Index:
    return kept_index(EXAMPLES, words, lambda: _made(*words))


def _made(
    lines: tuple[str, ...], asked: tuple[str, ...], concepts: tuple[str, ...], of_questions: tuple[str, ...]
) -> Index:
    ours = (Example((OURS,), example.text) for example in examples_of(asked))
    examples = (*examples_of(lines), *ours)
    return index_of(examples, lambda text: _marks(text[:_LONGEST], concepts, of_questions), _VOTING)
