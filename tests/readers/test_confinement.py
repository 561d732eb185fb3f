"""The reader process: limits that hold, no network where the kernel allows that, everything loaded when asked."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailintake.config import load
from mailintake.errors import ReaderFailed
from mailintake.readers.files import ocr
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import Limits

PREPARED = """
import json, sys
from mailintake.readers.child import allow_cpu, confine
from mailintake.readers.port import Limits
limits = Limits(memory_bytes=2**29, archive_bytes=2**20, seconds=1.0)
offline = confine(limits)
"""


def confined(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", PREPARED + program], env=environment, cwd=folder, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip


@pytest.fixture
def readers() -> Iterator[ReaderPool]:
    pool = ReaderPool(load(None).rules.vocabulary, Limits(), ocr=True)
    yield pool
    pool.close()


def test_memory_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    done = confined("try:\n    bytearray(2**30)\nexcept MemoryError:\n    print('refused')", tmp_path)
    assert done.stdout == "refused\n", done.stderr


def test_a_file_beyond_the_limit_is_not_written(tmp_path: Path) -> None:
    done = confined(
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try:\n    open('big', 'wb').write(b'x' * 2**22)\nexcept OSError:\n    print('refused')",
        tmp_path,
    )
    assert done.stdout == "refused\n", done.stderr
    assert (tmp_path / "big").stat().st_size <= 2**20


def test_too_many_open_files_are_refused(tmp_path: Path) -> None:
    done = confined(
        "try:\n    kept = [open('/dev/null') for _ in range(999)]\nexcept OSError:\n    print('refused')", tmp_path
    )
    assert done.stdout == "refused\n", done.stderr


def test_a_loop_that_never_ends_is_ended_by_the_kernel(tmp_path: Path) -> None:
    done = confined("allow_cpu(limits)\nwhile True: pass", tmp_path)
    assert done.returncode < 0


def test_the_reader_reaches_nobody(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = confined(
            f"import socket\ntry:\n    socket.create_connection(('127.0.0.1', {port}), 5)\n    reached = True\n"
            "except OSError:\n    reached = False\nprint(json.dumps([offline, reached]))",
            tmp_path,
        )
    offline, reached = json.loads(done.stdout)
    if not offline:
        assert reached
        pytest.skip("this kernel does not let a process give up its network")
    assert not reached


def test_warming_up_says_what_the_reader_can_do(readers: ReaderPool) -> None:
    able = readers.warm_up()
    assert able["ocr"] is ocr.available()
    assert able["offline"] in (True, False)
    assert readers.pid is not None


def test_warming_up_a_reader_that_dies_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = ReaderPool(load(None).rules.vocabulary, Limits(seconds=5.0), ocr=True)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ReaderFailed):
        broken.warm_up()
    broken.close()


def test_a_warm_reader_leaves_no_file_in_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if not ocr.available():
        pytest.skip("OCR is not installed")
    rules = load(None).rules  # what was proved of the rules is kept in the operator's cache, not the reader's
    monkeypatch.setenv("HOME", str(tmp_path))
    pool = ReaderPool(rules.vocabulary, Limits(), ocr=True)
    try:
        assert pool.warm_up()["ocr"]
    finally:
        pool.close()
    assert list(tmp_path.iterdir()) == []
