"""One thing that happened, in the fields every entry of the log must have.

INVARIANT (the log is complete and checkable): an event holds ids, digests, verdicts and codes,
never words. `trail` refuses one with an empty required field; what does not apply says `none`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

OF_THE_LOG = frozenset({"none", "operator", "unknown"})
"""What stands where no name can: nobody, whoever runs the store, not to be found out."""


@dataclass(frozen=True)
class Event:
    """Who did what to whom, under which policy, for how long.

    `kind` is dotted, past tense (`grant.applied`). `agent` is the acting agent of ours, `principal`
    the person or other identity on whose word it acted, `accountable` the person who answers for
    that one; they are always named, apart. `subject` is who gains or loses, `about` the request or
    grant. `policy` is the policy digest, `evaluation` the decision's id, `decision` a verdict or
    status, `reason` codes or policy ids. `calls` are the ids of the calls of tools that it tells
    of, each a span under the same id. `accountable` is empty until the log itself looks it up.
    """

    kind: str
    at: datetime
    agent: str
    principal: str
    subject: str
    about: str
    policy: str
    evaluation: str
    decision: str
    reason: str
    ttl: timedelta
    digests: Mapping[str, str]
    calls: tuple[str, ...] = ()
    accountable: str = ""
