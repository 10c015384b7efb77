"""A scene → the network of its things: nodes with facts and the words they rest on, links in domain words.

Items are drawn as what they are about: an item on a feature is the feature's node, and a topic that came up
once is its item. What is named without more is linked by `mentions`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from graph.terms import STATUSES, keys_of
from graph.views.models import Edge, Evidence, Node
from graph.views.scene_patches import first_days, merges, patch_label
from graph.views.scene_timeline import best_witness
from graph.views.scene_words import fact_word, link_word, slip_class, state_word
from graph.views.scenes import Row, Scene, evidence, merged

MOST_QUOTES = 12
REPORT_LINKS = (
    ("meeting", "inMeeting"), ("release", "forRelease"), ("patch", "onPatch"), ("bug", "onBug"),
    ("person", "byPerson"),
)  # fmt: skip
LINKED = (
    "release",
    "milestone",
    "feature",
    "patch",
)  # dated, and yet nothing where nothing is linked to them
ROLES = {"works-on": "worksOn", "discusses": "discusses"}


@dataclass(frozen=True)
class Net:
    """Nodes by id, and the links among them."""

    nodes: dict[str, Node]
    edges: tuple[Edge, ...]


@dataclass
class _Draft:
    """A node in the making."""

    kind: str
    label: str
    date: str = ""
    url: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    quotes: dict[Evidence, None] = field(default_factory=dict)


def network_scene(scene: Scene) -> Net:
    """All things of a scene that are linked to another, or are dated; releases only where something is."""
    build = _Build(scene)
    for part in (
        build.releases, build.subjects, build.meetings, build.tracked, build.people, build.milestones,
        build.reports, build.decisions, build.todos, build.mentions, build.links, build.slips,
    ):  # fmt: skip
        part()
    return build.net()


class _Build:
    """Collects nodes and links; a link to what has no node is dropped at the end."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.drafts: dict[str, _Draft] = {}
        self.edges: dict[tuple[str, str, str], None] = {}

    def net(self) -> Net:
        """What was collected. Things without a date that nothing is linked to are left out."""
        lang = self.scene.lang
        roles = {(a, b) for a, b, kind in self.edges if kind in ROLES.values()}
        edges = [
            Edge(a, b, kind, link_word(kind, lang))
            for a, b, kind in self.edges
            if a in self.drafts and b in self.drafts and a != b
            and not (kind == "mentions" and ((b, a) in roles or (a, b, "implementedBy") in self.edges))
        ]  # fmt: skip
        linked = {end for edge in edges for end in (edge.source, edge.target)}
        kept = {
            key: self._node(key, draft)
            for key, draft in self.drafts.items()
            if key in linked or (draft.date and draft.kind not in LINKED)
        }
        return Net(kept, tuple(edges))

    def _node(self, key: str, draft: _Draft) -> Node:
        facts, quotes = list(draft.facts), list(draft.quotes)
        if len(quotes) > MOST_QUOTES:
            facts.append(self._fact("more", f"+ {len(quotes) - MOST_QUOTES}"))
        shown = tuple(quotes[:MOST_QUOTES])
        return Node(key, draft.kind, draft.label, draft.date, tuple(facts), draft.url, shown)

    # ---- small steps

    def _fact(self, name: str, value: str) -> tuple[str, str]:
        return fact_word(name, self.scene.lang), value

    def _add(self, key: str, kind: str, label: str, *, date: str = "", url: str = "", **facts: str) -> _Draft:
        known = [self._fact(name, value) for name, value in facts.items() if value]
        return self.drafts.setdefault(key, _Draft(kind, label, date, url, known))

    def _link(self, source: str, target: str, kind: str) -> None:
        if source and target:
            self.edges[source, target, kind] = None

    def _quote(self, key: str, rows: Iterable[Row]) -> None:
        draft = self.drafts.get(key)
        if draft is not None:
            draft.quotes.update(dict.fromkeys(evidence(row) for row in rows if row["quote"]))

    def _status(self, status: str) -> str:
        pair = STATUSES.get(status, (status, status))
        return self.scene.say(*pair)

    def _release(self, iri: str) -> str:
        release = self.scene.releases.get(iri)
        return release.label if release is not None else ""

    # ---- things

    def releases(self) -> None:
        """A release stands on the day it ships."""
        for iri, release in self.scene.releases.items():
            days = {"start": release.start, "freeze": release.freeze, "ship": release.ship}
            self._add(iri, "release", release.label, date=release.ship, **days)

    def subjects(self) -> None:
        """Features, topics and single items, with their latest status and the words of their items."""
        items: dict[str, list[Row]] = {}
        for row in self.scene.rows["items"]:
            items.setdefault(self.scene.subject_of(row), []).append(row)
        reports: dict[str, list[Row]] = {}
        for row in self.scene.rows["reports"]:
            reports.setdefault(self.scene.subject_of(row), []).append(row)
        days = first_days(self.scene)
        for key, rows in items.items():
            if key:
                self._subject(key, rows, reports.get(key, []), days.get(key, ""))
        for row in self.scene.rows["things"]:
            subject = self.scene.subjects[self.scene.subject_of(row)]
            day = days.get(subject.key, "") if subject.kind == "feature" else ""
            self._add(subject.key, subject.kind, subject.label, date=day, url=subject.url)

    def _subject(self, key: str, items: list[Row], reports: list[Row], day: str) -> None:
        subject = self.scene.subjects[key]
        last = reports[-1] if reports else None
        latest = f"{self._status(last['status'])} ({last['date']})" if last is not None else ""
        names = sorted({row["heading"] for row in items} - {subject.label})
        self._add(
            key, subject.kind, subject.label, date=subject.date or (day if subject.kind == "feature" else ""),
            url=subject.url,
            name=", ".join(subject.slugs) if subject.kind == "feature" else "",
            names="\n".join(names),
            items=", ".join(dict.fromkeys(row["date"] for row in items)) if not subject.date else "",
            latest=latest, reports=str(len({row["report"] for row in reports}) or ""),
        )  # fmt: skip
        self._quote(key, reversed(reports))
        self._quote(key, items)
        for row in items:
            self._link(row["meeting"], key, "discussed")

    def meetings(self) -> None:
        """A meeting is called by its day, and by its turn where a day has several."""
        for row, rows in merged(self.scene.rows["meetings"], "meeting"):
            turn = f" ({row['nth']})" if row["nth"] != "1" else ""
            self._add(
                row["meeting"], "meeting", f"{row['project']} {row['date']}{turn}".strip(), date=row["date"],
                title=row["title"], project=row["project"], summary=row["summary"],
            )  # fmt: skip
            self._quote(row["meeting"], rows)

    def tracked(self) -> None:
        """Patches and bugs, by number and title; a patch has the day of its first commit."""
        first = merges(self.scene)
        for row, rows in merged(self.scene.rows["tracked"], "thing"):
            title = next((r["title"] for r in rows if r["title"]), "")
            url = next((r["url"] for r in rows if r["url"]), "")
            merge = first.get(row["thing"])
            self._add(
                row["thing"], row["type"], patch_label(row, title), date=merge.date if merge else "", url=url,
                number=row["key"], title=title, commit=merge.place if merge else "",
            )  # fmt: skip

    def people(self) -> None:
        """People, by the name that their key was made from."""
        for row, rows in merged(self.scene.rows["people"], "person"):
            key = (keys_of(row["person"]) or [""])[-1]
            names = [r["name"] for r in rows]
            name = next((n for n in names if n.lower() == key), names[0])
            self._add(row["person"], "person", name, names=", ".join(n for n in names if n != name))

    def milestones(self) -> None:
        """Dated points of a release's cycle; those that are another project's own stay out."""
        ours = _projects(self.scene)
        for row, _ in merged(self.scene.rows["milestones"], "milestone"):
            if ours and row["project"] and row["project"] not in ours:
                continue
            release = self._release(row["release"])
            label = row["name"] if row["name"].startswith(release) else f"{release} {row['name']}"
            self._add(row["milestone"], "milestone", label, date=row["date"])
            self._link(row["milestone"], row["release"], "milestoneOf")

    # ---- statements

    def reports(self) -> None:
        """What was said of how the work stands."""
        for row, rows in merged(self.scene.rows["reports"], "report"):
            label = " · ".join(part for part in (self._status(row["status"]), row["part"]) if part)
            self._add(
                row["report"], "status", label, date=row["date"], status=self._status(row["status"]),
                part=row["part"], release=self._release(row["release"]), person=row["key"],
            )  # fmt: skip
            self._quote(row["report"], rows)
            self._about(row["report"], rows)
            for column, kind in REPORT_LINKS:
                self._link(row["report"], row[column], kind)

    def decisions(self) -> None:
        """What was decided, and who does it."""
        for row, rows in merged(self.scene.rows["decisions"], "decision"):
            self._add(
                row["decision"], "decision", row["about"] or row["quote"], date=row["date"],
                about=row["about"], assignee=row["key"],
            )  # fmt: skip
            self._quote(row["decision"], rows)
            self._about(row["decision"], rows)
            self._link(row["decision"], row["meeting"], "inMeeting")
            self._link(row["decision"], row["person"], "assignee")

    def todos(self) -> None:
        """What is to be learnt or done; the note of a closing list is drawn, with its meetings."""
        for row, rows in merged(self.scene.rows["todos"], "todo"):
            state = "COMPLETED" if row["closed"] else row["state"]
            self._add(
                row["todo"], "todo", row["text"], date=row["date"] or row["raised"], id=row["id"],
                state=state_word(state, self.scene.lang), raised=row["raised"], closed=row["closed"],
            )  # fmt: skip
            self._quote(row["todo"], rows)
            self._about(row["todo"], rows)
            for place in dict.fromkeys(r["place"] for r in rows):
                self._note(place)
                self._link(row["todo"], place, "raisedIn")

    def _note(self, place: str) -> None:
        for row in self.scene.rows["notes"]:
            if row["note"] == place:
                name = "/".join(row["path"].split("/")[-2:])
                self._add(place, "note", row["title"] or name, title=row["title"], path=row["path"])
                for meeting in self.scene.rows["meetings"]:
                    if meeting["source"] == row["path"]:
                        self._link(meeting["meeting"], place, "recordedIn")

    def _about(self, key: str, rows: Iterable[Row]) -> None:
        for row in rows:
            self._link(key, self.scene.subject_of(row), "about")

    # ---- links

    def mentions(self) -> None:
        """Who and what is named in an item, or in a meeting outside any item."""
        for row in self.scene.rows["mentions"]:
            self._quote(row["target"], [row])
            for subject in self.scene.subjects_of_items.get(row["item"], ()) if row["item"] else ():
                self._mention(row, subject)
            if not row["item"]:
                self._link(row["meeting"], row["target"], "mentions")

    def _mention(self, row: Row, subject: str) -> None:
        role = ROLES.get(row["role"])
        if role is not None:
            self._link(row["target"], subject, role)
        elif row["kind"] == "patch" and self.scene.subjects[subject].kind == "feature":
            self._link(subject, row["target"], "implementedBy")
        else:
            self._link(subject, row["target"], "mentions")

    def links(self) -> None:
        """Links that stand by themselves, where a scene is not limited to a time."""
        for row in self.scene.rows["links"]:
            one, other = (self.scene.heads.get(row[end], row[end]) for end in ("one", "other"))
            self._link(one, other, row["link"])

    def slips(self) -> None:
        """A feature is linked to the release it was meant for, and to the one it moved to."""
        for row, rows in merged(self.scene.rows["slips"], "slip"):
            key = self.scene.subject_of(row)
            draft = self.drafts.get(key)
            if draft is None:
                continue
            pair = f"{self._release(row['from'])} → {self._release(row['to'])}"
            moved = f"{pair} ({slip_class(row['class'], self.scene.lang)})"
            draft.facts.append(self._fact("slip", moved))
            best = best_witness(rows)
            if best["quote"]:
                draft.quotes = {evidence(best): None, **draft.quotes}
            self._link(key, row["from"], "slippedFrom")
            self._link(key, row["to"], "slippedTo")


def _projects(scene: Scene) -> set[str]:
    """Projects that meetings and features belong to."""
    features = (keys_of(row["thing"]) for row in scene.rows["things"] if row["type"] == "feature")
    return {row["project"] for row in scene.rows["meetings"]} | {
        keys[2] for keys in features if len(keys) > 3
    }
