"""The port of the store: what the shells may ask and tell it. One contract suite runs on SQLite and PostgreSQL.

No answer is cut: whoever wants a part of a long list names it (`LetterWhere`, a limit of his own), or counts.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol, TypedDict, Unpack

from mailintake.model.case import Case, Event, State
from mailintake.model.decided import Decided
from mailintake.model.digest import Digest
from mailintake.model.erasure import Erasable
from mailintake.model.facts import FileFacts, TextFacts
from mailintake.model.letter import Letter, LetterKind, OutboxEntry, OutboxState
from mailintake.model.message import InboundMessage, MessageRef
from mailintake.model.procedure import ProcedureKey
from mailintake.model.record import Fated, Record, Version
from mailintake.model.staff import Colleague, DeskSession
from mailintake.model.summary import CaseSummary
from mailintake.model.understanding import Candidates, Decision, Disposition, NoticeRow, Sent, StaffNotice
from mailintake.model.value import value
from mailintake.store.files import Incoming


class FileStore(Protocol):
    """Original bytes, by content. A file is either wholly there (fsynced, renamed) or not at all."""

    def put(self, source: Path) -> str:
        """Copy a finished local file; give its sha256. Idempotent. ValueError for links and special files."""

    def put_all(self, sources: Iterable[Path]) -> tuple[str, ...]:
        """The same for several, which become durable together."""

    def put_bytes(self, data: bytes) -> str:
        """The same for bytes in memory (rendered letters)."""

    def together(self) -> AbstractContextManager[Incoming]:
        """The same for bytes that arrive: what is taken inside becomes durable at the end, at one go. Nothing is kept
        of what could not be read."""

    def path(self, sha256: str) -> Path:
        """A local readable path of those bytes. KeyError when absent."""

    def exists(self, sha256: str) -> bool:
        """Is it there?"""

    def delete(self, sha256: str) -> None:
        """Those bytes go for good; nothing happens when they were not there."""

    def hashes(self) -> Iterable[str]:
        """Every stored sha256, for verify."""

    def digest(self, sha256: str) -> str:
        """The sha256 of the bytes that are really stored, read for it. KeyError when absent."""


@value
class MessageRow:
    """One mail of ours, from the first byte to its fate."""

    id: int
    sha256: str
    refs: tuple[MessageRef, ...]
    received_at: datetime  # when we fetched it
    size: int
    status: str  # received | processing | done | quarantined
    disposition: Disposition | None
    attempts: int
    next_try_at: datetime | None
    subject: str = ""
    sender: str = ""
    message_id: str = ""
    message_class: str = ""
    cases: tuple[str, ...] = ()
    reason: str = ""  # why parked or quarantined


@value
class Words:
    """What somebody wrote with an act; None: erased."""

    event: int
    what: str  # reason | text
    words: str | None


@value
class ActLine:
    """Something that a person did, as a list shows it."""

    event: int
    at: datetime
    act: str
    by: str
    case: str
    undone: bool


@value
class Opened:
    """Cases that are alike, as the month's report counts them; `told_late` over all of them."""

    procedure: ProcedureKey
    first_answer: LetterKind | None
    findings: tuple[str, ...]
    told_late: int
    cases: int


@value
class Month:
    """A month in figures: mails, letters, what was parked by class, and the cases that were opened."""

    mails: int
    letters: int
    parked: Mapping[str, int]
    opened: tuple[Opened, ...]
    answered_after: tuple[float, ...]  # days from the opening of each of them to the first letter that went out


@value
class FolderPlace:
    """A folder of a mailbox under one UIDVALIDITY."""

    mailbox: str
    folder: str
    uidvalidity: int


@value
class FolderProgress:
    """How far a folder was read."""

    mark: int  # highest UID up to which nothing is left to fetch
    before: tuple[range, ...] = ()  # UIDs that were there before us, in order
    late: Mapping[int, int] = field(
        default_factory=dict
    )  # UID that could not be fetched → how often others could meanwhile

    def was_before(self, uid: int) -> bool:
        """Is it one of those that are not ours to answer?"""
        at = bisect_right(self.before, uid, key=lambda run: run.start) - 1
        return at >= 0 and uid in self.before[at]


@value
class MailboxState:
    """How a mailbox does."""

    name: str
    polled_at: datetime | None = None
    reconciled_at: datetime | None = None
    on_server: int | None = None  # mails in the watched folders, when they were compared last
    recorded: int | None = None  # of these, with a row of ours
    fault: str = ""
    failing_since: datetime | None = None
    letters_not_before: datetime | None = None  # it did not take a letter of ours: left alone until then
    drafts_asked_at: datetime | None = None  # when we last looked which drafts were sent by hand


@value
class Pause:
    """All sending is stopped."""

    since: datetime
    until: datetime
    why: str


_FOR_GOOD = timedelta(days=365)  # a pause that ends later ends only when somebody says so


def for_good(until: datetime, now: datetime) -> bool:
    """Does sending go on only when somebody says so?"""
    return until - now > _FOR_GOOD


@value
class DigestDone:
    """A digest that was made."""

    sequence: int
    day: date
    made_at: datetime


@value
class Restored:
    """This database was put back from a backup; None: not all mailboxes were seen again since."""

    caught_up_at: datetime | None


@value
class LeftByErasing:
    """What an erasure left to do."""

    files: tuple[str, ...] = ()  # sha256 of originals to be deleted
    size: int = 0  # bytes of a database whose empty pages may hold what was erased; 0: none


class MailboxNote(TypedDict, total=False):
    """What may be noted of a mailbox; see MailboxState."""

    polled_at: datetime | None
    reconciled_at: datetime | None
    on_server: int | None
    recorded: int | None
    fault: str
    failing_since: datetime | None
    letters_not_before: datetime | None
    drafts_asked_at: datetime | None


class LetterNote(TypedDict, total=False):
    """What may be noted of a letter, with a change of its state or without; see OutboxEntry."""

    last_answer: str
    next_try_at: datetime | None
    first_tried_at: datetime | None
    asked_since: datetime | None
    resent_at: datetime | None
    restored: bool
    copy_wanted: bool
    send_after: datetime
    approved_by: str
    approved_sha256: str


class LetterWhere(TypedDict, total=False):
    """Which letters are meant; all that is named must hold."""

    kinds: Iterable[LetterKind]
    cases: Iterable[str]  # filed under one of these
    reaching: Iterable[str]  # to or in copy to one of these addresses
    in_answer_to: str  # sha256 of the mail
    after: int  # queued after the letter of that number
    queued_since: datetime
    sent_since: datetime
    due: datetime  # may go out at that moment
    copy_wanted: bool
    untried: bool  # never handed over to a server


class Unit(Protocol):
    """One transaction. Everything said to it commits together or not at all.

    Units are one at a time on a database, also with several workers, and what the store is asked inside one (by the
    same thread) sees what the unit has written: so a unit may read, decide and write, and loses nobody's update.
    """

    # mails
    def add_message(self, sha256: str, ref: MessageRef, size: int, at: datetime) -> bool:
        """Record a mail as received; False when these bytes were known already (the ref is remembered)."""

    def start_processing(self, message_id: int) -> int:
        """attempts += 1, status processing; gives attempts."""

    def finish_message(
        self, message_id: int, message: InboundMessage | None, decision: Decision | None, at: datetime, reason: str = ""
    ) -> None:
        """Record the fate, and what the mail was (subject, sender, Message-ID, class)."""

    def retry_message(self, message_id: int, next_try_at: datetime, reason: str) -> None:
        """Give it back to the queue for later."""

    def quarantine_message(self, message_id: int, reason: str, at: datetime) -> None:
        """Put it aside."""

    def release_message(self, message_id: int, at: datetime) -> None:
        """Out of quarantine, attempts reset."""

    # what readers measured
    def save_facts(self, version: int, facts: Iterable[FileFacts]) -> None: ...
    def save_text(self, version: int, sha256: str, text: TextFacts | None) -> None: ...

    # cases and letters
    def next_number(self, year: int) -> int:
        """Next running number of that year, without gaps in one database."""

    def save_case(self, case: Case, restores: int | None = None) -> int:
        """The whole value, and what is made of it: its summary, what it is found by; the clock looks at it anew. Keeps
        the version before; gives the new revision, one for however many writes of this unit. `restores`: it is a copy
        of that earlier revision."""

    def remove_case(self, number: str) -> int:
        """A case that never should have been opened: its versions stay, and its number is not given again."""

    def look_again(self, number: str, rules: str, on: date) -> None:
        """By these rules (any fingerprint of them) nothing of that case falls due before that day."""

    def queue_letter(self, letter: Letter, state: OutboxState, now: datetime, send_after: datetime) -> int:
        """Outbox row; the rendered bytes go to the file store first. Same Message-ID twice is an error of ours. One
        that begins in doubt may have gone out before a restore."""

    def replace_letter(self, entry_id: int, letter: Letter) -> None:
        """New bytes under the same Message-ID, before it was ever tried (dates moved, a person edited it). What it said
        before is remembered."""

    def put_letter_back(self, entry: OutboxEntry, state: OutboxState) -> None:
        """The letter as it was before an act that is taken back, while it still is in the state the act gave it."""

    def move(
        self, entry_id: int, before: OutboxState, after: OutboxState, now: datetime, **note: Unpack[LetterNote]
    ) -> bool:
        """Along model.letter.OUTBOX_TRANSITIONS (else ValueError); False: somebody was faster, it is not in that state
        any more, and nothing was written. `next_try_at` is forgotten unless it is noted anew."""

    def note_letter(self, entry_id: int, **note: Unpack[LetterNote]) -> None:
        """Without a change of its state. LookupError when there is none."""

    # lines for staff and the log
    def add_notice(self, notice: StaffNotice, at: datetime, about: str | None = None) -> None:
        """A line for staff; `about` names the trouble (without it, the text does)."""

    def add_notice_once(self, notice: StaffNotice, at: datetime, about: str | None = None) -> bool:
        """Unless a line with that code about the same is open already; was it added?"""

    def close_notice(self, notice_id: int, at: datetime, why: str) -> None: ...
    def close_notices(self, code: str, about: str, at: datetime, why: str) -> None:
        """Every open one with that code about that."""

    # the desk
    def add_login_link(self, key_sha256: str, name: str, now: datetime, expires: datetime) -> None: ...
    def use_login_link(self, key_sha256: str, now: datetime) -> str | None:
        """Use it up; whose it was, or None where it was used, is too old or was never given."""

    def open_session(self, key_sha256: str, name: str, token: str, now: datetime, expires: datetime) -> None: ...
    def see_session(self, key_sha256: str, now: datetime) -> None: ...
    def tell_session(self, key_sha256: str, told: str) -> None: ...
    def end_session(self, key_sha256: str) -> None: ...
    def save_draft(self, name: str, place: str, said: str, now: datetime) -> None:
        """What somebody is typing there; empty: done."""

    def reopen_notice(self, notice_id: int) -> None: ...
    def log(self, event: Event) -> int:
        """Append to the hash-chained event log; gives its number."""

    # acts of people
    def add_record(self, record: Record) -> None:
        """What an act changed, so that it can be taken back."""

    def mark_undone(self, event: int, by: int) -> None:
        """That act was taken back by that event."""

    def add_words(self, event: int, what: str, case: str, words: str) -> None:
        """What somebody wrote with it; can be erased."""

    def keep_decision(self, sha256: str, decided: Decided) -> None:
        """What was decided about that mail, as it was decided."""

    def set_fate(self, sha256: str, fate: Fated) -> None:
        """What is recorded about a mail that is over. LookupError when it is not."""

    def save_colleague(self, colleague: Colleague) -> None: ...
    def forget_colleague(self, name: str) -> bool:
        """Unknown from now on, and logged in nowhere; False when nobody of that name was known."""

    # erasing
    def erase(self, gone: Erasable, cases: Iterable[Case], at: datetime) -> None:
        """These cases are blank from now on, in every version, with their mails and letters and all that is kept of
        them; the files are to be deleted with the next `delete_erased`. The log stays as it is."""

    def await_erased(self, sha256s: Iterable[str]) -> None:
        """Mails that were erased and that this database does not know: when they are fetched, nothing is kept."""

    def delete_erased(self) -> int:
        """Delete the files of what was erased, unless another mail has come to hold the same bytes; gives how many.
        None is deleted while a mail is in hand that may hold them, too."""

    # mailboxes and folders
    def note_mailbox(self, name: str, **note: Unpack[MailboxNote]) -> None: ...
    def open_folder(self, place: FolderPlace, boundary: str, before: Iterable[int]) -> None:
        """The first look at it; `before`: UIDs that are not ours to answer, `boundary`: see Store.boundary."""

    def raise_mark(self, place: FolderPlace, uid: int) -> None:
        """Nothing is left to fetch up to that UID; the mark never falls."""

    def note_late(self, place: FolderPlace, uid: int, failures: int) -> None: ...
    def forget_late(self, place: FolderPlace, uids: Iterable[int]) -> None: ...
    def next_uid(self, mailbox: str) -> int:
        """For mails that no server numbered (imported ones)."""

    # days of the program
    def add_digest(self, made: Digest) -> None:
        """The digest of that day is made, and kept as it was."""

    def pause_sending(self, since: datetime, until: datetime, why: str) -> None: ...
    def end_pause(self, at: datetime) -> None: ...
    def mark_restored(self) -> None: ...
    def mark_caught_up(self, at: datetime) -> None: ...


class Looks(Protocol):
    """What tells how an installation does: a part of the store, which on SQLite is there without loading all of it
    (store.glance)."""

    def mailbox(self, name: str) -> MailboxState: ...
    def pause(self) -> Pause | None: ...
    def last_digest(self) -> DigestDone | None: ...
    def restored(self) -> Restored | None: ...
    def newest_message(self) -> datetime | None: ...
    def last_event(self, what: str) -> Event | None: ...
    def count_messages(self, status: str | None = None) -> int: ...
    def count_letters(self, states: Sequence[OutboxState] | None = None) -> int: ...
    def count_cases(self) -> int: ...
    def count_notices(self) -> int: ...
    def workers(self) -> int | None: ...
    def summaries(self, *, open_only: bool = True) -> tuple[CaseSummary, ...]: ...


class Store(Protocol):
    """Reading outside a transaction, and the way into one. May raise StoreBusy or StoreUnusable."""

    files: FileStore

    def begin(self) -> AbstractContextManager[Unit]:
        """An exception rolls the unit back. Units do not nest (RuntimeError)."""

    def claim_next(self, now: datetime) -> MessageRow | None:
        """Oldest mail that is due for processing (received, or its retry time has come, or left over by a crash).

        Nobody else gets it while this worker lives. Several workers on SQLite are threads that share one store.
        """

    def give_back(self, number: int) -> None:
        """A mail that this worker claimed and could not work on: whoever asks next gets it."""

    def mail_waits(self, now: datetime) -> bool:
        """Would `claim_next` give one?"""

    def message(self, sha256_or_id: str) -> MessageRow | None:
        """By id, full sha256 or unambiguous prefix of 8 or more, or Message-ID."""

    def status(self, number: int) -> str:
        """How far the mail with that id is; empty where there is none."""

    def messages(
        self, status: str | None = None, *, sender: str = "", uid: int | None = None, limit: int | None = None
    ) -> tuple[MessageRow, ...]:
        """All of them, newest first; or those in that state, of that sender (in lower case), seen under that UID in any
        folder, or the newest so many of these."""

    def count_messages(self, status: str | None = None, *, sender: str = "") -> int: ...
    def newest_message(self) -> datetime | None:
        """When the last mail came in; None before the first."""

    def reading(self, sha256: str) -> InboundMessage | None:
        """The stored parsed mail."""

    def pieces(self, sender: str) -> tuple[InboundMessage, ...]:
        """The mails of that sender (in lower case) that are pieces of others (message/partial), oldest first."""

    def facts(self, version: int, sha256s: Iterable[str]) -> dict[str, FileFacts]: ...
    def text(self, version: int, sha256: str) -> tuple[bool, TextFacts | None]:
        """(was it read, what it gave)."""

    def case(self, number: str) -> Case | None: ...
    def cases(self, *, open_only: bool = True, search: str = "") -> tuple[Case, ...]:
        """Whole, oldest first: dear, for many. `search` as below."""

    def summaries(
        self, *, open_only: bool = True, search: str = "", limit: int | None = None
    ) -> tuple[CaseSummary, ...]:
        """Oldest first, or, with a limit, the newest so many. `search`: the beginning of a name in characters or Latin
        letters, of the company or a part of it, of a number of a passport, card, telephone or case or its last four
        digits, of an address, of the sha256 of a file; or several such words."""

    def count_cases(self, *, open_only: bool = True, search: str = "") -> int: ...
    def due_cases(self, rules: str, today: date | None) -> tuple[str, ...]:
        """Numbers of open cases that must be looked at by these rules: written since, counted by other rules, or, where
        a day is given, due on it."""

    def versions(self, number: str) -> tuple[Version, ...]:
        """Every revision of a case, oldest first."""

    def version(self, number: str, revision: int) -> Case | None:
        """The case as it stood with that revision; None where there was none, or it was taken back."""

    def record(self, number: int) -> Record | None:
        """The act of that event."""

    def records(self, *, case: str = "") -> tuple[Record, ...]:
        """Every act, oldest first, or those whose event names that case."""

    def decision(self, sha256: str) -> Decided | None:
        """What was decided about that mail when it came; None: nothing, or before that was kept."""

    def event(self, sequence: int) -> Event | None: ...
    def words(self, *, case: str = "", sequence: int = 0) -> tuple[Words, ...]:
        """What people wrote about a case, or with one event, oldest first."""

    def staff(self) -> tuple[Colleague, ...]:
        """Everybody who is known, by name."""

    def login_link(self, key_sha256: str, now: datetime) -> str | None:
        """Whose link it is, while it can be used."""

    def session(self, key_sha256: str, now: datetime) -> DeskSession | None:
        """The session of that key, while it lasts."""

    def drafts(self, name: str, places: Iterable[str]) -> dict[str, str]:
        """What somebody was typing in those places, where they were."""

    def log_mark(self, line: int = 0) -> str:
        """A line of the log, or its last one, as NUMBER:HASH, to be written down outside of the database: whoever
        writes the log anew cannot make that hash again. Empty where there is no such line."""

    def newest_events(
        self, limit: int, *, case: str = "", since: datetime | None = None, before: int | None = None
    ) -> tuple[Event, ...]:
        """Newest first; `before`: only lines with a smaller number."""

    def mail_page(
        self, limit: int, *, skip: int = 0, status: str = "", disposition: str = ""
    ) -> tuple[MessageRow, ...]:
        """Newest first."""

    def find_mails(self, words: str, limit: int, *, before: int | None = None) -> tuple[MessageRow, ...]:
        """Newest first, of all there are: those that hold every one of these words, of two characters or three letters
        at least; `before`: only mails with a smaller number."""

    def open_by_state(self) -> dict[State, int]: ...
    def cases_in(self, states: Iterable[State], limit: int, *, skip: int = 0) -> tuple[CaseSummary, ...]:
        """Those in these states, oldest first."""

    def due_cases_until(
        self, until: date | None, limit: int, *, theirs: bool | None = None, skip: int = 0
    ) -> tuple[tuple[CaseSummary, ...], int]:
        """Open cases whose last day is that day or before, nearest first, and how many there are in all."""

    def count_provisional(self) -> int: ...
    def first_notices(self, limit: int) -> tuple[tuple[NoticeRow, ...], int]:
        """The oldest open lines for staff, and how many are open in all."""

    def messages_of(self, sha256s: Iterable[str]) -> dict[str, MessageRow]: ...
    def summaries_of(self, numbers: Iterable[str]) -> dict[str, CaseSummary]:
        """Cases by their number."""

    def acts_since(self, at: datetime, limit: int) -> tuple[ActLine, ...]:
        """What people did since then, newest first."""

    def count_acts(self, since: datetime, until: datetime) -> dict[str, int]: ...
    def companies(self, search: str, limit: int, *, skip: int = 0) -> dict[str, int]:
        """Companies by name with how many cases each has; `search` as in `summaries`."""

    def of_company(self, company: str, limit: int, *, skip: int = 0) -> tuple[tuple[Case, ...], int]:
        """The newest cases of exactly that company, and how many there are in all."""

    def month(self, since: datetime, until: datetime) -> Month:
        """What came, was opened and was written in that time."""

    def candidates(
        self,
        tokens: Sequence[str],
        numbers: Sequence[str],
        sender: str,
        company_domain: str,
        identifiers: Sequence[str],
    ) -> Candidates:
        """What could matter for one mail. `identifiers`: passport and card numbers and names read in it."""

    def known_uids(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        """UIDs of that folder that have a row."""

    def known_sizes(self, mailbox: str, folder: str, uidvalidity: int) -> dict[int, int]:
        """Bytes of the mails of that folder, by UID; of one that was too large, as the server told them."""

    def sent(self, message_ids: Iterable[str]) -> tuple[Sent, ...]:
        """Those of them that are our letters, in the order asked for."""

    def outbox(
        self, states: Sequence[OutboxState] | None = None, **where: Unpack[LetterWhere]
    ) -> tuple[OutboxEntry, ...]:
        """In the order they were queued."""

    def count_letters(self, states: Sequence[OutboxState] | None = None, **where: Unpack[LetterWhere]) -> int: ...
    def letters_by_kind(
        self, states: Sequence[OutboxState] | None = None, **where: Unpack[LetterWhere]
    ) -> dict[LetterKind, int]: ...
    def outbox_entry(self, id_: int) -> OutboxEntry | None: ...
    def letter(self, message_id: str) -> OutboxEntry | None: ...
    def letters_to(self, addr: str, since: datetime) -> int:
        """How many letters were queued to that address since then (limits)."""

    def sent_times(self, since: datetime) -> tuple[datetime, ...]:
        """When each letter since then went out, in order."""

    def notices(self, *, open_only: bool = True, code: str = "") -> tuple[NoticeRow, ...]: ...
    def count_notices(self) -> int:
        """How many are open."""

    def was_noticed(self, code: str, about: str) -> bool:
        """Was there ever such a line, open or closed?"""

    def is_noticed(self, *, case: str = "", message: str = "") -> bool:
        """Is a line open about that case or about that mail?"""

    def notices_of_letters(self, code: str, cases: Iterable[str], to: Iterable[str]) -> tuple[NoticeRow, ...]:
        """Open lines with that code about letters of one of those cases, or that tell one of those addresses."""

    def events(self, case: str = "") -> tuple[Event, ...]:
        """Of one case, or all of them, oldest first."""

    def events_about(self, cases: Iterable[str], mails: Iterable[str]) -> tuple[Event, ...]:
        """Of any of those cases or those mails (by sha256), oldest first; dear, for the log has
        no index by mail."""

    def last_event(self, what: str) -> Event | None:
        """The newest of that kind, whatever it is about."""

    def count_events(self) -> int: ...
    def counts(self, since: date, until: date) -> dict[str, dict[str, int]]:
        """Mails per day ("mails"), per parked class ("parked"), letters per kind ("letters"), findings ("findings").

        Days are those of Asia/Shanghai, both ends included; findings are those of cases that got mail in them.
        """

    def mailbox(self, name: str) -> MailboxState: ...
    def folder(self, place: FolderPlace) -> FolderProgress | None:
        """None when nobody looked yet under that UIDVALIDITY."""

    def boundary(self, mailbox: str, folder: str) -> str | None:
        """When the newest mail came that was in that folder before us, as the server wrote it, whatever UIDVALIDITY it
        has now; empty: none was there; None: nobody looked yet."""

    def last_digest(self) -> DigestDone | None: ...
    def digest_of(self, day: date) -> Digest | None:
        """The newest digest of that day, as it was made; None where none was, or before that was kept."""

    def pause(self) -> Pause | None:
        """The pause that nobody and nothing ended yet, though its time may be over."""

    def restored(self) -> Restored | None: ...
    def take_turn(self, task: str) -> bool:
        """Take what only one worker may do at a time ("mailbox:main", "sending", "clock"), or keep it; False while
        another worker has it. It is his for as long as he lives and the database hears of him."""

    def workers(self) -> int | None:
        """How many others work on this database; None on SQLite, where at most one service does."""

    def drop_turns(self) -> None:
        """Give all of them back. Not while a mail is in hand: it would count as left over."""

    def held_elsewhere(self, files: Iterable[str], mails: Iterable[str]) -> frozenset[str]:
        """Which of these files mails other than those hold as well; dear, for every mail is looked through."""

    def erased_mails(self) -> tuple[str, ...]:
        """sha256 of every mail that was erased, those that are still awaited among them."""

    def erased_cases(self) -> tuple[str, ...]: ...
    def left_by_erasing(self) -> LeftByErasing: ...
    def compact(self) -> None:
        """Write the database anew, so that what was erased is not in its empty pages either; slow for a large one."""

    def verify(self) -> tuple[str, ...]:
        """Every broken invariant, one line each: row without file, file without its hash, chain broken at event n."""

    def close(self) -> None: ...
