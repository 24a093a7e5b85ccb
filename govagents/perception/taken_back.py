"""What is taken back behind the words that asked for it: whether it still stands is asked.

1. A part is struck: "strike the second one", "leave the export bit out".
2. The speaker stops or wavers: "no, wait", "maybe not", "I'll let you know". "No" before a noun
   denies that noun and takes nothing back.
3. Somebody says no: "legal said hold", "legal vetoed it". Who approved or asked for it does not.
4. A clause that only says what has become of it: "cancelled", "done already".
"""

import re

_CLAUSE = r"(?:\A|[.!?;,:…\n(–—]|\s-|\b(?:and|but|so|or)\b)\s*"
_WELL = r"(?:(?:oh|ah|well|please|pls|actually|sorry|hm+|erm?|um)\b[,…]*\s*)*"
_STOPS = r"(?=\s*(?:[.,;!?…)\n–—-]|\Z))"
_PART = r"(?:parts?|bits?|half|pieces?|ones?|items?|lines?|latter|former|first|second|last|rest)\b"
_STRUCK = re.compile(
    rf"{_CLAUSE}{_WELL}(?:(?:strike|scratch|scrap|nix)\s+(?:the|that|this|it|my|all|everything)\b"
    rf"|(?:forget|skip)\s+(?:about\s+)?(?:the|that|this)\s+(?:[\w'’-]+\s+)?[\w'’-]+{_STOPS}"
    rf"|(?:skip|omit|forget|ignore|drop|remove|cut|cancel|minus|without|except|not|less)\s+(?:about\s+)?"
    rf"(?:the|that|this)\s+(?:[\w'’-]+\s+){{0,3}}?{_PART}"
    r"|(?:leave|cross|take|cut)\s+(?:[\w'’-]+\s+){1,4}?(?:out|off)\b)",
    re.IGNORECASE,
)
_WAVERS = re.compile(
    rf"{_CLAUSE}{_WELL}(?:no\b(?:{_STOPS}|(?=\s+(?:no|wait|sorry|actually|don['’]?t|stop|hold)\b))"
    rf"|nope\b|wait{_STOPS}|wait\s+(?:no|a\s+(?:sec|second|moment|minute))\b|hold\s+on\b|stop{_STOPS}"
    rf"|on\s+second\s+thoughts?\b|not(?=\s*(?:[.,;!)\n]|\Z))|(?:maybe|perhaps|better|probably|rather|actually)\s+not\b"
    r"|(?:I['’]m\s+|I\s+am\s+)?(?:not\s+sure|undecided)\b|let\s+me\s+(?:think|sleep\s+on|ask|check\s+(?:first|with))\b"
    rf"|(?:(?:rather|better|please|just|but)\s+)*(?:do\s+not|don['’]?t|none\s+of\s+(?:it|this|that|them)){_STOPS}"
    r"|(?:I|we)(?:['’]ll|\s+will|\s+shall)\s+(?:(?:let\s+you\s+know|tell\s+you)(?!\s+(?:when|once|how|as\s+soon)\b)"
    rf"|(?:come|get)\s+back\s+to\s+you\b|(?:confirm|decide|think\s+about\s+it|sleep\s+on\s+it){_STOPS}))",
    re.IGNORECASE,
)
_VETO = re.compile(
    r"\b(?:says?|said|told|tells?|wants?|wanted|asked|decided|insists?|replied)\s+(?:(?:me|us|to|on|a)\s+){0,2}"
    r"(?:no|not\s+yet|hold|wait|stop|halt)(?=\s*(?:[.,;!?)\n–—-]|\Z|(?:off|on|it|this|that|until|for\s+now)\b))",
    re.IGNORECASE,
)
_GOOD = (
    r"(?:approv|agre|need|requir|request|ask|attach|plann|discuss|confirm|clear|authori[sz]|promis|relat|limit|unchang"
    r"|schedul|logg|expect|appreciat|report|rais|open|own|us|creat|want|inform|mention|describ|chang|wait)ed\b"
)
_UNDONE = re.compile(
    rf"(?:[.!?;,:…\n(–—]|\s-)\s*{_WELL}(?:(?:(?:now|already|just|all|been|it['’]s|is)\s+)*(?!{_GOOD})(?:[a-z]{{3,}}ed|done|solved|over|gone)"
    r"(?:\s+(?:already|now|today|anyway|yesterday|by\s+[\w'’-]+))*"
    rf"|(?:[\w'’-]+\s+){{1,3}}(?!{_GOOD})[a-z]{{3,}}ed\s+(?:it|this|that))(?=\s*(?:[.,;!)\n–—-]|\Z))",
    re.IGNORECASE,
)


def taken_back(said: str) -> bool:
    """(1)(2)(3)(4): of what is `said` behind the first words that ask for something.

    >>> taken_back(" of the lake, 2h. strike the second part"), taken_back(", no more than 2h")
    (True, False)
    """
    return any(pattern.search(said) for pattern in (_STRUCK, _WAVERS, _VETO, _UNDONE))
