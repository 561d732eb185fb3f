"""moto's server as a child process: an S3-compatible store on loopback, forgetful and without real accounts."""

import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.support.debian import free_ports

ACCOUNT = {"AWS_ACCESS_KEY_ID": "invented", "AWS_SECRET_ACCESS_KEY": "invented", "AWS_EC2_METADATA_DISABLED": "true"}
_START_SECONDS = 60
_numbers = itertools.count(1)


@dataclass
class Moto:
    """A running server."""

    port: int
    process: "subprocess.Popen[bytes]" = field(repr=False)

    @property
    def endpoint(self) -> str:
        """For clients."""
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> Any:
        """The account that sees everything."""
        import boto3

        keys = {"aws_access_key_id": "invented", "aws_secret_access_key": "invented"}
        return boto3.client("s3", endpoint_url=self.endpoint, region_name="us-east-1", **keys)

    def new_bucket(self) -> str:
        """Name of an empty bucket that nobody else uses."""
        name = f"originals-{os.getpid()}-{next(_numbers)}"
        self.client().create_bucket(Bucket=name)
        return name

    def url(self, bucket: str, prefix: str = "office/one") -> str:
        """As it stands in the settings."""
        return f"s3://{bucket}/{prefix}?endpoint={self.endpoint}"


@contextmanager
def moto() -> Iterator[Moto]:
    """The server until the end."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    running = Moto(port, process)
    try:
        _wait(running)
        yield running
    finally:
        process.kill()
        process.wait(10)


def _wait(server: Moto) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 5):
            return
        time.sleep(0.1)
    raise RuntimeError("moto did not start")
