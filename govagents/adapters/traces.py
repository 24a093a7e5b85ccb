"""Spans of calls of tools: an id each, and a line in a file where the settings name one.

Rules:
1. A line is what OpenTelemetry's collector reads from a file (OTLP as JSON, one request a line).
   Its trace is the request, its span id the one that an entry of the log names.
2. SECURITY: a span holds names and codes, never what a target said; the file is its owner's alone.
3. INVARIANT (taking back never waits): a line that cannot be written changes nothing of the call.
   A file that cannot be opened is a problem of the store: it is named, and nothing is given.

SOURCE: OTLP 1.x, JSON encoding; file exporter of the OpenTelemetry specification.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from govagents.domain.canonical import Plain
from govagents.domain.ids import RequestId
from govagents.domain.span import Call, Span
from govagents.errors import GovAgentsError
from govagents.ports import Clock

_SPAN_BYTES, _TRACE_DIGITS = 8, 32
_CLIENT, _OK, _ERROR = 3, 1, 2
_GOOD = frozenset({"done", "held", "not_held"})
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True)
class Spans:
    """`ports.Tracer`; `file` None = ids alone. `clock` is the machine's."""

    clock: Clock
    file: Path | None = None

    @contextmanager
    def span(self, call: Call) -> Iterator[Span]:
        """Around one call."""
        span, begun = Span(token_hex(_SPAN_BYTES)), self.clock.now()
        try:
            yield span
        except BaseException as error:
            span.outcome = error.code if isinstance(error, GovAgentsError) else "broken"
            raise
        finally:
            if self.file is not None:
                line = line_of(call, span, begun=begun, ended=self.clock.now())
                with suppress(OSError):  # (3)
                    _append(self.file, line)

    @property
    def problem(self) -> str:
        """Why no line can be written, in a sentence; empty if there is none."""
        if self.file is None:
            return ""
        try:
            _append(self.file, "")
        except OSError as error:
            return f"spans cannot be written to `{self.file}`: {error.strerror}; mend `traces`"
        return ""


def line_of(call: Call, span: Span, *, begun: datetime, ended: datetime) -> str:
    """(1) One line, without its end."""
    attributes = {
        "govagents.tool": call.tool,
        "govagents.scope": call.scope,
        "govagents.system": call.system,
        "govagents.grant": call.grant,
        "govagents.request": call.request,
        "govagents.decision": call.decision,
        "govagents.outcome": span.outcome,
    }
    told: dict[str, Plain] = {
        "traceId": trace_of(call.request),
        "spanId": span.id,
        "name": f"target.{call.tool}",
        "kind": _CLIENT,
        "startTimeUnixNano": _nanoseconds(begun),
        "endTimeUnixNano": _nanoseconds(ended),
        "attributes": _named(attributes),
        "status": {"code": _OK if span.outcome in _GOOD else _ERROR},
    }
    scope: Plain = {"scope": {"name": "govagents"}, "spans": [told]}
    service = {"attributes": _named({"service.name": "govagents"})}
    whole = {"resourceSpans": [{"resource": service, "scopeSpans": [scope]}]}
    return json.dumps(whole, separators=(",", ":"))


def trace_of(request: RequestId) -> str:
    """The trace of a request, the same for all that is ever done for it.

    >>> trace_of(RequestId("req_abcdef"))
    '1d19be6dc08182b5a97915c92ed6fb75'
    """
    return sha256(request.encode()).hexdigest()[:_TRACE_DIGITS]


def _named(values: dict[str, str]) -> Plain:
    return [{"key": key, "value": {"stringValue": value}} for key, value in values.items()]


def _nanoseconds(moment: datetime) -> str:
    return f"{int(moment.timestamp() * 1_000_000)}000"


def _append(file: Path, line: str) -> None:
    """(2) In one write, so that the lines of two processes do not mix."""
    handle = os.open(file, _APPEND, 0o600)
    try:
        os.fchmod(handle, 0o600)
        if line:
            os.write(handle, f"{line}\n".encode())
    finally:
        os.close(handle)
