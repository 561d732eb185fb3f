"""Tables in text: rows of people with the numbers of their row, in any order of columns, upright or on their side.

A row is a line whose cells are parted by bars, tabs, commas or several blanks. The words of the head row say what each
column holds; a column they do not name is left alone, so a name among the remarks is nobody's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.model.value import value
from mailintake.stages.words.dates import iso_dates
from mailintake.stages.words.file_people import surname_latin
from mailintake.stages.words.fold import fold
from mailintake.stages.words.name_words import is_name, name_words
from mailintake.stages.words.pinyin import split_latin

_PARTINGS = (re.compile(r"\s*\|\s*"), re.compile(r"[ ]*\t[ ]*"), re.compile(r"[ \u3000]{2,}"), re.compile(r"\s*,\s*"))
_BLANK = re.compile(r"[ \t\u3000]+")
_BESIDE = re.compile(r"[\s\u3000():]+")
_SEX = re.compile(r"[\s\u3000]+[\u7537\u5973]\s*$")  # of the next column, run into the name's cell
_WITH_LATIN = re.compile(  # a Chinese name and its spelling in one cell, in either order
    r"([\u3400-\u9fff]{2,4})[\s(/]*[A-Za-z][A-Za-z ,\-]*\)?|[A-Za-z][A-Za-z ,\-]*[\s(/]*([\u3400-\u9fff]{2,4})\)?"
)
_SHORT_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_COLUMNS = ("name", "pinyin", "passport_no", "old_passport_no", "card_no", "card_expiry", "birth_date", "id_no")
_NAMES = ("name", "pinyin")
_NUMBERS = ("passport_no", "old_passport_no", "card_no")
_DAYS = ("card_expiry", "birth_date")
_MOST_LINES = 2_000
_LONGEST_LABEL = 16  # characters
_NONE = ("", "-")  # an empty cell
_GAP = 2  # lines between the head of a table and its rows, or between rows
_DAY_ZERO, _SERIALS = date(1899, 12, 30), range(20_000, 80_000)  # how workbooks count days


@value
class Row:
    """One person of a table: the name as it stands there, and the other cells by field name."""

    name: str
    fields: tuple[tuple[str, str], ...]
    line: int


@value
class Tables:
    """What a text holds of tables, and the text without them: its lines stay, those of tables are blank."""

    rows: tuple[Row, ...]
    rest: str


def tables_in(text: str, rules: RuleSet) -> Tables:
    """Every table of a text (simplified characters, half width)."""
    lines = text.split("\n")[:_MOST_LINES]
    taken: dict[int, list[Row]] = {}
    labels = _labels(rules.vocabulary)
    at = 0
    while at < len(lines):
        found = _upright(lines, at, labels, rules) or _on_its_side(lines, at, labels, rules)
        found = found or _one_below_the_other(lines, at, labels, rules)
        if found is None:
            at += 1
            continue
        rows, end = found
        taken |= {number: [] for number in range(at, end)}
        taken[at] = list(rows)
        at = end
    rest = "\n".join(" " * len(line) if i in taken else line for i, line in enumerate(lines))
    return Tables(tuple(row for rows in taken.values() for row in rows), rest)


def _upright(lines: Sequence[str], at: int, labels: "_Labels", rules: RuleSet) -> tuple[tuple[Row, ...], int] | None:
    """A head of one row or two and the rows below it; None where this line is no head."""
    for parting in _PARTINGS:
        head = _cells(lines[at], parting)
        columns, first = [labels.get(_label(cell)) or "" for cell in head], at + 1
        if (second := _next_full(lines, at)) is not None:
            below = _cells(lines[second], parting)
            upper, lower = _spread(head, below, _width(lines, second, parting))
            if _parts(upper, lower, labels):
                columns, first = _of_two_rows(upper, lower, labels), second + 1
        named = [c for c in columns if c]
        if len(head) < 2 or len(named) < 2 or not set(_NAMES) & set(named) or len(set(named)) != len(named):
            continue
        rows, end = _below(lines, first, columns, parting, rules)
        if rows:
            return rows, end
    return None


def _next_full(lines: Sequence[str], at: int) -> int | None:
    """The next line that is not blank, where it is near."""
    return next((n for n in range(at + 1, min(len(lines), at + 1 + _GAP)) if lines[n].strip()), None)


def _width(lines: Sequence[str], at: int, parting: re.Pattern[str]) -> int:
    """How many cells the line below that one has."""
    below = _next_full(lines, at)
    return len(_cells(lines[below], parting)) if below is not None else 0


def _spread(head: Sequence[str], below: Sequence[str], width: int) -> tuple[Sequence[str], Sequence[str]]:
    """Both rows of a head in the columns of the rows below, where the upper one's wide cells were written once: its
    last cells reach over as many of the lower ones each, the first stand alone."""
    full = [cell for cell in below if _label(cell) not in _NONE]
    alone = width - len(full)
    wide = len(head) - alone
    if len(head) >= width or alone < 0 or wide <= 0 or len(full) % wide:
        return head, below
    rest = [_NONE[1]] * (len(full) // wide - 1)
    upper = [*head[:alone], *(cell for one in head[alone:] for cell in (one, *rest))]
    return upper, [*[_NONE[1]] * alone, *full]


def _parts(head: Sequence[str], below: Sequence[str], labels: "_Labels") -> bool:
    """Is the row below a head its second row: nothing but labels, by themselves or with the cell above?"""
    full = [(upper, lower) for upper, _, lower in _stacked(head, below) if lower]
    told = (labels.get(lower) is not None or labels.get(upper + lower) is not None for upper, lower in full)
    return len(head) > 1 and len(full) > 1 and all(told)


def _of_two_rows(head: Sequence[str], below: Sequence[str], labels: "_Labels") -> list[str]:
    """The columns of a head of two rows: what both say together, else what the lower one says, else the upper one."""
    columns = []
    for upper, above, lower in _stacked(head, below):
        said = (upper + lower, lower) if lower else (above,)
        columns.append(next((found for one in said if (found := labels.get(one)) is not None), ""))
    return columns


class _Stacked(NamedTuple):
    upper: str  # the upper cell that reaches over this column
    above: str  # the upper cell of this very column
    lower: str


def _stacked(head: Sequence[str], below: Sequence[str]) -> Iterator[_Stacked]:
    """Column by column the labels of a head of two rows, an empty cell as an empty text."""
    upper = ""
    for above, lower in zip_longest(map(_label, head), map(_label, below), fillvalue=""):
        upper = above if above not in _NONE else upper
        yield _Stacked(upper, *("" if cell in _NONE else cell for cell in (above, lower)))


def _below(
    lines: Sequence[str], first: int, columns: Sequence[str], parting: re.Pattern[str], rules: RuleSet
) -> tuple[tuple[Row, ...], int]:
    rows: list[Row] = []
    above: Mapping[str, str] = {}
    end = first
    for number in range(first, len(lines)):
        if not lines[number].strip():
            if number - end >= _GAP:
                break
            continue
        cells = _fitting(_cells(lines[number], parting), lines[number], columns)
        fields = dict(zip(columns, cells, strict=False))
        if 1 < len(cells) < len(columns) and not _in_place(cells, columns, rules):
            fields = _by_content(cells, columns, rules)
        fields = _without_ditto(fields, above, rules)
        row = _row(fields, number, rules) if cells and not _left_out(cells, rules) else None
        if row is not None:
            rows.append(row)
            above = fields
        elif len(cells) < 2 and not _goes_on(lines, number, columns, parting, rules):
            break
        end = number + 1
    return tuple(rows), end


def _without_ditto(fields: Mapping[str, str], above: Mapping[str, str], rules: RuleSet) -> dict[str, str]:
    """The cells with that of the row above where they say "the same"; nobody has another's number."""
    ditto = {fold(word) for word in rules.vocabulary.words("ditto_words")}
    return {
        name: above.get(name, "") if name in _DAYS and fold(cell).strip(" .") in ditto else cell
        for name, cell in fields.items()
    }


def _goes_on(lines: Sequence[str], at: int, columns: Sequence[str], parting: re.Pattern[str], rules: RuleSet) -> bool:
    """Does a line inside a table that is no row (a department, a unit) stand right above a further row?"""
    below = _next_full(lines, at)
    if below is None:
        return False
    cells = _fitting(_cells(lines[below], parting), lines[below], columns)
    full = len(cells) >= len(columns) - 1
    return full and _row(dict(zip(columns, cells, strict=False)), below, rules) is not None


def _left_out(cells: Sequence[str], rules: RuleSet) -> bool:
    """Does a remark of the row say that this person does not apply now?"""
    words = rules.vocabulary.words("row_not_now")
    return any(fold(cell).startswith(words) for cell in cells)


def _fitting(cells: list[str], line: str, columns: Sequence[str]) -> list[str]:
    """The cells of a row; parted by single blanks where that gives as many as there are columns."""
    if len(cells) >= len(columns):
        return cells
    apart = _BLANK.split(line.strip())
    return apart if len(apart) == len(columns) else cells


def _in_place(cells: Sequence[str], columns: Sequence[str], rules: RuleSet) -> bool:
    """Does the row only end early, its last cells blank: is each number where its column is, and no date without
    one?"""
    numbers = {
        "card_no": "|".join(rules.vocabulary.words("card_patterns")),
        "passport_no": (passports := "|".join(rules.vocabulary.words("passport_patterns"))),
        "old_passport_no": passports,
    }
    shown = [(column, re.sub(r"[\s\-]", "", cell).upper()) for column, cell in zip(columns, cells, strict=False)]
    return any(column in numbers for column, _ in shown) and all(
        re.fullmatch(numbers[column], cell) for column, cell in shown if column in numbers
    )


def _by_content(cells: Sequence[str], columns: Sequence[str], rules: RuleSet) -> dict[str, str]:
    """A row in which cells ran together or are missing: each number and date by its own form, in the columns' order."""
    words = rules.vocabulary
    line = "  ".join(cells)
    found: dict[str, str] = {}
    for kinds, pattern in (
        (("passport_no", "old_passport_no"), "|".join(words.words("passport_patterns"))),
        (("card_no",), "|".join(words.words("card_patterns"))),
        (("card_expiry", "birth_date"), r"(?:19|20)\d\d[-./\u5e74]\d{1,2}[-./\u6708]\d{1,2}"),
    ):
        wanted = [column for column in columns if column in kinds]
        hits = re.findall(rf"(?<![A-Z0-9])(?:{pattern})(?![A-Z0-9])", line.upper())
        if len(wanted) == 1 and columns[-1] in wanted and len(hits) > 1:
            hits = hits[-1:]  # the last column's, where cells before it are blank
        if len(hits) == len(wanted):
            found |= dict(zip(wanted, hits, strict=True))
        line = re.sub(rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])", "  ", line)
    found["name"] = next((cell for cell in _PARTINGS[2].split(line) if _name(cell, rules)), "")
    return found


def _on_its_side(
    lines: Sequence[str], at: int, labels: "_Labels", rules: RuleSet
) -> tuple[tuple[Row, ...], int] | None:
    """Lines that begin with what they hold, a person in each further cell; or label and value in turns."""
    for parting in _PARTINGS:
        people: list[dict[str, str]] = []
        number = at
        while number < len(lines):
            cells = _cells(lines[number], parting)
            pairs = _pairs(cells, labels, people)
            if not pairs:
                break
            people = pairs
            number += 1
        rows = [row for fields in people if (row := _row(fields, at, rules)) is not None]
        if rows and len(rows) == len(people) and all(row.fields for row in rows):
            return tuple(rows), number
    return None


def _one_below_the_other(
    lines: Sequence[str], at: int, labels: "_Labels", rules: RuleSet
) -> tuple[tuple[Row, ...], int] | None:
    """A label alone on its line and what it names on the next one, in turns; the label of a name begins a person."""
    people: list[dict[str, str]] = []
    end = at
    while (pair := _label_and_below(lines, end, labels)) is not None:
        kind, cell, end = pair
        if kind == "name" or not people:
            people.append({})
        if kind:
            people[-1][kind] = cell
    rows = [row for fields in people if (row := _row(fields, at, rules)) is not None and row.fields]
    return (tuple(rows), end) if rows and len(rows) == len(people) else None


class _Below(NamedTuple):
    kind: str  # the column of the label
    cell: str
    end: int  # the line behind both


def _label_and_below(lines: Sequence[str], at: int, labels: "_Labels") -> _Below | None:
    """A label that stands alone on the next full line, with the line below it."""
    full = [number for number in range(at, min(len(lines), at + 2 * _GAP + 2)) if lines[number].strip()]
    if len(full) < 2 or full[0] - at > _GAP:
        return None
    kind = labels.get(_label(lines[full[0]]))
    if kind is None or labels.get(_label(lines[full[1]])) is not None:
        return None
    return _Below(kind, lines[full[1]].strip(), full[1] + 1)


def _pairs(cells: Sequence[str], labels: "_Labels", people: Sequence[dict[str, str]]) -> list[dict[str, str]] | None:
    """The people so far with what this line adds; None where it adds nothing."""
    if len(cells) < 2 or _label(cells[0]) not in labels:
        return None
    kinds = [labels.get(_label(cell)) for cell in cells]
    if len(cells) % 2 == 0 and all(kind is not None for kind in kinds[::2]) and None in kinds[1::2]:
        added = [{kind: cell for kind, cell in zip(kinds[::2], cells[1::2], strict=True) if kind}]
    else:
        added = [{kinds[0] or "": cell} for cell in cells[1:]]
    if people and len(added) != len(people):
        return None
    before = people or [{} for _ in added]
    return [{**old, **{k: v for k, v in new.items() if k}} for old, new in zip(before, added, strict=True)]


def _row(fields: Mapping[str, str], line: int, rules: RuleSet) -> Row | None:
    """A person, when the row names one; otherwise it is a remark, a sum or the clerk's line."""
    found = {key: _value(key, cell) for key, cell in fields.items() if key in _COLUMNS and key not in _NAMES}
    name = _name(fields.get("name", ""), rules) or _name(fields.get("pinyin", ""), rules)
    if not name and any(found.get(key) for key in _NUMBERS):
        name = _any_name(fields.get("name", ""), rules)
    if not name:
        return None
    spelt = _name(fields.get("pinyin", ""), rules)
    if spelt and spelt != name:
        found["name_pinyin"] = spelt
    return Row(name, tuple((key, cell) for key, cell in found.items() if cell), line)


def _name(cell: str, rules: RuleSet) -> str:
    chinese = _BESIDE.sub("", _SEX.sub("", cell))
    if is_name(chinese, name_words(rules.vocabulary), borne=True):
        return chinese
    beside = _WITH_LATIN.fullmatch(cell.strip())
    if beside is not None and is_name(beside[1] or beside[2], name_words(rules.vocabulary), borne=True):
        return beside[1] or beside[2]
    return split_latin(cell, surname_latin(rules)) or "" if cell.isascii() else ""


def _any_name(cell: str, rules: RuleSet) -> str:
    """A cell under "name" beside a number is a name whatever word it is, unless it is a word of this trade."""
    chinese = _BESIDE.sub("", _SEX.sub("", cell))
    trade = {*rules.vocabulary.words("plain_words"), *rules.vocabulary.words("job_titles")}
    return chinese if _SHORT_NAME.fullmatch(chinese) and chinese not in trade else ""


def _value(key: str, cell: str) -> str:
    """The value of a cell in the form of its field; empty where it has none."""
    if key in _DAYS:
        if cell.strip().isdecimal() and int(cell) in _SERIALS:
            return (_DAY_ZERO + timedelta(days=int(cell))).isoformat()
        return next(iter(iso_dates(cell.upper())), "")
    plain = re.sub(r"[\s\-]", "", cell).upper()
    return plain if re.fullmatch(r"[A-Z]{0,4}\d{5,18}X?", plain) else ""


def _cells(line: str, parting: re.Pattern[str]) -> list[str]:
    bare = line.strip().strip("|").strip()
    return [cell.strip() for cell in parting.split(bare)] if parting.search(bare) else [bare]


def _label(cell: str) -> str:
    return _BESIDE.sub("", fold(cell)).rstrip(".*")


class _Labels:
    """Label → column; "" for labels of columns that are of no interest. A label that no list holds is told by the words
    it is made of: whose card's number, until when."""

    def __init__(self, exact: Mapping[str, str], shapes: Sequence[str]) -> None:
        self._exact = exact
        self._shapes = [(name, re.compile(shape)) for name, _, shape in (line.partition(" ") for line in shapes)]

    def __contains__(self, label: str) -> bool:
        return self.get(label) is not None

    def get(self, label: str) -> str | None:
        """The column, "" where it is of no interest, None where the text is no label."""
        if label in self._exact:
            return self._exact[label]
        if len(label) > _LONGEST_LABEL:
            return None
        name = next((name for name, shape in self._shapes if shape.fullmatch(label)), None)
        return "" if name == "other" else name


def _labels(vocabulary: Vocabulary) -> _Labels:
    lists = tuple((name, vocabulary.words(f"table_{name}")) for name in (*_COLUMNS, "other"))
    return _label_map(lists, vocabulary.words("table_shapes"))


@lru_cache(maxsize=8)
def _label_map(lists: tuple[tuple[str, tuple[str, ...]], ...], shapes: tuple[str, ...]) -> _Labels:
    exact = {_label(word): "" if name == "other" else name for name, words in lists for word in words}
    return _Labels(exact, shapes)


def people_of(rows: Sequence[Row]) -> Iterator[str]:
    """The names of the rows, each once."""
    yield from dict.fromkeys(row.name for row in rows)
