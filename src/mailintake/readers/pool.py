"""The parent's side of the reader process: start, ask, time out, kill, start again."""

import base64
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from mailintake.errors import ReaderFailed
from mailintake.model.codec import decode, encode
from mailintake.model.facts import TextFacts
from mailintake.model.rules import Vocabulary
from mailintake.readers.clamd import scanned
from mailintake.readers.port import Limits, MessageReading

_ANSWER_LIMIT = 64 * 2**20
_RECYCLE_AFTER = 300  # requests: libraries that leak a little start anew
_CHUNK = 1 << 16
_PNG = b"\x89PNG\r\n\x1a\n"


class ReaderPool:
    """One reader process, started when first needed. Implements readers.port.Readers and readers.port.PagePictures."""

    def __init__(
        self,
        words: Vocabulary,
        limits: Limits,
        *,
        ocr: bool = True,
        clamd: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clamd` is the address of a virus scanner that is asked about every file; empty: nobody is asked."""
        self._start = {"limits": encode(limits), "words": encode(words), "ocr": ocr}
        self._limits, self._clock, self._clamd = limits, clock, clamd
        self._child: subprocess.Popen[bytes] | None = None
        self._served = 0
        self._turn = threading.RLock()

    def warm_up(self) -> Mapping[str, bool]:
        """Start the child and load what is slow to load. `ocr`: pictures can be read; `offline`: the child has no
        network. ReaderFailed when the models of an installed OCR cannot be loaded."""
        answer: dict[str, bool] = self._ask({"op": "warm_up"})
        return answer

    def message(self, raw: Path, out: Path) -> MessageReading:
        """Open one mail in the child. ReaderFailed when it crashed, hung or ran out of memory."""
        answer = self._ask({"op": "message", "raw": str(raw), "out": str(out)})
        reading: MessageReading = self._checked(MessageReading, answer)
        return scanned(reading, out, self._clamd) if self._clamd else reading

    def text(self, file: Path, format_: str) -> TextFacts | None:
        """Text of one file, or None where it cannot be read here. ReaderFailed as above."""
        answer = self._ask({"op": "text", "file": str(file), "format": format_})
        text: TextFacts | None = None if answer is None else self._checked(TextFacts, answer)
        return text

    def picture(self, file: Path, format_: str, page: int, width: int) -> bytes | None:
        """A page as PNG, made anew from pixels, or None where it cannot be drawn. ReaderFailed as above."""
        request = {"op": "picture", "file": str(file), "format": format_, "page": str(page), "width": str(width)}
        answer = self._ask(request)
        if answer is None:
            return None
        try:
            png = base64.b64decode(answer, validate=True)
        except (ValueError, TypeError) as misfit:
            self.close()
            raise ReaderFailed(f"reader process answered in a wrong shape: {misfit}") from misfit
        if not png.startswith(_PNG):
            self.close()
            raise ReaderFailed("reader process answered with something else than a picture")
        return png

    def use_words(self, words: Vocabulary) -> None:
        """Other words from the next mail on: a child that knows the old ones is ended."""
        told = encode(words)
        if told != self._start["words"]:
            self._start["words"] = told
            self.close()

    @property
    def pid(self) -> int | None:
        """Process id of the child while one runs."""
        return self._child.pid if self._child else None

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL)
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        child.wait()

    def _checked(self, cls: Any, answer: Any) -> Any:
        try:
            return decode(cls, answer)
        except ValueError as misfit:
            self.close()
            raise ReaderFailed(f"reader process answered in a wrong shape: {misfit}") from misfit

    def _ask(self, request: dict[str, str]) -> Any:
        with self._turn:  # one process, one question at a time, whoever asks
            return self._answer(request)

    def _answer(self, request: dict[str, str]) -> Any:
        try:
            child = self._running()
            self._write(child, request)
            answer = json.loads(self._read_line(child))
        except (OSError, ValueError) as broken:
            self.close()
            raise ReaderFailed(f"reader process ended on {request['op']}: {broken}") from broken
        if "error" in answer:
            if answer["error"].startswith("MemoryError"):
                self.close()
            raise ReaderFailed(f"reader process failed on {request['op']}: {answer['error']}")
        return answer["ok"]

    def _running(self) -> subprocess.Popen[bytes]:
        if self._served >= _RECYCLE_AFTER or (self._child is not None and self._child.poll() is not None):
            self.close()
        if self._child is None:
            environment = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "HOME", "TMPDIR")}
            environment |= {"PYTHONUTF8": "1", "ORT_DISABLE_TELEMETRY": "1", "OMP_NUM_THREADS": "1"}
            self._child = subprocess.Popen(
                [sys.executable, "-m", "mailintake.readers.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
            self._served = 0
            self._write(self._child, self._start)
        self._served += 1
        return self._child

    def _write(self, child: subprocess.Popen[bytes], thing: Any) -> None:
        """One line, within the wall-clock limit: a child that does not listen must not hold us."""
        assert child.stdin is not None  # noqa: S101 - Popen with PIPE always has it
        stream, rest = child.stdin.fileno(), memoryview(json.dumps(thing, ensure_ascii=True).encode() + b"\n")
        os.set_blocking(stream, False)
        deadline = self._clock() + self._limits.seconds
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_WRITE)
            while rest:
                if not selector.select(max(0.0, deadline - self._clock())):
                    raise TimeoutError("the reader does not listen")
                rest = rest[os.write(stream, rest) :]

    def _read_line(self, child: subprocess.Popen[bytes]) -> bytes:
        """One answer line within the wall-clock limit. TimeoutError or EOFError (both ours to map) otherwise."""
        assert child.stdout is not None  # noqa: S101 - the same
        stream, received = child.stdout.fileno(), bytearray()
        deadline = self._clock() + self._limits.seconds
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while not received.endswith(b"\n"):
                if not selector.select(max(0.0, deadline - self._clock())):
                    raise TimeoutError(f"no answer within {self._limits.seconds:g} s")
                chunk = os.read(stream, _CHUNK)
                if not chunk:
                    raise BrokenPipeError("process died")
                received += chunk
                if len(received) > _ANSWER_LIMIT:
                    raise ValueError("answer too long")
        return bytes(received)
