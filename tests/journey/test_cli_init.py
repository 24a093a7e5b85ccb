"""A new store's first hints work as they are shown."""

import shlex
import shutil
from pathlib import Path

import pytest

from tests.journey.terminal import Terminal, sit_at

WORLD = Path(__file__).parents[2] / "evals" / "worlds" / "halden"


def hints(out: str) -> list[list[str]]:
    """The commands under `next`, as a shell would read them, without the program's name."""
    last = out[out.rindex("\nnext  ") :].strip().removeprefix("next  ")
    return [shlex.split(line)[1:] for line in last.splitlines()]


def test_the_first_hints_lead_to_a_request_that_waits_when_it_is_the_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sit_at(monkeypatch, columns=80)
    terminal = Terminal(tmp_path / "a store", capsys)

    made = terminal.type("init", "--demo")
    codes = [terminal.type(*words).code for words in hints(made.out)]

    assert (made.code, codes) == (0, [0, 5])


def test_the_first_hints_work_when_the_store_was_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Terminal(tmp_path / "another", capsys).type(
        "init", "--demo", "--home", str(tmp_path / "a store")
    )

    elsewhere = Terminal(tmp_path / "another", capsys)
    assert [elsewhere.type(*words).code for words in hints(made.out)] == [0, 5]


@pytest.mark.parametrize("policies", [True, False])
def test_no_first_hint_is_a_usage_error_when_the_company_is_ones_own(
    policies: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(WORLD, tmp_path / "world")
    if not policies:
        shutil.rmtree(tmp_path / "world" / "policies")
    terminal = Terminal(tmp_path / "store", capsys)

    made = terminal.type("init", "--world", str(tmp_path / "world"))
    typed = hints(made.out)
    codes = {" ".join(words): terminal.type(*words).code for words in typed}

    wanted = {"doctor": 1}  # no connector is set up yet, which it says
    assert codes == (wanted | {"policy lint": 0} if policies else wanted)
