"""The wordings that a finished letter is searched for, compiled once from `templates/layout/phrases.txt`."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from mailintake.model.value import value

Pattern = re.Pattern[str]


@value
class Phrases:
    """Patterns, by the names of the file."""

    came: Pattern
    received: Pattern
    nothing_lacking: Pattern
    free: Pattern
    nameless: Pattern
    nobody: Pattern
    not_needed: Pattern
    only_rest: Pattern
    request: Pattern
    product: Pattern
    shares: Pattern
    time_limit: Pattern
    period: Pattern
    last_day: Pattern
    greeting: Pattern
    people_line: Pattern
    many: Pattern
    lead_front: Pattern
    count: Pattern
    subject_count: Pattern
    latin: frozenset[str]
    days: Callable[[date], frozenset[str]]  # a day as Chinese and as English letters say it
    file: Callable[[str], str]  # a file name as letters show it

    def greeted(self, line: str) -> str:
        """The name that a greeting greets; empty for one without a name, the whole line where it is none."""
        found = self.greeting.fullmatch(line)
        return line if found is None else next(filter(None, found.groups()), "")


def phrases(said: Mapping[str, str], days: Callable[[date], frozenset[str]], file: Callable[[str], str]) -> Phrases:
    """Compiled from what the file sets. KeyError and re.error name what is wrong with it."""
    names = [name for name in Phrases.__dataclass_fields__ if name not in ("latin", "days", "file")]
    made = {name: re.compile(said[name]) for name in names}
    return Phrases(**made, latin=frozenset(said["latin"].split()), days=days, file=file)
