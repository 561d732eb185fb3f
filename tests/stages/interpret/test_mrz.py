"""Machine-readable zone: digits, repairs by position, and what may never be repaired."""

import pytest
from tests.support.papers import mrz, person

from mailintake.stages.interpret.mrz import check_digit, find_mrz


def lines(seed: int = 3) -> tuple[str, str]:
    return mrz(person(seed))


def test_the_example_of_icao_9303_part_4_has_these_check_digits() -> None:
    assert [check_digit(t) for t in ("L898902C3", "740812", "120415", "ZE184226B<<<<<")] == [6, 2, 9, 1]


def test_a_clean_zone_is_proven_and_gives_every_field() -> None:
    who = person(3)
    found = find_mrz(lines(3))
    assert found is not None
    assert found.proven
    assert (found.number, found.surname, found.given_names) == (who.passport_no, who.surname, who.given)
    assert (found.birth, found.expiry, found.sex) == (who.birth.isoformat(), who.expiry.isoformat(), who.sex)
    assert (found.state, found.nationality) == ("CHN", "CHN")


@pytest.mark.parametrize("code", ["P<", "PO", "P0"])
def test_both_document_codes_of_chinese_passports_are_read(code: str) -> None:
    first, second = lines()
    found = find_mrz((code + first[2:], second))
    assert found is not None
    assert found.surname == person(3).surname


def test_look_alikes_of_other_scripts_are_mapped_before_parsing() -> None:
    first, second = lines()
    greek = first.replace("P", "\u03a1", 1).replace("U", "\u222a").replace("<<<<", "\u304f\u300a<")
    found = find_mrz((greek, second.replace("H", "\u041d")))
    assert found is not None
    assert found.proven


def test_letters_where_only_digits_can_stand_are_repaired() -> None:
    first, second = lines()
    misread = (
        second[:2]
        + second[2:9].replace("0", "O").replace("1", "I")
        + second[9:13]
        + second[13:19].replace("0", "O")
        + second[19:]
    )
    found = find_mrz((first, misread))
    assert found is not None
    assert found.proven
    assert found.number == person(3).passport_no


def test_a_wrong_digit_is_never_proven() -> None:
    first, second = lines()
    wrong = second[:4] + str((int(second[4]) + 3) % 10) + second[5:]
    found = find_mrz((first, wrong))
    assert found is not None
    assert not found.digits_hold
    assert not found.proven


def test_a_printed_number_decides_between_look_alikes_that_the_digits_allow() -> None:
    head = "EZ1234567"
    second = head.replace("Z", "2") + str(check_digit(head)) + lines()[1][10:]
    found = find_mrz((lines()[0], second), frozenset({head}))
    assert found is not None
    assert found.number == head


def test_a_miscounted_run_of_fillers_does_not_shift_the_composite_digit() -> None:
    first, second = lines()
    assert second.count("<") >= 10
    for text in (second.replace("<<<", "<<", 1), second.replace("<<<", "<<<<", 1)):
        found = find_mrz((first, text))
        assert found is not None
        assert found.proven


def test_a_cards_own_zone_and_plain_text_are_no_passport() -> None:
    assert find_mrz(("CPCHNZHANG<<SAN<<<<<<<<<<<<<<<", "CHN123456780CHN780828<<<<<<<<<")) is None
    assert find_mrz(("收款账号 0200001029006592382", "E12345678", "")) is None
