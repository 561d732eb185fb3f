"""The wordings that a finished letter is searched for, compiled once from `templates/layout/phrases.txt`."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from mailintake.model.value import value

Pattern = re.Pattern[str]


@value
class Phrases:
    """Plain words and patterns, by the names of the file."""

    came: str
    received: str
    nothing_lacking: str
    free: str
    nameless: str
    nobody: str
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
    day: Callable[[date], str]
    file: Callable[[str], str]  # a file name as letters show it

    def greeted(self, line: str) -> str:
        """The name that a greeting greets; empty for one without a name, the whole line where it is none."""
        found = self.greeting.fullmatch(line)
        return line if found is None else next(filter(None, found.groups()), "")


_PLAIN = frozenset({"came", "received", "nothing_lacking", "free", "nameless", "nobody"})


def phrases(said: Mapping[str, str], day: Callable[[date], str], file: Callable[[str], str]) -> Phrases:
    """Compiled from what the file sets. KeyError and re.error name what is wrong with it."""
    names = [name for name in Phrases.__dataclass_fields__ if name not in ("latin", "day", "file")]
    made: dict[str, str | Pattern] = {n: said[n] if n in _PLAIN else re.compile(said[n]) for n in names}
    return Phrases(**made, latin=frozenset(said["latin"].split()), day=day, file=file)  # type: ignore[arg-type]
