"""The steps of a plan and their rollback: checked before anything is done, followed to undo it.

INVARIANT (models propose): what a planner wrote is held against the catalog and the box of tools;
neither its steps nor its way back count on its word.

Rules:
1. The steps are what the roles give by the catalog in force: each once, in order, and no other.
2. Each is rolled back by the inverse that the box names for its tool, with the same arguments; one
   that finds its role there already, by nothing.
3. Undoing follows the rollback backwards, as far as it passes (2). Whatever else was given is ended
   too: taking back never waits for a plan.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from govagents.action.toolbox import TOOLS
from govagents.domain.catalog import Catalog
from govagents.domain.grant import Grant
from govagents.domain.plan import Act, Step
from govagents.domain.prediction import predicted, there
from govagents.domain.proposal import Proposal


def plan_faults(proposal: Proposal, catalog: Catalog) -> tuple[str, ...]:
    """What is wrong with the steps of a plan, in sentences; nothing = it may be carried out."""
    unknown = sorted(set(proposal.roles) - set(catalog.roles))
    if unknown:  # (1)
        return (f"the catalog has no role `{unknown[0]}`",)
    acts = tuple(
        Act("grant", change.system, change.role, change.subject)
        for change in predicted(proposal, catalog)
    )
    if tuple(step.act for step in proposal.steps) != acts:  # (1)
        return ("its steps are not what its roles give",)
    return tuple(
        f"step {number} is not rolled back by its inverse"
        for number, step in enumerate(proposal.steps, 1)
        if step.rollback != _way_back(step.act, held=_there(proposal, step.act))
    )


def undoing(steps: Sequence[Step], grants: Sequence[Grant]) -> tuple[Grant, ...]:
    """(3) All of `grants`, in the order in which they are to be ended."""
    return tuple(dict.fromkeys((*_rolled_back(steps, grants), *reversed(grants))))


def _rolled_back(steps: Sequence[Step], grants: Sequence[Grant]) -> Iterator[Grant]:
    for step in reversed(steps):
        back = step.rollback
        if back is None or back != _way_back(step.act, held=False):
            continue
        for grant in grants:
            if (grant.role, grant.beneficiary) == (back.role, back.subject):
                yield grant


def _there(proposal: Proposal, act: Act) -> bool:
    return there(proposal, act.system, act.role)


def _way_back(act: Act, *, held: bool) -> Act | None:
    """(2)."""
    tool = TOOLS.get(act.tool)
    return None if held or tool is None else replace(act, tool=tool.inverse)
