"""Reading a mail from bytes, and the configured words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from mailintake.model.message import Attachment, InboundMessage
from mailintake.model.rules import Vocabulary
from mailintake.readers.mail.message import read_message
from mailintake.readers.port import Limits

Read = Callable[..., InboundMessage]


@pytest.fixture(scope="session")
def words() -> Vocabulary:
    """The word lists about mail, as configured."""
    file = Path(__file__).parents[3] / "config" / "words" / "mail.yaml"
    return Vocabulary({name: tuple(entries) for name, entries in YAML(typ="safe").load(file).items()})


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the files of the mail go."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def read(words: Vocabulary, tmp_path: Path, out: Path) -> Read:
    """Read raw bytes as one mail."""

    def _read(raw: bytes, limits: Limits | None = None) -> InboundMessage:
        file = tmp_path / "raw.eml"
        file.write_bytes(raw)
        return read_message(file, out, words, limits or Limits())

    return _read


@pytest.fixture
def content(out: Path) -> Callable[[Attachment], bytes]:
    """The stored bytes of an attachment."""
    return lambda attachment: (out / attachment.sha256).read_bytes()
