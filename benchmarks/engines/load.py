"""What every engine is given: a job that takes some milliseconds and leaves a row, and one during which a worker dies.

Nothing but psycopg is needed here, so that the environments of all engines can import it.
"""

import os
import time
from functools import cache

import psycopg

JOBS, WORK, SLOW = 300, 0.005, 5.0  # jobs, CPU seconds of each, seconds of the one that is interrupted
SLOW_JOB = -1


def prepare(url: str) -> None:
    """The table of what was done."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS spike (number int, what text, pid int, at double precision)")


def handle(connection: "psycopg.Connection[tuple[object, ...]]", number: int) -> None:
    """One job."""
    note(connection, number, "started")
    if number == SLOW_JOB:
        time.sleep(SLOW)
    until = time.process_time() + WORK
    while time.process_time() < until:
        pass
    note(connection, number, "done")


@cache
def line(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    """The connection of this process."""
    return psycopg.connect(url, autocommit=True)


def note(connection: "psycopg.Connection[tuple[object, ...]]", number: int, what: str) -> None:
    """A row of its own, committed at once."""
    connection.execute("INSERT INTO spike VALUES (%s, %s, %s, %s)", (number, what, os.getpid(), time.time()))
