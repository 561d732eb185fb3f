"""An operator's files say only what differs; everything else stays as shipped, and what they say is found again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mailintake.config import check, load
from mailintake.config.catalogue import Language, speak
from mailintake.config.differences import Kind, changes, hidden, needless
from mailintake.config.earlier import digest_of
from mailintake.config.layers import layers_of
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet

Write = Callable[[str, str], None]
SHIPPED = load(None, {}).rules


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file into the operator's folder."""

    def put(name: str, text: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    return put


def rules_of(folder: Path) -> RuleSet:
    return load(folder, {}).rules


def size(rules: RuleSet) -> dict[str, object]:
    return dict(next(c.params for c in rules.kinds["photo"].checks if c.use == "pixel_size"))


def test_one_number_of_a_document_kind_is_three_lines(tmp_path: Path, write: Write) -> None:
    write("documents.yaml", "photo:\n  checks:\n    - {use: pixel_size, params: {min_side: 60}}\n")
    mine = rules_of(tmp_path)
    assert size(mine) == size(SHIPPED) | {"min_side": 60}
    assert mine.kinds["photo"].title == SHIPPED.kinds["photo"].title
    assert [c.use for c in mine.kinds["photo"].checks] == [c.use for c in SHIPPED.kinds["photo"].checks]
    assert mine.kinds.keys() == SHIPPED.kinds.keys()


def test_a_folder_beside_a_file_is_laid_over_it_in_the_order_of_names(tmp_path: Path, write: Write) -> None:
    write("policy.yaml", "min_score: 4\n")
    write("policy.d/10-a.yaml", "min_score: 5\nmin_margin: 1\n")
    write("policy.d/20-b.yaml", "min_score: 6\n")
    policy = rules_of(tmp_path).policy
    assert (policy.min_score, policy.min_margin, policy.near_score) == (6, 1, SHIPPED.policy.near_score)


def test_an_entry_is_changed_added_and_taken_away_by_its_id(tmp_path: Path, write: Write) -> None:
    first = SHIPPED.classification[0]
    write(
        "classification.yaml",
        f"- {{id: {first.id}, score: 1.5}}\n"
        f"- {{id: {SHIPPED.classification[1].id}, remove: true}}\n"
        "- {id: mine.word, score: 2, where: [subject], procedure: new, words: [头回办]}\n",
    )
    mine = {rule.id: rule for rule in rules_of(tmp_path).classification}
    assert mine[first.id].score == 1.5
    assert mine[first.id].words == first.words
    assert SHIPPED.classification[1].id not in mine
    assert mine["mine.word"].words == ("头回办",)
    assert len(mine) == len(SHIPPED.classification)


def test_words_are_added_and_taken_away_or_the_list_is_replaced(tmp_path: Path, write: Write) -> None:
    write("documents.yaml", "photo: {aliases: {add: [大头贴], remove: [相片]}}\nsignature: {aliases: [签名]}\n")
    write("words/mine.yaml", "provinces: {add: [内蒙古]}\n")
    mine, was = rules_of(tmp_path), SHIPPED.kinds["photo"].aliases
    assert mine.kinds["photo"].aliases == (*(word for word in was if word != "相片"), "大头贴")
    assert mine.kinds["signature"].aliases == ("签名",)
    assert mine.vocabulary.words("provinces") == (*SHIPPED.vocabulary.words("provinces"), "内蒙古")


def test_a_list_of_entries_is_replaced_as_a_whole_when_asked(tmp_path: Path, write: Write) -> None:
    write("office.yaml", "cities: {replace: [{city: 长春, name: 长春外办, address: 某路1号, phone: '0431-1'}]}\n")
    assert [city.city for city in rules_of(tmp_path).office.cities] == ["长春"]


def test_a_requirement_becomes_tolerable_in_one_line_of_its_variant(tmp_path: Path, write: Write) -> None:
    write(
        "procedures/new.yaml", "variants:\n  - id: first_time\n    email: [{kind: company_profile, tolerable: true}]\n"
    )
    was = SHIPPED.procedure(ProcedureKey.NEW).variant("first_time")
    mine = rules_of(tmp_path).procedure(ProcedureKey.NEW).variant("first_time")
    assert [r.kind for r in mine.email] == [r.kind for r in was.email]
    assert next(r for r in mine.email if r.kind == "company_profile").tolerable


def test_a_condition_with_an_id_is_changed_without_its_twin(tmp_path: Path, write: Write) -> None:
    write("procedures/renew.yaml", "conditions: [{id: same_employer, severity: flag}]\n")
    found = {c.id: c.severity.value for c in rules_of(tmp_path).procedure(ProcedureKey.RENEW).conditions if c.id}
    assert found == {"same_employer": "flag", "company_registered": "staff"}


def test_one_of_two_like_named_checks_must_be_told_apart(tmp_path: Path, write: Write) -> None:
    write("documents.yaml", "passport_page: {checks: [{use: validity_left, severity: flag}]}\n")
    (problem,) = check(tmp_path, {})
    assert problem.code == "ambiguous-entry"
    assert "one_year, five_years" in problem.message


def test_null_gives_a_key_its_default_back(tmp_path: Path, write: Write) -> None:
    write("documents.yaml", "photo: {near_formats: null}\n")
    assert rules_of(tmp_path).kinds["photo"].near_formats == ()


def test_a_kind_that_is_taken_away_while_a_list_asks_for_it_names_the_file_to_edit(
    tmp_path: Path, write: Write
) -> None:
    write("documents.yaml", "company_profile: {remove: true}\n")
    problems = check(tmp_path, {})
    assert {p.code for p in problems} == {"unknown-kind"}
    assert all(p.file.startswith(f"{tmp_path}/procedures/") for p in problems)
    assert all((p.line == 0 and "procedures/new.yaml:" in p.message) or "renew" in p.message for p in problems)


def test_what_cannot_be_taken_away_is_a_warning_with_the_name_that_was_meant(tmp_path: Path, write: Write) -> None:
    write("prohibitions.yaml", "- {id: N11, remove: true}\n")
    (problem,) = check(tmp_path, {})
    assert (problem.code, problem.severity) == ("nothing-to-remove", "warning")
    assert rules_of(tmp_path).prohibitions == SHIPPED.prohibitions


def test_a_copy_of_a_shipped_file_changes_nothing_and_every_value_of_it_is_needless(
    tmp_path: Path, write: Write
) -> None:
    for name in ("documents.yaml", "classification.yaml", "calendar.yaml", "office.yaml"):
        write(name, (layers_of(None).layers[0].root / name).read_text("utf-8"))
    layers = layers_of(tmp_path)
    assert changes(layers) == []
    assert len(needless(layers)) > 500
    assert rules_of(tmp_path).kinds.keys() == SHIPPED.kinds.keys()


def test_differences_are_told_by_name_with_file_and_line(tmp_path: Path, write: Write) -> None:
    write("policy.yaml", "# ours\nmin_score: 4\n")
    write("prohibitions.yaml", "- {id: N1, remove: true}\n")
    write("fees.yaml", "mfa: {amount_cny: 800}\n")
    found = {(c.file, c.path): c for c in changes(layers_of(tmp_path))}
    assert found["policy.yaml", "min_score"][2:] == (Kind.CHANGED, 3.0, 4, f"{tmp_path}/policy.yaml:2")
    assert found["fees.yaml", "mfa.amount_cny"].before == 720
    assert {c.kind for c in found.values() if c.file == "prohibitions.yaml"} == {Kind.REMOVED}


def test_an_upgrade_says_what_an_old_copy_hides(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shipped was 650 and is 720; the operator's copy still says 650, and a number of his own elsewhere."""
    then = {"fees.yaml mfa.amount_cny": digest_of(650), "policy.yaml min_score": digest_of(SHIPPED.policy.min_score)}
    monkeypatch.setattr("mailintake.config.differences.earlier_releases", lambda: {"0.0.9": then})
    write("fees.yaml", "mfa: {amount_cny: 650}\n")
    write("policy.yaml", "min_score: 4\n")
    (one,) = hidden(layers_of(tmp_path))
    assert (one.path, one.own, one.shipped, one.origin) == ("mfa.amount_cny", 650, 720, f"{tmp_path}/fees.yaml:1")


def test_the_operators_mailboxes_take_the_place_of_the_shipped_example(tmp_path: Path, write: Write) -> None:
    write("mailintake.yaml", "mailboxes: [{name: branch, kind: folder, path: in}]\n")
    write(
        "mailintake.d/more.yaml",
        "mailboxes: [{name: branch, folders: [INBOX]}, {name: other, kind: folder, path: x}]\n",
    )
    settings = load(tmp_path, {}).settings
    assert [(m.name, m.path) for m in settings.mailboxes] == [("branch", tmp_path / "in"), ("other", tmp_path / "x")]


def test_a_template_of_a_name_that_no_letter_has_is_an_error(tmp_path: Path, write: Write) -> None:
    write("templates/letters/acknowledgment/words.txt", "x")
    (problem,) = check(tmp_path, {})
    assert problem.code == "unknown-template"
    assert "是否想写 letters/acknowledgement/" in problem.suggestion


def test_templates_are_part_of_the_version(tmp_path: Path, write: Write) -> None:
    write("templates/letters/received/subject.txt", "收到\n")
    assert rules_of(tmp_path).version != SHIPPED.version


def test_a_message_is_also_there_in_english(tmp_path: Path, write: Write) -> None:
    write("policy.yaml", "min_skore: 4\n")
    (problem,) = check(tmp_path, {})
    try:
        speak(Language.EN)
        assert problem.message == "min_skore: unknown key min_skore"
        assert problem.suggestion == "did you mean min_score?"
    finally:
        speak(Language.ZH)
