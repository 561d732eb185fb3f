"""What holds for every suite."""

import os

import pytest


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With NOTHING_SKIPPED set (continuous integration), a test that was skipped fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("NOTHING_SKIPPED") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("a test was skipped: in continuous integration everything must run", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
