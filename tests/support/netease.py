"""A stand-in for imap.163.com and smtp.163.com with each of their peculiarities switchable, and with faults on order.

Pure standard library, one thread a connection, importable without pytest. What it imitates is known from public
protocol logs and reports; the numbers in the comments are the groups of the list it was built from.
`python -m tests.support.netease` starts it for a person: tests/support/netease.md.
"""

import contextlib
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.support.netease_store import Store

CAPABILITIES = "IMAP4rev1 XLIST SPECIAL-USE ID LITERAL+ STARTTLS XAPPLEPUSHSERVICE UIDPLUS X-CM-EXT-1"
UNKNOWN = frozenset({"IDLE", "MOVE", "UNSELECT", "NAMESPACE", "SORT", "THREAD", "ENABLE", "AUTHENTICATE"})
USER, PASSWORD = "intake@163.example", "ABCDEFGHIJKLMNOP"


@dataclass
class Fault:
    """Something that goes wrong at a command ("FETCH", "greeting", "RCPT", "dot" …), `times` times (-1: always).

    what: bye | drop | stall | drip | no (says `text`) | literal (announces `size` bytes, then `text`) | raw (`text`).
    """

    where: str
    what: str
    times: int = 1
    size: int = 0  # drop: after so many bytes of the literal; literal: the number in braces; drip: bytes between pauses
    text: str | bytes = ""
    pause: float = 0.05  # drip: seconds a byte


@dataclass
class Switches:
    """How the server behaves. The defaults are 163's."""

    coremail_greeting: bool = True  # 1
    capabilities: str = CAPABILITIES
    ok_before_capability: bool = False
    dies_on_unknown: bool = False  # QQ is said to hang up on a command it does not know
    id_needed: int = 1  # 2: how many IDs before SELECT works; 0: none; 99: never enough
    tells_uidnext: bool = False  # 3
    status_works: bool = False
    keywords: bool = False
    unknown_commands: frozenset[str] = UNKNOWN  # 4
    digit_tags: bool = False
    create_works: bool = False  # 5
    flags_in_list: bool = True
    search: str = "163"  # 6: 163 refuses FROM and SUBJECT, qq finds everything, full
    search_range: bool = True  # UID SEARCH UID n:*
    damaged_structure: bool = False  # 7
    lock_out_after: int = 0  # 8: wrong logins until the right password is refused too; 0: never
    fetch_misses: set[int] = field(default_factory=set)  # UIDs that are listed but vanish before the body is fetched
    list_misses: set[int] = field(default_factory=set)  # UIDs that one poll does not show
    list_doubles: set[int] = field(default_factory=set)  # UIDs that a list tells twice
    size_lie: int = 0  # added to RFC822.SIZE
    partial_works: bool = True  # BODY[]<o.n>
    body_cuts: list[int] = field(default_factory=list)  # one fetch after the other gives only so many bytes, then none
    download_block: bool = False  # 9: bodies get NetEase's block of download links when they are fetched
    sent_appears: float = -1.0  # seconds until a mail sent by SMTP lies in Sent by itself; negative: never
    smtp_features: tuple[str, ...] = ("PIPELINING", "AUTH LOGIN PLAIN", "AUTH=LOGIN PLAIN", "8BITMIME", "SIZE 73400320")
    one_connection: bool = True  # 10: a second one gets 421
    per_quarter: int = 0  # mails per 15 minutes; 0: no limit
    per_day: int = 0
    same_body: int = 3  # from this identical body on: DT:SPM; 0: never
    envelope_must_match: bool = True
    gbk_errors: bool = False  # what is said about a wrong password, on both sides
    unknown_users: frozenset[str] = frozenset()
    fault_addresses: bool = True  # what a letter to …@fault.example does: netease_faults.py
    faults: list[Fault] = field(default_factory=list)


@dataclass
class State:
    """Everything one stand-in shares between its connections."""

    switches: Switches
    store: Store
    context: ssl.SSLContext | None
    log: list[str] = field(default_factory=list)  # "3 A1 LOGIN …": connection number and line
    sent: list[tuple[str, tuple[str, ...], bytes]] = field(default_factory=list)
    sent_at: list[float] = field(default_factory=list)
    wrong_logins: int = 0
    connections: int = 0
    smtp_open: int = 0
    counting: threading.Lock = field(default_factory=threading.Lock)
    clock: Callable[[], float] = time.time  # the provider's; its quota windows follow it
    clock_offset: float = 0.0  # tests move the windows with it
    stopping: threading.Event = field(default_factory=threading.Event)

    def commands(self, connection: int | None = None) -> list[str]:
        """The verbs said, in order ("UID FETCH" as one)."""
        rows = [line.split(" ", 1) for line in self.log]
        return [_verb(text) for number, text in rows if connection is None or int(number) == connection]


def _verb(line: str) -> str:
    words = line.split()
    if len(words) < 2:
        return line.upper()
    return " ".join(words[1:3]).upper() if words[1].upper() == "UID" else words[1].upper()


class Hangup(Exception):
    """The connection ends here."""


class Conversation(socketserver.StreamRequestHandler):
    """What both protocols share: lines, faults, TLS."""

    disable_nagle_algorithm = True

    def setup(self) -> None:
        self.state: State = self.server.state  # type: ignore[attr-defined]
        self.state.connections += 1
        self.number = self.state.connections
        if self.state.context is not None:
            self.request = self.state.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        with contextlib.suppress(Hangup, OSError, ValueError):
            self.talk()

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()

    def talk(self) -> None:
        raise NotImplementedError

    def line(self) -> bytes:
        """One line without its end; Hangup at the end of the stream."""
        raw = self.rfile.readline(2**20)
        if not raw.endswith(b"\n"):
            raise Hangup
        line = raw.rstrip(b"\r\n")
        self.state.log.append(f"{self.number} {line.decode('utf-8', 'replace')}")
        return line

    def say(self, data: bytes | str) -> None:
        """One line."""
        self.wfile.write((data.encode() if isinstance(data, str) else data) + b"\r\n")

    def fault(self, where: str) -> Fault | None:
        """The next fault ordered for this place, used up."""
        for fault in self.state.switches.faults:
            if fault.where == where and fault.times:
                fault.times -= fault.times > 0
                return fault
        return None

    def perform(self, fault: Fault) -> None:
        """Faults that need no knowledge of the protocol; all of them end the connection."""
        match fault.what:
            case "drop":
                pass
            case "stall":
                self.state.stopping.wait(60)
            case "drip":
                text = fault.text if isinstance(fault.text, bytes) else fault.text.encode()
                self.drip(text or b"* OK " + b"." * 4000, fault.pause)
            case "raw":
                self.wfile.write(fault.text if isinstance(fault.text, bytes) else fault.text.encode())
        raise Hangup

    def drip(self, data: bytes, pause: float) -> None:
        """One byte after the other."""
        for byte in data:
            self.wfile.write(bytes([byte]))
            if self.state.stopping.wait(pause):
                raise Hangup


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, state: State, handler: type[Conversation], port: int) -> None:
        self.state = state
        super().__init__(("127.0.0.1", port), handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gives up on TLS is part of the tests."""


@dataclass
class Netease:
    """A running stand-in."""

    state: State
    host: str
    imap_port: int
    smtp_port: int
    user: str = USER
    password: str = PASSWORD

    @property
    def switches(self) -> Switches:
        """May be changed while it runs."""
        return self.state.switches

    @property
    def store(self) -> Store:
        """The mails."""
        return self.state.store


@contextlib.contextmanager
def netease(
    switches: Switches | None = None,
    context: ssl.SSLContext | None = None,
    *,
    store: Store | None = None,
    ports: tuple[int, int] = (0, 0),
) -> Iterator[Netease]:
    """Both servers on loopback until the end; with `context` they speak TLS from the first byte.

    `ports` are those of IMAP and SMTP, 0 for any free one.
    """
    from tests.support.netease_imap import ImapConversation
    from tests.support.netease_smtp import SmtpConversation

    state = State(switches or Switches(), store or Store(), context)
    listeners = [_Listener(state, ImapConversation, ports[0]), _Listener(state, SmtpConversation, ports[1])]
    for listener in listeners:
        threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield Netease(state, "127.0.0.1", listeners[0].server_address[1], listeners[1].server_address[1])
    finally:
        state.stopping.set()
        for listener in listeners:
            listener.shutdown()
            listener.server_close()


def refused_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def now(state: State) -> float:
    """The provider's clock."""
    return state.clock() + state.clock_offset


if __name__ == "__main__":
    from tests.support.netease_server import main

    main()
