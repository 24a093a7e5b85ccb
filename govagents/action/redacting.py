"""The obligation `redact`: who decides sees what is asked for, and not in whose words.

Rules:
1. It holds from the first decision that says so, for whatever is shown of the request afterwards.
2. That somebody answered without the words is in the entry of the answer.
3. It is about what is shown. The store keeps the words, for whose they are and for the reader.
"""

from govagents.domain.decision import Decision
from govagents.domain.ids import RequestId
from govagents.domain.view import REDACT
from govagents.findings import decode
from govagents.ports import Transaction

WITHHELD = "words-withheld"
"""(2) The reason that such an entry gives."""

_DECISIONS = frozenset({"decision", "guard_decision"})


def redacted(tx: Transaction, request: RequestId) -> bool:
    """(1)."""
    return any(
        REDACT in decode(body, Decision).obligations
        for key, body in tx.findings.all(request)
        if key in _DECISIONS and REDACT.encode() in body
    )
