"""Rows of what people do, as SQLModel classes over the tables of `tables`: acts, words, staff, and the desk's own.

What mails and passes write goes by statements (`quick`): a start that meets nobody at the desk need not load the
library, nor make its classes. No `from __future__ import annotations` here: SQLModel reads them when the module loads.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import MetaData
from sqlmodel import Field, SQLModel

from mailintake.store.tables import METADATA
from mailintake.store.types import Json


class _Over(SQLModel):
    """The columns are those of the table that is there already."""

    model_config = {"defer_build": True}  # rows are written by us: nobody asks for validators
    metadata: ClassVar[MetaData] = METADATA
    __table_args__: ClassVar[Any] = {"keep_existing": True}


class ActTable(_Over, table=True):
    """An act that can be taken back."""

    __tablename__ = "acts"
    event: int = Field(primary_key=True)
    at: datetime
    act: str
    target: str
    by: str
    body: Any = Field(sa_type=Json)
    undone_by: int | None


class WordsTable(_Over, table=True):
    """What was written with an act."""

    __tablename__ = "event_words"
    event: int = Field(primary_key=True)
    what: str = Field(primary_key=True)
    case_number: str
    sha256: str
    words: str | None


class StaffTable(_Over, table=True):
    """Somebody whom the program knows by name."""

    __tablename__ = "staff"
    name: str = Field(primary_key=True)
    role: str
    mail: str


class DeskLinkTable(_Over, table=True):
    """A link into the desk."""

    __tablename__ = "desk_links"
    key_sha256: str = Field(primary_key=True)
    name: str
    expires: datetime


class DeskSessionTable(_Over, table=True):
    """Somebody who is logged in."""

    __tablename__ = "desk_sessions"
    key_sha256: str = Field(primary_key=True)
    name: str
    token: str
    opened_at: datetime
    seen_at: datetime
    expires: datetime
    told: str


class DeskDraftTable(_Over, table=True):
    """What somebody is typing."""

    __tablename__ = "desk_drafts"
    name: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    said: str
    at: datetime
