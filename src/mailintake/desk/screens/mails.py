"""来信: each mail as text, its files, why it was understood so, and what can be done about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.desk.notes import note
from mailintake.desk.offers import Offer
from mailintake.desk.pages import desk_of, drafts_of, number_of, page
from mailintake.desk.place import Desk
from mailintake.desk.screens.document import download
from mailintake.model.document import Evidence
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import Guess, Intent
from mailintake.store.port import MessageRow

STEP = 50
_TEXT = 20_000  # characters of a mail or of what it quotes that a page shows
_SIGNS = 40  # rules that fired or nearly fired, of one mail


@dataclass(frozen=True)
class Sign:
    """One thing that spoke for or against something, in words."""

    score: float
    fired: bool
    text: str
    about: str


class Titled(NamedTuple):
    """A procedure and variant in words."""

    title: str
    score: float


class Guessed(NamedTuple):
    """A case that the mail may belong to, and why in words."""

    guess: Guess
    why: str


@dataclass(frozen=True)
class Understood:
    """How the mail was understood when it came."""

    sure: bool
    intents: tuple[Titled, ...]
    signs: tuple[Sign, ...]
    unshown: int  # signs that are not among them, the weakest
    guesses: tuple[Guessed, ...]
    unnamed: int  # cases that it may belong to besides


def mails(request: Request) -> Response:
    """The newest first."""
    store, show = desk_of(request).shells.store, request.query_params.get("show", "")
    skip = number_of(request, "skip")
    status = "quarantined" if show == "quarantined" else ""
    disposition = show if show in ("for_staff", "parked") else ""
    rows = store.mail_page(STEP + 1, skip=skip, status=status, disposition=disposition)
    return page(request, "mails.html", rows=rows[:STEP], more=len(rows) > STEP, show=show, skip=skip, step=STEP)


def mail(request: Request) -> Response:
    """One mail."""
    desk = desk_of(request)
    row = desk.shells.store.message(request.path_params["sha256"])
    if row is None:
        return page(request, "missing.html", 404)
    reading = desk.shells.store.reading(row.sha256)
    note_view(request, row.sha256)
    offers = tuple(_offers(desk, row))
    return page(
        request,
        "mail.html",
        row=row,
        mail=reading,
        longest=_TEXT,
        understood=_understood(desk, row),
        offers=offers,
        drafts=drafts_of(request, (f"{row.sha256}-{offer.name}" for offer in offers)),
    )


def note_view(request: Request, sha256: str, what: str = "viewed", **said: str) -> None:
    """Every look at what somebody sent is an event."""
    note(request, f"mail.{what}", message=sha256, **said)


def _understood(desk: Desk, row: MessageRow) -> Understood | None:
    """As it was written down with the decision."""
    decided = desk.shells.store.decision(row.sha256)
    seen = decided.understanding if decided else None
    if seen is None:
        return None
    rules = desk.shells.rules
    intents = tuple(Titled(_titled(rules, intent), intent.score) for intent in seen.classification.intents)
    signs = (*seen.screening.evidence, *seen.classification.evidence, *seen.link.evidence)
    ordered = sorted(signs, key=lambda sign: (not sign.fired, -abs(sign.score)))
    strongest = tuple(_sign(desk, sign) for sign in ordered[:_SIGNS])
    say, guesses = desk.offers.sentence, () if row.cases else seen.link.guesses
    told = tuple(Guessed(g, say("flash", "comma").join(say("guess", why) for why in g.why.split("+"))) for g in guesses)
    besides = seen.link.unnamed if told else 0
    return Understood(seen.classification.sure, intents, strongest, len(ordered) - len(strongest), told, besides)


def _sign(desk: Desk, found: Evidence) -> Sign:
    """Words of the mail stay as they are; what the program noticed by itself is said in words."""
    say, titles = desk.offers.sentence, {kind.key: kind.title for kind in desk.shells.rules.kinds.values()}
    noticed = (titles.get(part) or say("sign", part) for part in found.text.split(", "))
    return Sign(found.score, found.fired, say("flash", "comma").join(noticed), _about(desk, found.rule))


def _about(desk: Desk, rule_id: str) -> str:
    """What a rule speaks for or against: a procedure, a kind of mail, or the case that a mail belongs to."""
    rules, words = desk.shells.rules, desk.words
    known = {rule.id: rule for rule in (*rules.classification, *rules.screening)}
    kind, _, why = rule_id.partition(":")
    rule = known.get(why or rule_id)
    if rule is not None and rule.procedure is not None:
        return str(words.procedures[rule.procedure.value])
    if rule is not None and rule.message_class is not None:
        return str(words.classes[rule.message_class.value])
    return str(words.classes.get(kind, "")) or desk.offers.sentence("link", rule_id.rpartition(".")[2])


def _titled(rules: RuleSet, intent: Intent) -> str:
    procedure = rules.procedure(intent.procedure)
    return f"{procedure.title} {procedure.variant(intent.variant).title}" if intent.variant else procedure.title


def _offers(desk: Desk, row: MessageRow) -> Iterator[Offer]:
    names = ["answered", "no_action"]
    names += ["unlink"] if row.cases else ["link", "open_case"]
    names += ["not_spam"] if row.message_class == "spam" else ["is_spam"]
    for name in (*names, "write"):
        yield desk.offers.plain(name, desk.shells.rules)


def attachment(request: Request) -> Response:
    """One file of a mail, as a download."""
    desk = desk_of(request)
    reading, place = desk.shells.store.reading(request.path_params["sha256"]), request.path_params["place"]
    if reading is None or place >= len(reading.attachments):
        return page(request, "missing.html", 404)
    file = reading.attachments[place]
    note_view(request, reading.sha256, "downloaded", file=file.sha256)
    return download(request, file.sha256, file.name)


def raw(request: Request) -> Response:
    """The mail as it came, as a download."""
    row = desk_of(request).shells.store.message(request.path_params["sha256"])
    if row is None:
        return page(request, "missing.html", 404)
    note_view(request, row.sha256, "downloaded")
    return download(request, row.sha256, f"{row.sha256[:12]}.eml")


ROUTES = (
    Route("/mails", mails, methods=["GET"]),
    Route("/mails/{sha256}", mail, methods=["GET"]),
    Route("/mails/{sha256}/raw", raw, methods=["GET"]),
    Route("/mails/{sha256}/files/{place:int}", attachment, methods=["GET"]),
)
