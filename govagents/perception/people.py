"""Words that mean people, by what they are to one another or do for a living."""

from govagents.perception.words import stem

_PEOPLE = frozenset(
    """
    guy girl lad bloke newbie newcomer starter joiner hire recruit colleague coworker worker
    teammate mate contractor consultant freelancer temp agency intern trainee apprentice student
    auditor deputy substitute replacement successor assistant secretary boss chief manager
    supervisor lead leader team crew squad staff people folk ppl person somebody someone everyone
    everybody other friend guest partner inspector lawyer analyst engineer developer
    planner dispatcher accountant buyer recruiter controller technician mechanic scientist architect
    receptionist specialist coordinator officer director owner
    clerk operator volunteer vendor employee both agent bot
    wife husband spouse brother sister son daughter mother father cousin
    """.split()
)
_PEOPLE_STEMS = _PEOPLE | {stem(word) for word in _PEOPLE}


def is_person(word: str) -> bool:
    """Whether a folded word means people.

    >>> is_person("trainees"), is_person("invoice")
    (True, False)
    """
    return bool({word, stem(word)} & _PEOPLE_STEMS)
