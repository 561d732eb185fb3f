"""How long each screen of the desk takes on the server, with many cases and several people at once.

python -m benchmarks.desk --cases 100000 --users 20 [--folder KEPT]

One process serves, as in production; the users are threads of another one, each with a session of their own, who open a
screen, look at it for two seconds, and open the next. Figures are milliseconds until the last byte.
"""

import argparse
import http.client
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import quote

from sqlalchemy import create_engine, insert
from tests.support.stored import NOW, a_case, a_letter, a_message, sha
from tests.support.worker import configured, pool, renderer

from benchmarks.passes import GIVEN, SURNAMES
from mailintake.app.replay import Clock
from mailintake.desk.limits import Limit
from mailintake.desk.serve import desk_over, listening
from mailintake.desk.serve import serve as answer
from mailintake.model.case import Applicant, Case, Deadline, DeadlineKind, Participant, State
from mailintake.model.codec import encode
from mailintake.model.letter import LetterPolicy, OutboxState
from mailintake.model.staff import Colleague, Role
from mailintake.model.understanding import StaffNotice
from mailintake.store.mail_words import make_words
from mailintake.store.open import open_store
from mailintake.store.tables import MESSAGES, READINGS
from mailintake.worker.shells import Shells

OPEN_SHARE = 25  # one case in so many is open
LETTERS, NOTICES = 20, 120
LOOKS = 2.0  # seconds between two screens of one user
STATES = (State.AWAITING_CORRECTION, State.COMPLETE, State.ACCEPTED, State.AT_MFA, State.CORRECTION_OVERDUE)
SCREENS = {
    "today": "/", "letters": "/letters", "letter": "/letters/{letter}", "cases": "/cases", "case": "/cases/{number}",
    "document": "/cases/{number}/documents/0", "mails": "/mails", "mail": "/mails/{mail}",
    "for staff": "/mails?show=for_staff", "deadlines": "/deadlines", "window": "/window?find={name}",
    "companies": "/companies", "report": "/report", "audit": "/audit", "search by name": "/search?q={name}",
    "search words": "/search?q=%E6%9D%90%E6%96%99%E8%A7%81%E9%99%84%E4%BB%B6",  # of every mail: 材料见附件
    "search nothing": "/search?q=%E7%90%A5%E7%8F%80", "search passport": "/search?q={passport}",
}  # fmt: skip


def name_of(number: int) -> str:
    """One of some 5,800 invented names."""
    return SURNAMES[number % 20] + GIVEN[number // 20 % 17] + GIVEN[number // 340 % 17]


def a_filled_case(number: int) -> Case:
    """Case number so and so: most are closed, an open one has a last day within some weeks."""
    opened = NOW - timedelta(hours=number // 3)
    name, state = name_of(number), State.CLOSED if number % OPEN_SHARE else STATES[number // OPEN_SHARE % len(STATES)]
    case = a_case(f"LN-2026-{number:06d}-0", company=f"沈阳{name}机械{number % 997}有限公司", state=state, messages=())
    kind = DeadlineKind.CORRECTION if state is State.AWAITING_CORRECTION else DeadlineKind.TIME_LIMIT
    due = (
        () if state is State.CLOSED else (Deadline(kind, (NOW + timedelta(days=number // OPEN_SHARE % 30 - 2)).date()),)
    )
    people = (Applicant("a1", name, "", f"EA{number:07d}"), Applicant("a2", name_of(number + 7), "", f"EB{number:07d}"))
    who = (Participant(f"u{number}@company{number % 9973}.example"),)
    return replace(
        case, applicants=people, participants=who, deadlines=due, opened_at=opened, last_received_at=opened,
        messages=(sha(number),),
    )  # fmt: skip


def fill(folder: Path, cases: int) -> None:
    """Cases with their mails, letters that wait, lines for staff, and the users."""
    url = f"sqlite:///{folder}/mailintake.db"
    store = open_store(url, folder / "originals")
    with store.begin() as unit:
        unit.save_colleague(Colleague("程可", Role.CLERK, "c@office.example"))
    for start in range(0, cases, 1000):
        with store.begin() as unit:
            for number in range(start, min(start + 1000, cases)):
                unit.save_case(a_filled_case(number))
        print(f"\r{start + 1000}", end="", file=sys.stderr)
    with store.begin() as unit:
        for number in range(LETTERS):
            letter = a_letter(
                f"<l{number}@o.example>",
                case=a_filled_case(number * OPEN_SHARE).number,
                rendered_for=date(2026, 11, 23),
            )
            unit.queue_letter(letter, OutboxState.WAITING, NOW, NOW)
        for number in range(NOTICES):
            notice = StaffNotice(
                "sender.unverified", "请看来信", message=sha(number), case=a_filled_case(number).number
            )
            unit.add_notice(notice, NOW, str(number))
    store.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        for start in range(0, cases, 5000):
            numbers = range(start, min(start + 5000, cases))
            connection.execute(insert(MESSAGES), [_mail(number) for number in numbers])
            connection.execute(insert(READINGS), [{"sha256": sha(n), "body": encode(_reading(n))} for n in numbers])
        make_words(connection)
    engine.dispose()


def _mail(number: int) -> dict[str, object]:
    staff = number % 200 == 0
    return {
        "sha256": sha(number), "received_at": NOW - timedelta(minutes=number), "size": 1000, "status": "done",
        "disposition": "for_staff" if staff else "case_opened", "attempts": 1, "claimed_by": "",
        "subject": f"新办APEC商务旅行卡 {name_of(number)}", "sender": f"u{number}@company{number % 9973}.example",
        "message_id": f"<{number}@c.example>", "message_class": "application", "reason": "",
    }  # fmt: skip


def _reading(number: int) -> object:
    return replace(a_message(sha(number)), new_text=f"您好，我公司{name_of(number)}申请办理，材料见附件。" * 12)


def serve(folder: Path, users: int) -> None:
    """The desk over that folder, on a free port: prints the port and a link for each user, and goes on until killed."""
    settings = configured(LetterPolicy(), data_folder=folder)
    store = open_store(f"sqlite:///{folder}/mailintake.db", folder / "originals")
    shells = Shells(store, pool(), {}, None, renderer, settings, Clock(NOW), folder)  # type: ignore[arg-type]
    desk = desk_over(shells)
    desk = replace(desk, link_tries=Limit(users * 2, 60.0, time.monotonic))  # all from one address here
    with listening("127.0.0.1", 0) as sock:
        keys = [desk.sessions.link_for("程可") for _ in range(users)]
        print(json.dumps({"port": sock.getsockname()[1], "keys": keys}), flush=True)
        answer(desk, settings, sock)


class User(threading.Thread):
    """Opens screens one after the other, with a look at each."""

    def __init__(self, port: int, key: str, values: list[dict[str, str]], until: float) -> None:
        super().__init__()
        self.port, self.key, self.values, self.until = port, key, values, until
        self.took: dict[str, list[float]] = defaultdict(list)
        self.sizes: dict[str, int] = {}

    def run(self) -> None:
        """Until the time is over."""
        rng = random.Random(self.key)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", f"/login/{self.key}", headers={"Content-Length": "0"})
        answer = connection.getresponse()
        answer.read()
        cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
        time.sleep(rng.uniform(0, LOOKS))
        while time.monotonic() < self.until:
            screen, path = rng.choice(list(SCREENS.items()))
            start = time.perf_counter()
            connection.request("GET", path.format(**rng.choice(self.values)), headers={"Cookie": cookie})
            answer = connection.getresponse()
            body = answer.read()
            self.took[screen].append((time.perf_counter() - start) * 1000)
            assert answer.status == 200, (path, answer.status)
            self.sizes[screen] = max(self.sizes.get(screen, 0), len(body))
            time.sleep(rng.uniform(0.5 * LOOKS, 1.5 * LOOKS))


def values(cases: int) -> Iterator[dict[str, str]]:
    """What the users look at: open cases, their mails and people."""
    rng = random.Random(1)
    for _ in range(50):
        number = rng.randrange(cases // OPEN_SHARE) * OPEN_SHARE
        yield {
            "number": f"LN-2026-{number:06d}-0", "mail": sha(number), "name": quote(name_of(number)),
            "passport": f"EA{number:07d}", "letter": str(rng.randrange(LETTERS) + 1),
        }  # fmt: skip


def measure(folder: Path, cases: int, users: int, seconds: float) -> dict[str, dict[str, float]]:
    """Median, 95th of a hundred, the worst, and the size of the largest page, by screen."""
    command = [sys.executable, "-m", "benchmarks.desk", "--serve", str(folder), "--users", str(users)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        looked_at, until = list(values(cases)), time.monotonic() + seconds
        people = [User(told["port"], key, looked_at, until) for key in told["keys"]]
        for one in people:
            one.start()
        for one in people:
            one.join()
        server.terminate()
    figures = {}
    for screen in SCREENS:
        took = sorted(ms for one in people for ms in one.took[screen])
        if took:
            kilobytes = max(one.sizes.get(screen, 0) for one in people) / 1024
            figures[screen] = {
                "times": len(took), "median": round(median(took), 1), "p95": round(took[int(len(took) * 0.95)], 1),
                "worst": round(took[-1], 1), "kB": round(kilobytes, 1),
            }  # fmt: skip
    return figures


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--folder", type=Path, help="filled when it is empty, kept afterwards")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, given.users)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "mailintake.db").exists():
            fill(folder, given.cases)
        for screen, figures in measure(folder, given.cases, given.users, given.seconds).items():
            print(f"{screen:16} {json.dumps(figures)}")


if __name__ == "__main__":
    main()
