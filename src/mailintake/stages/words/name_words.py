"""The word lists by which people are found and told apart, compiled, and what can be a personal name at all."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from mailintake.model.rules import Vocabulary
from mailintake.model.value import value
from mailintake.stages.words.fold import LETTER
from mailintake.stages.words.lexicon import Characters, Lexicon, lexicon

_HAN = re.compile(r"[\u3400-\u9fff]+")
_DOTTED = re.compile(r"[\u3400-\u9fff]{1,7}(?:\u00b7[\u3400-\u9fff]{1,7}){1,3}")
_OF = re.compile(r"\u7684\Z")  # the particle behind an adjective
_JOINS = re.compile(r"[\u548c\u4e0e\u53ca\u8ddf\u540c]")  # and, with
_NOTHING = "(?!)"  # an empty list
_LONGEST_GIVEN = 2  # characters
_NAMELY, _RATHER = -4.0, 3.0  # a name in running text is seldom; one by itself is a name unless a word is far likelier


@value
class NameWords:
    """The lists of config/words/people.yaml as patterns that end in front of a name, or begin behind it."""

    lexicon: Lexicon
    surname: re.Pattern[str]
    applicant_label: re.Pattern[str]
    contact_label: re.Pattern[str]
    other_label: re.Pattern[str]
    for_word: re.Pattern[str]
    ours: re.Pattern[str]
    title_before: re.Pattern[str]
    title_behind: re.Pattern[str]
    address_title: re.Pattern[str]
    kin: re.Pattern[str]
    kin_first: re.Pattern[str]
    other_before: re.Pattern[str]
    other_after: re.Pattern[str]
    contact_after: re.Pattern[str]
    introduces: re.Pattern[str]
    asks: re.Pattern[str]
    asks_before: re.Pattern[str]
    done: tuple[re.Pattern[str], ...]
    spoken_after: re.Pattern[str]
    subject_after: re.Pattern[str]
    vague: re.Pattern[str]
    joiners: re.Pattern[str]
    runs_on: re.Pattern[str]
    succeeds: re.Pattern[str]
    successor_asks: re.Pattern[str]
    village: re.Pattern[str]
    deals_in: re.Pattern[str]
    function_surnames: frozenset[str]
    function_given: frozenset[str]
    titles: tuple[str, ...]
    ends_of_posts: frozenset[str]  # what is left of a post behind a shorter one: 程师 of 副总工程师
    polite: tuple[str, ...]
    never_given: tuple[str, ...]
    nicknames: frozenset[str]
    function_behind: frozenset[str]
    value_labels: tuple[str, ...]
    aged_labels: frozenset[str]
    ages: frozenset[str]
    trades: frozenset[str]
    trade_behind: re.Pattern[str]
    grammar: frozenset[str]

    def __hash__(self) -> int:
        """What is found with them is remembered; they are made once for each wording."""
        return hash(self.titles)


_CHARACTERS = ("never_in_names", "minority_name_characters", "modern_given_characters")
_LISTS = (
    "surnames",
    "compound_surnames",
    "plain_words",
    "never_in_names",
    "minority_name_characters",
    "place_names",
    "modern_given_characters",
    "function_surnames",
    "function_given",
    "applicant_labels",
    "contact_labels",
    "other_labels",
    "for_words",
    "our_words",
    "departments",
    "job_titles",
    "address_titles",
    "kin_words",
    "other_before",
    "other_after",
    "contact_after",
    "contact_intro",
    "ask_words",
    "done_patterns",
    "spoken_after",
    "subject_after",
    "vague_words",
    "name_joiners",
    "name_run_on_patterns",
    "place_name_patterns",
    "product_lead_patterns",
    "succession_words",
    "successor_asks",
    "name_titles",
    "polite_titles",
    "titles_never_given",
    "nickname_words",
    "card_labels",
    "passport_labels",
    "expiry_words",
    "old_words",
    "new_words",
    "company_trades",
    "grammar_words",
)


def name_words(vocabulary: Vocabulary) -> NameWords:
    """The lists of config/words/people.yaml, compiled once for each wording."""
    return _compile(tuple(vocabulary.words(name) for name in _LISTS))


@lru_cache(maxsize=8)
def _compile(lists: tuple[tuple[str, ...], ...]) -> NameWords:
    found = dict(zip(_LISTS, lists, strict=True))
    surnames, compound = found["surnames"], found["compound_surnames"]
    return NameWords(
        lexicon=_lexicon(found),
        surname=re.compile("|".join([*compound, f"[{''.join(surnames)}]"])),
        applicant_label=_ending(found["applicant_labels"]),
        contact_label=_ending(found["contact_labels"]),
        other_label=_ending(found["other_labels"]),
        for_word=_ending(found["for_words"]),
        ours=_ending(found["our_words"]),
        title_before=_ending((*found["departments"], *found["job_titles"])),
        title_behind=_starting(found["job_titles"]),
        address_title=_starting(found["address_titles"]),
        kin=_ending(found["kin_words"]),
        kin_first=_starting(found["kin_words"]),
        other_before=_ending(found["other_before"]),
        other_after=_starting(found["other_after"]),
        contact_after=_starting(found["contact_after"]),
        introduces=_starting(found["contact_intro"]),
        asks=_starting(found["ask_words"]),
        asks_before=_ending(found["ask_words"]),
        done=tuple(re.compile(pattern) for pattern in found["done_patterns"]),
        spoken_after=_starting(found["spoken_after"]),
        subject_after=_starting(found["subject_after"]),
        vague=_starting(found["vague_words"]),
        joiners=_joining(found["name_joiners"]),
        runs_on=re.compile("|".join(found["name_run_on_patterns"])),
        succeeds=_starting(found["succession_words"]),
        successor_asks=_starting(found["successor_asks"]),
        village=re.compile("|".join(found["place_name_patterns"])),
        deals_in=re.compile("|".join(found["product_lead_patterns"]) or _NOTHING),
        function_surnames=frozenset(found["function_surnames"]),
        function_given=frozenset(found["function_given"]),
        titles=found["name_titles"],
        ends_of_posts=_ends_of_posts(found),
        polite=found["polite_titles"],
        never_given=found["titles_never_given"],
        nicknames=frozenset(found["nickname_words"]),
        function_behind=frozenset("".join((*found["never_in_names"], *found["function_given"]))),
        value_labels=_value_labels(found),
        aged_labels=_aged_labels(found),
        trades=frozenset(found["company_trades"]),
        trade_behind=_starting(found["company_trades"]),
        grammar=frozenset(found["grammar_words"]),
        ages=frozenset(_OF.sub("", word) for key in ("old_words", "new_words") for word in found[key]),
    )


def _joining(words: Iterable[str]) -> re.Pattern[str]:
    """What stands between the members of a list: a joiner, a blank, the number of an item."""
    options = "|".join(re.escape(word.strip()) for word in words if word.strip())
    return re.compile(rf"[ \t]*(?:{options})?[ \t]*(?:\n?\d{{1,2}}[.)\u3001]?)?[ \t]*")


def _ending(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(map(_bounded, _longest_first(words))) + r")\Z", re.IGNORECASE)


def _starting(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_bounded, _longest_first(words))), re.IGNORECASE)


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _bounded(word: str) -> str:
    """Latin words only as whole words."""
    front = f"(?<!{LETTER})" if word[0].isascii() and word[0].isalpha() else ""
    behind = f"(?!{LETTER})" if word[-1].isascii() and word[-1].isalpha() else ""
    return front + re.escape(word) + behind


def _lexicon(found: Mapping[str, tuple[str, ...]]) -> Lexicon:
    characters = Characters(*("".join(found[name]) for name in _CHARACTERS))
    words, places = found["plain_words"], found["place_names"]
    return lexicon(found["surnames"], found["compound_surnames"], words, places, characters)


def _ends_of_posts(found: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    posts = (post for key in ("name_titles", "job_titles", "address_titles") for post in found[key])
    return frozenset(post[at:] for post in posts for at in range(1, len(post) - 1))


def _value_labels(found: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    labels = (word for key in ("card_labels", "passport_labels", "expiry_words") for word in found[key])
    return tuple(word for word in labels if len(word) > 1 and is_han(word))


def _aged_labels(found: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Which of two it is: the old card, the former passport number."""
    ages = [age for key in ("old_words", "new_words") for age in found[key] if len(age) == 1]
    labels = [label for key in ("card_labels", "passport_labels") for label in found[key]]
    made = (age + word for age in ages for label in labels for word in (label, label[:1], label[:2]))
    return frozenset(word for word in made if is_han(word))


def is_name(text: str, words: NameWords, *, bounded: bool = False, borne: bool = False) -> bool:
    """Could the whole text be a personal name: a surname with one or two characters, two surnames with two, or a name
    with dots?

    Unless something shows that it stands by itself (`bounded`), it must be likelier as a name than as words. `borne`: a
    paper bears it as a name, so every text of that form is one.
    """
    if _DOTTED.fullmatch(text):
        return True
    share = words.lexicon.name(text) if is_han(text) and 2 <= len(text) <= 4 else None
    if share is None or text in words.titles or text[1:] in words.titles or is_labelling(text, words):
        return False
    if borne:
        return True
    if is_titled(text, words) or is_placed(text, words):
        return False
    return share + (_RATHER if bounded else _NAMELY) > _as_words(text, words.lexicon)


def is_titled(text: str, words: NameWords) -> bool:
    """A surname alone or with a title, one that runs into the next over a joiner or into what is said of it, what he is
    called among colleagues, or a relative: 申屠总, 郝董和糜, 谢董的, 和李总, 老谢, 张和小李, 孙女帮."""
    if text in words.lexicon.compound or text.endswith(words.titles) or words.kin_first.match(text):
        return True
    if text in words.ends_of_posts:
        return True
    given = [text[1:], *([text[2:]] if text[:2] in words.lexicon.compound else [])]
    if any(part in words.titles or _goes_on(part, words) for part in given) or is_nickname(text, words):
        return True
    joined = (part for part in (text, *given) if len(part) > 1)
    return any(_runs_on(part, words) for part in joined)


def _goes_on(part: str, words: NameWords) -> bool:
    """Does a title begin what would be a given name: 敖董让, 钱总让? Behind a second surname a given name begins."""
    return len(part) <= _LONGEST_GIVEN and part.startswith(words.never_given)


def _runs_on(part: str, words: NameWords) -> bool:
    """A title with a joiner or a word of speech behind it, or a joiner with somebody's nickname behind."""
    behind_title = part[0] in words.titles and bool(_JOINS.match(part[1]) or part[1] in words.function_behind)
    return behind_title or bool(_JOINS.match(part[0]) and is_nickname(part[1:], words))


def is_nickname(text: str, words: NameWords) -> bool:
    """A surname with the word by which colleagues call each other before it: 老谢, 小欧阳."""
    return text[:1] in words.nicknames and bool(words.surname.fullmatch(text, 1))


def is_labelling(text: str, words: NameWords) -> bool:
    """What a value is called, which of two it is, or a firm with what it deals in, and nobody: 原卡号, 原来, 东野农机,
    隆岳家居."""
    if text in words.ages or text in words.aged_labels or text in words.trades or text.endswith(words.value_labels):
        return True
    return len(text) > 3 and text[2:] in words.trades


def is_placed(text: str, words: NameWords) -> bool:
    """A place, one with the word before it, or a village called after a family: 胡志明, 从胡志明, 蒋家窑."""
    places = words.lexicon.places
    return text in places or text[1:] in places or words.village.fullmatch(text) is not None


def _as_words(text: str, lexicon_: Lexicon) -> float:
    """Share of the likeliest cut into words."""
    best = [0.0]
    for end in range(1, len(text) + 1):
        shares = ((lexicon_.word(text[start:end]), start) for start in range(end))
        best.append(max(best[start] + share for share, start in shares if share is not None))
    return best[-1]


def is_han(text: str) -> bool:
    """Nothing but Chinese characters, and at least one."""
    return bool(_HAN.fullmatch(text))
