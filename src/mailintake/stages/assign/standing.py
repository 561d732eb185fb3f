"""How firmly a name stands in the text of a mail: what a name of which nothing else is known may rest on.

Theory. Beside people whose papers came along, a name that a sentence seems to hold is a person's only where the
sentence was written about one: he is named more than once, in a list with others, between what something is asked for
and the matter itself ("cancel Zhang's card"), or where the mail announces more people than papers came of. What only
looks like a name where words meet ("before the fishing season", "the dog, while I …") does none of these.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from mailintake.model.rules import RuleSet
from mailintake.stages.assign.said import Said
from mailintake.stages.words.fold import fold
from mailintake.stages.words.names import Mention, NameWords, Role, in_one_list
from mailintake.stages.words.speech import any_of

_REACH = 12  # characters in front of a name and behind it in which its matter stands


def standing(texts: Sequence[Said], words: NameWords, rules: RuleSet) -> frozenset[str]:
    """The names that stand firmly in one of the texts."""
    return frozenset(name for said in texts for name in _firm(said, words, rules))


def _firm(said: Said, words: NameWords, rules: RuleSet) -> Iterator[str]:
    counted = Counter(mention.name for mention in said.mentions)
    yield from (name for name, times in counted.items() if times > 1)
    for one, other in zip(said.mentions, said.mentions[1:], strict=False):
        if in_one_list(said.text[one.end : other.start], words):
            yield from (one.name, other.name)
    asked = any_of(rules.vocabulary.words("firm_name_patterns"))
    yield from (mention.name for mention in said.mentions if asked.search(_around(said.text, mention)))


def gone(texts: Sequence[Said], rules: RuleSet) -> frozenset[str]:
    """Whom a mail that cancels nothing says to have left, and asks nothing for: they held the post before."""
    cancels = any_of(rules.vocabulary.words("cancelling_patterns"))
    if any(cancels.search(fold(said.text)) for said in texts):
        return frozenset()
    left = any_of(rules.vocabulary.words("gone_patterns"))
    asked = {mention.name for said in texts for mention in said.mentions if mention.role is Role.ASKED}
    found = {m.name for said in texts for m in said.mentions if left.search(_around(said.text, m))}
    return frozenset(found - asked)


def _around(text: str, mention: Mention) -> str:
    """What stands around a mention, which is a bar."""
    front, behind = text[max(0, mention.start - _REACH) : mention.start], text[mention.end : mention.end + _REACH]
    return f"{fold(front)}|{fold(behind)}"
