"""What the receiving hop found about the sender (RFC 8601): only the header that this hop itself wrote is believed.

Coremail puts its Received line on top but appends X-CM-TRANSID and Authentication-Results below the sender's own
headers, and folds inside words. So: the topmost Received names the receiving host and the transaction; where a
X-CM-TRANSID of that transaction stands, only results after it count, the last of that host. Only where no such
header exists (hosts that put their results on top) do results count that stand directly below that Received line:
a sender cannot remove the appended header, so this road is closed to forgers where Coremail appends.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from types import MappingProxyType

from mailintake.model.message import AuthenticationResult
from mailintake.model.value import value
from mailintake.readers.mail.headers import HeaderBlock, HeaderField

_REFUSALS = ("fail", "hardfail")  # hardfail: what RFC 5451 called it, still written by older servers
_RESULTS = ("pass", "neutral", "none", "softfail", *_REFUSALS, "temperror", "permerror", "policy")
_IDENTITIES = MappingProxyType({"spf": ("smtp.mailfrom=", "smtp.mail="), "dkim": ("header.d=", "header.i=")})
_METHOD = re.compile(r"(?<![\w.-])(spf|dkim)(?:/\d{1,3})?\s{0,3}=\s{0,3}([a-z]{1,20})")
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_UNKNOWN = AuthenticationResult()


def read_authentication(headers: HeaderBlock, from_domain: str) -> AuthenticationResult:
    """SPF and DKIM of the receiving hop, and whether what passed is the domain in From; unknown when in doubt."""
    received = next((at for at, field in enumerate(headers.fields) if field.name == "received"), None)
    if received is None:
        return _UNKNOWN
    host, transaction = _receiving_hop(_glued(headers.fields[received]))
    results = _trusted(headers.fields, received, host, transaction) if host else ()
    return _parsed(results, from_domain.lower()) if results else _UNKNOWN


def receiving_host(headers: HeaderBlock) -> str:
    """The host that wrote the topmost Received line; empty where there is none."""
    return _receiving_hop(_glued(headers.all("received")[0]))[0] if headers.all("received") else ""


def _receiving_hop(received: str) -> tuple[str, str]:
    """Host and transaction id of "… by <host> (Coremail) with SMTP id <id>; date"."""
    words = received.partition(";")[0].split()
    host = next((words[at + 1] for at, word in enumerate(words[:-1]) if word.lower() == "by"), "")
    transaction = next((words[at + 1] for at, word in enumerate(words[:-1]) if word.lower() == "id"), "")
    return host.lower(), transaction


def _trusted(fields: tuple[HeaderField, ...], received: int, host: str, transaction: str) -> tuple[str, ...]:
    """The results that the receiving hop wrote: one header, or one for each method. Where the hop puts them on top, the
    sender's own headers follow directly: of any but the first only what speaks against the sender is taken."""
    appended = [
        at for at, field in enumerate(fields) if field.name == "x-cm-transid" and _glued(field).strip() == transaction
    ]
    if transaction and appended:
        return tuple(_glued(field) for field in fields[appended[-1] + 1 :] if _is_result_of(field, host))
    found: list[str] = []
    for field in fields[received + 1 :]:
        if field.name not in ("authentication-results", "received-spf"):
            break
        if _is_result_of(field, host):
            found.append(_glued(field) if not found else _only_refusals(_glued(field)))
    return tuple(found)


def _only_refusals(text: str) -> str:
    kept = [r for r in _results(text) if r.outcome in _REFUSALS]
    return "".join(f"; {r.method}={r.outcome}" for r in kept)


def _is_result_of(field: HeaderField, host: str) -> bool:
    """Whether the results carry the name of that host, or of the cluster that the host's name begins with."""
    if field.name != "authentication-results":
        return False
    words = _glued(field).partition(";")[0].split()
    name = words[0].lower() if words else ""
    return bool(name) and (host == name or host.startswith(name + "-"))


def _glued(field: HeaderField) -> str:
    """The value with folds removed: without a blank where the fold cut a word, with one after a Received clause."""
    lines = field.folded.decode("ascii", "replace").splitlines()
    glue = " " if field.name == "received" else ""
    return glue.join(line.strip(" \t\r\n") for line in lines)


# Public providers whose addresses of one domain leave through the servers of another.
_SENT_BY = {"foxmail.com": "qq.com", "126.com": "163.com", "yeah.net": "163.com"}


@value
class _Result:
    """One method of the header (RFC 8601 resinfo): what came out, and for which domain."""

    method: str  # spf | dkim
    outcome: str
    domain: str


def _parsed(texts: Iterable[str], from_domain: str) -> AuthenticationResult:
    """One answer a method. Of several signatures an aligned one that passed counts, then any that passed, then the
    first; of several results of one method that disagree about one domain the refusal counts."""
    results = [result for text in texts for result in _results(text)]
    sender = _SENT_BY.get(from_domain, from_domain)
    passed = [r for r in results if r.outcome == "pass"]
    fitting = [r for r in passed if any(_is_aligned(r.domain, name) for name in (from_domain, sender))]
    refused = {(r.method, r.domain) for r in results if r.outcome in _REFUSALS}
    fitting = [r for r in fitting if (r.method, r.domain) not in refused]
    chosen = (*fitting, *(r for r in results if r.outcome in _REFUSALS), *passed, *results)
    outcomes = {m: next((r.outcome for r in chosen if r.method == m), "unknown") for m in ("spf", "dkim")}
    return AuthenticationResult(**outcomes, aligned=bool(fitting) if _known(passed) else None)


def _known(passed: Sequence[_Result]) -> bool:
    """Is it said whom a pass is about?"""
    return any(result.domain for result in passed)


def _results(text: str) -> Iterator[_Result]:
    """The methods of one header, in order. Comments may hold anything and are left out."""
    plain = _COMMENT.sub(" ", text).lower()
    found = list(_METHOD.finditer(plain))
    for match, following in zip_longest(found, found[1:]):
        rest = plain[match.end() : following.start() if following else len(plain)]
        told = match[2]  # a fold may have glued the next word to it
        outcome = next((word for word in _RESULTS if told.startswith(word)), "unknown")
        yield _Result(match[1], outcome, _domain(rest, _IDENTITIES[match[1]]))


def _domain(text: str, identities: tuple[str, ...]) -> str:
    for identity in identities:
        rest = text.partition(identity)[2]
        if rest:
            word = rest.replace(";", " ").split()[:1]
            return word[0].rpartition("@")[2].strip('<>"') if word else ""
    return ""


def _is_aligned(domain: str, from_domain: str) -> bool:
    """The same domain or one below the other (relaxed alignment without a list of public suffixes, so two labels at
    least must agree)."""
    if not domain or not from_domain:
        return False
    longer, shorter = sorted((domain, from_domain), key=len, reverse=True)
    return longer == shorter or (shorter.count(".") >= 1 and longer.endswith("." + shorter))
