"""Which options an answer means: by number, id or label, nothing less."""

import re
from collections.abc import Sequence

from govagents.domain.question import Option, Question
from govagents.perception.words import fold


def chosen(question: Question, answer: str) -> Option | None:
    """The one option that `answer` means.

    >>> from govagents.domain.question import About
    >>> q = Question(About.WINDOW, "when?", (Option("2h", "2 hours"), Option("1d", "1 day")))
    >>> chosen(q, " 2. "), chosen(q, "2 Hours"), chosen(q, "12 hours")
    (Option(id='1d', label='1 day'), Option(id='2h', label='2 hours'), None)
    """
    said = " ".join(fold(answer).split()).strip(".)( ")
    if re.fullmatch(r"\d{1,2}", said):
        number = int(said) - 1
        return question.options[number] if 0 <= number < len(question.options) else None
    matching = [item for item in question.options if said in _spellings(item)]
    return matching[0] if len(matching) == 1 else None


def chosen_all(question: Question, answer: str) -> tuple[Option, ...]:
    """Several options where the answer names several, none where it names anything else.

    >>> from govagents.domain.question import About
    >>> q = Question(About.WINDOW, "when?", (Option("2h", "2 hours"), Option("1d", "1 day")))
    >>> [item.id for item in chosen_all(q, "1 and 2")], chosen_all(q, "1 and no more")
    (['2h', '1d'], ())
    """
    whole = chosen(question, answer)
    if whole is not None:
        return (whole,)
    pieces = [piece for piece in _AND.split(answer.strip(" .")) if piece.strip()]
    found = [chosen(question, piece) for piece in pieces]
    named = [option for option in found if option is not None]
    return tuple(dict.fromkeys(named)) if len(named) == len(pieces) else ()


_AND = re.compile(r"\s*(?:[,;+&]|\b(?:and|und|et|y|plus)\b)\s*", re.IGNORECASE)


def nothing_more(answer: str) -> bool:
    """Whether an answer says that nothing else is wanted.

    >>> nothing_more("Nothing."), nothing_more("no, thanks"), nothing_more("nothing but the logs")
    (True, True, False)
    """
    return _NOTHING.fullmatch(" ".join(fold(answer).split()).strip(" .!")) is not None


_NOTHING = re.compile(
    r"(?:nothing|none|no|nope|neither|nada|nichts|rien)(?:\s+(?:else|more|there))?(?:,?\s*thanks?(?:\s+you)?)?"
    r"|(?:that|it)\s+(?:was|is)\s+(?:all|it|everything)|that['’]?s\s+(?:all|it)"
)


def _spellings(option: Option) -> Sequence[str]:
    label = fold(option.label)
    return (fold(option.id), label, label.split(" (")[0], label.split(", ")[0])
