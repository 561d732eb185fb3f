"""A broken file in the configuration of a desk that runs changes nothing for a clerk but a line that says so."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.desk.conftest import SCREENS
from tests.support.office import make_office

from mailintake.app.active import active_configuration, first_set
from mailintake.cli.words import say
from mailintake.config import load, resource
from mailintake.desk.app import desk_app
from mailintake.desk.serve import opened_desk
from mailintake.model.staff import Colleague, Role

BROKEN = {"fees.yaml": "mfa：\n\tamount_cny: 七百二\n", "mailintake.yaml": "poll:\n\tx: [\n"}


@pytest.mark.parametrize("file", ["fees.yaml", "mailintake.yaml"])
def test_the_desk_works_on_while_a_file_of_the_rules_is_broken(tmp_path: Path, file: str) -> None:
    folder = make_office(tmp_path).config
    first_set(load(folder, {}), datetime.now(UTC))
    good = (folder / file).read_text("utf-8") if (folder / file).exists() else ""
    for broken_before_the_start in (False, True):
        (folder / file).write_text(good + (BROKEN[file] if broken_before_the_start else ""), "utf-8")
        with opened_desk(active_configuration(folder, {}), say=say) as desk:
            with desk.shells.store.begin() as unit:
                unit.save_colleague(Colleague("周岚", Role.CLERK, "c@gov.example"))
            client = TestClient(desk_app(desk, resource("templates/desk/static")), follow_redirects=False)
            client.post(f"/login/{desk.sessions.link_for('周岚')}", headers={"content-length": "0"})
            (folder / file).write_text(good + BROKEN[file], "utf-8")
            for path in SCREENS:
                assert client.get(path).status_code == 200, path
            assert client.get("/health").json()["status"] == "ok"
            if broken_before_the_start:
                assert 'class="notice" role="status"' in client.get("/").text
