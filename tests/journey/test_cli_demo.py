"""The transcript of `govagents demo`, which is what `make demo` shows."""

from pathlib import Path

import pytest

from govagents.entrypoints.cli.script import script
from tests.journey.terminal import Terminal

STEPS = (
    "$ govagents init --demo",
    "64 people",
    "$ govagents sweep --once",
    "$ govagents ask ",
    "understood ",
    "smallest set ",
    "= lower bound ",
    "certified",
    "checks ",
    "approver ",
    "pending",
    "$ govagents approve req_",
    "answered yes by ",
    "active ",
    " held",
    "$ govagents who-has ",
    "4 holders",
    "$ govagents sweep --once --now ",
    "expired, read back: not held",
    "$ govagents who-has ",
    "3 holders",
    "$ govagents audit verify",
    "the log is whole",
    "Now you",
    "next govagents init --demo",
)


@pytest.fixture
def nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """No store: the demo brings its own."""
    return Terminal(tmp_path / "store", capsys)


def test_one_request_runs_from_sentence_to_verified_end_when_the_demo_is_run(
    nowhere: Terminal,
) -> None:
    """A model proposes, policy decides, access ends, the log is whole (S38, S78)."""
    shown = nowhere.type("demo")

    rest = shown.words
    for step in STEPS:
        before, found, rest = rest.partition(" ".join(step.split()))
        assert found, f"`{step}` is missing after: {before[-300:]}"
    assert shown.code == 0
    assert shown.err == ""
    assert not nowhere.home.exists()


def test_the_speaker_loses_the_role_again_when_the_demo_is_over(nowhere: Terminal) -> None:
    shown = nowhere.type("demo").out

    held, gone = shown.split("$ govagents who-has ")[1:]
    assert script().speaker in held.split("$")[0]
    assert script().speaker not in gone.split("$")[0]


def test_two_transcripts_differ_only_in_ids_and_digests_when_run_twice(nowhere: Terminal) -> None:
    first, second = (nowhere.type("demo").out.split("\n") for _ in range(2))

    assert len(first) == len(second)
