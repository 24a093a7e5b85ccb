"""The system on one page: who runs after whom, on what finding, holding which powers.

No logic lives here, and no node names its successor: to change the flow, change this file.
"""

from langgraph.graph import END, START, StateGraph

from govagents.action.executor import Executor
from govagents.action.undo import Undo
from govagents.action.verifier import Verifier
from govagents.cast import Cast
from govagents.domain.decision import Verdict
from govagents.domain.grant import EffectKind, Evidence
from govagents.domain.proposal import Stance
from govagents.domain.question import Clarity
from govagents.domain.screening import Screened
from govagents.memory.recall import Recall
from govagents.memory.remember import Remember
from govagents.perception.reader import Reader
from govagents.perception.resolver import Resolver
from govagents.perception.triage import Triage
from govagents.planning.assessor import Assessor
from govagents.planning.decider import Decider
from govagents.planning.problem import SetsByCatalog
from govagents.planning.proposer import Proposer
from govagents.routes import clarity, effect, evidence, screened, stance, verdict
from govagents.state import NewRequest, RequestState
from govagents.waiting import Ask, Clarify

Graph = StateGraph[RequestState, None, NewRequest, RequestState]


def request_graph(cast: Cast) -> Graph:
    """One access request: from a sentence to a verified, expiring grant."""
    graph = StateGraph(RequestState, input_schema=NewRequest)
    graph.add_edge(START, "triage")
    _perception(graph, cast)
    _planning(graph, cast)
    _action(graph, cast)
    _memory(graph, cast)
    graph.add_edge("remember", END)
    return graph


def _perception(graph: Graph, cast: Cast) -> None:
    """Untrusted words become typed, resolved facts."""
    s = cast.powers("read")
    cast.node(graph, "triage", Triage(s.words))
    cast.node(graph, "read", Reader(s.model, s.prompts, s.words, s.catalogs, s.directory))
    cast.node(graph, "resolve", Resolver(s.words, s.catalogs, s.directory, s.tickets, s.clock))
    cast.node(graph, "clarify", Clarify())
    graph.add_conditional_edges(
        "triage", screened, {Screened.CLEAR: "read", Screened.REFUSED: "remember"}
    )
    graph.add_edge("read", "resolve")
    graph.add_edge("resolve", "recall")
    graph.add_edge("clarify", "read")


def _memory(graph: Graph, cast: Cast) -> None:
    """Precedents order the question and may call a person; every ending becomes one."""
    s = cast.powers("recall")
    recall = Recall(s.memory, s.words, s.catalogs, s.directory, s.clock)
    remember = Remember(s.memory, s.words, s.catalogs, s.directory, s.records, s.clock)
    cast.node(graph, "recall", recall)
    cast.node(graph, "remember", remember)
    graph.add_conditional_edges(
        "recall",
        clarity,
        {Clarity.CLEAR: "propose", Clarity.UNCLEAR: "clarify", Clarity.NO_MATCH: "remember"},
    )


def _planning(graph: Graph, cast: Cast) -> None:
    """Facts become the smallest sufficient role set, weighed, then a verdict."""
    s = cast.powers("propose")
    sets = SetsByCatalog(s.weights)
    cast.node(graph, "propose", Proposer(s.catalogs, s.directory, s.holdings, sets, s.readings))
    s = cast.powers("assess")
    assessor = Assessor(s.catalogs, s.directory, s.usage, s.holdings, s.weights, s.clock)
    cast.node(graph, "assess", assessor)
    s = cast.powers("decide")
    cast.node(graph, "decide", Decider(s.facts, s.policy))
    cast.node(graph, "ask", Ask())
    graph.add_edge("propose", "assess")
    graph.add_conditional_edges(
        "assess",
        stance,
        {
            Stance.ACCEPT: "decide",
            Stance.NARROWER: "propose",
            Stance.SHORTER: "propose",
            Stance.APPROVAL: "decide",
            Stance.VETO: "decide",
        },
    )
    graph.add_conditional_edges(
        "decide",
        verdict,
        {Verdict.PERMIT: "grant", Verdict.ASK: "ask", Verdict.DENY: "remember"},
    )
    graph.add_edge("ask", "assess")  # an answer is one more fact: risk and policy judge again


def _action(graph: Graph, cast: Cast) -> None:
    """The target is changed, read back, and put right if it disagrees."""
    s = cast.powers("grant")
    cast.node(graph, "grant", Executor(s.guard))
    cast.node(graph, "verify", Verifier(s.guard, s.records))
    cast.node(graph, "undo", Undo(s.guard, s.records, s.clock))
    graph.add_conditional_edges(
        "grant",
        effect,
        {
            EffectKind.GIVEN: "verify",
            EffectKind.SCHEDULED: "remember",
            EffectKind.PENDING: "ask",
            EffectKind.DENIED: "remember",
            EffectKind.BLOCKED: "remember",
        },
    )
    graph.add_conditional_edges(
        "verify",
        evidence,
        {Evidence.CONFIRMED: "remember", Evidence.MISMATCH: "undo", Evidence.NOTHING: "remember"},
    )
    graph.add_edge("undo", "remember")
