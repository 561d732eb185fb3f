"""Where original bytes lie: below the data folder, or in a bucket of an S3-compatible store."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from mailintake.config.hosts import is_loopback

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")  # the naming rules of S3
_KEYS = ("endpoint", "region")


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket. `prefix` is empty or ends in a slash; an empty `endpoint` means Amazon's own."""

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""


def bucket_of(originals: str) -> Bucket | None:
    """The bucket that the setting names; None where it is empty. ValueError when it is no such URL, names a password,
    or an endpoint that would be spoken to without TLS over a network.
    """
    if not originals:
        return None
    url = urlsplit(originals)
    asked = dict(parse_qsl(url.query, keep_blank_values=True, strict_parsing=bool(url.query)))
    if url.scheme != "s3" or not _BUCKET.fullmatch(url.netloc) or url.fragment or set(asked) - set(_KEYS):
        raise ValueError(originals)
    endpoint = asked.get("endpoint", "")
    if endpoint and not _safe(endpoint):
        raise ValueError(endpoint)
    prefix = url.path.strip("/")
    return Bucket(url.netloc, f"{prefix}/" if prefix else "", endpoint, asked.get("region", ""))


def _safe(endpoint: str) -> bool:
    url = urlsplit(endpoint)
    plain = url.scheme == "http" and is_loopback(url.hostname or "")
    return bool(url.hostname) and (url.scheme == "https" or plain) and "@" not in url.netloc
