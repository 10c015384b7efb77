"""What is new in a repository since it was read: new commits, and older ones that have a version by now.

Only a part of the history can have changed: what is in no final version yet, and in no branch or tag that goes no
further. That part is walked, with the refs of now and with those of then. Whatever else than new commits and new
versions came of it makes `Rewritten`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from graph.errors import KgError
from graph.gitrepo import GitRepo, Ref, Rewritten
from graph.readers.ancestry import Containment, Fate, Node, Walk, walk
from graph.readers.git_words import nodes

Known = tuple[tuple[str, str], ...]
_HINT: Final = "the whole history is read again"


def changed(repo: GitRepo, contained: Containment, known: Known) -> tuple[Walk, list[str], int]:
    """The walk of what can have changed, the commits that did, in order, and how many commits there are now.

    Raises Rewritten.
    """
    then = _then(known, contained)
    _check(repo, then, contained)
    region = _region(repo, then, contained)
    now, before = walk(region, contained), walk(_old(region, then), then)
    _check_tags(then, contained, now)
    moved = set(_moved((before, then), (now, contained)))
    order = now.order()
    fresh = sum(sha not in before.marks for sha in order)
    count = int(dict(known).get("commits", "0")) + fresh
    return now, [sha for sha in order if sha not in before.marks or sha in moved], count


def _finals(then: Containment) -> set[str]:
    return {tag.sha for tag in then.tags if tag.stage == "final"}


def _lines(tips: Iterable[str], bounds: Iterable[str]) -> bytes:
    return "".join([*(f"{sha}\n" for sha in sorted(tips)), *(f"^{sha}\n" for sha in sorted(bounds))]).encode()


def _live(refs: Containment) -> set[str]:
    return {sha for _, sha in (*refs.live, refs.default) if sha}


def _region(repo: GitRepo, then: Containment, now: Containment) -> list[Node]:
    """What branches and new refs have above known final versions, with the tags of those days that end beside them.

    Older tags that end by themselves are left out: git would look for their part of the history far back.
    """
    tips, bounds = _live(then) | _live(now) | (set(now.tips) - set(then.tips)), _finals(then)
    region = list(nodes(repo, _lines(tips, bounds)))
    since = min((node.time or 0 for node in region), default=0)
    others = set(then.tips) - bounds - {node.sha for node in region}
    found = nodes(repo, _lines(others, ()), "--no-walk") if others else ()
    late = {node.sha for node in found if (node.time or 0) >= since}
    return list(nodes(repo, _lines(tips | late, bounds))) if region and late else region


def _then(known: Known, now: Containment) -> Containment:
    """The refs as they were."""
    pairs = dict(known)
    refs = [Ref(name, sha, "commit") for name, sha in known if name.startswith("refs/")]
    return Containment.of(refs, (pairs.get("default", ""), pairs.get("head", "")), now.profile, now.project)


def _check(repo: GitRepo, then: Containment, now: Containment) -> None:
    """Whether everything of then is still there, and the branches only went on."""
    tags = {(tag.name, tag.sha) for tag in now.tags}
    if {(tag.name, tag.sha) for tag in then.tags} - tags or set(then.ended) - set(now.ended):
        raise Rewritten("a tag was moved or taken away", place=str(repo.path), hint=_HINT)
    if then.default[0] != now.default[0] or {name for name, _ in then.live} - {name for name, _ in now.live}:
        raise Rewritten("a branch was renamed or taken away", place=str(repo.path), hint=_HINT)
    moved = dict(now.live)
    steps = [(then.default[1], now.default[1]), *((sha, moved[name]) for name, sha in then.live)]
    if any(old and old != new and _lost(repo, old, new) for old, new in steps):
        raise Rewritten("a branch was set back or rebased", place=str(repo.path), hint=_HINT)
    _check_ends(repo, then, now)


def _check_ends(repo: GitRepo, then: Containment, now: Containment) -> None:
    """Whether new refs go on from branches and final versions only, and take up nothing that had come to an end."""
    fresh = set(now.tips) - set(then.tips)
    if not fresh:
        return
    live = {sha for _, sha in (*then.live, then.default) if sha} | _finals(then)
    counts = {
        repo.git("rev-list", "--count", "--stdin", stdin=_lines(fresh, bounds))
        for bounds in (live, then.tips)
    }
    if len(counts) > 1:
        raise Rewritten("what had come to an end was taken up again", place=str(repo.path), hint=_HINT)


def _lost(repo: GitRepo, old: str, new: str) -> bool:
    try:
        return bool(repo.git("rev-list", "--max-count=1", old, f"^{new}").strip())
    except KgError:
        return True  # the old commit itself is gone


def _old(region: Iterable[Node], then: Containment) -> Iterator[Node]:
    """The nodes that were there then."""
    reached = set(then.tips)
    for node in region:
        if node.sha in reached:
            reached.update(node.parents)
            yield node


def _check_tags(then: Containment, now: Containment, done: Walk) -> None:
    names = {tag.name for tag in then.tags}
    inside = [tag.name for tag in now.tags if tag.name not in names and tag.sha not in done.marks]
    if inside:
        raise Rewritten(f"the new tag {inside[0]} lies in a history that has its versions", hint=_HINT)


def _moved(before: tuple[Walk, Containment], now: tuple[Walk, Containment]) -> Iterator[str]:
    """Older commits whose first version or first final one is new. Raises Rewritten where anything else changed."""
    (was, then), (done, contained) = before, now
    old_fates = [then.fate(refs) for refs in was.sets]
    new_fates = [contained.fate(refs) for refs in done.sets]
    for sha, (old_set, old_time) in was.marks.items():
        new_set, new_time = done.marks[sha]
        old, new = old_fates[old_set], new_fates[new_set]
        if not _grew(old, new) or old_time != new_time:
            raise Rewritten(f"commit {sha[:12]} is found on other branches or versions now", hint=_HINT)
        if old != new:
            yield sha


def _grew(old: Fate, new: Fate) -> bool:
    """Whether a fate only had empty places filled."""
    return old.branch == new.branch and all(not o or o == n for o, n in zip(old, new, strict=True))
