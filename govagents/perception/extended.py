"""More time for what was given: it means what was meant then, until later.

Rules:
1. INVARIANT (own words): nothing is read into it and nothing is added: its needs, whom it is for
   and what nobody understood of the words are those of the request that gave it.
2. It begins when it is asked for and keeps its end, whatever the words said of time. From when it
   counts toward a maximum is a fact, which policy looks at (`action.runs`).
3. That end is the speaker's own statement, not a reading.
"""

from dataclasses import replace

from govagents.domain.observation import Source, Trust
from govagents.domain.question import Clarity, Resolution
from govagents.domain.request import Extension, Request, Window
from govagents.perception.provenance import observed


def extended(request: Request, extension: Extension) -> Resolution:
    """What `request` is understood to mean; there is nothing left to ask."""
    window = Window(request.at, extension.until)  # (2)
    meant = replace(extension.meant, window=window)  # (1)
    labels = tuple(
        replace(each, source=Source.FLAG, trust=Trust.FACT) if each.field == "window" else each
        for each in observed(request, meant, at=request.at)
    )  # (3)
    return Resolution(Clarity.CLEAR, meant, observed=labels)
