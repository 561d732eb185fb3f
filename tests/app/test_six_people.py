"""Six people in one zip, from the mail to the letter, with everything read that is installed."""

import json
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from tests.support.six_people import PEOPLE, ZIP, files, mail

from mailintake.readers.files.ocr import available

pytestmark = pytest.mark.timeout(900)  # fifteen seconds of OCR, more where others work on the same machine


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What replay says of the mail, and the text of the letter."""
    assert available(), "the tests are run with OCR"
    folder = tmp_path_factory.mktemp("six")
    (folder / "six.eml").write_bytes(mail())
    command = [sys.executable, "-m", "mailintake", "replay", str(folder / "six.eml"), "--json"]
    done = subprocess.run([*command, "--state", str(folder / "state")], capture_output=True, check=True, text=True)
    said = next(row for line in done.stdout.splitlines() if "documents" in (row := json.loads(line)))
    (letter,) = said["letters"]
    text = message_from_bytes(Path(letter["eml"]).read_bytes(), policy=policy.default).get_body(("plain",))
    assert text is not None
    return said, text.get_content()


def test_every_file_is_what_it_is_and_whose_it_is(played: Any) -> None:
    found = {d["path"]: (d["kind"], d["applicant"] or "") for d in played[0]["documents"]}
    assert found == {f"{ZIP}/{path}": (kind, whose) for path, (_, kind, whose) in files().items()}
    assert [a["name"] for a in played[0]["applicants"]] == [who.name_zh for who in PEOPLE]
    assert [a["passport_no"] for a in played[0]["applicants"]] == [who.passport_no for who in PEOPLE]


def test_all_is_found_in_order_but_what_is_not(played: Any) -> None:
    fifth = PEOPLE[4].name_zh
    said = played[0]
    assert [d["path"] for d in said["documents"] if d["outcome"] != "ok"] == [f"{ZIP}/其他/{fifth}-照片.jpg"]
    assert [(m["kind"], m["applicant"]) for m in said["missing"]] == [("signature", fifth)]
    assert said["flags"] == []


def test_the_letter_asks_this_person_for_these_two_things_and_nobody_for_money(played: Any) -> None:
    said, letter = played
    assert (said["letters"][0]["letter"], said["cases"][0]["verdict"]) == ("tolerated", "correctable")
    asked = [line for line in letter.splitlines() if line[:2] in ("1.", "2.", "3.")]
    assert [line.partition("：")[0] for line in asked] == ["1. 电子照片", "2. 本人汉字签名"]
    assert all(f"（{PEOPLE[4].name_zh}）" in line for line in asked)
    assert "账号" not in letter
    assert "元" not in letter
