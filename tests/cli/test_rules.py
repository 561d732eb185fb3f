"""An operator's Monday: a slip, a fix, examples, stored mail, two people, in force, and back again."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Command
from tests.support.office import Office

from mailintake.app.active import active_configuration
from mailintake.app.rules import sharing
from mailintake.app.rules.backtest import Backtest, backtest
from mailintake.app.rules.judging import Judge
from mailintake.app.rules.learning import learn
from mailintake.app.rules.staff import Opinion, Topic
from mailintake.app.rules.stored import StoredMails
from mailintake.config import load
from mailintake.store.open import SqlStore, open_store
from mailintake.store.port import Store

EXAMPLES = """
- name: 首次办理
  mail: {subject: 首次办理APEC商旅卡, text: 我司员工首次申请办理，附件是材料。, files: [证件照.jpg, 护照.pdf]}
  expect: {procedure: new, message_class: application, fires: [new.words], says_not: [请补缴]}
"""
WRONG = """
- name: 续办说成期满
  mail: {subject: 卡片期满重领, text: 卡片期满，请给重新领一张。}
  expect: {procedure: renew, parked: false}
"""
_ADDED = """
- id: new.own
  score: 9
  where: [subject, new_text]
  procedure: new
  words: [贺知秋新办]
  examples: {matches: [贺知秋新办], not_matches: [贺知秋]}
"""


def put(office: Office, name: str, text: str) -> None:
    """Write one of the operator's files."""
    path = office.config / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_a_monday_from_the_slip_to_the_rollback(office: Office, command: Command) -> None:
    for name, role in (("何岸", "operator"), ("周岚", "head")):
        assert command("staff", "add", name, "--role", role, "--mail", "staff@office.example").code == 0
    put(office, "fees.yaml", "mfa:\n  amount_cny：800\n")
    refused = command("rules", "apply", "--by", "何岸", "--yes")
    assert refused.code == 3
    assert "fees.yaml:2:13" in refused.out
    assert command("case", "list").code == 0  # clerks go on
    put(office, "fees.yaml", "mfa:\n  amount_cny: 800\n")
    put(office, "office.d/phone.yaml", "advice_phone: 024-11112222\n")
    put(office, "tests/wrong.test.yaml", WRONG)
    refused = command("rules", "apply", "--by", "何岸", "--yes")
    assert refused.code == 3
    assert "续办说成期满" in refused.out
    assert "应得" in refused.out
    put(office, "tests/wrong.test.yaml", EXAMPLES)
    proposed = command("rules", "apply", "--by", "何岸", "--reason", "部里调价", "--yes")
    assert proposed.code == 0, proposed.err
    assert "720 → 800" in proposed.out
    assert "等第二个人同意" in proposed.out
    assert "+slip.amount" in proposed.out  # what the backtest found
    shown = command("status").out
    assert "尚未生效" in shown
    assert "何岸 提出" in shown
    before = command("letter", "show", 1).out
    assert "【容缺告知】" in before
    applied = command("rules", "apply", "--by", "周岚", "--letters", "rewrite", "--yes", "--json")
    assert applied.rows[-1]["waits"] is False
    assert "024-11112222" not in before
    assert "024-11112222" in command("letter", "show", 1).out  # the letter that waited says what holds now
    row = command("rules", "history", "--json").rows[0][0]
    assert (row["by"], row["second"], row["why"], row["in_force"]) == ("何岸", "周岚", "部里调价", True)
    back = command("rules", "rollback", "--by", "何岸", "--reason", "算错了")
    assert "期间已发出的信 0 封" in back.out
    assert command("rules", "history", "--json").rows[0][0]["turn"] == "rollback"


def test_a_stranger_and_an_auditor_change_no_rules(office: Office, command: Command) -> None:
    command("staff", "add", "史鉴", "--role", "auditor", "--mail", "staff@office.example")
    put(office, "policy.yaml", "min_score: 3.5\n")
    for name in ("史鉴", "路人"):
        assert command("rules", "apply", "--by", name, "--yes").code == 2
    assert command("rules", "apply", "--by", "史鉴", "--dry-run").code == 2


@pytest.fixture
def stored(office: Office) -> Any:
    """The store of that office, open."""
    store = open_store(f"sqlite:///{office.data / 'mailintake.db'}", office.data / "originals")
    yield store
    store.close()


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    """No reader, no socket, no program, no write."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a trial of rules does only read")

    monkeypatch.setattr(socket, "socket", never)
    monkeypatch.setattr(subprocess, "Popen", never)
    monkeypatch.setattr(SqlStore, "begin", never)
    monkeypatch.setattr(SqlStore, "claim_next", never)
    monkeypatch.setattr(Path, "write_bytes", never)


def test_a_backtest_reads_the_store_alone_and_names_what_staff_would_not_say(
    office: Office, stored: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    active = active_configuration(office.config, {})
    put(office, "fees.yaml", "mfa: {amount_cny: 800}\n")
    candidate = load(office.config, {})
    sha256 = next(row.sha256 for row in stored.messages() if row.cases)
    said = {sha256: (Opinion(Topic.COMPLETE, "complete", "周岚"), Opinion(Topic.LETTER, "tolerated", "周岚"))}
    monkeypatch.setattr("mailintake.app.rules.backtest.opinions", lambda _store: said)
    forbid(monkeypatch)
    seen = list[tuple[int, int]]()
    found: Backtest = backtest(stored, active, candidate, 500, lambda *at: seen.append(at))
    assert (found.mails, found.skipped, found.changed) == (2, 0, 1)
    assert seen == [(1, 2), (2, 2)]
    lacking = next(d for d in found.differences if d.aspect == "lacking")
    assert "slip.amount" in lacking.after
    assert (found.asked, found.agreed_before, found.agreed_after) == (2, 1, 1)
    same = backtest(stored, active, active, 500)
    assert same.differences == []


def test_a_rule_that_is_added_is_told_by_diff_and_apply(office: Office, command: Command) -> None:
    command("staff", "add", "何岸", "--role", "operator", "--mail", "staff@office.example")
    put(office, "classification.d/own.yaml", _ADDED)
    shown = command("rules", "diff")
    assert shown.code == 0, shown.err
    assert "new.own" in shown.out
    assert command("rules", "apply", "--by", "何岸", "--yes").code == 0
    assert command("rules", "diff").out == ""


def test_who_lets_a_letter_go_has_said_which_matter_it_is(office: Office, command: Command, stored: SqlStore) -> None:
    """A candidate that takes the mail for another matter is worse, whatever letter it would write."""
    command("staff", "add", "周岚", "--role", "clerk", "--mail", "staff@office.example")
    assert command("letter", "approve", 1, "--by", "周岚").code == 0
    put(office, "classification.d/own.yaml", _ADDED.replace("procedure: new", "procedure: renew"))
    ran = command("rules", "backtest", "--json")
    assert ran.code == 1
    told = ran.rows[0]
    assert ("procedure", "new.first_time", "周岚") in [(one["about"], one["staff"], one["by"]) for one in told["worse"]]


def test_a_learned_mail_holds_nobodys_data_and_is_judged_as_before(office: Office, stored: SqlStore) -> None:
    row = next(row for row in stored.messages() if row.cases)
    mail = StoredMails(stored).mail(row)
    assert mail is not None
    cases = [case for number in row.cases if (case := stored.case(number)) is not None]
    learned = learn(
        mail,
        cases,
        [Opinion(Topic.PROCEDURE, "new.first_time", "周岚")],
        Judge(active_configuration(office.config, {}), letters=False),
    )
    assert learned.left == ()
    person = cases[0].applicants[0]
    for real in (person.name, person.passport_no, cases[0].company, "suhe@", "苏禾", "ZHIQIU"):
        assert real
        assert real not in learned.text
    assert "procedure: new.first_time" in learned.text
    assert learned.judged_alike


@pytest.mark.parametrize("dies", [False, True])
def test_a_second_process_takes_half_of_many_mails_and_the_outcome_is_the_same(
    dies: bool, office: Office, stored: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it dies, the first one does the rest."""
    active = active_configuration(office.config, {})
    put(office, "fees.yaml", "mfa: {amount_cny: 800}\n")
    candidate = load(office.config, {})
    alone = backtest(stored, active, candidate, 500)
    monkeypatch.setattr(sharing, "_WORTH", 2)
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: {0, 1})
    opened, here = sharing.another_store(active), os.getpid()

    @contextmanager
    def another() -> Iterator[Store]:
        assert os.getpid() != here
        if dies:
            os._exit(1)
        with opened() as store:
            yield store

    seen = list[tuple[int, int]]()
    assert backtest(stored, active, candidate, 500, lambda *at: seen.append(at), another) == alone
    assert alone.changed == 1
    assert seen[-1] == (2, 2)
