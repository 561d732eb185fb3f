"""The IMAP half of the 163 stand-in."""

import re
from collections.abc import Callable
from typing import Any

from tests.support.netease import PASSWORD, USER, Conversation, Fault, Hangup
from tests.support.netease_store import StoredFolder, StoredMail, with_download_block

_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\((?:[^()"]|"[^"]*")*\))|(\S+)')
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}$")
_ID = re.compile(rb'NIL|\((?:"[^"]*" (?:"[^"]*"|NIL) ?)*\)', re.I)
_SECTION = re.compile(r"BODY(?:\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?", re.I)
_STATE_ERROR = "State error"
_WRONG_GBK = "登录失败：请使用授权码登录".encode("gbk")


class ImapConversation(Conversation):
    """One client."""

    def talk(self) -> None:
        self.logged_in, self.ids = False, 0
        self.folder: StoredFolder | None = None
        self.read_only = True
        if fault := self.fault("greeting"):
            self._break(fault, "*")
        coremail = "Coremail System IMap Server Ready(163com[000000000000000000000000000000])"
        self.say(f"* OK {coremail if self.state.switches.coremail_greeting else 'IMAP4 ready'}")
        while True:
            self._command(self._whole_line())

    def _whole_line(self) -> bytes:
        line = self.line()
        while found := _LITERAL.search(line):
            if not found[2]:
                self.say("+ go ahead")
            data = self.rfile.read(int(found[1]))
            self.literal = data
            line = line[: found.start()] + b'""' + self.line()
        return line

    def _command(self, line: bytes) -> None:
        tag, _, rest = line.partition(b" ")
        verb, _, rest = rest.partition(b" ")
        self.tag, name = tag.decode("ascii", "replace"), verb.decode("ascii", "replace").upper()
        self.by_uid = name == "UID"
        if self.by_uid:
            verb, _, rest = rest.partition(b" ")
            name = verb.decode("ascii", "replace").upper()
        if tag.isdigit() and not self.state.switches.digit_tags:
            return self.say(f"{self.tag} BAD Parse command error")
        if fault := self.fault(name):
            self._break(fault, self.tag)
            if fault.what in ("no", "literal"):
                return None
        handler: Callable[[list[bytes]], None] | None = getattr(self, f"do_{name.lower()}", None)
        if handler is None or (name in self.state.switches.unknown_commands):
            if self.state.switches.dies_on_unknown:
                raise Hangup
            return self.say(f"{self.tag} BAD Parse command error")
        if name in ("FETCH", "STORE", "SEARCH", "COPY", "EXPUNGE", "CLOSE") and self.folder is None:
            return self.no(f"{name} {_STATE_ERROR}")
        self.raw_arguments = rest
        with self.state.store.lock:
            handler([a or b or c for a, b, c in _TOKEN.findall(rest)])
        return None

    def _break(self, fault: Fault, tag: str) -> None:
        match fault.what:
            case "bye":
                self.say("* BYE Server is going down")
                raise Hangup
            case "no":
                self.say(f"{tag} NO {fault.text if isinstance(fault.text, str) else fault.text.decode()}")
            case "literal":
                self.wfile.write(b"* 1 FETCH (UID 1390000000 BODY[]<0> {%d}\r\n" % fault.size)
                self.wfile.write(fault.text if isinstance(fault.text, bytes) else fault.text.encode())
                raise Hangup
            case "drop" if fault.size:
                self.drop_after = fault.size
            case _:
                self.perform(fault)

    drop_after = 0
    cut = 2**62  # bytes of the mail under way that are given

    def ok(self, text: str) -> None:
        self.say(f"{self.tag} OK {text}")

    def no(self, text: str) -> None:
        self.say(f"{self.tag} NO {text}")

    def do_capability(self, _: list[bytes]) -> None:
        if self.state.switches.ok_before_capability:
            self.say("* OK Coremail is ready")
        self.say(f"* CAPABILITY {self.state.switches.capabilities}")
        self.ok("CAPABILITY completed")

    def do_noop(self, _: list[bytes]) -> None:
        if self.folder is not None:
            self.say(f"* {len(self.folder.mails)} EXISTS")
        self.ok("NOOP completed")

    def do_logout(self, _: list[bytes]) -> None:
        self.say("* BYE IMAP4rev1 Server logging out")
        self.ok("LOGOUT completed")
        raise Hangup

    def do_login(self, arguments: list[bytes]) -> None:
        limit = self.state.switches.lock_out_after
        locked = bool(limit) and self.state.wrong_logins >= limit
        if locked or arguments != [USER.encode(), PASSWORD.encode()]:
            self.state.wrong_logins += 1
            if self.state.switches.gbk_errors:
                return self.say(f"{self.tag} NO LOGIN ".encode() + _WRONG_GBK)
            return self.no("LOGIN Login error or password error")
        self.logged_in = True
        return self.ok("LOGIN completed")

    def do_id(self, _: list[bytes]) -> None:
        if not _ID.fullmatch(self.raw_arguments):
            return self.say(f"{self.tag} BAD Parse command error")
        self.ids += 1
        self.say('* ID ("name" "Coremail Imap" "vendor" "Mailtech" "TransID" "gAAB")')
        return self.ok("ID completed")

    def do_list(self, _: list[bytes]) -> None:
        for folder in self.state.store.folders.values():
            flags = " ".join(folder.flags) if self.state.switches.flags_in_list else ""
            self.say(f'* LIST ({flags}) "/" "{folder.wire}"')
        self.ok("LIST completed")

    do_xlist = do_list

    def do_create(self, arguments: list[bytes]) -> None:
        if not self.state.switches.create_works:
            return self.no("CREATE failed")
        wire = arguments[0].decode()
        self.state.store.folders[wire] = StoredFolder(wire, ())
        return self.ok("CREATE completed")

    def do_select(self, arguments: list[bytes], verb: str = "SELECT") -> None:
        self.folder = None
        if not self.logged_in:
            return self.no(f"{verb} {_STATE_ERROR}")
        if self.ids < self.state.switches.id_needed:
            return self.no(f"{verb} Unsafe Login. Please contact kefu@188.com for help")
        folder = self.state.store.folders.get(arguments[0].decode("utf-8", "replace"))
        if folder is None:
            return self.no(f"{verb} The folder does not exist")
        self.folder, self.read_only = folder, verb == "EXAMINE"
        self.say(f"* {len(folder.mails)} EXISTS")
        self.say("* 0 RECENT")
        self.say(f"* OK [UIDVALIDITY {folder.uidvalidity}] UIDs valid")
        if self.state.switches.tells_uidnext:
            self.say(f"* OK [UIDNEXT {folder.highest + 1}] next")
        self.say(r"* FLAGS (\Answered \Seen \Deleted \Draft \Flagged)")
        any_keyword = r" \*" if self.state.switches.keywords else ""
        self.say(rf"* OK [PERMANENTFLAGS (\Answered \Seen \Deleted \Draft \Flagged{any_keyword})] Limited")
        return self.ok(f"[READ-{'ONLY' if self.read_only else 'WRITE'}] {verb} completed")

    def do_examine(self, arguments: list[bytes]) -> None:
        self.do_select(arguments, "EXAMINE")

    def do_status(self, arguments: list[bytes]) -> None:
        folder = self.state.store.folders[arguments[0].decode()]
        told = f"MESSAGES {len(folder.mails)} UIDNEXT {folder.highest + 1}" if self.state.switches.status_works else ""
        self.say(f'* STATUS "{folder.wire}" ({told})')
        self.ok("STATUS completed")

    def do_append(self, arguments: list[bytes]) -> None:
        uid = self.state.store.add(self.literal, arguments[0].decode())
        mail = next(m for m in self.state.store.folders[arguments[0].decode()].mails if m.uid == uid)
        mail.flags |= set(re.findall(r"\\\w+", self.raw_arguments.decode("utf-8", "replace")))
        self.ok(f"[APPENDUID 1 {uid}] APPEND completed")

    def do_search(self, _: list[bytes]) -> None:
        said = self.raw_arguments.decode("utf-8", "replace").upper()
        mode = self.state.switches.search
        if "CHARSET" in said:
            return self.say(f"{self.tag} BAD Parse command error")
        if mode == "163" and re.search(r"\b(FROM|SUBJECT|HEADER|BODY|TEXT)\b", said):
            return self.no("SEARCH server bug")
        if (asked := re.search(r"\bUID ([\d:*,]+)", said)) and mode != "qq":
            if not self.state.switches.search_range:
                return self.say(f"{self.tag} BAD UID parameters!")
            found = [mail for _, mail in self._chosen(asked[1], by_uid=True)]
        else:
            found = list(self.folder.mails) if self.folder else []
        self.say("* SEARCH " + " ".join(str(mail.uid) for mail in found))
        return self.ok("SEARCH completed")

    def do_store(self, arguments: list[bytes]) -> None:
        if self.read_only:
            return self.no("STORE read-only")
        flags = set(re.findall(r"[\\$]?\w+", arguments[2].decode()))
        for _, mail in self._chosen(arguments[0].decode(), by_uid=self.by_uid):
            kept = {f for f in flags if f.startswith("\\") or self.state.switches.keywords}  # keywords: OK, and nothing
            mail.flags = mail.flags - kept if arguments[1].startswith(b"-") else mail.flags | kept
        return self.ok("STORE completed")

    def do_expunge(self, _: list[bytes]) -> None:
        assert self.folder is not None
        self.state.store.expunge(self.folder.wire, [m.uid for m in self.folder.mails if "\\Deleted" in m.flags])
        self.ok("EXPUNGE completed")

    def do_fetch(self, arguments: list[bytes]) -> None:
        items = self.raw_arguments.partition(b" ")[2].decode("utf-8", "replace")
        for number, mail in self._chosen(arguments[0].decode(), by_uid=self.by_uid):
            hidden = self.state.switches.fetch_misses if "BODY" in items else self.state.switches.list_misses
            for _ in range((mail.uid not in hidden) + (mail.uid in self.state.switches.list_doubles)):
                self._tell(number, mail, items)
        self.ok("FETCH completed")

    def _chosen(self, asked: str, *, by_uid: bool) -> list[tuple[int, StoredMail]]:
        """(sequence number, mail) of a set; `n:*` always holds the last one."""
        assert self.folder is not None
        rows = [(mail.uid if by_uid else number, number, mail) for number, mail in enumerate(self.folder.mails, 1)]
        last = rows[-1][0] if rows else 0
        chosen: dict[Any, Any] = {}
        for part in asked.split(","):
            first, _, final = part.partition(":")
            ends = sorted(last if end == "*" else int(end) for end in (first, final or first))
            chosen |= {number: mail for key, number, mail in rows if ends[0] <= key <= ends[1]}
        return sorted(chosen.items())

    def _tell(self, number: int, mail: StoredMail, items: str) -> None:
        words = [f"UID {mail.uid}"]
        asked = items.upper()
        if "FLAGS" in asked:
            words.append(f"FLAGS ({' '.join(sorted(mail.flags))})")
        if "RFC822.SIZE" in asked:
            words.append(f"RFC822.SIZE {len(self._raw(mail)) + self.state.switches.size_lie}")
        if "INTERNALDATE" in asked:
            words.append(f'INTERNALDATE "{mail.date:%d-%b-%Y %H:%M:%S +0000}"')
        if "ENVELOPE" in asked:
            words.append('ENVELOPE ("x" ""王" <a@b>" NIL)' if self.state.switches.damaged_structure else "ENVELOPE NIL")
        if "BODYSTRUCTURE" in asked:
            bad = self.state.switches.damaged_structure
            words.append('BODYSTRUCTURE ("TEXT" """" NIL)' if bad else 'BODYSTRUCTURE ("TEXT" "PLAIN" NIL)')
        self.wfile.write(f"* {number} FETCH ({' '.join(words)}".encode())
        if section := _SECTION.search(items):
            self._body(mail, section, peek="PEEK" in asked)
        self.say(")")

    def _raw(self, mail: StoredMail) -> bytes:
        return with_download_block(mail.raw) if self.state.switches.download_block else mail.raw

    def _body(self, mail: StoredMail, section: re.Match[str], *, peek: bool) -> None:
        data = self._raw(mail)
        if section[1].upper().startswith("HEADER"):
            head = data.partition(b"\r\n\r\n")[0]
            fields = re.findall(rb"(?ims)^message-id:[^\r]*(?:\r\n[ \t][^\r]*)*", head)
            data = (b"\r\n".join(fields) if "FIELDS" in section[1].upper() else head) + b"\r\n\r\n"
        origin = ""
        if section[2] is not None and self.state.switches.partial_works:
            start, size = int(section[2]), int(section[3])
            if start == 0:
                self.cut = self.state.switches.body_cuts.pop(0) if self.state.switches.body_cuts else len(data)
            data, origin = data[: self.cut][start : start + size], f"<{start}>"
        self.wfile.write(f" BODY[{section[1]}]{origin} {{{len(data)}}}\r\n".encode())
        if self.drop_after:
            self.wfile.write(data[: self.drop_after])
            raise Hangup
        self.wfile.write(data)
        if not peek and not self.read_only:
            mail.flags.add("\\Seen")
