"""The wheel: built and installed into an environment of its own, `kg` works from any folder."""

from __future__ import annotations

import json
import os
import shutil
import site
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import NOTE, ROOT

from graph.queries import Catalogue

pytestmark = pytest.mark.install


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network from a copy of the project."""
    copy = tmp_path_factory.mktemp("wheel") / "project"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "outputs", "dist")
    shutil.copytree(ROOT, copy, ignore=ignored)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(copy.parent)]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(copy.parent.glob("*.whl"))


@pytest.fixture(scope="module")
def kg(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`kg` in a fresh environment, which sees the libraries of this one by a path file, and not the project."""
    place = tmp_path_factory.mktemp("venv") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    lib = next(place.glob("lib/python3*/site-packages"))
    (lib / "libraries.pth").write_text("\n".join(site.getsitepackages()) + "\n", "utf-8")
    command = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--python",
        str(place / "bin/python"),
    ]
    more = ["install", "--quiet", "--no-deps", "--no-index", "--force-reinstall", str(wheel)]
    done = subprocess.run([*command, *more], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return place / "bin/kg"


def run(kg: Path, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "KG_LANG": "en", "HOME": str(cwd)}
    done = subprocess.run([str(kg), *words], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


def test_the_wheel_holds_what_is_needed_and_nothing_else(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"graph"}
    needed = {
        f"graph/_queries/{path.relative_to(ROOT / 'queries')}" for path in (ROOT / "queries").rglob("*.rq")
    }
    for pattern in ("*.toml", "*.ttl", "views/assets/*", "**/*.py"):
        needed |= {
            path.relative_to(ROOT).as_posix() for path in (ROOT / "graph").glob(pattern) if path.is_file()
        }
    assert needed - names == set()
    assert not [name for name in names if "__pycache__" in name]


def test_an_installed_kg_builds_asks_and_draws(kg: Path, tmp_path: Path):
    (tmp_path / "notes").mkdir()
    shutil.copy(ROOT / NOTE, tmp_path / "notes")
    assert "1 read" in run(kg, tmp_path, "build", "notes").stderr
    answer = json.loads(
        run(kg, tmp_path, "ask", "--format", "json", "what slipped from Queens to Rocky").stdout
    )
    assert [row["label"] for row in answer["rows"]] == ["Nested Resource Providers"]
    assert answer["evidence"][0]["source"] == "notes/nova-scheduler-2018-01.md"
    names = {
        row["name"] for row in json.loads(run(kg, tmp_path, "queries", "--format", "json").stdout)["rows"]
    }
    assert names == set(Catalogue.load().questions)
    run(kg, tmp_path, "visualize", "-o", "graph.html")
    assert (tmp_path / "graph.html").stat().st_size > 100_000
    assert "Nested Resource" in run(kg, tmp_path, "report", "2018-01").stdout
    assert "0 faults" in run(kg, tmp_path, "check").stderr


def test_it_is_the_installed_one(kg: Path, tmp_path: Path):
    code = "import graph; print(graph.__file__)"
    python = kg.with_name("python")
    done = subprocess.run(
        [str(python), "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(done.stdout.strip()).is_relative_to(kg.parents[1])
    assert run(kg, tmp_path, "--version").stdout.startswith("kg, version ")
