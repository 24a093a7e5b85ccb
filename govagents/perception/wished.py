"""Whether the words wish for access at all, and as what they read where they do not.

1. What a negation governs ("do not give me ...", "I don't want ...") is not asked for; it ends with
   its sentence or at "but". So is what is handed back ("end my access", "I'm done with ..."; more
   of it in `handed_back.py`). Texts that wish for nothing as a whole: `idle.py`.
2. A request that is taken back ("cancel my request", "never mind") is no new one.
3. An opinion ("we should stop granting ..."), what may come to be ("if ... I might have to"), what
   is put off ("maybe later, not now") and what was ("I used to have ...") wish for nothing now.
4. Words that set rules aside are not addressed to anybody: what they stand beside is asked about.
5. What is ruled out beside a wish ("..., no scaling") is left alone (`ruled_out.py`).
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from govagents.perception.handed_back import handed_back
from govagents.perception.ruled_out import left_alone
from govagents.perception.sentences import sentences


class Reads(StrEnum):
    """As what words read that are no request for access."""

    REFUSAL = "refusal"
    WITHDRAWAL = "withdrawal"
    OPINION = "opinion"
    SUPPOSITION = "supposition"
    REPORT = "report"
    QUESTION = "question"
    OVERRULING = "overruling"


class Aside(NamedTuple):
    """A place in the words that asks for nothing, and as what it reads."""

    start: int
    end: int
    reads: Reads


_NOT = (
    r"(?:do\s+not|don['’]?t|does\s+not|doesn['’]?t|did\s+not|didn['’]?t|never(?!\s*mind)"
    r"|no\s+longer)"
)
_GIVES = r"(?:give|grant|let|allow|assign|provision|provide|set|sort|make|add|enable|authori[sz]e)"
_UNTIL = r"[^.!?;\n]*?(?=\bbut\b|\binstead\b|[.!?;\n]|\Z)"
_DENIED = re.compile(
    rf"""
    (?: \b{_NOT}\s+(?:please\s+|ever\s+|you\s+dare\s+)*{_GIVES}\b
      | \b(?:please\s+)?not\s+(?:give|grant|let|allow|assign|enable)\b
      | \b{_NOT}\s+(?:really\s+|actually\s+|even\s+)*(?:want|need|require|wish|ask|request|like)\b
      | \b(?:would\s+not|wouldn['’]t)\s+(?:like|want)\b
      | \b(?:am|are|['’]m|['’]re)\s+not\s+(?:really\s+)?(?:asking|requesting|applying)\b
      | \b(?:must|should|shall)(?:\s+not|n['’]t)\b | \bshan['’]t\b
      | \bno\s+need\s+(?:to|for)\b | \b(?:decided|advise|voted?)\s+against\b
      | \b(?:don['’]?t|do\s+not)\s+(?:think|believe|suppose)\s+(?:that\s+)?(?:I|we)\b
      | \blet['’]?s\s+not\b
      | \b(?:won['’]?t|will\s+not)\s+(?:be\s+)?(?:need|want|requir)\w*
      | \bno\s+(?:more\s+)?access\b | \bnot\s+to\s+(?!be\b)\w+
      | \b(?:remove|revoke|withdraw|cancel|take\s+away|stop\s+giving)\s+(?:\S+\s+){{0,4}}?
        (?:access|permissions?|rights?)\b
      | \b(?:end|close|stop|suspend|terminate|drop|return|surrender|relinquish|
        (?:hand|give)\s+(?:back|up))\s+
        (?:my|our)\s+(?:\S+\s+){{0,4}}?(?:access|permissions?|rights?|roles?|grants?)\b
      | \b(?:revoke|give\s+back|hand\s+back)\s+(?:my|our)\b
      | \b(?:I['’]?m|I\s+am|we\s+are|we['’]re)\s+(?:all\s+|already\s+)?
        (?:done|finished|through)\s+with\b
      | \bno\s+(?:quiero|necesito|me\s+d[ée]|deis)\b | \bne\s+(?:veux|voudrais)\s+pas\b
      | \bne\s+me\s+donne\w*\s+pas\b | \b(?:will|brauche|m[öo]chte)\s+(?:kein\w*|nicht)\b
    )
    {_UNTIL}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LEFT_ALONE = re.compile(
    r"(?:^|(?<=[.!?;,])\s)\s*(?:please\s+)?(?:do\s+not|don['’]t|never)\s+"
    r"(?!(?:worry|forget|hesitate|mind|know|think|care|have|be|ask|bother)\b)[a-z]+[^.!?;,\n]*",
    re.IGNORECASE,
)
_UNNEEDED = re.compile(
    r"[^.!?;\n]{0,200}\b(?:(?:is|are|was)\s+no\s+longer|(?:is|are)(?:\s+not|n['’]t)|not)\s+"
    r"(?:needed|necessary|required)\b[^.!?;\n]*",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    r"""
    (?: \b(?:cancel|withdraw|retract|scrap|drop|forget|disregard|ignore|recall|rescind|annul|undo
          |close|take\s+back|pull)(?:ing|s)?\s+(?:about\s+)?
        (?:(?:my|our|that|this|all\s+my|both\s+my)\s+(?:[\w-]+\s+){0,3}?
          |the\s+(?:last|latest|earlier|previous|first|above|open|pending|same)\s+(?:[\w-]+\s+){0,2}?)
        (?:requests?|applications?|ask)\b
      | \b(?:take|pull)\s+(?:my|our|that|this)\s+(?:[\w-]+\s+){1,3}?back\b
      | \bforget\s+(?:what|that)\s+I\s+(?:said|asked|wrote|requested)\b
      | \b(?:cancel|forget|drop|ignore|withdraw|scrap)\s+(?:about\s+)?the\s+(?:[\w-]+\s+){1,6}?
        (?:that\s+)?I\s+(?:have\s+)?(?:asked|requested|applied|wanted|ordered)\b
      | \b(?:cancel|scratch|forget|ignore|disregard)\s+(?:that|it|this)(?!\s+\w)
      | \bnever\s*mind\b
      | \bI(?:['’]ve|\s+have)?\s+changed\s+my\s+mind\b
    )
    [^.!?;\n]*?
    (?=\bbut\b|\binstead\b|\b(?:I|we)(?:['’]d)?\s+(?:now\s+)?(?:need|want|have|must|like)\b
      |[.!?;\n]|\Z)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TAKEN_BACK = re.compile(
    r".*\b(?:never\s*mind|forget\s+(?:it|about\s+it)|(?:scratch|cancel|forget)\s+that"
    r"|changed\s+my\s+mind)\W*\Z",
    re.IGNORECASE | re.DOTALL,
)
_THEY = (
    r"(?:we|they|you|people|one|nobody|no\s+one|no-one|everyone|everybody|somebody|someone|IT"
    r"|management)"
)
_OPINION = re.compile(
    rf"""
      \b{_THEY}\s+(?:\w+ly\s+|all\s+)?(?:should|ought\s+to|need\s+to|have\s+to|must)(?:n['’]t)?\s+
      (?:\w+ly\s+|all\s+)?(?:stop|never|not|no\s+longer|rethink|reconsider|discuss|talk|tighten
        |restrict|ban|forbid|abolish|be\s+(?:stricter|more\s+careful|ashamed))\b
    | \b(?:nobody|no\s+one|no-one|people|everyone|everybody|you|they)\s+(?:\w+ly\s+)?
      (?:should|must|ought\s+to|may)(?:n['’]t)?\s+(?:ever\s+)?(?:be\s+able|be\s+allowed|have|get)\b
    | \b(?:I\s+(?:think|believe|feel|find|doubt)|in\s+my\s+(?:opinion|view)|imho|imo
        |I['’]d\s+argue)\s*,?\s+(?:that\s+)?(?:we|they|people|nobody|no\s+one|everyone|everybody|there|too|it)\b
    | (?:^|[.!?]\s*)\w+ing\s+[^.!?,;]{{0,80}}\b(?:should|ought\s+to)\b
    | \bI\s+wish\s+(?:that\s+)?(?:fewer|more|less|people|we|they|everyone|nobody|somebody|it)\b
    | \btoo\s+(?:many|few)\s+(?:people|of\s+us|colleagues|teams|persons)\b
    | \bthere\s+(?:should|ought\s+to|must)\s+be\b
    | \b(?:should|ought\s+to)\s+be\s+
      (?:forbidden|stopped|abolished|restricted|banned|limited|reviewed)\b
    | \bstop\s+(?:granting|giving|letting|handing|allowing|approving|assigning)\b
    | \bit\s*(?:would|['’]d)\s+be\s+(?:nice|good|better|great|safer|wise)\s+
      (?:if\s+(?!I\b|you\b)|not\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"""
      (?<!\bI\s)(?<!\bwe\s)\b(?:suppose|supposing)\b
    | \b(?:imagine|hypothetical(?:ly)?|theoretically|in\s+theory)\b
    | \bwhat\s+if\b | \bassuming\s+(?:that\s+)?(?:I|we)\b
    | \b(?:let['’]?s\s+)?say\s+(?:I|we)\s+(?:wanted|needed|had|were)\b
    | \bif\s+(?:I|we)\s+(?:ever\s+)?(?:wanted|needed|were|had\s+to)\b
    | \b(?:I|we)\s+(?:might|may)\s+(?:\w+\s+)?(?:have\s+to|need|want|require|be\s+asked)\b
    | \b(?:I|we)\s+could\s+(?:need|want|require|use\s+access)\b
    | \bin\s+(?:an\s+emergency|the\s+event|such\s+a\s+case)\b[^.!?]{0,40}\b(?:could|would|might)\b
    | \b(?:maybe|perhaps|possibly)\s+(?:I|we)\b
    | \b(?:would|could|might)\s+(?:that|this|it)\s+(?:even\s+|then\s+)?be\s+
      (?:possible|allowed|permitted|feasible|ok|okay|an\s+option)\s*(?:\?|\Z)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LATER = r"""
    (?: (?:maybe|perhaps|possibly)\s+(?:(?:much|a\s+bit|some\s?time)\s+)?later
      | later\s*,?\s+(?:maybe|perhaps)
      | some\s?day | sometime\s+(?:later|in\s+the\s+future) | at\s+some\s+(?:point|stage|time)
      | one\s+of\s+these\s+days | eventually | in\s+(?:the\s+)?(?:near\s+|distant\s+)?future
      | (?:maybe|perhaps|possibly)\s+next\s+(?:week|month|quarter|year)
      | next\s+(?:week|month|quarter|year)\s*,?\s+(?:maybe|perhaps|possibly) )
    """
_DEFERRED = re.compile(
    rf"""
      (?:\A|[.!?;,:]|\bbut|\band)\s*{_LATER}\s*,?\s+(?:I|we)\b
    | \b(?:I|we)\b[^.!?;\n]{{0,80}}?\b{_LATER}(?=\s*(?:[.,;:!?)]|\Z))
    | (?:\A|[,;(–—-]\s*|\b(?:but|just|though)\s+)not\s+(?:right\s+|just\s+)?
      (?:now|yet|today|at\s+the\s+moment)(?=\s*(?:[.;!?)]|\Z))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_IF = re.compile(
    r"(?<!\bsee\s)(?<!\bcheck\s)(?<!\bknow\s)(?<!\btell\s)(?<!\bout\s)(?<!\bverify\s)(?<!\blook\s)"
    r"(?<!\bdecide\s)(?<!\bwonder\s)(?<!\bask\s)(?<!\bsure\s)(?<!\bonly\s)(?<!\bas\s)(?<!\beven\s)"
    r"\b(?:if|in\s+case|unless)\s+"
    r"(?!(?:possible|needed|necessary|so|not|required|allowed|you\b|that\s+is)\b)\w+",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\bhold\s+(?:off|(?:it|this|that)\s+back)\b|\bwait\s+with\s+(?:it|this|that)\b|\bthinking\s+(?:aloud|out\s+loud)\b",
    re.IGNORECASE,
)
_PROVIDED = re.compile(  # a reason behind a wish ("..., in case it fails") is none
    r"\A\s*(?:(?:and|but|so)\s+)?(?:if|in\s+case|provided(?:\s+that)?|unless)\s+(?!(?:possible|needed|necessary|so|not|required"
    r"|allowed|you|that|it\s+helps|it['’]?s|it\s+is|there|nobody|no\s+one|I\s+(?:may|can|could|understand|remember|read|see|am))\b)\w+",
    re.IGNORECASE,
)
_ONCE = re.compile(r"\b(?:once|as\s+soon\s+as|depending\s+on|whenever)\b", re.IGNORECASE)
_WOULD = re.compile(
    r"\b(?:I|we)(?:['’]d|\s+(?:would|could|might))\s+(?:need|want|have\s+to)\b", re.IGNORECASE
)
_THEN = re.compile(
    r"\b(?:I|we)(?:['’](?:d|ll)\s+(?:then\s+)?(?:need|have\s+to|want|require)\b"
    r"|\s+(?:might|may|could|would|will|should)\s+(?:\w+\s+)?(?:need|have\s+to|want|require|be)\b)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"""
      \b(?:I|we|s?he|they)\s+used\s+to\b
    | \b(?:I|we)\s+(?:already|previously|formerly)\s+(?:have|had|got|hold)\b
    | \b(?:I|we)(?:\s+have|['’]ve)\s+already\s+(?:got|been\s+given|had)\b
    | \b(?:yesterday|last\s+(?:night|week|month|year|quarter|spring|summer|autumn|winter
        |\w+day)|back\s+then|earlier\s+(?:today|this\s+\w+)|in\s+the\s+past
        |(?:days?|weeks?|months?|years?|hours?|while)\s+ago)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_THANKS = re.compile(
    r"\bthank(?:s|\s+you)\s+for\s+(?:the|my|that|giving|granting|approving)\b"
    r"|\b(?:works?|worked)\s+(?:fine|great|well|perfectly|like\s+a\s+charm)\b",
    re.IGNORECASE,
)
_DID = re.compile(
    r"\b(?:I|we|s?he|they|it|who)\s+(?:\w+ly\s+|just\s+|then\s+|also\s+)?(?:had|was|were|did|got|used\s+to|could"
    r"|made|ran|saw|took|went|gave|sent|wrote|already|previously|formerly|have\s+already|\w{3,}ed)\b|['’]ve\s+already",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:need|want|please|pls|must|have\s+to|would\s+like|['’]d|['’]ll|let\s+me|give\s+me|request|again|may\s+I"
    r"|can\s+(?:I|you)|could\s+(?:I|you)|for\s+\w+\s+(?:hours?|days?|min)|until|till|tonight|today|now)\b"
    r"|\d\s?(?:h|hrs?|hours?|min\w*|d|days?)\b",
    re.IGNORECASE,
)
_OVERRULED = re.compile(
    r"""
      \b(?:ignore|disregard|forget|override|bypass|overrule|circumvent|suspend|skip|set\s+aside)\s+
      (?:(?:all|any|the|your|my|of|previous|prior|above|earlier|these|those|every|other|former|system
        |safety|company|usual|normal|standard|security|access|approval|existing)\s+){0,5}
      (?:rules?|instructions?|polic(?:y|ies)|prompts?|guidelines?|restrictions?|checks?|limits?
        |constraints?|approvals?|approvers?)\b
    | \byou\s+are\s+(?:now|from\s+now\s+on)\b
    | \b(?:pretend|act)\s+(?:as\s+if|to\s+be|that\s+you|as\s+an?)\b
    | \b(?:developer|god)\s+mode\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TO_PROGRAM = re.compile(
    r"\b(?:approve|authori[sz]e|accept|whitelist|promote|elevate|confirm|sign\s+off)\s+"
    r"(?:me|us|my\s+request|this\s+request|it|this)\b(?:\s+(?:for|as|to))?",
    re.IGNORECASE,
)


def asides(text: str) -> tuple[Aside, ...]:
    """(1)(2)(3)(4): every place that wishes for nothing; they may overlap.

    >>> [item.reads.value for item in asides("cancel my request for the logs")]
    ['withdrawal']
    """
    return tuple(sorted(_asides(text)))


def _asides(text: str) -> Iterator[Aside]:
    found = (
        (_DENIED, Reads.REFUSAL),
        (_UNNEEDED, Reads.REFUSAL),
        (_LEFT_ALONE, Reads.REFUSAL),
        (_WITHDRAWN, Reads.WITHDRAWAL),
    )
    for pattern, reads in found:
        yield from (Aside(*match.span(), reads) for match in pattern.finditer(text))
    yield from (Aside(*span, Reads.REFUSAL) for span in handed_back(text))
    taken_back = _TAKEN_BACK.match(text)
    if taken_back is not None:
        yield Aside(*taken_back.span(), Reads.WITHDRAWAL)
    if _OVERRULED.search(text):
        yield Aside(0, len(text), Reads.OVERRULING)  # (4)
    if _HELD.search(text):
        yield Aside(0, len(text), Reads.SUPPOSITION)  # (3)
    kind: Reads | None = None
    for low, high in sentences(text):
        supposed = kind is Reads.SUPPOSITION and text[low - 2] == ":"  # "suppose it fails: ..."
        kind = kind if supposed else _sentence(text[low:high])
        if kind is not None:
            yield Aside(low, high, kind)


def _sentence(said: str) -> Reads | None:
    """(3)."""
    if _OPINION.search(said):
        return Reads.OPINION
    hanging = _PROVIDED.match(said) or (_IF.search(said) and _THEN.search(said))
    put_off = _DEFERRED.search(said) or (_ONCE.search(said) and _WOULD.search(said))
    if hanging or put_off or _SUPPOSED.search(said):
        return Reads.SUPPOSITION
    if _NOW.search(said):
        return None
    if _THANKS.search(said) or (_PAST.search(said) and _DID.search(said)):
        return Reads.REPORT
    return None


def denied(text: str) -> tuple[tuple[int, int], ...]:
    """The places that wish for nothing.

    >>> said = "I need the logs, I don't want the keys"
    >>> [said[a:b] for a, b in denied(said)]
    ["don't want the keys"]
    """
    found = [(item.start, item.end) for item in asides(text)]
    return tuple(sorted([*found, *left_alone(text)]))  # (5)


def refused(text: str) -> tuple[tuple[int, int], ...]:
    """(1): what a negation governs.

    >>> said = "let me look at it, not to change anything"
    >>> [said[a:b] for a, b in refused(said)]
    ['not to change anything']
    """
    return tuple(match.span() for match in _DENIED.finditer(text))


def addressed(text: str) -> tuple[tuple[int, int], ...]:
    """Words to the program about itself: "approve me for ..." is no wish to approve anything."""
    found = [*_OVERRULED.finditer(text), *_TO_PROGRAM.finditer(text)]
    return tuple(match.span() for match in found)
