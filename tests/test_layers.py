"""The order of the rooms, the home of each library, the size of a module: read from the source itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "graph"
# A module imports only from lower rows, or from its own folder. Rows are of one layer where the numbers agree.
ROWS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (0, ("__init__", "errors", "terms")),
    (1, ("profile_commits", "profile_link", "profile_schedule", "profile_specs")),
    (1, ("records", "facts", "table", "profile")),
    (1, ("gitplace",)),
    (1, ("gitrun",)),
    (1, ("gitrepo",)),
    (2, ("readers", "lexicon", "corrections", "closings", "aliases", "places", "dumps")),
    (2, ("extract",)),
    (2, ("settings", "slices")),
    (3, ("quads",)),
    (3, ("note_quads", "commit_quads", "release_quads", "gerrit_quads", "spec_quads")),
    (4, ("engine",)),
    (4, ("generations", "tokens")),
    (4, ("question",)),
    (4, ("scopes", "header")),
    (4, ("store", "writer")),
    (4, ("sparql",)),
    (4, ("serialized",)),
    (4, ("worker",)),
    (5, ("link",)),
    (5, ("queries", "names", "ontology")),
    (6, ("asking", "sentences")),
    (6, ("behind",)),
    (6, ("answers", "evidence", "checks", "export", "diff", "views")),
    (6, ("drawn",)),
    (6, ("networks",)),
    (6, ("things", "suggest")),
    (6, ("described",)),
    (7, ("sources",)),
    (7, ("reading",)),
    (7, ("pipeline",)),
    (8, ("serve",)),
    (8, ("cli",)),
    (8, ("__main__",)),
)
RANK = {room: rank for rank, (_, rooms) in enumerate(ROWS) for room in rooms}
HOMES = {
    "subprocess": {"worker", "views.png", "gitrun"},
    "pyoxigraph": {"engine", "store", "writer", "tokens", "worker", "export", "serialized", "described"},
    "rdflib": {"checks"},
    "pyshacl": {"checks"},
    "networkx": {"views", "export"},
    "pyvis": {"views"},
    "numpy": {"views"},
    "click": {"cli"},
    "markdown_it": {"readers"},
    "frontmatter": {"readers"},
    "yaml": {"readers"},
    "re2": {"profile", "profile_commits", "profile_schedule", "profile_specs", "extract", "lexicon"},
    "rapidfuzz": {"names", "queries", "asking", "cli", "serve"},
    "jinja2": {"serve"},
    "starlette": {"serve"},
    "uvicorn": {"serve", "cli.serve"},
    "rich": {"views", "cli"},
}
MOST_LINES = 350
LONG: dict[str, str] = {  # module → why it may be longer
}


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


def imports(path: Path) -> list[tuple[int, str]]:
    """Line and full name of everything a file imports, wherever in it."""
    out = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            out += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: say the module by its full name"
            out += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return out


def room(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def target(name: str, known: dict[str, Path]) -> str:
    """The module of ours that an imported name comes from."""
    inner = name.removeprefix("graph.") if name != "graph" else "__init__"
    while inner and inner not in known and (PACKAGE / inner.replace(".", "/")).is_dir() is False:
        inner = inner.rpartition(".")[0]
    return inner or "__init__"


def test_every_module_has_its_row():
    assert {room(name) for name in modules()} - set(RANK) == set(), "give the new module a row in ROWS"


def test_layers_are_in_order():
    assert [layer for layer, _ in ROWS] == sorted(layer for layer, _ in ROWS)


@pytest.mark.parametrize("name", modules())
def test_imports_come_from_lower_rows(name: str):
    known = modules()
    wrong = []
    for line, full in imports(known[name]):
        if room(full) != "graph":
            continue
        other = room(target(full, known))
        if other != room(name) and RANK[other] >= RANK[room(name)]:
            wrong.append(f"{known[name]}:{line}: {name} imports {full}")
    assert wrong == []


@pytest.mark.parametrize("name", modules())
def test_each_library_has_its_home(name: str):
    wrong = []
    for line, full in imports(modules()[name]):
        homes = HOMES.get(room(full))
        if homes is not None and not {name, room(name)} & homes:
            wrong.append(f"{modules()[name]}:{line}: {full} belongs to {', '.join(sorted(homes))}")
    assert wrong == []


def test_no_module_is_long():
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path in modules().items()}
    long = {name: lines for name, lines in lengths.items() if lines > MOST_LINES}
    assert set(long) - set(LONG) == set(), long
    assert set(LONG) - set(long) == set(), "these are short again: take them out of LONG"


@pytest.mark.parametrize("name", [name for name in modules() if room(name) != "cli"])
def test_only_commands_print(name: str):
    tree = ast.parse(modules()[name].read_text("utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    assert [call.lineno for call in calls if call.func.id == "print"] == []


def test_a_wrong_import_would_be_found(tmp_path: Path):
    """The test tests something: a lazy import of a higher room is seen."""
    path = tmp_path / "low.py"
    path.write_text("def f():\n    from graph.cli.main import cli\n    return cli\n", "utf-8")
    assert imports(path) == [(2, "graph.cli.main.cli")]
    assert RANK[room(target("graph.cli.main.cli", modules()))] > RANK["errors"]
