"""Words that mean people, by what they are to one another or do for a living."""

from govagents.perception.words import stem

_ONE = frozenset(
    """
    guy girl lad bloke newbie newcomer starter joiner hire recruit colleague coworker worker
    teammate mate member contractor consultant freelancer temp intern trainee apprentice student
    auditor deputy substitute replacement successor predecessor understudy
    assistant secretary boss chief manager supervisor lead leader partner person friend guest
    inspector lawyer analyst engineer developer planner dispatcher accountant buyer recruiter
    controller technician mechanic scientist architect receptionist specialist coordinator officer
    director clerk operator volunteer vendor employee agent bot robot
    wife husband spouse brother sister son daughter mother father cousin
    """.split()
)
_MANY = frozenset("team crew squad staff people folk ppl agency department both other".split())
_OUTSIDE = frozenset(
    """
    customer client supplier driver user visitor candidate applicant lady gentleman woman man
    caller bunch council committee union shipper tenant patient passenger reader
    """.split()
)
_ALONE = frozenset(
    """
    everyone everybody anyone anybody someone somebody somebodys whoever people ppl folks guys
    colleagues
    """.split()
)
_DEPARTMENTS = frozenset(
    """
    marketing finance sales hr legal procurement purchasing accounting payroll support operations
    ops security logistics dispatch engineering controlling compliance audit management warehouse
    """.split()
)
# What access may be like, and so nobody: "give full access".
MANNERS = frozenset(
    """
    full complete partial temporary temp short brief direct limited basic plain urgent additional
    extra new elevated regular normal emergency immediate simple standard same quick
    """.split()
)
_STEMS = {known: known | {stem(word) for word in known} for known in (_ONE, _MANY, _OUTSIDE)}


def is_person(word: str) -> bool:
    """Whether a folded word means people of one's own: who is let in, not whom one serves.

    >>> is_person("trainees"), is_person("everybody"), is_person("customer"), is_person("invoice")
    (True, True, False, False)
    """
    return (
        bool({word, stem(word), word.removesuffix("s")} & (_STEMS[_ONE] | _STEMS[_MANY]))
        or word in _ALONE
    )


def is_outsider(word: str) -> bool:
    """Whether a folded word means people who are served: customers, drivers, users."""
    return bool({word, stem(word)} & _STEMS[_OUTSIDE])


def is_one(word: str) -> bool:
    """Whether a folded word means one person of one's own.

    >>> is_one("deputy"), is_one("team"), is_one("deputies")
    (True, False, False)
    """
    return word in _ONE


def stands_alone(word: str) -> bool:
    """Whether a folded word means people without "the" or "my" before it."""
    return word in _ALONE


def is_department(word: str) -> bool:
    """Whether a folded word is what departments are commonly called."""
    return word in _DEPARTMENTS
