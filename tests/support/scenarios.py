"""The language of tests/replay/*/scenario.yaml: sets of papers, and one delivery at a time."""

from collections.abc import Mapping
from typing import Any

from mailintake.app.demo.papers import Person
from mailintake.model.letter import OutboxState
from mailintake.model.message import MessageRef
from mailintake.worker.intake.process import Processed, process
from mailintake.worker.outbox.recording import count_as_sent
from mailintake.worker.shells import Shells

# The papers of each procedure, one row a paper: kind, file name ({name} is the person), per person or per mail.
SETS: dict[str, tuple[tuple[str, str, bool], ...]] = {
    "person": (
        ("photo", "{name}照片.jpg", True),
        ("signature", "{name}签名.jpg", True),
        ("passport_page", "{name}护照首页.jpg", True),
        ("abtc_basic_data", "{name}基本资料.pdf", True),
    ),
    "slips": (
        ("remittance_mfa", "外交部汇款单.pdf", False),
        ("remittance_centre", "外服中心汇款单.pdf", False),
    ),
    "profile": (("company_profile", "企业简介.pdf", False),),
    "paper": (
        ("no_criminal_record", "{name}无犯罪记录证明.pdf", True),
        ("social_insurance", "{name}社保.pdf", True),
    ),
    "letter": (("company_letter", "公函.pdf", False),),
}
SETS["new"] = (*SETS["person"], *SETS["profile"], *SETS["slips"])
SETS["renew"] = (*SETS["new"], *SETS["letter"])

PEOPLE: dict[str, dict[str, str]] = {
    key: {"name": name, "surname": surname, "given": given, "passport": passport, "card": card, "company": company}
    for key, name, surname, given, passport, card, company in (
        ("a", "贺知秋", "HE", "ZHIQIU", "EA1234561", "CHN20000001", "沈阳晴川机械有限公司"),
        ("b", "季云舟", "JI", "YUNZHOU", "EA1234562", "CHN20000002", "沈阳晴川机械有限公司"),
        ("c", "宁采薇", "NING", "CAIWEI", "EA1234563", "CHN20000003", "沈阳晴川机械有限公司"),
        ("d", "沈砚", "SHEN", "YAN", "EA1234564", "CHN20000004", "大连听涛贸易有限公司"),
        ("e", "司马岳", "SIMA", "YUE", "EA1234565", "CHN20000005", "大连听涛贸易有限公司"),
        ("f", "吕镕", "LYU", "RONG", "EA1234566", "CHN20000006", "大连听涛贸易有限公司"),
    )
}


def expanded(loaded: Mapping[str, Any]) -> dict[str, Any]:
    """Default people added, `set`/`without`/`change` turned into files."""
    people = PEOPLE | dict(loaded.get("people") or {})
    named = {key: Person(**{k: str(v) for k, v in row.items()}) for key, row in people.items()}
    return {"people": people, "mails": [_with_files(dict(mail), named) for mail in loaded["mails"]]}


def _with_files(mail: dict[str, Any], people: Mapping[str, Person]) -> dict[str, Any]:
    files = list(mail.get("files", ()))
    for name in mail.get("set", "").split():
        files = [*_papers(name, mail, people), *files]
    folder = mail.get("zip")
    mail["files"] = [{"name": folder, "holds": files}] if folder else files
    mail.setdefault("from", "晴川机械-苏禾 <suhe@qingchuan.example>")
    mail.setdefault("at", "2026-11-02 09:30")
    return mail


def _papers(name: str, mail: Mapping[str, Any], people: Mapping[str, Person]) -> list[dict[str, Any]]:
    of, without, change = mail.get("of", ["a"]), mail.get("without", ()), mail.get("change", {})
    made: list[dict[str, Any]] = []
    for kind, pattern, personal in SETS[name]:
        for keys in [[key] for key in of] if personal else [list(of)]:
            if kind in without or f"{kind} {keys[0]}" in without:
                continue
            options = change.get(f"{kind} {keys[0]}", change.get(kind, {}))
            shown = mail.get("names", {}).get(kind, pattern).format(name=people[keys[0]].name)
            made.append({"name": shown, "is": kind, "of": keys} | options)
    return made


def deliver(shells: Shells, raw: bytes) -> Processed:
    """Store and process one mail, as a poll would; retried mails are tried until their fate is known."""
    sha256 = shells.store.files.put_bytes(raw)
    with shells.store.begin() as unit:
        ref = MessageRef("test", "INBOX", 1, unit.next_uid("test"))
        new = unit.add_message(sha256, ref, len(raw), shells.clock())
    row = shells.store.claim_next(shells.clock()) if new else None
    if row is not None:
        done = process(shells, row)
        assert not done.failure, done.failure
        return done
    known = shells.store.message(sha256)
    assert known is not None
    return Processed(known)


def settle(shells: Shells) -> None:
    """Every open letter counts as sent now."""
    for entry in shells.store.outbox((OutboxState.WAITING, OutboxState.READY, OutboxState.SHADOWED)):
        count_as_sent(shells, entry, "test")
