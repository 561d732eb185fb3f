"""Rules in force and rules on the disk: edits are candidates, and nothing broken reaches a clerk."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.support.office import make_office
from tests.support.worker import mail, office, pool

from mailintake.app.active import ActiveRules, active_configuration, active_settings, first_set, keep, standing
from mailintake.app.build import renewal
from mailintake.cli.words import say
from mailintake.config import load
from mailintake.config.sets import Applied, Proposal, Sets, Turn
from mailintake.desk.serve import opened_desk
from mailintake.errors import ConfigError, StoreUnusable

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation whose service has started once."""
    config = make_office(tmp_path_factory.mktemp("started")).config
    (config / "fees.yaml").write_text("mfa: {amount_cny: 720}\n", "utf-8")
    first_set(load(config, {}), NOW)
    return config


def test_an_edit_is_a_candidate_until_it_is_applied(started: Path) -> None:
    (started / "fees.yaml").write_text("mfa: {amount_cny: 800}\n", "utf-8")
    active = active_configuration(started, {})
    assert active.rules.fees["mfa"].amount_cny == 720
    found = standing(active)
    assert found.differs
    assert found.applied
    assert found.edited is not None
    assert datetime.now(UTC) - found.edited < timedelta(minutes=10)
    candidate = load(started, {})
    sets = Sets(candidate.settings.data_folder)
    keep(sets, candidate)
    watching = ActiveRules(active)
    assert watching.renewed() is None
    sets.activate(Applied(candidate.version, NOW, "何岸", Turn.APPLY, before=active.version))
    swapped = watching.renewed()
    assert swapped is not None
    assert swapped.rules.fees["mfa"].amount_cny == 800
    assert watching.renewed() is None
    assert not standing(swapped).differs
    assert [(one.by, one.turn) for one in sets.history()] == [("service", Turn.FIRST), ("何岸", Turn.APPLY)]
    assert swapped.rules.fees["mfa"].source.endswith(f"{started}/fees.yaml:1")


def test_a_broken_candidate_and_a_broken_settings_file_leave_the_good_ones_in_force(started: Path) -> None:
    fees, settings = started / "fees.yaml", started / "mailintake.yaml"
    before = (fees.read_text("utf-8"), settings.read_text("utf-8"))
    try:
        fees.write_text("mfa：\n  amount_cny: 720\n", "utf-8")
        settings.write_text(before[1] + "poll:\n\tx: 1\n", "utf-8")
        kept, broken = active_settings(started, {})
        assert broken is not None
        assert kept.mailboxes[0].path == started / "../mails"
        active = active_configuration(started, {})
        assert active.rules.fees["mfa"].amount_cny in (720, 800)
        assert standing(active).settings_broken
        with pytest.raises(ConfigError):
            load(started, {})
    finally:
        fees.write_text(before[0], "utf-8")
        settings.write_text(before[1], "utf-8")


def test_a_pointer_to_a_set_that_is_not_kept_is_refused_and_a_cut_line_of_the_history_forgotten(tmp_path: Path) -> None:
    sets = Sets(tmp_path)
    (tmp_path / "rules").mkdir()
    with pytest.raises(StoreUnusable):
        sets.activate(Applied("abcdefabcdef", NOW, "何岸", Turn.APPLY))
    assert sets.active() == ""
    (tmp_path / "rules" / "history.jsonl").write_text('{"version": "abc', "utf-8")
    assert sets.history() == ()
    sets.propose(Proposal("abcdefabcdef", NOW, "何岸", "换账号"))
    proposal = sets.proposal()
    assert proposal is not None
    assert (proposal.by, proposal.at) == ("何岸", NOW)


def test_no_secret_and_no_setting_is_copied_into_a_set(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    (folder / "templates/letters/received").mkdir(parents=True)
    (folder / "tests").mkdir()
    for name in (
        *("mailintake.yaml", "authorisation-code", "fees.yaml", "office.d/phone.yaml"),
        *("templates/letters/received/body.txt", "tests/renewal.test.yaml", "own.test.yaml"),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x: 1\n", "utf-8")
    sets = Sets(tmp_path / "data")
    sets.keep("abcdefabcdef", folder, {})
    kept = {str(p.relative_to(sets.folder("abcdefabcdef"))) for p in sets.folder("abcdefabcdef").rglob("*.*")}
    assert kept == {
        *("fees.yaml", "office.d", "office.d/phone.yaml", "templates/letters/received/body.txt"),
        *("tests/renewal.test.yaml", "own.test.yaml"),
    }


def test_a_worker_takes_a_new_set_between_two_mails_and_goes_on_with_the_old_one_where_it_is_broken(
    started: Path, tmp_path: Path
) -> None:
    (started / "fees.yaml").write_text("mfa: {amount_cny: 720}\n", "utf-8")
    settings = active_settings(started, {})[0]
    sets = Sets(settings.data_folder)
    one, other = load(started, {}), None
    keep(sets, one)
    sets.activate(Applied(one.version, NOW, "何岸", Turn.APPLY))
    (started / "fees.yaml").write_text("mfa: {amount_cny: 960}\n", "utf-8")
    other = load(started, {})
    keep(sets, other)
    active = active_configuration(started, {})
    with office(tmp_path / "at", readers=pool()) as at:
        at.worker.renew = renewal(ActiveRules(active))
        at.deliver(mail())
        at.deliver(mail(id="m2", subject="续办需要什么材料"))
        used = []

        def after_each(_done: object, _count: int) -> None:
            used.append(at.worker.shells.rules.fees["mfa"].amount_cny)
            sets.activate(Applied(other.version, NOW, "何岸", Turn.APPLY))

        at.worker.progress = after_each
        at.run()
        assert used == [720, 960]
        broken = sets.folder("badbadbadbad")
        broken.mkdir()
        (broken / "fees.yaml").write_text("mfa: {amount_cny: many}\n", "utf-8")
        sets.activate(Applied("badbadbadbad", NOW, "何岸", Turn.APPLY))
        report = at.run()
        assert at.worker.shells.rules.fees["mfa"].amount_cny == 960
        assert report.faults == []
        versions = [dict(e.data)["version"] for e in at.worker.shells.store.events() if e.what == "rules.in_force"]
        assert versions == [other.version]
        at.worker.shells.readers.close()


def test_the_desk_says_what_is_not_in_force_and_takes_what_comes_into_force(started: Path) -> None:
    fees = started / "fees.yaml"
    fees.write_text("mfa: {amount_cny: 720}\n", "utf-8")
    sets, one = Sets(active_settings(started, {})[0].data_folder), load(started, {})
    keep(sets, one)
    sets.activate(Applied(one.version, NOW, "何岸", Turn.APPLY))
    with opened_desk(active_configuration(started, {}), say=say) as desk:
        assert desk.problem() == ""
    fees.write_text("mfa: {amount_cny: 840}\n", "utf-8")
    with opened_desk(active_configuration(started, {}), say=say) as desk:
        other = load(started, {})
        assert "尚未生效" in desk.problem()
        assert other.version in desk.problem()
        keep(sets, other)
        sets.activate(Applied(other.version, NOW, "何岸", Turn.APPLY))
        desk.renew(desk)
        assert desk.shells.rules.fees["mfa"].amount_cny == 840
