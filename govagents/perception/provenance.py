"""The provenance of every field of an understanding.

Rules:
1. Who speaks is a fact of authentication.
2. The beneficiary named by flag is the speaker's own statement; one read from the words is a claim
   that the directory resolved; nobody named means the speaker.
3. Needs, window and purpose come from words; what the words do not say is unknown, not assumed.
4. A ticket counts as a fact only where the ticket system confirmed it; one merely cited is a claim.
5. What the reader concludes (roles set aside, warnings, who is not accounted for) is a claim of the
   words also where there is none: the reader looked, and may be wrong.
"""

from datetime import datetime

from govagents.domain.observation import Observation, Source, Trust
from govagents.domain.request import Request, Understanding

_CONCLUDED = ("narrowed", "warnings", "unaccounted", "unread")


def observed(
    request: Request, understood: Understanding, *, at: datetime
) -> tuple[Observation, ...]:
    """One observation a field, in their order; `at` is when the words, or an answer, were read."""
    found = {
        "speaker": (Source.AUTHENTICATION, Trust.FACT),  # (1)
        "beneficiary": _beneficiary(request, understood),
        "needs": _said(understood.needs),
        "window": _said(understood.window),
        "purpose": _said(understood.purpose),
        "ticket": _ticket(understood),
        "cited": _said(understood.cited),
        **dict.fromkeys(_CONCLUDED, (Source.WORDS, Trust.CLAIM)),  # (5)
    }
    return tuple(Observation(field, source, trust, at) for field, (source, trust) in found.items())


def _beneficiary(request: Request, understood: Understanding) -> tuple[Source, Trust]:
    """(2)."""
    if request.asked_for is not None:
        return Source.FLAG, Trust.FACT
    if understood.beneficiary == request.speaker:
        return Source.AUTHENTICATION, Trust.FACT
    return Source.WORDS, Trust.CLAIM


def _said(value: object) -> tuple[Source, Trust]:
    """(3)."""
    return (Source.WORDS, Trust.CLAIM) if value else (Source.UNKNOWN, Trust.UNKNOWN)


def _ticket(understood: Understanding) -> tuple[Source, Trust]:
    """(4)."""
    if understood.ticket is not None:
        return Source.TICKETS, Trust.FACT
    return _said(understood.cited)
