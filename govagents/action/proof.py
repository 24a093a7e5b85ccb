"""The guard's own look at the claim "least": the independent checker, not the solver's word.

INVARIANT (models propose, mathematics disposes): a proposal that says it is optimal is given only
if its certificate proves it for the catalog, the weights and the problem at hand.
"""

import json
from dataclasses import dataclass, field

from govagents.domain.canonical import digest
from govagents.domain.catalog import Catalog
from govagents.domain.proposal import Proposal, Sufficiency
from govagents.solver.check.judgement import judge
from govagents.solver.check.question import Facts, read
from govagents.solver.weights import Weights


@dataclass(frozen=True)
class ProofCheck:
    """Reads each catalog once. `weights` are those in force."""

    weights: Weights
    _facts: dict[str, Facts] = field(default_factory=dict)

    def proves(self, proposal: Proposal, catalog: Catalog, posed: str) -> bool:
        """Whether it is shown to be the least, over this catalog and the weights in force.

        `posed` is the digest of the problem as it is posed now: the least of another is no proof.
        """
        proof = proposal.proof
        claimed = proof.status is Sufficiency.OPTIMAL and proof.catalog == catalog.digest
        if not claimed or proof.certificate is None or self.faults(proposal, catalog):
            return False
        return bool(json.loads(proof.certificate)["problem"] == posed)

    def faults(self, proposal: Proposal, catalog: Catalog) -> tuple[str, ...]:
        """What is wrong with the proof; nothing for a set that never claimed to be the least."""
        proof = proposal.proof
        if proof.status is not Sufficiency.OPTIMAL:
            return ()
        if proof.weights != self.weights.digest:
            return ("the weights changed since this was proposed",)
        if proof.certificate is None:
            return ("the proposal claims to be the least and has no certificate",)
        try:
            certificate, problem = json.loads(proof.certificate), json.loads(proof.problem)
            claimed = (certificate["roles"], certificate["excess_weight"], problem["needs"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return ("the certificate cannot be read",)
        if claimed != (list(proposal.roles), proof.excess_weight, list(proposal.needs)):
            return ("the certificate is about another set",)
        return tuple(judge(certificate, problem, self._read(catalog)))

    def _read(self, catalog: Catalog) -> Facts:
        key = catalog.digest + digest(self.weights.to_json())
        if key not in self._facts:
            self._facts[key] = read(catalog.plain(), self.weights.to_json())
        return self._facts[key]
