"""Names meet what they name: topics their features, numbers their Change-Ids, nicks their authors.

Nothing is merged: links stand in a graph of their own, each with a score and a reason, made anew from what the
sources say. No link rests on another link. `aliases.toml` wins over everything. TODOs of different months that are
one are joined here too, and how each stands is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.errors import Problem
from graph.link import features, patches, people, todos
from graph.link.hand import Hand, by_fold, read
from graph.link.model import Link, Select, rows, write
from graph.profile import Profile
from graph.quads import Quads, graph_iri

GRAPH = "links"
_CHANGES = (
    """SELECT DISTINCT ?patch ?key WHERE {{ VALUES ?key {{ {keys} }} ?patch a kg:Patch ; kg:key ?key }}"""
)


def lines(select: Select, profile: Profile) -> list[str]:
    """Sorted N-Triples of the community's links. `select` answers from a graph that holds no links yet."""
    out = Quads(profile, graph_iri(profile.name, GRAPH))
    found, problems = links(select, profile)
    raised = todos.threads(select)
    write(out, [*found, *raised.links])
    todos.write(out, raised)
    for problem in problems:
        out.problem(problem)
    return out.lines()


def links(select: Select, profile: Profile) -> tuple[list[Link], list[Problem]]:
    """Every link, and the aliases that lead nowhere."""
    aliases = read(select, profile)
    hands = {kind: Hand(kind, aliases) for kind in ("patch", "feature", "person")}
    joined, same = _patches(select, profile, hands["patch"])
    found = [
        *joined,
        *_features(select, profile, hands["feature"], same),
        *_people(select, profile, hands["person"]),
    ]
    return [*_by_hand(hands), *found], [problem for hand in hands.values() for problem in hand.problems]


def _by_hand(hands: dict[str, Hand]) -> Iterator[Link]:
    for hand in hands.values():
        yield from hand.links


def _patches(select: Select, profile: Profile, hand: Hand) -> tuple[list[Link], dict[str, str]]:
    """Links of patches, and all patches by number with the Change-Id that was found for them."""
    noted = patches.Noted(select, profile)
    known = patches.same(select, profile)
    if hand.aliases:
        keys = " ".join(f'"{row.value}"' for row in hand.aliases if row.value.isalnum())
        changes = rows(select, profile.name, _CHANGES.format(keys=keys))
        numbered = {**noted.keys, **{patch: patch.rsplit("/", 1)[-1] for patch in known}}
        hand.apply(
            by_fold({p: [key] for p, key in numbered.items()}), by_fold({p: [key] for p, key in changes})
        )
    found = patches.link(select, profile, noted, known, hand.settled)
    same = {link.of: link.target for link in (*hand.links, *found) if link.state == "linked"}
    return found, same


def _features(select: Select, profile: Profile, hand: Hand, same: dict[str, str]) -> list[Link]:
    names = features.feature_names(select, profile)
    held = features.topics(select, profile)
    if hand.aliases:
        hand.apply(by_fold({iri: topic.names for iri, topic in held.items()}), _targets(names, profile))
    left = [topic for iri, topic in held.items() if iri not in hand.settled]
    return features.link(select, profile, names, left, same)


def _targets(names: dict[str, list[str]], profile: Profile) -> dict[str, set[str]]:
    """Features by folded name: a slug comes before a title, the first project's before others'."""
    home = f"/feature/{profile.project}/"
    slugs = {thing: [thing.rsplit("/", 1)[-1]] for thing in names}
    tiers = (
        {thing: of for thing, of in slugs.items() if home in thing},
        slugs,
        {thing: of for thing, of in names.items() if home in thing},
        names,
    )
    found: dict[str, set[str]] = {}
    for tier in tiers:
        for key, things in by_fold(tier).items():
            found.setdefault(key, things)
    return found


def _people(select: Select, profile: Profile, hand: Hand) -> list[Link]:
    held = people.People(select, profile)
    if hand.aliases:
        everyone = {p: {*held.nicks.get(p, ()), *held.names.get(p, ())} for p in {*held.nicks, *held.names}}
        authors = {p: of for p, of in held.names.items() if p not in held.nicks}
        hand.apply(by_fold(held.nicks), {**by_fold(everyone), **by_fold(authors)})
    return people.link(select, profile, held, hand.settled)


__all__ = ["GRAPH", "Link", "lines", "links"]
