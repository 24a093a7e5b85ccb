"""What to ask in answer to words that are no request for access: it says as what they read."""

import re

from govagents.perception.idle import only_tells, only_wonders
from govagents.perception.sentences import blank
from govagents.perception.wished import Reads, asides, denied


def question_about(text: str) -> str | None:
    """What to ask where the words read as no request at all; None where they do not.

    >>> question_about("cancel my request for the logs")[:30]
    'this reads as taking a request'
    """
    if only_wonders(text):
        return _TEXTS[Reads.QUESTION]
    found = asides(text)
    if found and not _STILL.search(blank(text, denied(text))):
        return _TEXTS[found[0].reads]
    return _TEXTS[Reads.REPORT] if only_tells(text) else None


_STILL = re.compile(
    r"\b(?:need|want|require|must|have\s+to|request|grant|(?:let|give|get)\s+me"
    r"|(?:can|could|may)\s+(?:I|you))\b",
    re.IGNORECASE,
)
_TEXTS = {
    Reads.REFUSAL: "this reads as not wanting access, or as giving it back (`grant give-back`,"
    " `grant revoke`), not as a request for it: if you do want some, what for?",
    Reads.WITHDRAWAL: "this reads as taking a request back (`request cancel` does that), not as a"
    " request for access: if you do want some, what exactly?",
    Reads.OPINION: "this reads as an opinion, not as a request for access: do you want some now,"
    " and what exactly?",
    Reads.SUPPOSITION: "this reads as something that may come to be, not as a request for access"
    " now: do you want it now, and what exactly?",
    Reads.REPORT: "this reads as something that was or is, not as a request for access now: do you"
    " want it now, and what exactly?",
    Reads.QUESTION: "this reads as a question, not as a request for access (`catalog` and `who-has`"
    " answer some): do you want access now, and what exactly?",
    Reads.OVERRULING: "words cannot set rules aside or approve anything: what exactly do you need,"
    " and what for?",
}
