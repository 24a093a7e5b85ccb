"""Which finding leads where: one function a branch, each total over its enum."""

from govagents.domain.decision import Verdict
from govagents.domain.grant import EffectKind, Evidence
from govagents.domain.proposal import Stance
from govagents.domain.question import Clarity
from govagents.domain.screening import Screened
from govagents.state import RequestState


def screened(state: RequestState) -> Screened:
    """After triage: is this for us at all."""
    return state["screening"].result


def clarity(state: RequestState) -> Clarity:
    """After recall: is every fact known."""
    return state["resolution"].clarity


def stance(state: RequestState) -> Stance:
    """After assess: does the risk agent want another proposal."""
    return state["assessment"].stance


def verdict(state: RequestState) -> Verdict:
    """After decide: what policy said."""
    return state["decision"].verdict


def effect(state: RequestState) -> EffectKind:
    """After grant: what the guard did, whatever was decided before."""
    return state["effect"].kind


def evidence(state: RequestState) -> Evidence:
    """After verify: what the target shows."""
    return state["evidence"]
