"""All words of all mails, to be searched: which mails hold which pairs of characters and which triples of letters.

A mail's subject, sender, text, quoted text and names of files, folded, are cut into grams: two Chinese characters that
stand side by side, three letters or digits of one word. For each gram and each thousand mails one row says by bits
which of them have it. A search takes the mails that have every gram of what was typed and reads them, newest first,
until it has enough: what it gives holds the words themselves, and no mail is too old to be found. Both databases do
the same. Rows are made from readings and prove nothing, so they have no seals; a mail that was read anew keeps its old
bits, which cost a look.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, select

from mailintake.store.part import forget_rows, put_rows
from mailintake.store.quick import Quick, filled, keys_of, numbered
from mailintake.store.tables import MAIL_WORDS, MESSAGES, READINGS

_BITS = 10  # of a mail's number that stand inside a block
_IN_BLOCK = 1 << _BITS
_LONGEST = 100_000  # characters of a mail that are looked at
_PAIR, _TRIPLE = 2, 3
_MOST_GRAMS = 12  # of a search; more make it no more exact
_MANY = 256  # grams in one statement
_READ = 60  # mails that are read at once
_FIRST, _LAST, _RARE = 0x3400, 0x9FFF, 0x20000


def folded(text: str) -> str:
    """Width, case and spaces do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def text_of(reading: Mapping[str, Any]) -> str:
    """What is searched of a mail as it is stored (model.codec)."""
    sender = reading.get("sender") or {}
    said = (reading.get("subject", ""), sender.get("addr", ""), sender.get("name", ""))
    files = (file.get("path", "") for file in reading.get("attachments", ()))
    return folded("\n".join((*said, reading.get("new_text", ""), reading.get("quoted_text", ""), *files))[:_LONGEST])


def grams_of(text: str) -> dict[str, None]:
    """In the order in which they first stand in a folded text."""
    found: dict[str, None] = {}
    for chinese, run in groupby(text, _kind):
        if chinese is None:
            continue
        part, size = "".join(run), _PAIR if chinese else _TRIPLE
        for at in range(len(part) - size + 1):
            found[part[at : at + size]] = None
    return found


def _kind(letter: str) -> bool | None:
    """A Chinese character, another letter or digit, or neither."""
    if _FIRST <= ord(letter) <= _LAST or ord(letter) >= _RARE:
        return True
    return False if letter.isalnum() else None


def write_words(connection: Connection, number: int, text: str) -> None:
    """The mail of that number has that text."""
    grams, block, bit = list(grams_of(text)), number >> _BITS, 1 << (number & _IN_BLOCK - 1)
    there: dict[str, int] = {}
    for start in range(0, len(grams), _MANY):
        keys = filled(grams[start : start + _MANY])
        rows = _held(len(keys)).rows(connection, of_block=block, **numbered(keys))
        there |= {row["gram"]: int.from_bytes(row["bits"]) for row in rows}
    _write(connection, block, {gram: there.get(gram, 0) | bit for gram in grams if not there.get(gram, 0) & bit})


@cache
def _held(size: int) -> Quick:
    asked = select(MAIL_WORDS.c.gram, MAIL_WORDS.c.bits).where(MAIL_WORDS.c.block == bindparam("of_block"))
    return Quick(asked.where(MAIL_WORDS.c.gram.in_(keys_of(MAIL_WORDS.c.gram, size))))


def forget_words(connection: Connection, number: int) -> None:
    """The mail of that number has no text any more."""
    block, bit = number >> _BITS, 1 << (number & _IN_BLOCK - 1)
    asked = select(MAIL_WORDS.c.gram, MAIL_WORDS.c.bits).where(MAIL_WORDS.c.block == block)
    held = {gram: int.from_bytes(bits) & ~bit for gram, bits in connection.execute(asked) if int.from_bytes(bits) & bit}
    _write(connection, block, {gram: bits for gram, bits in held.items() if bits})
    forget_rows(connection, MAIL_WORDS, [{"gram": gram, "block": block} for gram, bits in held.items() if not bits])


def _write(connection: Connection, block: int, bits: Mapping[str, int]) -> None:
    put_rows(
        connection,
        MAIL_WORDS,
        [{"gram": gram, "block": block, "bits": held.to_bytes(_IN_BLOCK // 8)} for gram, held in bits.items()],
    )


def make_words(connection: Connection) -> None:
    """For every mail that was read before there were such rows."""
    asked = select(MESSAGES.c.id, READINGS.c.body).join(READINGS, READINGS.c.sha256 == MESSAGES.c.sha256)
    rows = connection.execute(asked.order_by(MESSAGES.c.id).execution_options(yield_per=_MANY))
    for block, mails in groupby(rows, lambda row: row.id >> _BITS):
        bits: defaultdict[str, int] = defaultdict(int)
        for mail in mails:
            for gram in grams_of(text_of(mail.body)):
                bits[gram] |= 1 << (mail.id & _IN_BLOCK - 1)
        _write(connection, block, bits)


def found_mails(connection: Connection, words: str, limit: int, before: int | None) -> list[int]:
    """Numbers of the newest mails that hold every one of these words, `before` that number where one is given. Nothing
    where a word is too short to be looked for: one character, or two letters."""
    wanted = folded(words).split()
    grams = [list(grams_of(word)) for word in wanted]
    if not wanted or not all(grams):
        return []
    found: list[int] = []
    numbers = _holding(connection, [gram for one in grams for gram in one][:_MOST_GRAMS], before)
    for part in _parts(numbers):
        asked = select(MESSAGES.c.id, READINGS.c.body).join(READINGS, READINGS.c.sha256 == MESSAGES.c.sha256)
        texts = {row.id: text_of(row.body) for row in connection.execute(asked.where(MESSAGES.c.id.in_(part)))}
        found += [number for number in part if number in texts and all(word in texts[number] for word in wanted)]
        if len(found) >= limit:
            return found[:limit]
    return found


def _holding(connection: Connection, grams: list[str], before: int | None) -> Iterator[int]:
    """Numbers of mails that have all of these grams, the newest first."""
    asked = select(MAIL_WORDS.c.block, MAIL_WORDS.c.gram, MAIL_WORDS.c.bits).where(MAIL_WORDS.c.gram.in_(grams))
    if before is not None:
        asked = asked.where(MAIL_WORDS.c.block <= before >> _BITS)
    blocks: dict[int, list[int]] = {}
    for block, _, bits in connection.execute(asked):
        blocks.setdefault(block, []).append(int.from_bytes(bits))
    for block, held in sorted(blocks.items(), reverse=True):
        if len(held) < len(set(grams)):
            continue
        common = held[0]
        for bits in held[1:]:
            common &= bits
        while common:
            top = common.bit_length() - 1
            common ^= 1 << top
            number = block << _BITS | top
            if before is None or number < before:
                yield number


def _parts(numbers: Iterable[int]) -> Iterator[list[int]]:
    part: list[int] = []
    for number in numbers:
        part.append(number)
        if len(part) == _READ:
            yield part
            part = []
    if part:
        yield part
