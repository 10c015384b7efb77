"""Topics of notes → features, by name, by the patches both have, and by when the feature was alive.

A link goes from a topic to a feature that a source names, never by way of another link. What is not sure
enough is kept as a candidate; two features that fit alike leave a topic unlinked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from graph.link.alive import ALIVE, Lives
from graph.link.model import BELOW, LINKED, Link, Select, rows, unfound, values
from graph.link.scoring import Fit, Index
from graph.link.words import ways
from graph.profile import Profile

SURE = 0.66  # a topic of kind feature is linked from here
SURE_ELSE = 0.9  # one of another kind, which need not be about a feature at all
LISTED = 0.4  # a candidate is listed from here
CLOSE = 0.05  # two scores this near are as good as each other
_CANDIDATES = 8  # of the names, looked at with dates
_SHARED = 0.6  # how sure one shared patch makes it
_SHARED_MORE = 0.75
_NAMED = 0.95  # an item of this name names the feature by its key
_OTHER_PROJECT = 0.85
# Words that so many features alive have name none of them, but the one whose own name they are.
_SEVERAL, _GENERIC, _OWN_NAME = 3, 0.75, 0.9
_ONLY = 0.7  # words that stand together in one feature alive and in no other

_FEATURES = """SELECT DISTINCT ?feature ?name WHERE {
  { ?feature a kg:Feature ; kg:slug ?name } UNION { ?feature a kg:Feature ; skos:altLabel ?name } }"""
_TOPICS = """SELECT DISTINCT ?topic ?item ?kind ?date ?project WHERE {
  ?item a kg:Discussion ; kg:about ?topic ; kg:kind ?kind ; dcterms:date ?date ; kg:inMeeting ?meeting .
  ?topic a kg:Topic . OPTIONAL { ?meeting kg:project ?project } }"""
_LABELS = "SELECT DISTINCT ?topic ?name WHERE { ?topic a kg:Topic ; skos:altLabel ?name }"
_TOLD = """SELECT DISTINCT ?topic ?feature ?item WHERE {
  ?item a kg:Discussion ; kg:about ?topic ; kg:about ?feature . ?topic a kg:Topic . ?feature a kg:Feature }"""
_PATCHES = """SELECT DISTINCT ?topic ?patch WHERE {
  ?mention kg:kind "patch" ; kg:inDiscussion ?item ; kg:mentions ?patch . ?item kg:about ?topic . ?topic a kg:Topic }"""
_TIED = """SELECT DISTINCT ?feature ?patch WHERE {{ VALUES ?patch {{ {things} }} ?feature kg:implementedBy ?patch .
  ?feature a kg:Feature }}"""
_RENAMED = "SELECT DISTINCT ?feature ?later WHERE { ?feature dcterms:isReplacedBy ?later }"


@dataclass
class Topic:
    """A topic as the notes have it: its names, and the items it stands in."""

    iri: str
    names: list[str] = field(default_factory=list)
    dates: dict[str, str] = field(default_factory=dict)  # by item
    kinds: set[str] = field(default_factory=set)
    projects: set[str] = field(default_factory=set)
    patches: set[str] = field(default_factory=set)
    told: Counter[str] = field(default_factory=Counter)  # features its items name


class Found(NamedTuple):
    """A feature that a topic may be, with what speaks for it."""

    thing: str
    score: float
    reason: str


def feature_names(select: Select, profile: Profile) -> dict[str, list[str]]:
    """Names of every feature of the community: slug, titles, labels."""
    names: dict[str, list[str]] = defaultdict(list)
    for feature, name in sorted(set(rows(select, profile.name, _FEATURES))):
        names[feature].append(name)
    return dict(names)


def topics(select: Select, profile: Profile) -> dict[str, Topic]:
    """Every topic that is an item of a meeting."""
    found: dict[str, Topic] = {}
    for iri, item, kind, date, project in rows(select, profile.name, _TOPICS):
        topic = found.setdefault(iri, Topic(iri))
        topic.dates[item] = date
        topic.kinds.add(kind)
        topic.projects |= {project} - {""}
    for iri, name in sorted(rows(select, profile.name, _LABELS)):
        if iri in found:
            found[iri].names.append(name)
    for iri, feature, _ in rows(select, profile.name, _TOLD):
        found[iri].told[feature] += 1
    for iri, patch in rows(select, profile.name, _PATCHES):
        found[iri].patches.add(patch)
    return dict(sorted(found.items()))


def link(
    select: Select,
    profile: Profile,
    names: Mapping[str, list[str]],
    held: Iterable[Topic],
    same: Mapping[str, str],
) -> list[Link]:
    """Links of topics that no alias settles; `same` are patches by number with the Change-Id each carries."""
    held = list(held)
    if not held or not names:
        return []
    dropped = [n for release in profile.releases for n in (release.name, release.title) if n.isalpha()]
    index = Index(names, ways(dict(profile.link_words), dropped))
    shared = _shared(select, profile, held, same)
    fits = {topic.iri: _candidates(topic, index, shared.get(topic.iri, Counter())) for topic in held}
    lives = Lives(select, profile, {fit.thing for of in fits.values() for fit in of})
    renamed = {frozenset(pair) for pair in rows(select, profile.name, _RENAMED)}
    links: list[Link] = []
    for topic in held:
        found = [_weighed(topic, fit, lives) for fit in _picked(topic, fits[topic.iri], lives)]
        ranked = sorted(found, key=lambda one: (-one.score, one.thing))
        links += _judged(topic, ranked, renamed)
    return links + unfound("feature", (topic.iri for topic in held), links, "no feature has such a name")


def _shared(
    select: Select, profile: Profile, held: list[Topic], same: Mapping[str, str]
) -> dict[str, Counter[str]]:
    """For each topic, how many of its patches a commit ties to a feature."""
    keyed = {topic.iri: {same.get(patch, patch) for patch in topic.patches} for topic in held}
    known = {patch for patches in keyed.values() for patch in patches if patch in set(same.values())}
    if not known:
        return {}
    tied = rows(select, profile.name, _TIED.format(things=values(known)))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for feature, patch in sorted(set(tied)):
        for topic, patches in keyed.items():
            if patch in patches:
                found[topic][feature] += 1
    return found


def _candidates(topic: Topic, index: Index, shared: Counter[str]) -> list[Fit]:
    best: dict[str, Fit] = {}
    for name in topic.names:
        for fit in index.fits(name):
            if fit.thing not in best or fit.score > best[fit.thing].score:
                best[fit.thing] = fit
    if len(topic.told) == 1:
        thing = next(iter(topic.told))
        if thing not in best or best[thing].score < _NAMED:
            best[thing] = Fit(thing, _NAMED, "an item of this name names it by its key")
    for thing, count in shared.items():
        fit = best.get(thing, Fit(thing, 0.0, ""))
        sure = (_SHARED_MORE if count > 1 else _SHARED) * count / sum(shared.values())
        why = f"{count} of its patches belong to it" if count > 1 else "its patch belongs to it"
        best[thing] = Fit(thing, 1 - (1 - fit.score) * (1 - sure), "; ".join(filter(None, (fit.reason, why))))
    ranked = sorted(best.values(), key=lambda fit: (-fit.score, fit.thing))
    return [fit for nth, fit in enumerate(ranked) if fit.score >= LISTED and (nth < _CANDIDATES or fit.whole)]


def _picked(topic: Topic, fits: list[Fit], lives: Lives) -> list[Fit]:
    """The same fits; what several features alive have in their names tells none of them, what one has tells it."""
    whole = [fit for fit in fits if fit.whole and _alive(topic, fit.thing, lives) == ALIVE]
    if len(whole) >= _SEVERAL:
        why = f"; {len(whole)} features alive then have these words"
        return [
            fit._replace(score=fit.score * _GENERIC, reason=fit.reason + why)
            if fit.whole and fit.named < _OWN_NAME
            else fit
            for fit in fits
        ]
    if len(whole) == 1 and whole[0].phrase and whole[0].score < _ONLY:
        only = whole[0]._replace(
            score=_ONLY, reason=f"{whole[0].reason}; no other alive then has these words"
        )
        return [only if fit is whole[0] else fit for fit in fits]
    return fits


def _alive(topic: Topic, feature: str, lives: Lives) -> float:
    """How well a feature's life fits the days of a topic's items, on the whole."""
    at = [lives[feature].at(date)[0] for _, date in sorted(topic.dates.items())]
    return sum(at) / len(at)


def _weighed(topic: Topic, fit: Fit, lives: Lives) -> Found:
    """A fit with its dates: how well the feature's life fits the days of the topic's items."""
    score = fit.score * _alive(topic, fit.thing, lives) * lives.known(fit.thing)
    reason = f"{fit.reason}; {max(lives[fit.thing].at(date) for date in topic.dates.values())[1]}"
    project = fit.thing.split("/feature/", 1)[1].split("/")[0]
    if topic.projects and project not in topic.projects:
        score, reason = score * _OTHER_PROJECT, f"{reason}; of project {project}, not of the meeting's"
    return Found(fit.thing, round(score, 4), reason)


def _judged(topic: Topic, ranked: list[Found], renamed: set[frozenset[str]]) -> list[Link]:
    """The best one where it is sure and nothing comes near, else candidates."""
    if not ranked:
        return []
    best = ranked[0]
    sure = SURE if "feature" in topic.kinds else SURE_ELSE
    rivals = [
        one
        for one in ranked[1:]
        if best.score - one.score < CLOSE and frozenset((best.thing, one.thing)) not in renamed
    ]
    if best.score >= sure and not rivals:
        return [Link("feature", topic.iri, best.thing, best.score, best.reason, LINKED)]
    why = "as good as another" if best.score >= sure else f"below {sure}"
    return [
        Link("feature", topic.iri, one.thing, one.score, f"{one.reason}; {why}", BELOW)
        for one in ranked[:2]
        if one.score >= LISTED
    ]
