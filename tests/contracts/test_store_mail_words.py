"""Words of mails are found however old the mail is, on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest
from tests.support.stored import NOW, a_message, ref, sha

from mailintake.model.message import Attachment
from mailintake.store.mail_words import folded, grams_of
from mailintake.store.open import SqlStore

TEXTS = (
    "您好，海岬轴承申请办理，护照已换。",
    "Please tell me about the ＡＰＥＣ card of MAO YIFAN",
    "请问进展如何",
    "换过护照，轴承厂申请",
    "请问费用 a_b 100%",
)


@pytest.fixture
def filled(store: SqlStore) -> SqlStore:
    for number, text in enumerate(TEXTS, start=1):
        message = replace(a_message(sha(number), f"<m{number}@c.example>"), subject=f"来信{number}号", new_text=text)
        with store.begin() as unit:
            unit.add_message(message.sha256, ref(number), 1, NOW)
            unit.finish_message(number, message, None, NOW)
    return store


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("轴承", [4, 1]),
        ("海岬轴承申请", [1]),
        ("轴承 护照", [4, 1]),
        ("轴承护照", []),  # both are there, but not side by side
        ("apec", [2]),
        ("Mao Yifan", [2]),
        ("yifan", [2]),
        ("请问", [5, 3]),
        ("来信4号", [4]),
        ("company.example", [5, 4, 3, 2, 1]),
        ("琥珀", []),
        ("轴", []),
        ("%", []),
        ("' OR 1=1 --", []),
        ("", []),
    ],
)
def test_the_newest_mails_with_every_word_are_found_and_no_other(
    filled: SqlStore, words: str, found: list[int]
) -> None:
    assert [row.id for row in filled.find_mails(words, 10)] == found


def test_older_ones_follow_page_by_page(filled: SqlStore) -> None:
    first = filled.find_mails("来信", 2)
    then = filled.find_mails("来信", 2, before=first[-1].id)
    last = filled.find_mails("来信", 2, before=then[-1].id)
    assert [row.id for row in (*first, *then, *last)] == [5, 4, 3, 2, 1]


def test_names_of_files_are_found_and_a_mail_read_anew_only_by_what_it_says_now(filled: SqlStore) -> None:
    file = Attachment("材料.zip/贺知秋/照片.jpg", "照片.jpg", "2", "image/jpeg", 1, sha(99))
    again = replace(a_message(sha(3), "<m3@c.example>"), new_text="改过的话", attachments=(file,))
    with filled.begin() as unit:
        unit.release_message(3, NOW)
        unit.finish_message(3, again, None, NOW)
    assert [row.id for row in filled.find_mails("贺知秋", 10)] == [3]
    assert [row.id for row in filled.find_mails("请问进展", 10)] == []


def test_grams_are_pairs_of_characters_and_triples_of_letters() -> None:
    assert list(grams_of(folded("新办ＡＰＥＣ卡，ab 12345"))) == ["新办", "ape", "pec", "123", "234", "345"]
