"""The whole demo once more, read from 163's IMAP and answered through 163's SMTP with its limits."""

from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from tests.support.netease import USER, Netease
from tests.support.netease_demo import DAY, stand_in
from tests.support.netease_store import SENT

from mailintake.app.demo.run import Stage, Told, run_demo
from mailintake.app.demo.servers import ServersFor, local_servers
from mailintake.config import load


def played(folder: Path, servers: ServersFor) -> Told:
    folder.mkdir()
    shipped = load(None)
    without_ocr = replace(shipped, settings=replace(shipped.settings, ocr=False))
    return run_demo(without_ocr, Stage(folder, lambda *_: None, lambda *_, **__: None, servers))


@pytest.mark.timeout(600)  # two demos, of a quarter of a minute each on an idle machine
def test_the_demo_ends_the_same_with_163_on_both_sides(tmp_path: Path) -> None:
    seen: list[Netease] = []
    here = played(tmp_path / "here", local_servers)
    there = played(tmp_path / "there", partial(stand_in, told=seen.append))
    assert (there.mails, there.cases, there.letters) == (here.mails, here.cases, here.letters)
    (server,) = seen
    assert len(server.state.sent) == there.letters
    assert {sender for sender, _, _ in server.state.sent} == {USER}
    assert len(server.store.mails(SENT)) == there.letters  # the provider's own copies, and none of ours beside them
    assert all(mail.flags == set() for mail in server.store.mails())
    moments = sorted(server.state.sent_at)
    assert all(later - earlier >= 20 for earlier, later in pairwise(moments))
    assert max(sum(at <= other < at + 86400 for other in moments) for at in moments) <= DAY
