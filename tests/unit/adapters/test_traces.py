"""Spans in a file: what stands in them, and what happens where they cannot be written."""

import json
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from govagents.adapters import traces
from govagents.adapters.clock import MachineClock
from govagents.adapters.traces import Spans
from govagents.domain.ids import GrantId, RequestId, SystemId
from govagents.domain.span import Call
from govagents.errors import TargetRefusedError

CALL = Call("revoke", "taking", SystemId("s"), GrantId("gr_1"), RequestId("req_1"), "ev_1")
SECRET = "password=hunter2"  # noqa: S105  # none


def refused(spans: Spans) -> None:
    with pytest.raises(TargetRefusedError), spans.span(CALL):
        raise TargetRefusedError(SECRET)


def test_a_span_holds_a_code_and_never_what_a_target_said(tmp_path: Path) -> None:
    """S73 S60."""
    spans = Spans(MachineClock(), tmp_path / "traces.jsonl")

    refused(spans)

    text = (tmp_path / "traces.jsonl").read_text()
    span = json.loads(text)["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    assert span["status"] == {"code": 2}
    assert '"target-refused"' in text
    assert SECRET not in text


def test_nothing_is_written_when_no_file_is_named(tmp_path: Path) -> None:
    refused(Spans(MachineClock()))

    assert Spans(MachineClock()).problem == ""
    assert not [*tmp_path.iterdir()]


def test_a_call_is_made_all_the_same_when_its_span_cannot_be_written(tmp_path: Path) -> None:
    """S39: taking back never waits; that nothing is given meanwhile is said as a problem."""
    spans = Spans(MachineClock(), tmp_path)

    with spans.span(CALL) as span:
        assert span.id

    assert (
        spans.problem == f"spans cannot be written to `{tmp_path}`: Is a directory; mend `traces`"
    )


def test_a_span_is_written_through_no_link(tmp_path: Path) -> None:
    """Another file of the operator would grow by our lines."""
    (tmp_path / "other").write_text("")
    (tmp_path / "traces.jsonl").symlink_to(tmp_path / "other")

    spans = Spans(MachineClock(), tmp_path / "traces.jsonl")
    refused(spans)

    assert "cannot be written" in spans.problem
    assert (tmp_path / "other").read_text() == ""


def test_a_call_fails_with_its_span_without_the_shipped_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: an end that was made is taken for one that was not.

    removes: govagents/adapters/traces.py (taking back never waits)
    """
    monkeypatch.setattr(traces, "suppress", suppressing_nothing)

    with pytest.raises(IsADirectoryError), Spans(MachineClock(), tmp_path).span(CALL):
        pass


def suppressing_nothing(_: type[Exception]) -> AbstractContextManager[None]:
    return nullcontext()
