"""Invented people: two- to four-character names, compound and double surnames, names with a dot, and their numbers."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from pypinyin import Style, lazy_pinyin

_LISTS = dict(
    line.split(": ", 1)
    for line in Path(__file__).with_name("names.txt").read_text("utf-8").splitlines()
    if ": " in line
)
_COMMON, _RARE, _SINGLE = _LISTS["common"], _LISTS["rare"], _LISTS["single"]
_FIRST, _LAST = _LISTS["first"], _LISTS["last"]
_COMPOUND, _WORDS, _DOTTED = (_LISTS[name].split() for name in ("compound", "words", "dotted"))
_HARD_TO_SPELL = frozenset("单解查曾覃任盖车那尉万年乔文重乐朝长行")  # with several readings, or looked up differently
_FOREIGN = ("John Smith", "Klaus Weber", "Maria Rossi", "Nguyen Van Hung", "Tanaka Hiroshi", "Carlos Mendoza")
_NICK = ("Lily", "Jason", "Kevin", "Cindy", "Tony", "Vivian")
_JOBS = ("总经理", "副总经理", "销售经理", "财务总监", "工程师", "采购部长")


@dataclass(frozen=True)
class Somebody:
    """One invented person."""

    name: str
    surname: str
    given: str
    passport: str
    old_passport: str
    card: str
    card_expiry: date
    birth: date
    shape: str  # two | three | compound | double | dotted
    digits: str = field(repr=False)  # nine digits, for telephones
    foreign: str = ""
    nick: str = ""
    job: str = ""

    @property
    def surname_latin(self) -> str:
        """SHAO."""
        return _latin(self.surname)

    @property
    def given_latin(self) -> str:
        """LIQUN."""
        return _latin(self.given)


class People:
    """Draws people; no two of one draw share a name or a number."""

    def __init__(self, seed: str) -> None:
        self._rng = random.Random(seed)
        self._names: set[str] = set()

    def draw(self, *, latin: bool = False) -> Somebody:
        """One more person. `latin`: one whose name has one spelling only and no dot."""
        rng = self._rng
        while True:
            shape = rng.choices(("two", "three", "compound", "double", "dotted"), (24, 56, 9, 5, 6))[0]
            surname, given = self._parts(shape)
            spelt = surname + given
            name = given if shape == "dotted" else spelt
            if latin and (shape in ("dotted", "double") or _HARD_TO_SPELL & set(spelt)):
                continue
            if name not in self._names and not any(name in n or n in name for n in self._names):
                break
        self._names.add(name)
        digits = "".join(str(rng.randrange(10)) for _ in range(9))
        return Somebody(
            name=name,
            surname=surname,
            given=given,
            passport=self._passport(),
            old_passport=self._passport(),
            card=f"CHN{rng.randrange(10_000_000, 99_999_999)}",
            card_expiry=date(2026, 12, 1) + timedelta(days=rng.randrange(1500)),
            birth=date(1962, 1, 1) + timedelta(days=rng.randrange(14000)),
            shape=shape,
            digits=digits,
            foreign=rng.choice(_FOREIGN),
            nick=rng.choice(_NICK),
            job=rng.choice(_JOBS),
        )

    def _parts(self, shape: str) -> tuple[str, str]:
        rng = self._rng
        if shape == "dotted":
            return "", rng.choice(_DOTTED)
        if shape == "compound":
            return rng.choice(_COMPOUND), self._given(rng.random() < 0.5)
        if shape == "double":
            first, second = rng.sample(_COMMON[:40], 2)
            return first + second, self._given(False)
        weights = [1 / (rank + 6) for rank in range(len(_COMMON))]
        one = rng.choices(_COMMON, weights)[0] if rng.random() < 0.85 else rng.choice(_RARE)
        return one, self._given(shape == "two")

    def _given(self, single: bool) -> str:
        rng = self._rng
        if single:
            return rng.choice(_SINGLE)
        if rng.random() < 0.1:
            return rng.choice(_WORDS)
        return rng.choice(_FIRST) + rng.choice(_LAST)

    def _passport(self) -> str:
        rng = self._rng
        if rng.random() < 0.6:
            return f"E{rng.choice('ABCDEFGHJKLMNPRSTUVWXYZ')}{rng.randrange(1_000_000, 9_999_999)}"
        return f"{rng.choice('EG')}{rng.randrange(10_000_000, 99_999_999)}"


def _latin(characters: str) -> str:
    spelt = "".join(lazy_pinyin(characters, style=Style.NORMAL, v_to_u=False)).upper()
    return spelt.replace("LV", "LYU").replace("\u00dc", "YU")
