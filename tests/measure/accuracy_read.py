"""Specimens through the real readers in the reader process; what OCR saw is kept, so that a second run is quick."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from itertools import islice
from pathlib import Path
from typing import Any

from tests.support.specimens import Specimen

from mailintake.model.codec import decode, encode
from mailintake.model.facts import FileFacts, TextFacts
from mailintake.model.rules import RuleSet
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import READER_VERSION, Limits

_MAIL = 40  # specimens in one mail
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Read:
    """A specimen as the reader process left it."""

    specimen: Specimen
    facts: FileFacts
    seconds: float  # CPU of the reader for its text; 0 where there was nothing to see


class Measuring:
    """One reader process, its cost, and the folder that remembers what was seen."""

    def __init__(self, rules: RuleSet, folder: Path) -> None:
        self.rules, self.folder = rules, folder
        self.pool = ReaderPool(rules.vocabulary, Limits(seconds=120.0))
        self.peak = 0
        folder.mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        """End the reader process."""
        self.pool.close()

    def read(self, specimens: Iterable[Specimen]) -> Iterator[Read]:
        """Every specimen measured, and read where its kind needs the text; in order."""
        rest = iter(specimens)
        while mail := tuple(islice(rest, _MAIL)):
            with tempfile.TemporaryDirectory() as folder:
                raw, out = Path(folder, "mail.eml"), Path(folder, "out")
                raw.write_bytes(_mail(mail))
                out.mkdir()
                known = self.pool.message(raw, out).facts
                for specimen in mail:
                    digest = hashlib.sha256(specimen.data).hexdigest()
                    yield self._with_text(specimen, known[digest], out / digest)
            self._note_peak()

    def _with_text(self, specimen: Specimen, facts: FileFacts, file: Path) -> Read:
        if not self._needs_text(specimen, facts):
            return Read(specimen, facts, 0.0)
        kept = self.folder / f"{READER_VERSION}-{facts.sha256}.json"
        if not kept.is_file():
            before = self._cpu()
            text = self.pool.text(file, facts.format)
            spent = self._cpu() - before  # a reader that was started anew begins at nothing
            self._note_peak()
            cost: dict[str, Any] = {"seconds": spent if spent >= 0 else self._cpu(), "peak": self.peak}
            cost["text"] = None if text is None else encode(text)
            kept.write_text(json.dumps(cost, ensure_ascii=False), "utf-8")
        stored = json.loads(kept.read_text("utf-8"))
        self.peak = max(self.peak, stored["peak"])
        text = None if stored["text"] is None else decode(TextFacts, stored["text"])
        return Read(specimen, replace(facts, text=text or facts.text), float(stored["seconds"]))

    def _needs_text(self, specimen: Specimen, facts: FileFacts) -> bool:
        """As the stages decide it: a kind whose checks need words, and a file without any yet."""
        scanned = facts.pdf is not None and facts.pdf.shape.value in ("scan", "text") and not facts.problem
        return (
            self.rules.kinds[specimen.asked[0].kind].needs_text
            and facts.text is None
            and (facts.image is not None or scanned)
        )

    def _cpu(self) -> float:
        fields = Path(f"/proc/{self.pool.pid}/stat").read_text("utf-8").rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def _note_peak(self) -> None:
        for line in Path(f"/proc/{self.pool.pid}/status").read_text("utf-8").splitlines():
            if line.startswith("VmHWM:"):
                self.peak = max(self.peak, int(line.split()[1]) // 1024)


def _mail(specimens: Iterable[Specimen]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "specimens@company.example", "specimens"
    mail.set_content("见附件")
    for number, specimen in enumerate(specimens):
        mail.add_attachment(specimen.data, "application", "octet-stream", filename=f"{number}-{specimen.name}")
    return mail.as_bytes()
