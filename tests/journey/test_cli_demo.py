"""The transcript of `govagents demo`, which is what `make demo` shows."""

import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from govagents.entrypoints.cli import run
from govagents.entrypoints.cli.script import script

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


@pytest.fixture(scope="module")
def transcript() -> str:
    """What the demo shows; it brings its own store."""
    shown, complaints = io.StringIO(), io.StringIO()
    with redirect_stdout(shown), redirect_stderr(complaints):
        code = run(["demo"])
    assert (code, complaints.getvalue()) == (0, "")
    return shown.getvalue()


def test_one_request_runs_from_sentence_to_verified_end_when_the_demo_is_run(
    transcript: str,
) -> None:
    """A model proposes, policy decides, access ends, the log is whole (S38, S78)."""
    rest = " ".join(transcript.split())
    for step in STEPS:
        before, found, rest = rest.partition(" ".join(step.split()))
        assert found, f"`{step}` is missing after: {before[-300:]}"


def test_the_speaker_loses_the_role_again_when_the_demo_is_over(transcript: str) -> None:
    held, gone = transcript.split("$ govagents who-has ")[1:]

    assert script().speaker in held.split("$")[0]
    assert script().speaker not in gone.split("$")[0]
