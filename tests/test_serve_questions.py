"""The catalogue and its questions in the web face: forms, answers, files, faults, and the editor without a script."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from urllib.parse import quote, urlencode

import pytest
from conftest import TODAY
from question_samples import CATALOGUE, QUESTIONS

from graph import sparql
from graph.names import Names
from graph.ontology import ontology
from graph.serve.editor_page import triples
from graph.serve.editor_patterns import comes_twice, ordered, unknown
from graph.serve.editor_terms import vocabulary
from graph.serve.question_groups import GROUPS, subject
from graph.serve.question_samples import example, samples
from graph.serve.question_text import filled, prefixes, standalone
from graph.serve.results_cells import places_of, short
from graph.serve.results_network import linked
from graph.store import Reader
from graph.table import Table

starlette = pytest.importorskip("starlette.testclient", reason="the web face is not installed")
HTML = {"Accept": "text/html"}
HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}\u202e;DROP"


@pytest.fixture(scope="module")
def client(demo):
    from graph.serve.app import application
    from graph.serve.state import Serving

    return starlette.TestClient(
        application(Serving(demo)), base_url="http://127.0.0.1", raise_server_exceptions=True
    )


@pytest.fixture(scope="module")
def now(client):
    return client.app.state.serving.current()


def given(name, now):
    words = example(CATALOGUE.get(name), samples(now))
    return {**(words or {}), **({"today": TODAY} if name == "todos" else {})}


def get(client, address, **headers):
    return client.get(address, headers=headers or HTML)


# ---- the catalogue


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_catalogue_lists_every_question_with_an_example(client, lang):
    page = get(client, "/questions", Accept="text/html", **{"Accept-Language": lang}).text
    for name in QUESTIONS:
        assert f'<a class="q-title" href="/questions/{name}">' in page
        assert html.escape(CATALOGUE.get(name).titles[lang]) in page
    assert page.count('class="q-example"') == len(QUESTIONS)
    assert page.count("<h1>") == 1


def test_the_catalogue_is_searched_without_a_script(client):
    page = get(client, "/questions?q=slip+release").text
    assert "/questions/slips" in page
    assert "/questions/todos" not in page
    assert (
        "没有含这些词的问题"
        in get(client, "/questions?q=zzz", Accept="text/html", **{"Accept-Language": "zh"}).text
    )


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("slips", "release"), ("patches", "feature"), ("person", "person"), ("todos", "todo"), ("meetings", "meeting"),
        ("bug-fixes", "bug"), ("backports", "code"), ("coverage", "source"), ("say", "meeting"), ("slip-counts", "release"),
    ],
)  # fmt: skip
def test_a_question_is_grouped_by_what_it_is_about(name, group):
    assert subject(CATALOGUE.get(name)) == group


def test_no_group_is_empty():
    assert {subject(q) for q in CATALOGUE.questions.values()} == {key for key, *_ in GROUPS}


# ---- a question


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_a_form(client, name):
    answer = get(client, f"/questions/{name}")
    assert answer.status_code in (200, 404), answer.text
    for param in CATALOGUE.get(name).params:
        assert re.search(rf'<label for="f-{param.name}">', answer.text)
        assert re.search(rf'(?:select|input)[^>]* id="f-{param.name}" name="{param.name}"', answer.text)
    assert "/ask?q=" in answer.text
    assert "<pre" in answer.text


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_answers_its_example(client, now, name):
    words = given(name, now)
    answer = get(client, f"/questions/{name}?{urlencode(words)}", Accept="application/json")
    if answer.status_code == 404:  # nothing here can know: said as such
        assert "error: " in answer.text
        return
    assert answer.status_code == 200, answer.text
    data = answer.json()
    names = Names(now.reader)
    bound = {p.name: names.resolve(p.kind, words[p.name]) for p in CATALOGUE.get(name).params}
    assert data["answer"]
    assert data["query"] == name
    if all(param.kind != "newest" for param in CATALOGUE.get(name).params):  # these keep to the main project
        assert data["rows"] == sparql.run(now.reader, CATALOGUE.get(name), bound).dicts()


def test_most_examples_have_rows(client, now):
    full = [
        name
        for name in QUESTIONS
        if "<tbody>" in get(client, f"/questions/{name}?{urlencode(given(name, now))}").text
    ]
    assert len(full) >= 0.9 * len(QUESTIONS), set(QUESTIONS) - set(full)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_text_with_its_values_gives_the_same_rows(demo, now, name):
    question, words = CATALOGUE.get(name), given(name, now)
    with Reader(demo) as reader:
        names = Names(reader)
        bound = {p.name: names.resolve(p.kind, words[p.name]) for p in question.params}
        text = standalone(question, bound)
        found = reader.select(text).without(p.name for p in question.params if p.name not in question.keep)
        assert found == sparql.run(reader, question, bound)
    assert "PREFIX kg:" in text


def test_values_are_set_in_each_group_that_speaks_of_them():
    text = 'SELECT ?a WHERE { { SELECT ?a WHERE { ?x ?a "{?a}" } } FILTER(?a != <x?a>) # ?a {\n}'
    assert filled(text, {"a": ("string", 'q"\n')}).count(r'VALUES ?a { "q\"\n" }') == 2
    assert filled(text, {}) == text
    assert (
        prefixes('SELECT * { ?x kg:a "foaf:b" } # void:c') == "PREFIX kg: <https://w3id.org/release-kg/ns#>\n"
    )


def test_cells_lead_to_things_and_rows_to_their_evidence(client):
    page = get(client, "/questions/slips?from=queens&to=rocky").text
    assert re.search(r'<td><a href="/id/openstack/feature/nova/[^"]+">', page)
    assert re.search(r'<a href="/evidence\?source=[^"]+&amp;line=\d+"', page)
    page = get(client, "/questions/patches?feature=nested-resource-providers").text
    assert '<a href="/id/openstack/patch/I' in page
    assert '<a href="/id/openstack/commit/' in page
    assert '<a href="/id/openstack/person/' in page
    assert '<a href="/id/openstack/version/nova/' in page


def test_every_link_of_an_answer_is_one_of_ours(client, now):
    for name in ("patches", "slips", "statuses", "mentions", "work-of", "spec", "links"):
        page = get(client, f"/questions/{name}?{urlencode(given(name, now))}").text
        for iri in set(re.findall(r'href="/id/([^"]+)"', page)):
            thing = f"https://w3id.org/release-kg/id/{html.unescape(iri)}"
            assert now.reader.select(
                "SELECT ?thing ?p WHERE { ?thing ?p ?o } LIMIT 1", {"thing": ("iri", thing)}
            ).rows


def test_long_answers_come_in_pages(client):
    first = get(client, "/questions/bugs-in-release?release=queens").text
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    second = get(client, "/questions/bugs-in-release?release=queens&page=2").text
    assert 'rel="prev"' in second
    rows = [re.findall(r"<tr>.*?</tr>", page, re.DOTALL)[1:] for page in (first, second)]
    assert len(rows[0]) == 200
    assert not set(rows[0]) & set(rows[1])
    for odd in ("0", "-3", "x", "9" * 40, "²"):
        assert get(client, f"/questions/bugs-in-release?release=queens&page={quote(odd)}").status_code == 200


# ---- limits


def test_limits_keep_rows_and_stand_in_the_text(client, demo):
    address = "/questions/slips?from=queens&to=rocky&only=outcome%3Dimplemented"
    rows = get(client, address, Accept="application/json").json()["rows"]
    assert {row["outcome"] for row in rows} == {"implemented"}
    page = get(client, address).text
    assert 'value="outcome=implemented" checked' in page
    text = html.unescape(re.search(r"<code>(# What.*?)</code>", page, re.DOTALL)[1])
    with Reader(demo) as reader:
        assert len(reader.select(text).rows) == len(rows)


def test_several_conditions_of_a_column_are_met_by_any(client):
    address = "/questions/slips?from=queens&to=rocky&only=outcome%3Dimplemented&only=outcome%3Dapproved"
    found = {row["outcome"] for row in get(client, address, Accept="application/json").json()["rows"]}
    assert found == {"implemented", "approved"}


def test_rows_are_narrowed_by_names_and_days(client):
    base = "/questions/patches?feature=nested-resource-providers"
    every = get(client, base, Accept="application/json").json()["rows"]
    one = every[0]["author"]
    found = get(client, f"{base}&within.author={quote(one)}", Accept="application/json").json()["rows"]
    assert found == [row for row in every if row["author"] == one]
    day = every[len(every) // 2]["merged"]
    found = get(client, f"{base}&within.merged.from={day}", Accept="application/json").json()["rows"]
    assert found == [row for row in every if row["merged"][:10] >= day[:10]]


# ---- files


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("csv", "text/csv"),
        ("json", "application/json"),
        ("md", "text/markdown"),
        ("jsonl", "application/x-ndjson"),
    ],
)
def test_an_answer_as_a_file(client, form, kind):
    for address in (f"/questions/meetings?format={form}", f"/questions/meetings.{form}"):
        answer = get(client, address)
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-disposition"] == f'attachment; filename="meetings.{form}"'
    assert get(client, "/questions/meetings", Accept=kind).text == answer.text


def test_csv_holds_what_json_holds_and_no_formula(client):
    rows = list(csv.reader(io.StringIO(get(client, "/questions/discussions?format=csv").text)))
    data = get(client, "/questions/discussions?format=json").json()
    assert rows[0] == data["columns"]
    assert len(rows) - 1 == len(data["rows"])
    assert rows[1] == ["" if data["rows"][0][c] is None else str(data["rows"][0][c]) for c in data["columns"]]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_the_name_of_a_file_is_safe(client):
    answer = get(client, f"/questions/say?text={quote('a/../b ü')}&format=csv")
    assert answer.status_code == 404
    answer = get(client, "/questions/say?text=NUMA%0d%0aX: y&format=csv")
    assert "x" not in {name.lower() for name in answer.headers}


# ---- faults


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/questions/slips?from=quens&to=rocky", 404, 'href="/questions/slips?to=rocky&amp;from=Queens"'),
        ("/questions/slips?from=rocky&to=queens", 404, "does not come before"),
        ("/questions/slips?from=queens&form=rocky", 400, "there is no parameter"),
        ("/questions/release-at?day=neverday", 400, "no date"),
        ("/questions/slips?from=queens&to=rocky&only=outcome%3Dx", 400, "no condition"),
        (
            "/questions/patches?feature=nested-resource-providers&within.author=Nobody+At+All",
            404,
            "Nobody At All",
        ),
        ("/questions/say?text=xyzzyplugh", 404, "xyzzyplugh"),
        ("/questions/slip", 404, "slip-counts"),
        ("/questions/slips?from=queens&to=rocky&format=exe", 400, "no format"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_wrong(client, address, status, says):
    answer = get(client, address)
    assert answer.status_code == status
    assert says in answer.text
    if "/slips?from=quens" in address:
        assert 'aria-invalid="true"' in answer.text
        assert 'value="rocky" selected' in answer.text  # what was right stays


def test_faults_of_data_are_plain_text(client):
    answer = get(client, "/questions/slips?from=queens&format=csv", Accept="text/csv")
    assert answer.status_code == 400
    assert answer.text.startswith("error: ")
    assert "hint: give to=" in answer.text


def test_hostile_text_is_shown_not_obeyed(client):
    for name, param in (("say", "text"), ("patches", "feature"), ("slips", "from"), ("release-at", "day")):
        page = get(client, f"/questions/{name}?{urlencode({param: HOSTILE})}").text
        assert "<script>alert" not in page
        assert "{{7*7}}" in html.unescape(page)
        assert "\u202e" not in page
    page = get(client, f"/questions?q={quote(HOSTILE)}").text
    assert "<script>alert" not in page
    page = get(client, f"/editor?query={quote(HOSTILE)}&run=1").text
    assert "<script>alert" not in page


def test_faults_are_said_in_chinese(client):
    page = get(
        client, "/questions/slips?from=quens&to=rocky", Accept="text/html", **{"Accept-Language": "zh"}
    ).text
    assert "这里没有“quens”" in page
    assert "你是不是要找" in page


# ---- the editor without a script


def test_the_editor_runs_a_query_without_a_script(client):
    query = 'SELECT DISTINCT ?release WHERE { ?release a kg:Release ; kg:slug "queens" }'
    page = get(client, f"/editor?query={quote(query)}&run=1").text
    assert '<a href="/id/openstack/release/queens"' in page
    assert html.escape(query) in page or query in html.unescape(page)


def test_the_editor_shows_the_place_of_a_fault(client):
    query = "SELECT ?x\nWHERE { ?x a }"
    answer = get(client, f"/editor?query={quote(query)}&run=1")
    assert answer.status_code == 400
    assert re.search(r"<pre>WHERE \{ \?x a \}\n +\^</pre>", answer.text)


@pytest.mark.parametrize(
    "text", ["INSERT DATA { <a:a> <a:b> <a:c> }", "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"]
)
def test_the_editor_only_reads(client, text):
    answer = get(client, f"/editor?query={quote(text)}&run=1")
    assert answer.status_code >= 400
    assert "not allowed" in answer.text or "is no query" in answer.text


def test_an_example_is_loaded_with_values(client):
    page = html.unescape(get(client, "/editor?example=patches").text)
    assert "VALUES ?feature { <https://w3id.org/release-kg/id/openstack/feature/" in page


def test_a_result_as_a_network(client):
    query = quote("CONSTRUCT { ?slip kg:feature ?f } WHERE { ?slip kg:feature ?f }")
    page = get(client, f"/editor?as=graph&query={query}").text
    assert "nested-resource-providers" in page
    nothing = get(client, f"/editor?as=graph&query={quote('SELECT ?x WHERE { ?y kg:slug ?x }')}")
    assert nothing.status_code == 400
    assert "nothing to draw" in nothing.text


MEETING, SOURCE, AT = (
    "https://w3id.org/release-kg/id/o/meeting/m/1",
    "https://e.org/s",
    "https://w3id.org/release-kg/ns#",
)


@pytest.mark.parametrize(
    ("text", "columns", "row", "pairs"),
    [
        ("SELECT * { ?s a kg:Meeting ; ?p ?o }", "ops", (SOURCE, AT + "fromSource", MEETING), [(MEETING, SOURCE, "kg:fromSource")]),
        ("SELECT * { ?m a kg:Meeting ; ?r ?z }", "mrz", (MEETING, AT + "fromSource", SOURCE), [(MEETING, SOURCE, "kg:fromSource")]),
        ("SELECT (?x AS ?m) (?y AS ?r) (?z AS ?q) { ?x ?y ?z }", "mrq", (MEETING, AT + "fromSource", SOURCE), [(MEETING, SOURCE, "kg:fromSource")]),
        ("SELECT ?b ?a { ?a kg:fromSource ?b }", "ba", (SOURCE, MEETING), [(MEETING, SOURCE, "kg:fromSource")]),
        ("SELECT ?b ?a { ?a kg:about/kg:of ?b }", "ba", (SOURCE, MEETING), [(MEETING, SOURCE, "b")]),
        ("SELECT ?b ?a { ?a (kg:about|kg:of)+ ?b }", "ba", (SOURCE, MEETING), [(MEETING, SOURCE, "b")]),
        (f"SELECT ?p ?o {{ <{MEETING}> ?p ?o }}", "po", (AT + "about", SOURCE), [(MEETING, SOURCE, "kg:about")]),
        ("SELECT ?f ?t { ?slip kg:from ?f ; kg:to ?t }", "ft", (SOURCE, MEETING), [(SOURCE, MEETING, "t")]),
        ("SELECT ?b ?a { { SELECT ?a ?b { ?a kg:of ?b } GROUP BY ?a ?b } }", "ba", (SOURCE, MEETING), [(MEETING, SOURCE, "kg:of")]),
        ("SELECT ?a ?b { ?a kg:x [ kg:y ?b ] . FILTER(?a != ?b) }", "ab", (SOURCE, MEETING), [(SOURCE, MEETING, "b")]),
        ("SELECT ?p { ?s ?p ?o }", "p", (AT + "about",), []),
        ("no query } ) ]", "ab", (SOURCE, MEETING), [(SOURCE, MEETING, "b")]),
    ],
)  # fmt: skip
def test_things_are_tied_as_the_query_says(text, columns, row, pairs):
    assert linked(Table(tuple(columns), (row,)), text) == pairs


def test_columns_of_a_star_stand_in_the_order_written():
    table = Table(("o", "p", "s"), ((1, 2, 3),))
    assert ordered("PREFIX s: <x> SELECT DISTINCT * { ?s a kg:Meeting ; ?p ?o }", table) == Table(
        ("s", "p", "o"), ((3, 2, 1),)
    )
    assert ordered("SELECT ?o ?p ?s { ?s ?p ?o FILTER(?o * 2) }", table) == table


@pytest.mark.parametrize(
    ("text", "rows", "twice"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?s a kg:Release }", ((70,),), True),
        ("SELECT DISTINCT (sum(?k) AS ?n) { ?s kg:ordinal ?k }", ((70,),), True),
        ("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a kg:Release }", ((35,),), False),
        ("SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT * WHERE { ?s a kg:Release } } }", ((35,),), False),
        ("SELECT (MAX(?k) AS ?n) { ?s kg:ordinal ?k }", ((35,),), False),
        ("SELECT ?s { ?s a kg:Release }", (("a",), ("a",)), True),
        ("SELECT ?s { ?s a kg:Release }", (("a",), ("b",)), False),
        ("SELECT REDUCED ?s { ?s a kg:Release }", (("a",), ("a",)), False),
        ("SELECT ?n { ?s a ?t } GROUP BY ?t", (("a",), ("a",)), False),
        ("ASK { ?s a kg:Release }", ((True,),), False),
    ],
)
def test_what_comes_once_for_each_source_is_told(text, rows, twice):
    assert comes_twice(text, Table(("n",), rows)) is twice


def test_unknown_terms_have_the_one_that_was_meant():
    assert unknown("SELECT * { ?x a kg:Relase ; kg:status kg:status-deferred ; kg:slug 'kg:no' } # kg:x") == [
        ("kg:Relase", "kg:Release")
    ]
    assert unknown(f"PREFIX kg: <{AT}> ASK {{ ?x a kg:Relase }}")
    assert not unknown("PREFIX kg: <http://e.org/> ASK { ?x a kg:Relase }")


@pytest.mark.parametrize(
    ("lang", "once", "odd"),
    [
        ("en", "A statement of several sources comes once for each", "No such term: kg:Relase, did you mean kg:Release"),
        ("zh", "同一陈述出自几个来源时，每个来源各算一次", "没有这个词：kg:Relase，是不是 kg:Release"),
    ],
)  # fmt: skip
def test_the_editor_says_what_a_result_hides_without_a_script(client, lang, once, odd):
    def said(query):
        address = f"/editor?query={quote(query)}&run=1"
        page = get(client, address, **{**HTML, "Accept-Language": lang}).text
        return re.search(r'id="ed-notes"[^>]*>(.*?)</div>', page, re.DOTALL)[1]

    assert once in said("SELECT (COUNT(*) AS ?n) { ?s a kg:Release }")
    assert odd in said("SELECT ?s { ?s a kg:Relase }")
    assert not said("SELECT DISTINCT ?s { ?s a kg:Release }")
    assert once in get(client, "/editor", **{**HTML, "Accept-Language": lang}).text  # in the help too


def test_pairs_of_a_result():
    table = Table(
        ("a", "n", "b", "c"), (("http://x/1", 1, "http://x/2", None), ("http://x/1", 2, "word", "http://x/3"))
    )
    assert linked(table) == [("http://x/1", "http://x/2", "b"), ("http://x/1", "http://x/3", "c")]
    found = triples(
        ['<http://x/1> <http://x/p> "a \\"q\\"\\n"@en .', "<http://x/1> <http://x/p> <http://x/2> ."]
    )
    assert found.rows == (("http://x/1", "http://x/p", 'a "q"\n'), ("http://x/1", "http://x/p", "http://x/2"))


# ---- completion


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_terms_are_completed_with_their_meaning(client, lang):
    data = get(client, "/terms", **{"Accept-Language": lang}).json()
    assert data["prefixes"]["kg"] == "https://w3id.org/release-kg/ns#"
    known = {one["name"]: one for one in data["terms"]}
    assert known["kg:Slip"]["about"] == (
        "推迟" if lang == "zh" else "a feature that moved from one release to another (derived)"
    )
    assert {"dcterms:title", "foaf:name", "skos:altLabel", "rdfs:label"} <= set(known)
    assert "GROUP BY" in data["keywords"]


def test_every_term_of_the_ontology_is_completed():
    names = {one["name"] for one in vocabulary(CATALOGUE.questions.values(), "en")["terms"]}
    assert set(re.findall(r"^(kg:[A-Za-z]\S*) a ", ontology(), re.MULTILINE)) - {"kg:statuses"} <= names


def test_names_are_offered(client):
    def offered(kind, word):
        return [one["name"] for one in get(client, f"/terms?kind={kind}&q={quote(word)}").json()]

    assert offered("release", "quee") == ["Queens"]
    assert "nested-resource-providers" in offered("feature", "nested")
    assert offered("person", "efried") or offered("person", "Eric")
    assert "nova" in offered("project", "no")
    assert offered("feature", "zzzzz") == []
    assert get(client, "/terms?kind=weather&q=x").status_code == 400


@pytest.mark.parametrize(
    ("iri", "said"),
    [
        ("https://w3id.org/release-kg/id/openstack/feature/nova/a%20b", "a b"),
        ("https://w3id.org/release-kg/id/openstack/meeting/data%2Fx.md/2018-01-08/1", "2018-01-08 1"),
        ("https://w3id.org/release-kg/id/openstack/source/data%2Fx%2Fnotes-1.md", "notes-1.md"),
        ("http://purl.org/dc/terms/title", "dcterms:title"),
        ("https://example.org/x", "https://example.org/x"),
    ],
)
def test_iris_are_said_in_few_words(iri, said):
    assert short(iri) == said


def test_places_of_rows():
    row = {"source": "openstack/nova", "sha": "0123456789abcdef", "line": 3}
    assert [p.href for p in places_of(row)] == ["/evidence?source=openstack%2Fnova%3A0123456789ab"]
    row = {"source": "s", "path": "a/b/c.rst", "line": 8}
    assert places_of(row)[0].href == "/evidence?source=s%3Aa%2Fb%2Fc.rst&line=8"
    assert [p.text for p in places_of({"evidence": "s:a/b/c.rst:8; s:012345678901"})] == [
        "s:…/b/c.rst:8",
        "s:012345678901",
    ]
    assert places_of({"feature": "x"}) == ()


def test_json_of_the_page_is_safe(client):
    page = get(client, f"/editor?query={quote('</script><b>')}").text
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1]
    assert json.loads(data)["run"] is True
