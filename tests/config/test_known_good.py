"""A configuration that was found good is not examined again, until any file, variable or the program changes."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from mailintake.config import resource, verdict
from mailintake.config.kept import recall, remember
from mailintake.config.known_good import key_of
from mailintake.config.known_trees import KnownTrees
from mailintake.config.layers import layers_of
from mailintake.config.problems import Problems
from mailintake.config.tree import read_tree
from mailintake.letters.render import Rendered, Renderer
from mailintake.letters.tracing import Tracing
from mailintake.model.letter import LetterKind, LetterView


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, and an installation that found nothing yet."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr("mailintake.config.kept._INSTALLED", folder / "installed")
    monkeypatch.delenv("CACHE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder / "mailintake"


def test_a_second_look_gives_the_same_answer_without_reading_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = verdict(tmp_path, {})
    monkeypatch.setattr("mailintake.config.loading.examine", lambda *_: pytest.fail("examined again"))
    assert verdict(tmp_path, {}) == first
    assert first.version


def test_a_file_or_variable_that_changes_is_looked_at_anew(tmp_path: Path) -> None:
    before = key_of(layers_of(tmp_path), {})
    assert key_of(layers_of(tmp_path), {"MAILINTAKE_LOG_LEVEL": "debug"}) != before
    assert key_of(layers_of(tmp_path), {"LANG": "C"}) == before
    (tmp_path / "policy.yaml").write_text("min_skore: 4\n")
    assert key_of(layers_of(tmp_path), {}) != before
    assert [problem.code for problem in verdict(tmp_path, {}).problems] == ["unknown-key"]


def test_a_broken_configuration_is_never_kept(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("min_skore: 4\n")
    verdict(tmp_path, {})
    assert recall(key_of(layers_of(tmp_path), {})) is None


def test_templates_that_were_found_good_are_not_tried_again_and_others_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = list[object]()

    def good(made: object, _known: object) -> tuple[str, ...]:
        tried.append(made)
        return ()

    monkeypatch.setattr("mailintake.letters.check.problems", good)
    (tmp_path / "policy.yaml").write_text("min_score: 4.0\n")
    assert verdict(tmp_path, {}).problems == ()
    (tmp_path / "policy.yaml").write_text("min_score: 5.0\n")
    assert verdict(tmp_path, {}).version
    assert len(tried) == 1
    body = tmp_path / "templates/letters/received/subject.txt"
    body.parent.mkdir(parents=True)
    body.write_text("收到", "utf-8")
    verdict(tmp_path, {})
    assert len(tried) == 2


def test_a_verdict_that_others_could_have_written_is_not_believed(cache: Path) -> None:
    remember("k", {"version": "x", "counts": {}})
    assert recall("k") is not None
    (cache / "k.json").chmod(0o666)
    assert recall("k") is None
    (cache / "k.json").write_text("{")
    assert recall("k") is None


def test_a_changed_sentence_tries_the_letter_that_uses_it_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert verdict(tmp_path, {}).problems == ()
    tried = list[LetterKind]()
    letter = Renderer.letter

    def noted(renderer: Renderer, view: LetterView) -> Rendered:
        tried.append(view.kind)
        return letter(renderer, view)

    monkeypatch.setattr(Renderer, "letter", noted)
    own = tmp_path / "templates/letters/received/body.txt"
    own.parent.mkdir(parents=True)
    shipped = resource("templates/letters/received/body.txt").read_text("utf-8")
    own.write_text(f"{shipped}\n. 请留意来信。\n", "utf-8")
    assert verdict(tmp_path, {}).problems == ()
    assert set(tried) == {LetterKind.RECEIVED}
    own.write_text(f"{shipped}\n. {{{{ letter.nothing_like_it }}}}\n", "utf-8")
    assert [problem.code for problem in verdict(tmp_path, {}).problems] == ["template-no-value"]
    assert [problem.code for problem in verdict(tmp_path, {}).problems] == ["template-no-value"]


def test_what_was_proved_of_a_rule_is_not_proved_again_and_a_changed_rule_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict(tmp_path, {})
    tried = list[str]()

    def sound(pattern: str) -> tuple[str, str]:
        tried.append(pattern)
        return "", ""

    monkeypatch.setattr("mailintake.config.patterns.fault_of", sound)
    own = tmp_path / "classification.yaml"
    rule = "- {id: own.rule, score: 3, where: [subject], procedure: renew, pattern: '%s'}\n"
    own.write_text(rule % "续期[一二]年")
    assert verdict(tmp_path, {}).problems == ()
    assert tried == ["续期[一二]年"]
    own.write_text(rule % "续期[一二]年" + "# 加一行注释\n")
    assert verdict(tmp_path, {}).problems == ()
    assert tried == ["续期[一二]年"]


def test_a_rule_whose_examples_fail_is_told_every_time(tmp_path: Path) -> None:
    own = tmp_path / "classification.yaml"
    rule = (
        "- {id: own.rule, score: 3, where: [subject], procedure: renew, words: [续期], examples: {matches: [新办]}}\n"
    )
    own.write_text(rule)
    for _ in range(2):
        assert [problem.code for problem in verdict(tmp_path, {}).problems] == ["example-silent"]


def test_the_oldest_verdicts_go_where_there_are_many(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailintake.config.kept._MOST", {"": 2})
    for name in ("a", "b", "c"):
        remember(name, {"version": name, "counts": {}})
    assert [recall(name) is None for name in ("a", "b", "c")] == [True, False, False]


def test_a_shipped_file_is_parsed_once_and_every_place_is_as_it_was(
    monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    layers = layers_of(None)
    known, problems = KnownTrees(), Problems()
    for part in (part for parts in layers.parts.values() for part in parts):
        parsed = read_tree(part.file, part.raw, problems)
        assert parsed is not None
        known.add(part.raw, parsed)
    known.keep()
    assert list(cache.glob("trees-*.json"))
    again = KnownTrees()
    for part in (part for parts in layers.parts.values() for part in parts):
        parsed, kept = read_tree(part.file, part.raw, problems), again.tree(part.file, part.raw)
        assert parsed is not None
        assert kept == parsed, part.file.name
        assert again.tree(part.file, part.raw + b"# more\n") is None


def test_a_template_is_compiled_once_and_a_changed_one_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdict(tmp_path, {}).problems == ()
    compiled = list[str]()
    compile_ = Tracing.compile

    def noted(environment: Tracing, source: Any, name: Any = None, *rest: Any, **more: Any) -> Any:
        compiled.append(str(name))
        return compile_(environment, source, name, *rest, **more)

    monkeypatch.setattr(Tracing, "compile", noted)
    own = tmp_path / "templates/letters/correction/body.txt"
    own.parent.mkdir(parents=True)
    own.write_text(resource("templates/letters/correction/body.txt").read_text("utf-8") + "\n", "utf-8")
    assert verdict(tmp_path, {}).problems == ()
    assert compiled == ["letters/correction/body.txt"]


def test_compiled_templates_that_are_damaged_are_compiled_anew(tmp_path: Path, cache: Path) -> None:
    assert verdict(tmp_path, {}).problems == ()
    (kept,) = cache.glob("compiled-*.json")
    for damaged in ("!", base64.b64encode(b"nothing").decode()):
        kept.write_text(json.dumps(dict.fromkeys(json.loads(kept.read_text()), damaged)))
        own = tmp_path / "templates/letters/correction/body.txt"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(resource("templates/letters/correction/body.txt").read_text("utf-8") + f"{{# {damaged} #}}\n")
        assert verdict(tmp_path, {}).problems == ()


def test_what_the_installation_found_good_serves_every_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailintake.config.kept._INSTALLED", tmp_path / "mailintake")
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path))
    remember("k", {"version": "x"})
    assert (tmp_path / "mailintake" / "k.json").stat().st_mode & 0o777 == 0o644
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path / "of another account"))
    assert recall("k") == {"version": "x"}
    (tmp_path / "mailintake" / "k.json").chmod(0o666)
    assert recall("k") is None
