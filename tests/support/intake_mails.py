"""Invented mails as the readers would hand them over: for the tests of the stages that understand a mail."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from mailintake.model.case import Applicant, Case, Participant, State
from mailintake.model.facts import Field, FileFacts, ImageFacts, PdfFacts, PdfShape, Reading, TextFacts, TextLine
from mailintake.model.message import Address, Attachment, InboundMessage
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet
from mailintake.model.situation import KnownMail, ReadMail
from mailintake.model.understanding import Candidates, People, Sent
from mailintake.model.zone import SHANGHAI
from mailintake.stages.assign.steps import assign

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=SHANGHAI)
COMPANY = "office@haoyu.example"
_FORMATS = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png", "heic": "heic", "pdf": "pdf", "docx": "docx", "doc": "doc"}


def sha(text: str) -> str:
    """A stand-in for the hash of a file."""
    return hashlib.sha256(text.encode()).hexdigest()


def attachment(path: str, **changes: Any) -> Attachment:
    """A file at a path: 材料.zip/张三/照片.jpg."""
    made = Attachment(path, path.rpartition("/")[2], "2", "application/octet-stream", 1000, sha(path))
    return replace(made, **changes)


def letter(  # a mail is what it is: many parts, all with defaults
    subject: str = "",
    text: str = "",
    files: Sequence[str | Attachment] = (),
    sender: str = COMPANY,
    **changes: Any,
) -> InboundMessage:
    """One mail. `files` are paths or ready attachments."""
    name, _, addr = sender.rpartition(" ")
    made = InboundMessage(
        sha256=sha(subject + text + sender),
        size=1000,
        subject=subject,
        sender=Address(name, addr),
        to=(Address("", "lnwfapec@163.com"),),
        return_path=addr,
        date=MONDAY,
        message_id=f"<{sha(subject + text)[:16]}@{addr.rpartition('@')[2]}>",
        new_text=text,
        attachments=tuple(f if isinstance(f, Attachment) else attachment(f) for f in files),
    )
    return replace(made, **changes)


def facts_of(message: InboundMessage, texts: Mapping[str, str] | None = None) -> dict[str, FileFacts]:
    """Facts by format of each file; `texts` gives the text of some files by path."""
    made = {}
    for file in message.attachments:
        format_ = _FORMATS.get(file.name.rpartition(".")[2].lower(), file.name.rpartition(".")[2].lower())
        said = (texts or {}).get(file.path)
        text = TextFacts(tuple(TextLine(line) for line in said.splitlines())) if said is not None else None
        made[file.sha256] = FileFacts(file.sha256, file.size, format_, text=text)
    return made


def image(path: str, width: int, height: int, colourfulness: float = 40.0) -> FileFacts:
    """Measured pixels of a picture with something drawn on it."""
    pixels = ImageFacts(
        width, height, "jpeg", "RGB", colourfulness=colourfulness, ink_box=(5, 5, 50, 50), ink_share=0.1
    )
    return FileFacts(sha(path), 1000, "jpeg", image=pixels)


def pdf(path: str, shape: PdfShape) -> FileFacts:
    """A PDF of that shape."""
    return FileFacts(sha(path), 1000, "pdf", pdf=PdfFacts(1, shape))


def reading(kind: str, **fields: str) -> Reading:
    """What a document says."""
    return Reading(kind, tuple(Field(name, value, value, "mrz") for name, value in fields.items()), (kind,))


def people_of(message: InboundMessage, rules: RuleSet, readings: Mapping[str, Reading] | None = None) -> People:
    """The mail assigned; `readings` by path."""
    by_hash = {sha(path): read for path, read in (readings or {}).items()}
    return assign(ReadMail(message, facts_of(message), by_hash, rules, MONDAY))


def known_mail(message: InboundMessage, rules: RuleSet, found: Candidates | None = None) -> KnownMail:
    """The mail with its people named and what the store knows of them; nothing where nothing is said."""
    return KnownMail(message, people_of(message, rules), found or Candidates(), rules)


def case(
    number: str,
    names: Sequence[str] = ("丁一鸣",),
    procedure: ProcedureKey = ProcedureKey.NEW,
    *,
    variant: str = "",
    state: State = State.AWAITING_CORRECTION,
    participants: Sequence[str] = (COMPANY,),
    passports: Sequence[str] = (),
    company: str = "沈阳浩宇机电有限公司",
    related: Sequence[str] = (),
) -> Case:
    """One case with its people; passport numbers go to them in order."""
    numbers = [*passports, *[""] * len(names)]
    return Case(
        number=number,
        procedure=procedure,
        variant=variant,
        state=state,
        company=company,
        opened_at=MONDAY,
        first_received_at=MONDAY,
        last_received_at=MONDAY,
        rule_version="test",
        applicants=tuple(Applicant(f"a{i + 1}", name, passport_no=numbers[i]) for i, name in enumerate(names)),
        participants=tuple(Participant(addr) for addr in participants),
        related=tuple(related),
    )


def candidates(
    message: InboundMessage, cases: Sequence[Case], rules: RuleSet, sent: Mapping[str, str] | None = None
) -> Candidates:
    """What a store with these cases would answer for the mail. `sent`: Message-ID of our letters → case number."""
    from mailintake.stages.lookup import company_domain, lookup

    keys = lookup(message, people_of(message, rules), rules)
    letters = tuple(Sent(mid, number, ()) for mid, number in (sent or {}).items() if mid in keys.tokens)
    named = {entry.case for entry in letters}
    open_cases = [c for c in cases if c.state not in (State.CLOSED, State.WITHDRAWN, State.DUPLICATE)]
    return Candidates(
        by_token=letters,
        by_number=tuple(c for c in cases if c.number in keys.numbers),
        by_sender=tuple(c for c in open_cases if any(p.addr == keys.sender for p in c.participants)),
        by_company_domain=tuple(
            c
            for c in open_cases
            if keys.company_domain and any(company_domain(p.addr, rules) == keys.company_domain for p in c.participants)
        ),
        by_person=tuple(
            c
            for c in cases
            if any({a.name, a.passport_no, a.old_passport_no, a.card_no} & set(keys.identifiers) for a in c.applicants)
        ),
        token_cases=tuple(c for c in cases if c.number in named),
    )
