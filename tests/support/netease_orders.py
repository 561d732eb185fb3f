"""Orders to a running 163 stand-in, one a line, from its command line or the keyboard (netease.md)."""

import shlex
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from tests.support.netease import Fault, Netease, Switches
from tests.support.netease_folder import FolderStore
from tests.support.netease_store import JUNK, arrived

_WORDS = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}
_WHAT = ("bye", "drop", "stall", "drip", "no", "literal", "raw", "lost")


def obey(server: Netease, line: str) -> str:
    """Do it and say what was done. ValueError for what is not understood."""
    words = shlex.split(line)
    if not words:
        return ""
    if "=" in words[0] and len(words) == 1:
        return _switch(server.switches, *words[0].split("=", 1))
    done = _ORDERS.get(words[0])
    if done is None:
        raise ValueError(f"{words[0]}: no such order; one of {', '.join(_ORDERS)}, or switch=value")
    try:
        return done(server, words[1:])
    except (IndexError, KeyError, StopIteration, OSError) as fault:
        raise ValueError(f"{line}: {type(fault).__name__} {fault}") from fault


def switches() -> dict[str, str]:
    """Every switch with its value as it is at 163."""
    usual = Switches()
    return {f.name: str(getattr(usual, f.name)) for f in fields(Switches) if f.name != "faults"}


def _switch(switched: Switches, name: str, text: str) -> str:
    """The kind of its value now says how the text is read."""
    if name not in switches():
        raise ValueError(f"{name}: no such switch; one of {', '.join(switches())}")
    now = getattr(switched, name)
    parts = [part for part in text.split(",") if part]
    value: object = text
    if isinstance(now, bool):
        if text.lower() not in _WORDS:
            raise ValueError(f"{name}: yes or no")
        value = _WORDS[text.lower()]
    elif isinstance(now, int | float):
        value = type(now)(text)
    elif isinstance(now, set):
        value = {int(part) for part in parts}
    elif isinstance(now, frozenset):
        value = frozenset(parts)
    elif isinstance(now, tuple):
        value = tuple(parts)
    setattr(switched, name, value)
    return f"{name} = {value}"


def _fault(server: Netease, words: list[str]) -> str:
    """fault WHERE WHAT [times=1] [size=0] [pause=0.05] [text=…]"""
    where, what, *rest = words
    if what not in _WHAT:
        raise ValueError(f"{what}: one of {', '.join(_WHAT)}")
    given = dict(word.split("=", 1) for word in rest)
    times, size, pause = int(given.get("times", 1)), int(given.get("size", 0)), float(given.get("pause", 0.05))
    text = given.get("text", "").replace("\\r", "\r").replace("\\n", "\n")
    made = Fault(where, what, times, size, text, pause)
    server.switches.faults.append(made)
    return f"{where} will {what}, {made.times} times"


def _mail(server: Netease, words: list[str]) -> str:
    """mail FILE [SENDER [uid=N]]: it arrives, with Coremail's headers when a sender is named."""
    raw = Path(words[0]).read_bytes()
    named = [word for word in words[1:] if "=" not in word]
    uids = [int(word.partition("=")[2]) for word in words[1:] if word.startswith("uid=")]
    uid = server.store.add(arrived(raw, named[0]) if named else raw, uid=uids[0] if uids else None)
    return f"arrived as {uid}"


def _lower(server: Netease, words: list[str]) -> str:
    """lower FILE: it arrives under a UID below the highest one."""
    taken = {mail.uid for mail in server.store.mails()}
    free = next(uid for uid in range(max(taken) - 1, 0, -1) if uid not in taken)
    return _mail(server, [words[0], f"uid={free}"])


def _listed(server: Netease, _: list[str]) -> str:
    rows = [f"{wire} {mail.uid} {len(mail.raw)}" for wire in server.store.folders for mail in server.store.mails(wire)]
    return "\n".join((*rows, f"{len(server.state.sent)} sent, {server.state.connections} connections"))


def _look(server: Netease, _: list[str]) -> str:
    return f"{server.store.look() if isinstance(server.store, FolderStore) else 0} new"


def _renumber(server: Netease, words: list[str]) -> str:
    server.store.renumber(*words)
    return "UIDVALIDITY and every UID changed"


def _rescue(server: Netease, words: list[str]) -> str:
    return f"moved, is now {server.store.move(int(words[0]), JUNK, 'INBOX')}"


def _gone(server: Netease, words: list[str]) -> str:
    server.store.expunge("INBOX", [int(word) for word in words])
    return "expunged"


def _clean(server: Netease, _: list[str]) -> str:
    server.switches.faults.clear()
    return "no faults"


def _skip(server: Netease, words: list[str]) -> str:
    server.state.clock_offset += float(words[0]) * 60
    return f"the provider's clock is {server.state.clock_offset / 60:.0f} minutes ahead"


_ORDERS: dict[str, Callable[[Netease, list[str]], str]] = {
    "fault": _fault,
    "clean": _clean,
    "mail": _mail,
    "lower": _lower,
    "rescue": _rescue,
    "expunge": _gone,
    "renumber": _renumber,
    "skip": _skip,
    "look": _look,
    "list": _listed,
}
