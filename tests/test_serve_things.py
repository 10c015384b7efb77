"""Pages of things, the same as data, evidence and lists, over the store of data/."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import NOTE, ROOT, kg
from spec_samples import ask, spec, store
from spec_samples import iri as node_of
from starlette.testclient import TestClient

from graph import described, sparql, things
from graph.quads import literal
from graph.queries import Catalogue, shipped
from graph.sentences import filled
from graph.serve.app import application
from graph.serve.state import Serving
from graph.serve.thing_fate import fate
from graph.serve.thing_page import told
from graph.store import Reader
from graph.table import Table
from graph.terms import ID, iri

HTML = {"accept": "text/html"}
CLASSES = (
    "Feature Topic Release Person Meeting Patch Bug Version Todo Decision StatusReport SpecRevision Slip Commit Milestone"
    " Source Quote Discussion StateChange Edit Continuation Link Reference Ending Mention Problem"
).split()
DATA = {"turtle": "turtle", "jsonld": "json-ld", "nt": "nt", "rdfxml": "xml"}
NRP = iri("openstack", "feature", "nova", "nested-resource-providers")


@pytest.fixture(scope="module")
def client(demo: Path) -> Iterator[TestClient]:
    with TestClient(application(Serving(demo)), base_url="http://127.0.0.1", follow_redirects=False) as found:
        yield found


@pytest.fixture(scope="module")
def reader(demo: Path) -> Iterator[Reader]:
    with Reader(demo) as found:
        yield found


def address(thing: str) -> str:
    return f"/id/{thing.removeprefix(ID)}"


def first(reader: Reader, name: str) -> str:
    rows = reader.select(f"SELECT ?thing WHERE {{ ?thing a kg:{name} }} ORDER BY ?thing LIMIT 1").rows
    return str(rows[0][0])


def plain(text: str) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


# ---- pages


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_kind_has_a_page(client: TestClient, reader: Reader, name: str, lang: str):
    thing = first(reader, name)
    answer = client.get(address(thing), headers={**HTML, "accept-language": lang})
    assert answer.status_code == 200, answer.text
    assert answer.text.count("<h1>") == 1
    assert thing in answer.text
    assert answer.text.count('rel="alternate"') == len(DATA)
    levels = [int(n) for n in re.findall(r"<h([1-6])", answer.text)]
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    assert "{" not in plain(answer.text.partition("<main")[2])


def test_every_link_of_a_page_leads_somewhere(client: TestClient):
    for page in (NRP, iri("openstack", "release", "queens"), iri("openstack", "bug", 1741125)):
        text = client.get(address(page), headers=HTML).text
        links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/(?:id|evidence)[^"]*)"', text)}
        assert len(links) > 5
        for link in sorted(links):
            assert client.get(link, headers=HTML).status_code == 200, link


def test_a_feature_tells_what_its_reader_wants(client: TestClient):
    text = client.get(address(NRP), headers=HTML).text
    parts = re.findall(r'<section id="([\w-]+)"', text)
    wanted = [
        "current-status",
        "promises",
        "slips-of",
        "page-reports",
        "patches",
        "said-of",
        "page-todos",
        "page-people",
    ]
    assert [part for part in parts if part in wanted] == wanted
    assert "/questions/patches?feature=nested-resource-providers" in text
    assert "/timeline?feature=nested-resource-providers" in text
    assert f"/graph?thing={quote(NRP, safe='')}" in text
    assert "/ask?q=" in text


def way(*rows: tuple[str, str, str]) -> Table:
    return Table(("release", "outcome", "name"), rows)


REPORTS = Table(
    ("kind", "status", "date"), (("report", "done", "2031-02-03"), ("spec", "approved", "2031-01-01"))
)


@pytest.mark.parametrize(
    ("rows", "en", "zh"),
    [
        ([("a", "slipped to b", "x"), ("b", "skipped to d", "x"), ("d", "implemented", "x")],
         "x slipped a → b → d and was implemented in d.", "x 推迟 a → b → d，在 d 实现。"),
        ([("a", "slipped to b", "x"), ("a", "slipped to b", "z"), ("b", "implemented", "y")],
         "x slipped a → b and was implemented in b as y.", "x 推迟 a → b，在 b 实现（名为 y）。"),
        ([("a", "dropped", "x")], "x was dropped: approved for a and never taken up again.",
         "x 在 a 获批后不了了之（放弃）。"),
        ([("a", "implemented", "x"), ("c", "slipped to d", "x"), ("d", "open", "x")],
         "x slipped c → d and was implemented in a and is not yet implemented (open in d).",
         "x 推迟 c → d，在 a 实现，尚未实现（d 未决）。"),
    ],
)  # fmt: skip
def test_what_became_of_a_feature(rows: list[tuple[str, str, str]], en: str, zh: str):
    assert fate(way(*rows), REPORTS, "x", "en") == (en, "The last notes on it, of 2031-02-03: done.")
    assert fate(way(*rows), Table((), ()), "x", "zh") == (zh,)
    assert fate(Table((), ()), REPORTS, "x", "en") == ()


def test_the_line_under_a_title_says_the_end_first(client: TestClient):
    text = plain(client.get(address(NRP), headers=HTML).text)
    assert "nested-resource-providers slipped" in text
    assert text.index("was implemented in rocky") < text.index("The last notes on it, of 2018-")
    assert "patches landed in" in text


def test_a_promise_of_a_release_under_way_is_not_called_broken():
    asked = Catalogue.load(quick=True).get("promises")
    row = ("birch", "open", "approved", "2031-02-03", 2)
    found = Table(("release", "outcome", "state", "approved", "patches"), (row,))
    assert "is not yet implemented" in told(asked, found, "x", "en")
    assert "尚未实现" in told(asked, found, "x", "zh")
    assert "never" not in told(asked, found, "x", "en")


def merged(sha: str, day: str, *, branch: str = "master", phase: str = "development") -> list[str]:
    """A commit in no version, of a feature called `clock`, in the history of a master branch."""
    me, patch, source = (
        node_of("commit", "nova", sha),
        node_of("patch", f"I{sha}"),
        node_of("source", "nova.git"),
    )
    return [
        f"{node_of('feature', 'nova', 'clock')} kg:implementedBy {patch}", f"{me} rdf:type kg:Commit",
        f"{me} kg:commitOf {patch}", f"{me} kg:merged {literal(day, 'date')}", f"{me} kg:onBranch {literal(branch)}",
        f"{me} kg:fromSource {source}", f"{source} kg:onBranch {literal('master')}",
        f"{node_of('release', 'stein')} kg:phase {literal(phase)}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("commits", "patches"),
    [
        (merged("a", "2018-11-01"), 1),
        ([*merged("a", "2018-11-01"), *merged("b", "2019-01-01")], 2),
        (merged("a", "2018-05-01"), 0),  # an earlier cycle's
        (merged("a", "2019-05-01"), 0),  # a later cycle's
        (merged("a", "2018-11-01", branch="stable/rocky"), 0),
        (merged("a", "2018-11-01", phase="maintained"), 0),
        ([*merged("a", "2018-11-01"),
          f"{node_of('commit', 'nova', 'a')} kg:landedIn {node_of('version', 'nova', '18.0.1')}"], 0),
    ],
)  # fmt: skip
def test_patches_of_the_cycle_under_way_count_before_a_version_has_them(
    tmp_path: Path, commits: list[str], patches: int
):
    reader = store(tmp_path / "s", [spec("rocky", "clock"), spec("stein", "clock")], commits)
    found = ask(reader, "release-plan", release="stein").dicts()
    assert [(row["feature"], row["patches"]) for row in found] == [("clock", patches)]
    asked = Catalogue.load(quick=True).get("promises")
    rows = things.table(reader, asked, iri("openstack", "feature", "nova", "clock")).dicts()
    assert [(row["release"], row["patches"]) for row in rows] == [("rocky", 0), ("stein", patches)]


@pytest.mark.parametrize("name", ["patches", "landed-in", "bug-fixes"])
def test_what_is_in_no_version_is_said_to_be_so(name: str):
    asked = Catalogue.load(quick=True).get(name)
    for version, en, zh in ((None, True, True), ("3.0.0", False, False)):
        found = Table(
            ("version", "merged", "first", "last"), ((version, "2031-01-02", "2031-01-02", "2031-01-02"),)
        )
        assert ("version yet" in told(asked, found, "x", "en")) == en
        assert ("尚未进入" in told(asked, found, "x", "zh")) == zh


def test_versions_name_their_project_where_several_have_some():
    rows = [
        {"project": "oak", "version": "1.0"},
        {"project": "elm", "version": "1.0"},
        {"project": "elm", "version": ""},
    ]
    assert filled("{list:version}", rows, {}, "", "en") == "oak 1.0, elm 1.0"
    assert filled("{list:version}", rows[1:], {}, "", "en") == "1.0"


def test_a_section_with_nothing_to_show_is_not_on_record(client: TestClient, reader: Reader):
    rows = reader.select("""SELECT DISTINCT ?patch WHERE { ?patch a kg:Patch FILTER NOT EXISTS { ?commit kg:commitOf ?patch }
      FILTER NOT EXISTS { ?patch kg:resolvesTo ?any } FILTER NOT EXISTS { ?patch kg:samePatch ?any } } ORDER BY ?patch""").rows
    assert rows
    for (patch,) in rows[:5]:
        text = client.get(address(str(patch)), headers=HTML).text
        assert '<section id="patch"' not in text
        assert "Commits and branches" in plain(text).partition("Not on record")[2]


def test_contradictions_are_shown(client: TestClient):
    text = client.get(address(NRP), headers=HTML).text
    assert "Sources contradict each other" in text
    assert "said both ways" in text


def test_a_topic_and_a_nick_say_what_they_stand_for(client: TestClient, reader: Reader):
    rows = reader.select("SELECT ?name ?thing WHERE { ?name kg:resolvesTo ?thing }").rows
    for name, thing in rows[:8]:
        text = client.get(address(str(name)), headers=HTML).text
        assert f'<a href="{address(str(thing))}">' in text.partition('class="same"')[2][:400]


def test_a_release_counts_its_plan(client: TestClient):
    text = plain(client.get(address(iri("openstack", "release", "queens")), headers=HTML).text)
    assert re.search(r"\d+ specs of Queens: \d+ implemented, \d+ slipped", text)
    assert "Slipped out of it" in text
    assert "Meetings during it" in text


def test_meetings_lead_to_each_other(client: TestClient, reader: Reader):
    rows = reader.select(
        "SELECT DISTINCT ?m ?d WHERE { ?m a kg:Meeting ; dcterms:date ?d } ORDER BY ?d ?m"
    ).rows
    text = client.get(address(str(rows[0][0])), headers=HTML).text
    assert 'rel="next"' in text
    assert 'rel="prev"' not in text


def test_people_are_in_order_of_their_names_and_nobody_is_counted(client: TestClient):
    text = client.get(address(NRP), headers=HTML).text
    part = text.partition('<section id="page-people"')[2].partition("</section>")[0]
    names = re.findall(r'col-who"><a [^>]+>([^<]+)<', part)
    assert len(names) > 2
    assert names == sorted(names, key=str.casefold)
    assert not re.search(r">\s*\d+\s*</td>", part)


# ---- data


def wanted_lines(reader: Reader, thing: str) -> tuple[set[str], set[str]]:
    """What a thing says, and what points at it."""
    own = reader.query(f"CONSTRUCT {{ <{thing}> ?p ?o }} WHERE {{ <{thing}> ?p ?o }}")
    into = reader.query(f"CONSTRUCT {{ ?s ?p <{thing}> }} WHERE {{ ?s ?p <{thing}> }}")
    return set(map(str, own)), set(map(str, into))


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
@pytest.mark.parametrize("form", DATA)
@pytest.mark.parametrize("name", ["Feature", "Meeting", "Bug", "Slip", "Source", "StatusReport", "Topic"])
def test_the_data_is_the_store_s(client: TestClient, reader: Reader, name: str, form: str):
    rdflib = pytest.importorskip("rdflib")
    thing = first(reader, name)
    answer = client.get(address(thing), params={"format": form})
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == described.MEDIA[form][0]
    told, every = rdflib.Graph().parse(data=answer.content, format=DATA[form]), rdflib.Graph()
    every.parse(data="".join(f"{line}\n" for line in described.described(reader, thing).lines), format="nt")
    assert set(told) == set(every)
    own, into = wanted_lines(reader, thing)
    asked = set(described.described(reader, thing).lines)
    assert own <= asked
    assert len(into & asked) == min(len(into), described.PAGE)


@pytest.mark.parametrize("name", ["Slip", "StatusReport", "SpecRevision", "Todo"])
def test_the_data_holds_what_the_page_shows(reader: Reader, name: str):
    along = f"""?s a kg:{name} {{ ?s kg:about <{NRP}> }} UNION {{ ?s kg:feature <{NRP}> }} UNION {{ ?s kg:about/kg:resolvesTo <{NRP}> }}
      UNION {{ ?known kg:about <{NRP}> ; kg:firstRevision ?root . ?s kg:firstRevision ?root }}"""
    own = {str(line) for line in reader.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {along} ?s ?p ?o }}")}
    assert own
    assert own <= set(described.described(reader, NRP).lines)


def test_the_data_holds_nothing_that_the_store_has_not(reader: Reader):
    store = {line.rsplit(" <", 1)[0] for line in reader.nquads()}
    for name in ("Feature", "Meeting", "StatusReport", "Slip"):
        lines = described.described(reader, first(reader, name)).lines
        assert {line[:-2] for line in lines} <= store


def test_each_fact_comes_with_its_quote(client: TestClient, reader: Reader):
    rows = reader.select(
        "SELECT ?report ?words WHERE { ?report a kg:StatusReport ; kg:quote/oa:exact ?words } LIMIT 3"
    ).rows
    for report, words in rows:
        lines = "\n".join(described.described(reader, str(report)).lines)
        assert str(words).split("\n", maxsplit=1)[0][:20] in lines
        assert "ns#line>" in lines


@pytest.mark.parametrize("form", DATA)
def test_the_same_bytes_every_time(client: TestClient, form: str):
    answers = {client.get(address(NRP), params={"format": form}).content for _ in range(5)}
    assert len(answers) == 1


def test_what_points_at_a_thing_is_paged(client: TestClient, reader: Reader, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(described, "PAGE", 7)
    _, into = wanted_lines(reader, NRP)
    found: set[str] = set()
    link, pages = f"{address(NRP)}?format=nt", 0
    while link:
        answer = client.get(link)
        found |= set(answer.text.splitlines())
        pages += 1
        following = re.search(r'<([^>]+)>; rel="next"', answer.headers["link"])
        link = following[1] if following else ""
        assert not link or link.startswith("/")
        # The next page is on this host: nothing leads a client to another one.
        assert bool(link) == (
            f"ns#seeAlso> <http://127.0.0.1{link}>" in answer.text.replace("rdf-schema#", "ns#")
        )
    assert pages >= -(-len(into) // 7)
    assert into <= found
    assert client.get(f"{address(NRP)}?format=nt&page={pages + 1}").status_code == 404
    assert client.get(f"{address(NRP)}?format=nt&page=0").status_code == 400
    assert client.get(f"{address(NRP)}?format=nt&page=x").status_code == 400


@pytest.mark.parametrize(
    ("accept", "status", "media"),
    [
        ("", 200, "text/html"),
        ("*/*", 200, "text/html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200, "text/html"),
        ("text/turtle", 200, "text/turtle"),
        ("application/ld+json", 200, "application/ld+json"),
        ("application/n-triples", 200, "application/n-triples"),
        ("application/rdf+xml", 200, "application/rdf+xml"),
        ("text/html;q=0.4, text/turtle;q=0.9", 200, "text/turtle"),
        ("text/turtle;q=0.4, application/ld+json", 200, "application/ld+json"),
        ("application/*", 200, "application/ld+json"),
        ("text/*;q=0.3, text/html;q=0", 200, "text/turtle"),
        ("image/png", 406, "text/plain"),
        ("application/json", 406, "text/plain"),
    ],
)
def test_negotiation(client: TestClient, accept: str, status: int, media: str):
    answer = client.get(address(NRP), headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (status, media)
    assert "accept" in answer.headers["vary"].lower()


def test_a_format_that_is_named_wins(client: TestClient):
    assert (
        "text/html"
        in client.get(f"{address(NRP)}?format=html", headers={"accept": "text/turtle"}).headers[
            "content-type"
        ]
    )
    assert client.get(f"{address(NRP)}?format=docx").status_code == 400


def test_head_has_the_same_head(client: TestClient):
    for form in ("html", "turtle"):
        link = f"{address(NRP)}?format={form}"
        assert client.head(link).headers["content-type"] == client.get(link).headers["content-type"]


# ---- addresses


def test_keys_come_byte_for_byte(client: TestClient, reader: Reader):
    rows = reader.select(
        'SELECT DISTINCT ?s WHERE { ?s ?p ?o FILTER(CONTAINS(STR(?s), "%")) } ORDER BY ?s'
    ).rows
    kinds: dict[str, str] = {}
    for (thing,) in rows:
        kinds.setdefault(things.kind_of(str(thing)), str(thing))
    assert {"source", "meeting", "person"} <= set(kinds)
    for thing in kinds.values():
        answer = client.get(address(thing), headers=HTML)
        assert answer.status_code == 200, thing
        assert f"<code>{thing}</code>" in answer.text


def test_an_address_that_is_written_otherwise_leads_to_the_usual_one(client: TestClient):
    thing = address(iri("openstack", "person", "jay pipes"))
    lower = thing.replace("%20", " ")
    answer = client.get(lower, headers=HTML)
    assert answer.status_code in (200, 301)
    other = client.get(thing.replace("jay", "%6Aay"), headers=HTML)
    assert (other.status_code, other.headers.get("location")) == (301, thing)


@pytest.mark.parametrize(
    "path", ["/id/", "/id/openstack", "/id/openstack/feature", "/id/openstack/feature/nova/nosuch", "/id/%00", "/id/a%3Cb",
             "/id/../../etc/passwd", "/id/openstack/feature/nova/nested-resource-providers/more"],
)  # fmt: skip
def test_what_nobody_knows_is_not_found(client: TestClient, path: str):
    for accept in ("text/html", "text/turtle"):
        assert client.get(path, headers={"accept": accept}).status_code == 404, path


def test_near_names_are_offered(client: TestClient):
    answer = client.get("/id/openstack/feature/nova/nested-resource-provides", headers=HTML)
    assert answer.status_code == 404
    assert "nested-resource-providers" in answer.text


# ---- text of others


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a note full of markup, and a store of it."""
    folder = tmp_path_factory.mktemp("strange")
    note = (ROOT / NOTE).read_text("utf-8")
    note = note.replace("Nested Resource Provider", '<img src=x onerror="window.pwned=1">Nested', 3)
    (folder / "note.md").write_text(note + "\n</script><script>window.pwned=1</script>\u202e\n", "utf-8")
    done = kg("build", folder / "note.md", store=folder / "store")
    assert done.code == 0, done.err
    return folder


def test_text_of_others_is_text(strange: Path):
    with TestClient(application(Serving(strange / "store")), base_url="http://127.0.0.1") as client:
        with Reader(strange / "store") as reader:
            rows = reader.select(
                "SELECT DISTINCT ?s WHERE { ?s a ?c FILTER(STRSTARTS(STR(?c), STR(kg:))) } ORDER BY ?s"
            ).rows
        links = [address(str(thing)) for (thing,) in rows]
        links += ["/features", "/people", "/meetings", "/releases"]
        links += [f"/evidence?source={quote(str(strange / 'note.md'))}&line={line}" for line in range(1, 40)]
        found = 0
        for link in links:
            text = client.get(link, headers=HTML).text
            assert "<img" not in text, link
            assert "<script>window" not in text, link
            assert "\u202e" not in text, link
            found += "&lt;img" in text
        assert found > 2


@pytest.mark.parametrize("path", ["/features", "/people", "/meetings", "/evidence"])
def test_what_is_asked_for_is_text(client: TestClient, path: str):
    text = client.get(
        path,
        params={"q": '"><b>x</b>', "source": '"><b>x</b>', "letter": "<b>", "release": "<b>"},
        headers=HTML,
    ).text
    assert "<b>" not in text


# ---- evidence


def line_of(reader: Reader, source: str) -> int:
    text = """SELECT ?line WHERE { ?report a kg:StatusReport ; kg:line ?line ; kg:fromSource/dcterms:source ?source }
      ORDER BY ?line"""
    rows = reader.select(text.replace("?source }", f'"{source}" }}')).rows
    return int(str(rows[0][0]))


def test_a_line_shows_its_quote_its_surroundings_and_what_rests_on_it(client: TestClient, reader: Reader):
    line = line_of(reader, NOTE)
    answer = client.get("/evidence", params={"source": NOTE, "line": line}, headers=HTML)
    assert answer.status_code == 200
    row = (ROOT / NOTE).read_text("utf-8").split("\n")[line - 1].strip()
    assert row[:12] in plain(answer.text)
    assert f'<li value="{line}" class="meant"' in answer.text
    assert "Status report" in answer.text
    assert re.search(r'href="/id/[^"]+/topic/', answer.text)
    assert 'rel="next"' in answer.text or 'rel="prev"' in answer.text


def test_the_next_quote_leads_through_the_whole_source(client: TestClient, reader: Reader):
    text = f'?q a kg:Quote ; kg:line ?line ; kg:fromSource/dcterms:source "{NOTE}"'
    rows = reader.select(f"SELECT DISTINCT ?line WHERE {{ {text} }}").rows
    lines = sorted(int(str(row[0])) for row in rows)
    link, seen = f"/evidence?source={quote(NOTE, safe='')}&line={lines[0]}", []
    while link:
        text = client.get(link, headers=HTML).text
        seen.append(int(link.rpartition("=")[2]))
        following = re.search(r'rel="next" href="([^"]+)"', text)
        link = following[1].replace("&amp;", "&") if following else ""
    assert seen == lines


def test_a_file_that_was_changed_or_moved_shows_only_quotes(strange: Path):
    source = strange / "note.md"
    kept = source.read_bytes()
    with Reader(strange / "store") as reader:
        line = line_of(reader, str(source))
    with TestClient(application(Serving(strange / "store")), base_url="http://127.0.0.1") as client:

        def shown() -> str:
            answer = client.get("/evidence", params={"source": str(source), "line": line}, headers=HTML)
            assert answer.status_code == 200
            assert "What was read here" in answer.text
            return answer.text

        assert 'class="lines"' in shown()
        source.write_bytes(kept + b"\nsecret words\n")
        changed = shown()
        source.unlink()
        moved = shown()
        source.symlink_to("/etc/passwd")
        linked = shown()
        source.unlink()
        source.write_bytes(kept)
    assert "was changed after" in changed
    assert "no longer where" in moved
    assert "was changed after" in linked
    for text in (changed, moved, linked):
        assert 'class="lines"' not in text
        assert "secret words" not in text
        assert "root:" not in text


@pytest.mark.parametrize(
    "source", ["/etc/passwd", "../../etc/passwd", "data/openstack/../../pyproject.toml", "pyproject.toml", f"./{NOTE}", "", ":", "::1", "a:b"]
)  # fmt: skip
def test_no_other_file_is_read(client: TestClient, source: str):
    answer = client.get("/evidence", params={"source": source, "line": 1}, headers=HTML)
    assert answer.status_code == 404


@pytest.mark.parametrize("line", ["-1", "x", "1e3", "٣", "99999999999"])
def test_a_line_is_a_number(client: TestClient, line: str):
    assert client.get("/evidence", params={"source": NOTE, "line": line}, headers=HTML).status_code == 400


def test_a_line_where_nothing_was_read(client: TestClient):
    assert client.get("/evidence", params={"source": NOTE, "line": 99999}, headers=HTML).status_code == 404


def test_a_commit_s_place(client: TestClient, reader: Reader):
    rows = reader.select("""SELECT ?commit ?sha ?source ?title ?words WHERE { ?mark kg:inCommit ?commit ; kg:written ?words .
      ?commit kg:key ?sha ; dcterms:title ?title ; kg:fromSource/dcterms:source ?source } ORDER BY ?sha LIMIT 3""").rows
    for commit, sha, source, title, words in rows:
        for name in (f"{source}:{str(sha)[:12]}", f"{source}:{sha}"):
            text = client.get("/evidence", params={"source": name}, headers=HTML).text
            assert address(str(commit)) in text
            for said in (str(title), str(words)):
                assert said.split("'")[0].split('"')[0].split("&")[0].split("<")[0] in text


def test_a_line_of_a_repository_means_nothing_without_its_commit(client: TestClient, reader: Reader):
    rows = reader.select(
        "SELECT ?name WHERE { ?place kg:onBranch ?any ; a kg:Source ; dcterms:source ?name } LIMIT 1"
    ).rows
    answer = client.get("/evidence", params={"source": str(rows[0][0]), "line": 3}, headers=HTML)
    assert answer.status_code == 200
    assert "a commit or path of a repository" in answer.text


def test_views_of_pages_pass_the_checks_of_all_questions():
    views = sorted((shipped() / "views").glob("page-*.rq"))
    assert len(views) > 10
    for view in views:
        assert sparql.load(view).columns


def test_every_section_has_the_columns_that_it_shows():
    catalogue = Catalogue.load(quick=True)
    for kind in things.KINDS.values():
        for section in kind.sections:
            columns = set(things.question(catalogue, section.question).columns)
            assert set(section.columns) <= columns, section.question
            assert not section.whole or section.whole in catalogue.questions
        if kind.facts:
            assert set(kind.columns) <= set(catalogue.get(kind.facts).columns)


def test_a_spec_s_place(client: TestClient, reader: Reader):
    rows = reader.select("""SELECT ?spec ?path ?source ?line WHERE { ?spec a kg:SpecRevision ; kg:path ?path ; kg:line ?line ;
      kg:fromSource/dcterms:source ?source } ORDER BY ?spec LIMIT 3""").rows
    for revision, path, source, line in rows:
        for params in ({"source": f"{source}:{path}", "line": line}, {"source": f"{source}:{path}:{line}"}):
            answer = client.get("/evidence", params=params, headers=HTML)
            assert answer.status_code == 200
            assert f'href="{address(str(revision))}"' in answer.text
    assert (
        client.get("/evidence", params={"source": f"{rows[0][2]}:no/such.rst"}, headers=HTML).status_code
        == 404
    )


# ---- lists


def test_features_are_sorted_by_what_moved_last(client: TestClient):
    text = client.get("/features", headers=HTML).text
    days = [day for day in re.findall(r'<td class="day">([^<]*)</td>', text) if day]
    assert len(days) > 10
    assert days == sorted(days, reverse=True)


def test_features_are_searched_filtered_and_paged(client: TestClient):
    def slugs(**params: str) -> list[str]:
        text = client.get("/features", params=params, headers=HTML).text
        return re.findall(r'<td class="main"><a href="/id/[^"]*/([^"/]+)"', text)

    assert "nested-resource-providers" in slugs(q="NESTED resource")
    assert slugs(q="nosuchname") == []
    assert slugs(release="queens", outcome="implemented")
    assert set(slugs(release="queens", outcome="implemented")) < set(
        slugs(release="queens", page="1") + slugs(release="queens", page="2")
    )
    seen = [slug for page in range(1, 4) for slug in slugs(page=str(page))]
    assert len(seen) == len(set(seen)) == 150
    assert client.get("/features?page=0", headers=HTML).status_code == 400
    assert client.get("/features?page=9999", headers=HTML).status_code == 400


def test_releases_stand_newest_first_with_counts(client: TestClient, reader: Reader):
    text = client.get("/releases", headers=HTML).text
    names = re.findall(r'/release/([\w.-]+)">', text)
    assert names.index("stein") < names.index("rocky") < names.index("queens") < names.index("pike")
    row = text.partition("/release/queens")[2].partition("</tr>")[0]
    numbers = [int(n) for n in re.findall(r'class="num">(\d+)<', row)]
    assert len(numbers) == 5
    assert numbers[0] >= sum(numbers[1:4]) > 0


def test_people_by_letter_and_search(client: TestClient):
    def names(**params: str) -> list[str]:
        text = client.get("/people", params=params, headers=HTML).text
        return re.findall(r'<li><a href="/id/[^"]*/person/[^"]+">([^<]+)</a>', text)

    assert "Jay Pipes" in names(letter="J")
    assert all(name[0].upper() == "J" for name in names(letter="J"))
    assert "Jay Pipes" in names(q="jay PIPES")
    assert names() == sorted(names(), key=str.casefold)


def test_meetings_are_listed_with_their_summary(client: TestClient, reader: Reader):
    text = client.get("/meetings", headers=HTML).text
    days = re.findall(r'<span class="day">([\d-]+)</span>', text)
    assert days == sorted(days, reverse=True)
    assert len(days) == len(reader.select("SELECT DISTINCT ?m WHERE { ?m a kg:Meeting }").rows)
    summary = reader.select("SELECT ?s WHERE { ?m kg:summary ?s } ORDER BY ?s LIMIT 1").rows[0][0]
    assert str(summary)[:15] in text.replace("&#39;", "'")


def test_lists_work_in_both_languages(client: TestClient):
    for path in ("/features", "/releases", "/people", "/meetings"):
        zh = client.get(path, headers={**HTML, "accept-language": "zh"}).text
        assert '<html lang="zh-CN">' in zh
        assert client.get(path, headers=HTML).text != zh


def test_a_new_build_is_seen(strange: Path, tmp_path: Path):
    store = tmp_path / "store"
    shutil.copytree(strange / "store", store)
    with TestClient(application(Serving(store)), base_url="http://127.0.0.1") as client:
        assert "2099-01-05" not in client.get("/meetings", headers=HTML).text
        note = tmp_path / "new.md"
        note.write_text(
            "# Nova Scheduler Team Meeting\n\n## 2099年1月5日\n\n### 1. Fresh topic\n基本完成\n", "utf-8"
        )
        assert kg("build", note, store=store).code == 0
        assert "2099-01-05" in client.get("/meetings", headers=HTML).text
