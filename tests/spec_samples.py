"""Small repositories of specs, and stores of what was read from them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from conftest import SHARED

from graph import profile, quads, sparql, spec_quads, terms
from graph.queries import Catalogue
from graph.records import SourceRecord, SpecChange, SpecRecord
from graph.store import Reader
from graph.table import Table
from graph.writer import Writer

OURS = profile.load()
SOURCE = "x-specs"


def spec_text(
    title: str, body: str = "", blueprint: str = "", history: Sequence[tuple[str, str]] = ()
) -> str:
    """A spec's text in the usual layout."""
    link = f"https://blueprints.launchpad.net/nova/+spec/{blueprint}" if blueprint else ""
    rows = "".join(
        f"   * - {release}\n     - {words}\n" for release, words in (("Release", "What"), *history)
    )
    table = f"History\n=======\n\n.. list-table:: Revisions\n\n{rows}" if history else ""
    return f"..\n a licence\n\n{'=' * len(title)}\n{title}\n{'=' * len(title)}\n\n{link}\n\n{body}\n\n{table}"


def cloned(place: Path) -> Path:
    """The real repository of specs, where it can be had; else the test is skipped."""
    bundle = SHARED / "history/nova-specs.bundle"
    if not bundle.is_file():
        pytest.skip("needs ../shared/history/nova-specs.bundle")
    subprocess.run(["git", "clone", "-q", "--bare", str(bundle), str(place)], check=True)
    return place


class Repo:
    """A repository made step by step, a day a commit."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.day = 0
        path.mkdir(parents=True)
        self.git("init", "-q", "-b", "master")

    def git(self, *words: str) -> str:
        moment = f"{1500000000 + self.day * 86400} +0000"
        env = {
            "PATH": os.environ["PATH"], "HOME": str(self.path), "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@example.org", "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_NAME": "Ann", "GIT_COMMITTER_EMAIL": "ann@example.org", "GIT_COMMITTER_DATE": moment,
        }  # fmt: skip
        done = subprocess.run(["git", "-C", str(self.path), *words], env=env, capture_output=True, check=True)
        return done.stdout.decode().strip()

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for name, text in files.items():
            place = self.path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(self, message: str, files: Mapping[str, str | bytes] | None = None) -> str:
        self.day += 1
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def move(self, old: str, new: str) -> None:
        (self.path / new).parent.mkdir(parents=True, exist_ok=True)
        self.git("mv", old, new)


def spec(release: str, slug: str, state: str = "approved", **more: object) -> SpecRecord:
    """A record as a reader gives it; it came into its place on 1 January of some year."""
    path = f"specs/{release}/{state}/{slug}.rst"
    change = SpecChange(
        "2015-01-01", f"{slug:0<40}"[:40], path, "", f"Add {slug}", tuple(more.pop("lines", ()))
    )
    values = {
        "title": slug.replace("-", " ").capitalize(), "line": 5, "also": (), "blueprints": (slug,), "history": (),
        "said": (), "changes": (change,), **more,
    }  # fmt: skip
    return SpecRecord(path=path, slug=slug, release=release, state=state, **values)  # type: ignore[arg-type]


def triples(specs: Iterable[SpecRecord]) -> list[str]:
    """The one graph of a source with these specs."""
    source = SourceRecord("specs", SOURCE, "0" * 64, "nova")
    ((name, lines),) = spec_quads.write(OURS, [source, *specs])
    assert name == ""
    return lines


def iri(kind: str, *keys: str | int) -> str:
    return f"<{quads.Quads(OURS, '').iri(kind, *keys)}>"


def store(path: Path, specs: Iterable[SpecRecord], more: Iterable[str] = ()) -> Reader:
    """A store of the specs, the releases, further N-Triples lines with prefixes (kg:name), and all rules."""
    with Writer(path) as writer:
        writer.replace(quads.source_iri(OURS.name, SOURCE), triples(specs))
        writer.replace(quads.graph_iri(OURS.name, "profile/x"), quads.profile_lines(OURS))
        writer.replace(quads.source_iri(OURS.name, "more"), [_expanded(line) for line in more])
        for name, text in Catalogue.load().rules():
            writer.replace(quads.graph_iri(OURS.name, f"rules/{name}"), writer.construct(text))
        writer.commit({})
    return Reader(path)


def _expanded(line: str) -> str:
    words = line.split(" ")
    full = [f"<{terms.expand(w)}>" if w.split(":")[0] in terms.PREFIXES else w for w in words]
    return " ".join(full) + " ."


def ask(reader: Reader, name: str, **releases: str) -> Table:
    """A question about releases, by their slugs."""
    bound = {key: ("iri", iri("release", slug)[1:-1]) for key, slug in releases.items()}
    return sparql.run(reader, Catalogue.load().get(name), bound)


def slips(reader: Reader, old: str, new: str) -> dict[str, dict[str, object]]:
    """Rows of the question on slips, by feature."""
    return {
        str(row["feature"]): dict(row) for row in ask(reader, "slips", **{"from": old, "to": new}).dicts()
    }
