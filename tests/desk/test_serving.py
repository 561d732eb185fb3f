"""The desk takes an address, says plainly when it cannot have it, and ends when it is told to."""

import os
import signal
import threading
import time
from http.client import HTTPConnection

import pytest

from mailintake.desk.place import Desk
from mailintake.desk.serve import listening, serve
from mailintake.errors import CannotListen


def test_an_address_that_is_taken_ends_with_7_and_names_another() -> None:
    with listening("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(CannotListen, match=f"127.0.0.1:{port}") as refused, listening("127.0.0.1", port):
            pass
    assert refused.value.exit_code == 7
    assert "--listen" in refused.value.fix


def test_it_serves_until_it_is_told_to_end_and_the_program_goes_on(desk: Desk) -> None:
    told: list[int] = []

    def asked_and_ended(port: int) -> None:
        for _ in range(200):
            try:
                connection = HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/health")
                told.append(connection.getresponse().status)
                break
            except OSError:
                time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    with listening("127.0.0.1", 0) as sock:
        threading.Thread(target=asked_and_ended, args=(sock.getsockname()[1],)).start()
        serve(desk, desk.shells.configuration, sock)
    assert told == [200]
