"""Priorities: the policies of a base with their prizes, criteria, chains and tracking, ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from wellfounded.conclusions.evaluate import Evaluation
from wellfounded.conclusions.types import Result
from wellfounded.evidence.located import BaseErrors, Problem
from wellfounded.priorities.criteria import criteria_of, definitions
from wellfounded.priorities.logic import beware, chain_of, rests_on, warnings
from wellfounded.priorities.prize import Prizes
from wellfounded.priorities.ranking import DRAWS, SEED, ranked
from wellfounded.priorities.reaches import CHAIN, LABOUR, OUTPUT, PAY_REACHES, REAL
from wellfounded.priorities.shown import evaluation as shown_evaluation
from wellfounded.priorities.shown import move
from wellfounded.priorities.tracking import tracked
from wellfounded.priorities.types import Declared, Policy, Said, ShownPolicy, ShownPriorities, ShownScenario

SAID_FILE = "said.json"
NOBODY: Mapping[str, Said] = {}


def prioritise(
    evaluation: Evaluation,
    declared: Declared,
    *,
    said: Mapping[str, Said] = NOBODY,
    draws: int = DRAWS,
    seed: int = SEED,
) -> ShownPriorities:
    """The priorities of an evaluated base: its published policies, ranked over all weights.

    `said` is what stakeholders said by conclusion id; without it that criterion is not assessed. In a preview that
    shows drafts, draft policies are shown too.
    """
    base, subjects = evaluation.base, evaluation.subjects
    drafts = sum(policy.draft for policy in declared.policies)
    shown = [replace(p, draft=False) for p in declared.policies] if base.show_drafts else list(declared.published)
    _prefetch(evaluation, shown)
    results = {result.conclusion.id: result for result in evaluation.results}
    prizes = Prizes(subjects)
    policies = tuple(_policy(policy, evaluation, results, declared, prizes, said) for policy in shown)
    units = {prize.impact: prize.unit for policy in policies for prize in policy.prizes if prize.value is not None}
    comparator = base.comparators.get(declared.comparator)
    return ranked(
        ShownPriorities(
            policies=policies,
            criteria=definitions(base.impacts, [policy.criteria for policy in policies], units=units),
            line="" if policies else "No policy is published yet.",
            how_sure="",
            scenario=ShownScenario(comparator_name=comparator.name if comparator else ""),
            comparator=declared.comparator,
            stakeholders=any(one.total for one in said.values()),
            warnings=tuple(dict.fromkeys(f"{p.title}: {text}" for p in policies for text in p.warnings)),
            drafts=0 if base.show_drafts else drafts,
        ),
        draws=draws,
        seed=seed,
    )


def _policy(
    policy: Policy,
    evaluation: Evaluation,
    results: Mapping[str, Result],
    declared: Declared,
    prizes: Prizes,
    said: Mapping[str, Said],
) -> ShownPolicy:
    """A policy with all but its place in the ranking."""
    base, subjects = evaluation.base, evaluation.subjects
    worked = {spec.impact: prizes.shown(spec, declared=declared.comparator) for spec in policy.prizes}
    criteria = criteria_of(policy, base.impacts, prizes=worked, results=results, said=said)
    nodes, links = chain_of(
        policy, base.impacts, results=results, said=said, prizes=worked, criteria=criteria, store=evaluation.store
    )
    beneath = rests_on(policy, results, said)
    return ShownPolicy(
        id=policy.id,
        title=policy.title,
        chapter=policy.chapter,
        says=policy.says,
        levers=tuple(lever.value for lever in policy.levers),
        lever_titles=tuple(lever.who for lever in policy.levers),
        impact=policy.impact,
        challenges=policy.challenges,
        rank=0,
        expected_rank=0.0,
        acceptabilities=(),
        first="",
        top_three=0.0,
        line="",
        rests_on=beneath,
        criteria=criteria,
        prizes=tuple(worked.values()),
        moves=tuple(move(name, subjects, comparator=declared.comparator) for name in policy.moves),
        evaluations=tuple(shown_evaluation(one) for one in policy.evaluations),
        nodes=nodes,
        links=links,
        success=tuple(tracked(one, subjects) for one in policy.success),
        warnings=warnings(beneath),
        beware=beware(beneath),
        detail=policy.detail,
    )


def read_said(folder: Path) -> dict[str, Said]:
    """What stakeholders said by conclusion id, from said.json of a base; nothing where there is none.

    Raises BaseErrors where the file isn't what it should be.
    """
    path = folder / SAID_FILE
    if not path.is_file():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Said])
    except msgspec.MsgspecError as error:
        said = (
            f"this is not what stakeholders said: {error}. Expected counts of organisations by conclusion, as "
            '{"output-per-hour": {"supporting": 3, "challenging": 1, "qualifying": 0}}'
        )
        raise BaseErrors([Problem(SAID_FILE, 1, said)]) from None


def write_said(said: Mapping[str, Said]) -> bytes:
    """The contents of said.json."""
    return msgspec.json.format(msgspec.json.encode(dict(sorted(said.items()))), indent=1) + b"\n"


def _prefetch(evaluation: Evaluation, policies: list[Policy]) -> None:
    """Reads the figures that policies need in one pass."""
    names = {*CHAIN, OUTPUT, LABOUR, REAL, *PAY_REACHES} & set(evaluation.store.indicator_ids())
    names |= {name for policy in policies for name in policy.moves}
    names |= {one.indicator for policy in policies for one in policy.success}
    evaluation.store.prefetch(names)
