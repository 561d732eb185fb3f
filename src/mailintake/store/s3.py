"""Original bytes in a bucket of an S3-compatible store, by content, with the recent ones on the local disk as well.

An object is stored by one PUT whose SHA-256 the server compares, so it is wholly there or not at all. It is never
changed, and deleted only where somebody's data are erased. A bucket that keeps versions keeps those bytes until its own
rules drop them.
"""

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mailintake.config.originals import Bucket
from mailintake.errors import StoreBusy, StoreUnusable
from mailintake.store.files import CHUNK, NAME, Incoming, LocalFiles

CACHED_SECONDS = 24 * 3600  # how long bytes that nobody asks for stay on the local disk
_ABSENT = ("404", "NoSuchKey", "NotFound")
_RIGHTS = "the account needs s3:ListBucket, s3:GetObject, s3:PutObject and, to erase, s3:DeleteObject on the bucket"
_REFUSED = {
    "NoSuchBucket": "create the bucket, or correct `originals` in mailintake.yaml",
    "AccessDenied": _RIGHTS,
    "403": _RIGHTS,
    "InvalidAccessKeyId": "correct the access key (AWS_ACCESS_KEY_ID or ~/.aws/credentials)",
    "SignatureDoesNotMatch": "correct the secret key (AWS_SECRET_ACCESS_KEY or ~/.aws/credentials)",
    "PermanentRedirect": "correct the region of `originals` in mailintake.yaml",
}
_CREDENTIALS = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write ~/.aws/credentials"


class S3Files:
    """Objects `prefix`sha256 of one bucket; implements store.port.FileStore. Safe for threads.

    `cache` is a folder of this machine: `path` must give a local file. `upload` False keeps what is put there only
    (a dry run leaves no trace). Credentials come by boto3's own chain: environment, ~/.aws, role of the machine.
    """

    def __init__(self, bucket: Bucket, cache: Path, *, upload: bool = True) -> None:
        self._bucket = bucket
        self._cache = LocalFiles(cache)
        self._upload = upload
        self._client = _client(bucket)
        self._swept = 0.0
        self._sweep()

    def put(self, source: Path) -> str:
        """Copy a finished file into the bucket; give its sha256. Links and special files are refused (ValueError)."""
        return self._kept(self._cache.put(source))

    def put_all(self, sources: Iterable[Path]) -> tuple[str, ...]:
        """The same for several."""
        return tuple(self._kept(sha256) for sha256 in self._cache.put_all(sources))

    def put_bytes(self, data: bytes) -> str:
        """The same for bytes in memory."""
        return self._kept(self._cache.put_bytes(data))

    @contextmanager
    def together(self) -> Iterator[Incoming]:
        """What is taken inside is in the bucket at the end."""
        with self._cache.together() as incoming:
            yield incoming
            new = incoming.hashes
        for sha256 in new:
            self._kept(sha256)

    def path(self, sha256: str) -> Path:
        """A local copy, compared with its name when it is fetched. KeyError when the bucket does not hold those bytes.

        It stays for a day after its last use.
        """
        self._sweep()
        local = self._used(sha256)
        for _ in range(2):  # a second time: the first answer may have been broken on its way
            if local is not None:
                return local
            with _faults(sha256):
                told = self._client.get_object(Bucket=self._bucket.name, Key=self._key(sha256))
            self._cache.take(_Body(told["Body"], sha256), told["ContentLength"])
            local = self._used(sha256)
        if local is None:
            raise KeyError(sha256)
        return local

    def exists(self, sha256: str) -> bool:
        """Is it in the bucket? What is on the local disk alone does not count."""
        try:
            with _faults(sha256):
                self._client.head_object(Bucket=self._bucket.name, Key=self._key(sha256))
        except KeyError:
            return not self._upload and self._cache.exists(sha256)
        return True

    def digest(self, sha256: str) -> str:
        """The sha256 of the bytes in the bucket, whatever the local copy says. KeyError when absent."""
        with _faults(sha256):
            body = self._client.get_object(Bucket=self._bucket.name, Key=self._key(sha256))["Body"]
            digest = hashlib.sha256()
            while chunk := body.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def delete(self, sha256: str) -> None:
        """Those bytes are gone, here and in the bucket; nothing happens when they were not there."""
        with suppress(KeyError), _faults(sha256):
            key = self._key(sha256)
            self._cache.delete(sha256)
            if self._upload:
                self._client.delete_object(Bucket=self._bucket.name, Key=key)

    def hashes(self) -> Iterator[str]:
        """Every stored sha256, in order."""
        with _faults(self._bucket.name):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket.name, Prefix=self._bucket.prefix):
                names = (row["Key"].removeprefix(self._bucket.prefix) for row in page.get("Contents", ()))
                yield from (name for name in names if NAME.fullmatch(name))

    def _kept(self, sha256: str) -> str:
        if self._upload and not self.exists(sha256):
            with self._cache.path(sha256).open("rb") as body, _faults(sha256):
                self._client.put_object(Bucket=self._bucket.name, Key=self._key(sha256), Body=body)
        self._used(sha256)
        return sha256

    def _key(self, sha256: str) -> str:
        if not NAME.fullmatch(sha256):
            raise KeyError(sha256)
        return f"{self._bucket.prefix}{sha256}"

    def _used(self, sha256: str) -> Path | None:
        """The local copy, marked as used now; None when there is none."""
        try:
            path = self._cache.path(sha256)
            os.utime(path)
        except (KeyError, FileNotFoundError):
            return None
        return path

    def _sweep(self) -> None:
        """Once an hour: drop local copies that nobody asked for during a day."""
        now = time.time()
        if self._upload and now - self._swept > CACHED_SECONDS / 24:
            self._swept = now
            self._cache.drop_unused(CACHED_SECONDS)


class _Body:
    """What the server sends, with our errors instead of the library's, some of which pass for errors of the disk."""

    def __init__(self, body: Any, sha256: str) -> None:
        self._body, self._sha256 = body, sha256

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; empty at the end."""
        with _faults(self._sha256):
            return bytes(self._body.read(size))


def _client(bucket: Bucket) -> Any:
    """Addresses with the bucket in the path and no checksum trailers: what every S3-compatible store understands."""
    try:
        import boto3
        from botocore.config import Config
    except ModuleNotFoundError as missing:
        raise StoreUnusable(f"{missing.name} is missing", fix="pip install 'mailintake[s3]'") from None
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if bucket.endpoint else "auto", "payload_signing_enabled": True},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        retries={"mode": "standard", "max_attempts": 3},
        connect_timeout=10,
        read_timeout=60,
    )
    region = bucket.region or ("us-east-1" if bucket.endpoint else None)
    with _faults(bucket.name):
        return boto3.session.Session().client(
            "s3", endpoint_url=bucket.endpoint or None, region_name=region, config=config
        )


@contextmanager
def _faults(what: str) -> Iterator[None]:
    """boto3's errors in the words of errors.py: KeyError for what is absent, StoreUnusable for what a person must mend,
    StoreBusy for all that passes by itself."""
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _ABSENT:
            raise KeyError(what) from None
        if code in _REFUSED:
            raise StoreUnusable(f"the store of originals refuses: {code}", fix=_REFUSED[code]) from error
        raise StoreBusy(f"the store of originals cannot do it now: {code}") from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise StoreUnusable("there are no credentials for the store of originals", fix=_CREDENTIALS) from error
    except BotoCoreError as error:
        raise StoreBusy(f"the store of originals does not answer: {type(error).__name__}") from error
