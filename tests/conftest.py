"""What holds for every test: one environment, no network, and no silent skip.

Rules:
1. A test marked `shared` is skipped unless ../shared/data lies beside the checkout.
2. Under GOVAGENTS_TEST_ALL=1 a skip is a failure; only (1) is excused.
3. The last line of a run says what was skipped, by what was missing: a reason "needs `name`: ..."
   names it; `shared` is counted by file, everything else by test. The line before it says what
   tests counted, where one did (`record_property`).
4. Nothing connects but to loopback and to sockets in the file system. This holds in this process;
   a program that a test starts is that test's own care.
5. What was imported is not looked through for garbage again and again: it stays. What tests leave
   is collected, less often than a program would.
"""

import gc
import os
import re
import socket
from collections import Counter, defaultdict
from collections.abc import Generator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings

ALL = "GOVAGENTS_TEST_ALL"
SHARED_MISSING = "needs `shared`: ../shared/data does not lie beside the checkout"

# ORDER: langgraph reads both once, when it is first imported.
_ENVIRONMENT = os.environ  # noqa: TID251  # set here for every test, before anything reads it
_ENVIRONMENT["LANGGRAPH_STRICT_MSGPACK"] = "true"
_ENVIRONMENT["LANGSMITH_TRACING"] = "false"
_ENVIRONMENT["COLUMNS"] = "100"  # what is printed is as wide everywhere
_EVERYTHING = _ENVIRONMENT.get(ALL) == "1"
for _name in [name for name in _ENVIRONMENT if name.startswith("GOVAGENTS_") and name != ALL]:
    del _ENVIRONMENT[_name]  # a developer's own store is not the tests' to touch

# The same examples on every machine and no deadline: load plays no part in a verdict.
settings.register_profile("govagents", derandomize=True, deadline=None)
settings.load_profile("govagents")

_patches = pytest.StashKey[pytest.MonkeyPatch]()


def pytest_configure(config: pytest.Config) -> None:
    """(4) Before collection, so that an import cannot reach out either."""
    patch = config.stash[_patches] = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, _loopback_only(getattr(socket.socket, name)))
    patch.setattr(socket, "getaddrinfo", _local_names_only(socket.getaddrinfo))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """(1)."""
    if (config.rootpath.parent / "shared" / "data").is_dir():
        return
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(pytest.mark.skip(reason=SHARED_MISSING))


def pytest_collection_finish() -> None:
    """(5) A fifth of the time otherwise."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """(2) For a test."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _insist(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """(2) For a whole file that skips itself."""
    report = yield
    if report.skipped:
        _insist(report)
    return report


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """(3) After pytest's own last line."""
    config.stash[_patches].undo()
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and terminal.stats:
        counted = _counted(terminal.stats.get("passed", []))
        if counted:
            terminal.write_line(f"counted: {counted}")
        terminal.write_line(_last_line(terminal.stats.get("skipped", [])))


def _insist(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = _reason(report)
    if _EVERYTHING and reason != SHARED_MISSING:
        report.outcome = "failed"
        report.longrepr = f"a skip is a failure under {ALL}=1: {reason}"


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


def _last_line(reports: list[pytest.TestReport | pytest.CollectReport]) -> str:
    """Groups in alphabetical order, so that two runs can be compared."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for report in reports:
        file, _, test = report.nodeid.partition("::")
        named = re.match(r"needs `([^`]+)`", _reason(report))
        missing = named[1] if named else _reason(report)
        of_file = missing == "shared" or not test
        groups[missing][Path(file).name if of_file else test.partition("[")[0]] += 1
    if not groups:
        return "skipped: nothing"
    return "skipped: " + "; ".join(_group(missing, groups[missing]) for missing in sorted(groups))


def _counted(reports: list[pytest.TestReport]) -> str:
    """Numbers of the same name are added."""
    totals: Counter[str] = Counter()
    for report in reports:
        if isinstance(report, pytest.TestReport) and report.when == "call":
            totals.update({name: n for name, n in report.user_properties if isinstance(n, int)})
    return ", ".join(f"{n} {name}" for name, n in sorted(totals.items()))


def _group(missing: str, names: Counter[str]) -> str:
    counted = ", ".join(f"{name} x{n}" if n > 1 else name for name, n in sorted(names.items()))
    return f"{names.total()} for want of {missing} ({counted})"


def _loopback_only(connect: Any) -> Any:  # noqa: ANN401  # three methods of different shapes
    def guarded(sock: socket.socket, *args: Any) -> Any:  # noqa: ANN401  # as above
        address = args[-1]  # the last argument of all three
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            _blocked(address)
        return connect(sock, *args)

    return guarded


def _local_names_only(getaddrinfo: Any) -> Any:  # noqa: ANN401  # its signature is long and passed on
    def guarded(host: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # as above
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not _is_loopback(name):
            _blocked(name)
        return getaddrinfo(host, *args, **kwargs)

    return guarded


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _blocked(address: object) -> NoReturn:
    # Not an OSError: a client that retries or falls back would hide it.
    pytest.fail(f"the network is closed to tests: `{address}`", pytrace=True)
