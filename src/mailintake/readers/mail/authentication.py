"""What the receiving hop found about the sender (RFC 8601): only the header that this hop itself wrote is believed.

Coremail puts its Received line on top but appends X-CM-TRANSID and Authentication-Results below the sender's own
headers, and folds inside words. So: the topmost Received names the receiving host and the transaction; where a
X-CM-TRANSID of that transaction stands, only results after it count, the last of that host. Only where no such
header exists (hosts that put their results on top) do results count that stand directly below that Received line:
a sender cannot remove the appended header, so this road is closed to forgers where Coremail appends.
"""

from mailintake.model.message import AuthenticationResult
from mailintake.readers.mail.headers import HeaderBlock, HeaderField

_RESULTS = ("pass", "neutral", "none", "softfail", "fail", "temperror", "permerror", "policy")
_SPF_IDENTITIES, _DKIM_IDENTITIES = ("smtp.mailfrom=", "smtp.mail="), ("header.d=", "header.i=")
_UNKNOWN = AuthenticationResult()


def read_authentication(headers: HeaderBlock, from_domain: str) -> AuthenticationResult:
    """SPF and DKIM of the receiving hop, and whether what passed is the domain in From; unknown when in doubt."""
    received = next((at for at, field in enumerate(headers.fields) if field.name == "received"), None)
    if received is None:
        return _UNKNOWN
    host, transaction = _receiving_hop(_glued(headers.fields[received]))
    result = _trusted(headers.fields, received, host, transaction) if host else ""
    return _parsed(result, from_domain.lower()) if result else _UNKNOWN


def _receiving_hop(received: str) -> tuple[str, str]:
    """Host and transaction id of "… by <host> (Coremail) with SMTP id <id>; date"."""
    words = received.partition(";")[0].split()
    host = next((words[at + 1] for at, word in enumerate(words[:-1]) if word.lower() == "by"), "")
    transaction = next((words[at + 1] for at, word in enumerate(words[:-1]) if word.lower() == "id"), "")
    return host.lower(), transaction


def _trusted(fields: tuple[HeaderField, ...], received: int, host: str, transaction: str) -> str:
    appended = [
        at for at, field in enumerate(fields) if field.name == "x-cm-transid" and _glued(field).strip() == transaction
    ]
    if transaction and appended:
        ours = [field for field in fields[appended[-1] + 1 :] if _is_result_of(field, host)]
        return _glued(ours[-1]) if ours else ""
    for field in fields[received + 1 :]:
        if field.name not in ("authentication-results", "received-spf"):
            break
        if _is_result_of(field, host):
            return _glued(field)
    return ""


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


def _parsed(value: str, from_domain: str) -> AuthenticationResult:
    spf, dkim = _method(value, "spf="), _method(value, "dkim=")
    passed = [_domain(value, _SPF_IDENTITIES)] if spf == "pass" else []
    passed += [_domain(value, _DKIM_IDENTITIES)] if dkim == "pass" else []
    sender = _SENT_BY.get(from_domain, from_domain)
    aligned = any(_is_aligned(domain, name) for domain in passed for name in (from_domain, sender)) if passed else None
    return AuthenticationResult(spf, dkim, aligned)


def _method(value: str, method: str) -> str:
    found = value.lower().partition(method)
    return next((result for result in _RESULTS if found[2].startswith(result)), "unknown") if found[1] else "unknown"


def _domain(value: str, identities: tuple[str, ...]) -> str:
    lower = value.lower()
    for identity in identities:
        rest = lower.partition(identity)[2]
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
