"""Column types that keep what the drivers would lose: time zones, stray surrogates and NULs."""

import json
import unicodedata
import zlib
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine

_KEY_LENGTH = 500
NEVER_LOOKED = date(1, 1, 1)  # in case_clock: to be looked at with the next pass
_READABLE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ESCAPED = json.JSONEncoder(separators=(",", ":"))


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused (ValueError); what comes back is aware and in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite has no zones, so it gets the bare UTC time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value.isoformat()}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text that strangers wrote: NULs and lone surrogates, which no database takes, are dropped or replaced."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Storable text."""
        return None if value is None else self.stored(value)

    @staticmethod
    def stored(text: str) -> str:
        """As it will be read."""
        return clean(text)


class KeyText(CleanText):
    """The same where it is indexed: PostgreSQL refuses index entries over 2,704 bytes, so long ones are cut, when
    stored and when looked for alike."""

    cache_ok = True

    @staticmethod
    def stored(text: str) -> str:
        """At most 500 characters of it."""
        return key_text(text)


class TermText(KeyText):
    """A key that is looked for by its beginning: compared byte by byte on every database, whatever its locale."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """PostgreSQL sorts by its locale unless told otherwise, and cannot use an index for beginnings then."""
        return dialect.type_descriptor(String(collation="C") if dialect.name == "postgresql" else String())


class Json(TypeDecorator[Any]):
    """A value of model/codec.encode(), always replaced whole."""

    impl = JSON(none_as_null=True)
    cache_ok = True


def clean(text: str) -> str:
    """The text without NULs, lone surrogates as question marks."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def key_text(text: str) -> str:
    """As it stands in a column of KeyText."""
    return clean(text)[:_KEY_LENGTH]


class JsonText(str):
    """JSON that is worded already: a value that is stored, sealed and kept as a version is worded once."""

    __slots__ = ()


def dumps(thing: Any) -> str:
    """Compact JSON that stays readable in the database; escaped only where UTF-8 cannot hold it."""
    if isinstance(thing, JsonText):
        return thing
    text = _READABLE.encode(thing)
    return text if text.isascii() or _encodable(text) else _ESCAPED.encode(thing)


def packed(thing: Any) -> bytes:
    """JSON that is long, seldom read, and kept for good."""
    return zlib.compress(dumps(thing).encode())


def unpacked(packed_: bytes) -> Any:
    """The same, back."""
    return json.loads(zlib.decompress(packed_))


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def key_of(identifier: str) -> str:
    """How names and numbers are compared: width and case do not count, nor anything but letters and digits."""
    return "".join(c for c in unicodedata.normalize("NFKC", identifier).upper() if c.isalnum())
