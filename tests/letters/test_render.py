"""Broken templates are named with file and line and harm nothing else."""

import re
import shutil
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mailintake.config.resource import resource
from mailintake.errors import TemplateBroken
from mailintake.letters.check import problems
from mailintake.letters.page import pieces
from mailintake.letters.render import Renderer, tidy
from mailintake.letters.samples import bare_item, views
from mailintake.model.letter import INTERNAL, LetterKind

FULL = views(LetterKind.CORRECTION)[0]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the templates that may be broken."""
    return Path(shutil.copytree(resource("templates"), tmp_path / "templates"))


def test_shipped_templates_have_no_problem(renderer: Renderer) -> None:
    assert problems(renderer) == ()


@pytest.mark.parametrize(
    ("file", "text", "where"),
    [
        ("letters/correction/body.txt", "\n\n! {{ letter.nothing }}", "letters/correction/body.txt:3"),
        ("letters/correction/body.txt", "\n{% if %}", "letters/correction/body.txt:2"),
        ("letters/correction/body.txt", "a line without a mark", "letters/correction/body.txt:1"),
        ("layout/letter.html", "{{ words.nothing }}", "layout/letter.html:1"),
        ("parts/todo.txt", "\n\n\n{{ 1 // 0 }}", "parts/todo.txt:4"),
        ("findings/photo.size.txt", "{% set fault %}{{ measured.x.y }}{% endset %}", "findings/photo.size.txt:1"),
        ("parts/fees.txt", "\n{{ say.nothing(1) }}", "parts/fees.txt:2"),
        ("letters/correction/subject.txt", "{{ ''.__class__ }}", "letters/correction/subject.txt:1"),
        ("letters/correction/subject.txt", "{{ range(10000000) | list }}", "letters/correction/subject.txt:1"),
    ],
)
def test_a_broken_template_is_named_with_its_line(own: Path, file: str, text: str, where: str) -> None:
    (own / file).write_text(text, encoding="utf-8")
    with pytest.raises(TemplateBroken) as broken:
        Renderer(own).letter(FULL)
    assert str(broken.value).startswith(where)
    assert any(line.startswith(where) for line in problems(Renderer(own)))


def test_a_fault_inside_a_shared_word_is_named_there(own: Path) -> None:
    say = own / "layout/say.txt"
    say.write_text(
        "\n" + say.read_text(encoding="utf-8").replace("{{ day.month }}月", "{{ day.nothing }}月"), encoding="utf-8"
    )
    with pytest.raises(TemplateBroken, match=r"layout/say\.txt:[0-9]+: .*nothing"):
        Renderer(own).letter(FULL)


def test_a_missing_part_of_a_finding_is_named(own: Path) -> None:
    (own / "findings/photo.size.txt").write_text("{% set fault %}x{% endset %}", encoding="utf-8")
    with pytest.raises(TemplateBroken, match=r"findings/photo\.size\.txt:1: no came"):
        Renderer(own).wording(bare_item("photo.size"))


def test_text_templates_inside_html_templates_are_found(own: Path) -> None:
    page = own / "layout/letter.html"
    page.write_text(page.read_text(encoding="utf-8") + '{% include "parts/todo.txt" %}', encoding="utf-8")
    assert any("would not be escaped" in line for line in problems(Renderer(own)))


def test_switched_off_escaping_is_found(own: Path) -> None:
    page = own / "layout/letter.html"
    page.write_text(
        page.read_text(encoding="utf-8").replace("{{ line.text }}", "{{ line.text | safe }}"), encoding="utf-8"
    )
    assert any("without escaping" in line for line in problems(Renderer(own)))


def test_an_absent_letter_is_found(own: Path) -> None:
    shutil.rmtree(own / "letters/overdue")
    assert "letters/overdue/body.txt:1: there is no such template" in problems(Renderer(own))


def test_an_operators_template_wins_over_the_shipped_one(tmp_path: Path) -> None:
    subject = tmp_path / "letters/received/subject.txt"
    subject.parent.mkdir(parents=True)
    subject.write_text("我们的标题\n", encoding="utf-8")
    renderer = Renderer(tmp_path, resource("templates"))
    assert renderer.letter(views(LetterKind.RECEIVED)[0]).subject == "我们的标题"


def test_styles_are_inlined_and_the_dark_block_is_kept(renderer: Renderer) -> None:
    page = renderer.letter(FULL).html
    assert 'class="lead" style="' in page
    assert "prefers-color-scheme: dark" in page
    assert "http-equiv" not in page


def test_test_runs_say_so(renderer: Renderer) -> None:
    letter = renderer.letter(FULL)
    assert letter.subject.startswith("【测试】")
    assert "测试邮件" in letter.text.splitlines()[0]


def test_tidying_removes_blanks_and_empty_lines() -> None:
    assert tidy("\n\na  \n\n\n\nb\n\n") == "a\n\nb"


_NOT_IN_OUTLOOK = re.compile(
    r"\b(?:flex|grid|float|position|var\(|calc\(|transform|opacity)\b|https?://[^\s\"]+\.(?:png|css|js)"
)


class _Styled(HTMLParser):
    """Every style of a page, and the elements that lay it out."""

    def __init__(self) -> None:
        super().__init__()
        self.styles: list[str] = []
        self.plain: list[str] = []
        self.depth = Counter[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Noted by its style; a cell or paragraph without one would be laid out by the reader's program."""
        self.depth[tag] += 1
        style = dict(attrs).get("style") or ""
        self.styles.append(style)
        if tag in ("td", "p", "h2", "table") and not style and dict(attrs).get("class"):
            self.plain.append(f"{tag} {attrs}")

    def handle_endtag(self, tag: str) -> None:
        """Counted down."""
        self.depth[tag] -= 1


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind not in INTERNAL])
def test_a_letter_is_laid_out_by_tables_and_inline_styles_as_outlook_wants_it(
    renderer: Renderer, kind: LetterKind
) -> None:
    for view in views(kind):
        read = _Styled()
        read.feed(renderer.letter(view).html)
        assert [style for style in read.styles if _NOT_IN_OUTLOOK.search(style)] == []
        assert read.plain == []
        assert {tag: n for tag, n in read.depth.items() if n and tag in ("table", "tr", "td", "p", "span")} == {}
        assert not read.depth["img"]
        assert not read.depth["script"]
        assert not read.depth["link"]


def test_numbers_and_days_stay_whole_on_a_narrow_screen() -> None:
    text = "请在 12月7日前拨打 024-86899095，编号 LN-2026-000123-4。"
    found = pieces(text)
    assert [piece.text for piece in found if piece.whole] == ["12月7日", "024-86899095", "LN-2026-000123-4"]
    assert "".join(piece.text for piece in found) == text
