"""What only commits tell of one patch or bug, added to a network: bugs, people, versions, features, reverts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.terms import keys_of
from graph.views.models import Edge, Evidence, Node
from graph.views.scene_more import Days
from graph.views.scene_network import Net
from graph.views.scene_patches import SHA, patch_label
from graph.views.scene_words import fact_word, link_word
from graph.views.scenes import Row, Scene, in_range

PEOPLE, BUGS = ("author", "coAuthor"), ("fixes", "mentions")


@dataclass
class Around:
    """A network that grows by rows of `network-of-*.rq`; what it already has stays as it is."""

    scene: Scene
    days: Days
    nodes: dict[str, Node]
    edges: dict[Edge, None]

    @classmethod
    def of(cls, net: Net, scene: Scene, days: Days) -> Around:
        """What is to grow: a copy of a network."""
        return cls(scene, days, dict(net.nodes), dict.fromkeys(net.edges))

    def net(self) -> Net:
        """What it has become."""
        return Net(self.nodes, tuple(self.edges))

    def bug(self, key: str, rows: Sequence[Row]) -> list[str]:
        """Adds a bug; gives the patches (IRIs) that fix or name it."""
        self._thing(key, "bug", _first(rows, "key"), url=_first(rows, "url"))
        return list(dict.fromkeys(row["other"] for row in rows if row["link"] in BUGS))

    def patch(self, key: str, rows: Sequence[Row]) -> None:
        """Adds a patch and all that is tied to it; nothing where none of its commits lies in the days."""
        commits = [row for row in rows if row["link"] == "commit"]
        if commits and not any(self._in_days(row) for row in commits):
            return
        self._patch(key, rows, commits)
        fixed = {row["other"] for row in rows if row["link"] == "fixes"}
        for row in rows:
            if row["link"] in PEOPLE:
                self._tie(self._thing(self._known(row["other"]), "person", row["name"]), key, row["link"])
            elif row["link"] in BUGS and (row["link"] == "fixes" or row["other"] not in fixed):
                self._tie(key, self._thing(self._known(row["other"]), "bug", row["name"]), row["link"])
            elif row["link"] == "implementedBy":
                self._tie(self.scene.heads.get(row["other"], row["other"]), key, row["link"])
        self._versions(key, rows)
        self._reverts(key, rows)

    def _patch(self, key: str, rows: Sequence[Row], commits: Sequence[Row]) -> None:
        title = _first(rows, "title")
        places = [f"{row['name']}:{keys_of(row['other'])[-1][:SHA]}" for row in commits]
        facts = tuple((fact_word("commit", self.scene.lang), place) for place in places[:1])
        quotes = tuple(Evidence(title, place, 0) for place in places[:1] if title)
        label = patch_label({"key": _first(rows, "key")}, title)
        date = min((row["date"] for row in commits), default="")
        self.nodes.setdefault(key, Node(key, "patch", label, date, facts, _first(rows, "url"), quotes))

    def _versions(self, key: str, rows: Iterable[Row]) -> None:
        for row in rows:
            if row["link"] == "landedIn" and self._in_days(row):
                name = " ".join(keys_of(row["other"])[2:]) or row["other"]
                self._tie(key, self._thing(row["other"], "version", name, date=row["date"]), "landedIn")
        for row in rows:
            release = self.scene.releases.get(row["other"])
            if row["link"] == "versionOf" and row["name"] in self.nodes and release is not None:
                self._thing(row["other"], "release", release.label, date=release.ship)
                self._tie(row["name"], row["other"], "versionOf")

    def _reverts(self, key: str, rows: Iterable[Row]) -> None:
        for row in rows:
            if row["link"] in ("reverts", "revertedBy"):
                other = self._thing(self._known(row["other"]), "patch", row["name"])
                self._tie(*((key, other) if row["link"] == "reverts" else (other, key)), "reverts")

    def _in_days(self, row: Row) -> bool:
        return in_range(row["date"], self.days.since, self.days.until)

    def _known(self, iri: str) -> str:
        return self.scene.spoken(iri)[0]

    def _thing(self, key: str, kind: str, label: str, *, date: str = "", url: str = "") -> str:
        self.nodes.setdefault(key, Node(key, kind, label or keys_of(key)[-1], date, (), url))
        return key

    def _tie(self, source: str, target: str, kind: str) -> None:
        if source in self.nodes and target in self.nodes and source != target:
            self.edges[Edge(source, target, kind, link_word(kind, self.scene.lang))] = None


def _first(rows: Iterable[Row], link: str) -> str:
    return next((row["name"] for row in rows if row["link"] == link), "")
