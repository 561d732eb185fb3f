"""What the program does: rows claimed with SKIP LOCKED, living workers known by advisory locks of their sessions.

python with_locks.py prepare|queue|work URL [NUMBER…]
"""

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import psycopg

from benchmarks.engines.load import handle
from mailintake.model.message import MessageRef
from mailintake.store.open import open_store

what, url, *numbers = sys.argv[1:]


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


store = open_store(os.environ["SQLALCHEMY_URL"], Path(tempfile.gettempdir()) / "spike-originals")
if what == "queue":
    for number in numbers:
        with store.begin() as unit:
            place = MessageRef("main", "INBOX", 1, int(number) + 10)
            unit.add_message(sha256(number.encode()).hexdigest(), place, 1, now())
elif what == "work":
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            row = store.claim_next(now())
            if row is None:
                time.sleep(0.2)
                continue
            with store.begin() as unit:
                unit.start_processing(row.id)
            handle(connection, row.refs[0].uid - 10)
            with store.begin() as unit:
                unit.finish_message(row.id, None, None, now())
store.close()
