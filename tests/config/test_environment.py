"""Few variables, all known."""

from pathlib import Path

from mailintake.config import check, load_settings
from mailintake.config.settings import LogLevel


def test_a_misspelt_variable_is_an_error_with_a_suggestion(folder: Path) -> None:
    (problem,) = check(folder, {"MAILINTAKE_DATABSE": "sqlite://"})
    assert "MAILINTAKE_DATABSE" in str(problem)
    assert "MAILINTAKE_DATABASE" in str(problem)


def test_the_password_of_a_mailbox_that_does_not_exist_is_an_error(folder: Path) -> None:
    assert check(folder, {"MAILINTAKE_MAIN_PASSWORD": "x"}) == ()
    (problem,) = check(folder, {"MAILINTAKE_MIAN_PASSWORD": "geheim"})
    assert "MAILINTAKE_MAIN_PASSWORD" in str(problem)
    assert "geheim" not in str(problem)


def test_variables_of_other_programs_do_not_matter(folder: Path) -> None:
    assert check(folder, {"MAILINTAKER": "x", "HOME": "/", "LANG": "C"}) == ()


def test_data_folder_database_and_log_level_come_from_the_environment(folder: Path, tmp_path: Path) -> None:
    settings = load_settings(
        folder,
        {"MAILINTAKE_DATA": str(tmp_path / "d"), "MAILINTAKE_LOG_LEVEL": "debug", "MAILINTAKE_DATABASE": "x://y"},
    )
    assert settings.data_folder == tmp_path / "d"
    assert settings.log.level is LogLevel.DEBUG
    assert settings.database_url == "x://y"


def test_a_log_level_that_does_not_exist_is_named(folder: Path) -> None:
    (problem,) = check(folder, {"MAILINTAKE_LOG_LEVEL": "loud"})
    assert "loud" in str(problem)
