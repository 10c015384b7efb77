"""The endpoint against the words of the SPARQL 1.1 Protocol: methods, parameters, formats, faults, limits."""

from __future__ import annotations

import contextlib
import csv
import http.client
import io
import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
import rdflib
from conftest import served
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, QueryBadFormed
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from graph.serve import protocol
from graph.serve.desk import Desk
from graph.serve.negotiate import best
from graph.serve.void import void
from graph.store import Reader
from graph.terms import PREFIXES
from graph.writer import Writer

E = "https://e.org/"
ONE, TWO, THREE = f"{E}one", f"{E}two", f"{E}three"
GRAPHS = {
    ONE: [
        f'<{E}a> <{E}p> "1" .',
        f'<{E}b> <{E}p> "中文, \\"so\\"\\n行二"@zh .',
        f"<{E}a> <{E}next> <{E}b> .",
        f'<{E}a> <{E}n> "7"^^<{PREFIXES["xsd"]}integer> .',
    ],
    TWO: [f'<{E}a> <{E}p> "1" .', f'<{E}c> <{E}p> "3" .'],
    THREE: [f'<{E}odd> <{E}p> "bell \\u0007" .', f'<{E}odd> <{E}q9/1> "x" .'],
}
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(14)) + " }"
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
RESULTS_JSON, RESULTS_XML = "application/sparql-results+json", "application/sparql-results+xml"
SELECT = f"SELECT ?o {{ <{E}c> <{E}p> ?o }}"


def web(store: Path, timeout: float = 10.0) -> Starlette:
    async def other(request: Request) -> PlainTextResponse:
        with Reader(store) as reader:
            return PlainTextResponse(str(reader.select("ASK { ?s ?p ?o }").rows[0][0]))

    app = Starlette(
        routes=[
            Route("/sparql", protocol.sparql, methods=protocol.METHODS),
            Route("/.well-known/void", void),
            Route("/other", other),
        ]
    )
    current = lambda: SimpleNamespace(reader=Reader(store))  # noqa: E731
    app.state.serving = SimpleNamespace(store=store, lang="en", timeout=timeout, current=current)
    return app


def built(store: Path, graphs: dict[str, list[str]]) -> Path:
    with Writer(store) as writer:
        for graph, lines in graphs.items():
            writer.replace(graph, lines)
        writer.commit({})
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("protocol") / "store", GRAPHS)


@pytest.fixture(scope="module")
def client(store: Path) -> TestClient:
    return TestClient(web(store), base_url="http://127.0.0.1")


@contextlib.contextmanager
def endpoint(app: Starlette) -> Iterator[str]:
    with served(app) as address:
        yield f"{address}/sparql"


@pytest.fixture(scope="module")
def live(store: Path) -> Iterator[str]:
    with endpoint(web(store)) as address:
        yield address


def encoded(**values: object) -> str:
    return urllib.parse.urlencode(
        {name.replace("_", "-"): value for name, value in values.items()}, doseq=True
    )


def get(client: TestClient, query: str, accept: str = "", **more: object):
    headers = {"accept": accept} if accept else {}
    return client.get(f"/sparql?{encoded(query=query, **more)}", headers=headers)


def column(answer) -> list[str]:
    """Values of the first column of a JSON table, sorted."""
    assert answer.status_code == 200, answer.text
    found = answer.json()
    name = found["head"]["vars"][0]
    return sorted(row[name]["value"] for row in found["results"]["bindings"])


# ---- how a query comes

ASK = "ASK { ?s ?p ?o }"
WAYS = [  # method, address after /sparql, headers, body
    ("GET", "?" + encoded(query=ASK), {}, ""),
    ("POST", "", {"content-type": FORM}, encoded(query=ASK)),
    ("POST", "", {"content-type": f"{FORM}; charset=UTF-8"}, encoded(query=ASK)),
    ("POST", "", {"content-type": QUERY}, ASK),
    ("POST", "", {"content-type": f'{QUERY}; charset="utf-8"'}, ASK),
    ("POST", "?" + encoded(default_graph_uri=ONE), {"content-type": QUERY}, ASK),
    ("GET", "?" + encoded(query=ASK, unheard="of"), {}, ""),
]


@pytest.mark.parametrize(("method", "tail", "headers", "body"), WAYS)
def test_the_three_ways_of_a_query(client: TestClient, method, tail, headers, body):
    answer = client.request(method, f"/sparql{tail}", headers=headers, content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (200, RESULTS_JSON)
    assert answer.json() == {"head": {}, "boolean": True}
    assert answer.headers["vary"] == "Accept"
    assert "access-control-allow-origin" not in answer.headers


UPDATE = "INSERT DATA { <x:a> <x:b> <x:c> }"
REFUSED = [  # method, tail, headers, body, status, words of the answer
    ("GET", "?" + encoded(query=[ASK, ASK]), {}, "", 400, "2 queries"),
    ("POST", "?" + encoded(query=ASK), {"content-type": QUERY}, ASK, 400, "2 queries"),
    ("POST", "?" + encoded(query=ASK), {"content-type": FORM}, encoded(query=ASK), 400, "2 queries"),
    ("POST", "", {"content-type": FORM}, encoded(default_graph_uri=ONE), 400, "no query"),
    ("POST", "", {"content-type": FORM}, "", 400, "no query"),
    ("GET", "?" + encoded(default_graph_uri=ONE), {}, "", 400, "no query"),
    ("GET", "", {"accept": RESULTS_JSON}, "", 400, "no query"),
    ("GET", "?query=", {}, "", 400, "nothing is no query"),
    ("POST", "", {"content-type": QUERY}, "", 400, "nothing is no query"),
    ("POST", "", {"content-type": "text/plain"}, ASK, 415, "text/plain"),
    ("POST", "", {"content-type": "multipart/form-data; boundary=x"}, ASK, 415, "multipart"),
    ("POST", "", {}, ASK, 415, "no named type"),
    ("POST", "", {"content-type": f"{QUERY}; charset=iso-8859-1"}, ASK, 415, "iso-8859-1"),
    ("POST", "", {"content-type": f"{FORM}; charset=gb18030"}, encoded(query=ASK), 415, "gb18030"),
    ("POST", "", {"content-type": QUERY}, b"ASK { ?s ?p '\xff' }", 400, "not UTF-8"),
    ("GET", "?query=ASK%20%7B%20%3Fs%20%3Fp%20'%FF'%20%7D", {}, "", 400, "not UTF-8"),
    ("POST", "", {"content-type": FORM}, encoded(update=UPDATE), 403, "update is not allowed"),
    ("POST", "", {"content-type": "application/sparql-update"}, UPDATE, 403, "update is not allowed"),
    ("GET", "?" + encoded(update=UPDATE), {}, "", 403, "update is not allowed"),
    ("GET", "?" + encoded(query=UPDATE), {}, "", 403, "INSERT is not allowed"),
    ("GET", "?" + encoded(query="LOAD <file:///etc/hosts>"), {}, "", 403, "LOAD is not allowed"),
    ("GET", "?" + encoded(query="WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"), {}, "", 403, "DELETE"),
    ("GET", "?" + encoded(query="ASK { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"), {}, "", 403, "SERVICE"),
    ("GET", "?" + encoded(query="ASK " + "{" * 60 + "}" * 60), {}, "", 403, "deeper than 50"),
    ("GET", "?" + encoded(query=f"ASK {{ }} # {'x' * 17_000}"), {}, "", 414, "longer than 16 KB"),
    ("POST", "", {"content-type": QUERY}, f"ASK {{ }} # {'x' * 17_000}", 413, "longer than 16 KB"),
    ("POST", "", {"content-type": QUERY}, "x" * 300_000, 413, "256 KB"),
    ("GET", "?" + encoded(query="HELLO { }"), {}, "", 400, "HELLO is no query"),
    ("GET", "?" + encoded(query="SELECT ?s { ?s ?p }"), {}, "", 400, "query:1: syntax error at column 19"),
    ("GET", "?" + encoded(query=ASK, timeout="soon"), {}, "", 400, "timeout=soon"),
    ("GET", "?" + encoded(query=ASK, timeout="-1"), {}, "", 400, "timeout=-1"),
    ("GET", "?" + encoded(query=ASK, timeout="nan"), {}, "", 400, "timeout=nan"),
    ("GET", "?" + encoded(query=ASK, default_graph_uri=f"{E}none"), {}, "", 400, "no graph <https://e.org/none>"),
    ("GET", "?" + encoded(query=ASK, named_graph_uri="none"), {}, "", 400, "named-graph-uri: there is no"),
    ("GET", "?" + encoded(query=f"ASK FROM <{E}none> {{ }}"), {}, "", 400, "FROM: there is no graph"),
    ("GET", "?" + encoded(query=ASK), {"accept": "image/png"}, "", 406, RESULTS_JSON),
    ("GET", "?" + encoded(query=ASK), {"accept": "text/turtle"}, "", 406, RESULTS_JSON),
    ("GET", "?" + encoded(query=ASK), {"accept": f"{RESULTS_JSON};q=0"}, "", 406, RESULTS_JSON),
    ("GET", "?" + encoded(query="DESCRIBE <x:a>"), {"accept": RESULTS_XML}, "", 406, "text/turtle"),
    ("GET", "?" + encoded(query=ASK, format="xlsx"), {}, "", 406, RESULTS_JSON),
    ("PUT", "", {"content-type": QUERY}, ASK, 405, ""),
    ("DELETE", "", {}, "", 405, ""),
    ("PATCH", "", {"content-type": QUERY}, ASK, 405, ""),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]}-{case[4]}-{case[5][:30]}")
def test_what_is_not_answered_and_how(client: TestClient, case):
    method, tail, headers, body, status, words = case
    answer = client.request(method, f"/sparql{tail}", headers=headers, content=body)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text
    if status == 405:
        assert {"GET", "POST"} <= {word.strip() for word in answer.headers["allow"].split(",")}
    else:
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.text.startswith("error: ")


def test_other_methods(client: TestClient):
    full = get(client, SELECT)
    head = client.head(f"/sparql?{encoded(query=SELECT)}")
    assert (head.status_code, head.content, head.headers["content-type"]) == (200, b"", RESULTS_JSON)
    assert head.headers["content-length"] == full.headers["content-length"] != "0"
    assert client.head(f"/sparql?{encoded(query='ASK')}").status_code == 400
    options = client.options("/sparql")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    assert QUERY in options.headers["accept-post"]


def test_a_syntax_error_has_its_place_a_caret_and_a_hint(client: TestClient):
    text = 'SELECT ?s\nWHERE {\n  ?s rdfs:label "中文" ; nope:x ?o }'
    answer = get(client, text)
    assert answer.status_code == 400
    what, line, caret, hint = answer.text.splitlines()
    assert what.startswith("error: query:3: nope: at column 24 is no known prefix")
    assert line == '    ?s rdfs:label "中文" ; nope:x ?o }'
    assert caret == "  " + " " * 17 + "\N{IDEOGRAPHIC SPACE}" * 2 + " " * 4 + "^"
    assert hint == "hint: declare it: PREFIX nope: <…>"
    told = get(client, text, accept="application/json").json()
    assert (told["line"], told["column"], told["hint"]) == (3, 24, "declare it: PREFIX nope: <…>")
    asked = get(client, text, accept=f"{RESULTS_JSON}, application/json;q=0.5, */*;q=0.1")
    assert (asked.headers["content-type"], asked.json()["column"]) == ("application/json", 24)


# ---- formats

TABLES = {RESULTS_JSON, RESULTS_XML, "text/csv", "text/tab-separated-values"}
DESCRIPTIONS = {
    "text/turtle": "turtle",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
}
TEXT = '中文, "so"\n行二'


def cells(kind: str, text: str) -> list[list[str | None]]:
    """A table in any of the formats, read back: names, then rows of values."""
    if kind == RESULTS_JSON:
        found = json.loads(text)
        names = found["head"]["vars"]
        rows = [
            [row[n]["value"] if n in row else None for n in names] for row in found["results"]["bindings"]
        ]
    elif kind == RESULTS_XML:
        ns = {"r": "http://www.w3.org/2005/sparql-results#"}
        tree = ElementTree.fromstring(text)
        names = [one.attrib["name"] for one in tree.findall("r:head/r:variable", ns)]
        rows = []
        for result in tree.findall("r:results/r:result", ns):
            bound = {one.attrib["name"]: "".join(one.itertext()) for one in result.findall("r:binding", ns)}
            rows.append([bound.get(name) for name in names])
    elif kind == "text/csv":
        names, *rest = csv.reader(io.StringIO(text, newline=""))
        rows = [[value or None for value in row] for row in rest]
    else:
        names, *rest = (line.split("\t") for line in text.splitlines())
        names = [name.removeprefix("?") for name in names]
        rows = [[str(rdflib.util.from_n3(value)) if value else None for value in row] for row in rest]
    return [names, *rows]


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_select_in_every_format(client: TestClient, kind):
    answer = get(
        client, f"SELECT ?s ?o ?none {{ GRAPH <{ONE}> {{ ?s <{E}p> ?o }} }} ORDER BY ?s", accept=kind
    )
    assert answer.headers["content-type"].split(";")[0] == kind
    assert ("charset=utf-8" in answer.headers["content-type"]) == kind.startswith("text/")
    assert cells(kind, answer.text) == [["s", "o", "none"], [f"{E}a", "1", None], [f"{E}b", TEXT, None]]


@pytest.mark.parametrize("kind", sorted(TABLES))
@pytest.mark.parametrize(("iri", "truth"), [(f"{E}a", "true"), (f"{E}none", "false")])
def test_ask_in_every_format(client: TestClient, kind, iri, truth):
    answer = get(client, f"ASK {{ <{iri}> ?p ?o }}", accept=kind)
    assert answer.headers["content-type"].split(";")[0] == kind
    if kind == RESULTS_JSON:
        assert json.dumps(answer.json()["boolean"]) == truth
    elif kind == RESULTS_XML:
        assert ElementTree.fromstring(answer.text)[1].text == truth
    else:
        assert answer.text.split() == [{"text/csv": "answer"}.get(kind, "?answer"), truth]


@pytest.mark.parametrize("kind", sorted(DESCRIPTIONS))
@pytest.mark.parametrize(
    "query",
    [f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{ONE}> {{ ?s ?p ?o }} }}", f"DESCRIBE <{E}a> <{E}b>"],
)
def test_construct_and_describe_in_every_format(client: TestClient, kind, query):
    answer = get(client, query, accept=kind)
    assert answer.headers["content-type"].split(";")[0] == kind
    found = rdflib.Graph().parse(data=answer.text, format=DESCRIPTIONS[kind])
    assert set(found) == set(rdflib.Graph().parse(data="\n".join(GRAPHS[ONE]), format="nt"))


def test_turtle_has_the_prefixes_that_it_uses_and_comes_the_same_each_time(client: TestClient):
    query = "CONSTRUCT { ?s a kg:Feature ; rdfs:label ?o } WHERE { ?s ?p ?o }"
    one, other = (get(client, query, accept="text/turtle").text for _ in range(2))
    assert one == other
    assert [line.split()[1] for line in one.splitlines() if line.startswith("@prefix")] == [
        "kg:",
        "rdf:",
        "rdfs:",
    ]


CHOICES = [  # Accept, format, of a table, of a graph (None: refused)
    ("", "", RESULTS_JSON, "text/turtle"),
    ("*/*", "", RESULTS_JSON, "text/turtle"),
    ("text/*", "", "text/csv", "text/turtle"),
    ("application/xml", "", "application/xml", "application/xml"),
    ("application/json", "", "application/json", "application/json"),
    ("text/html,application/xhtml+xml,*/*;q=0.8", "", RESULTS_JSON, "text/turtle"),
    (f"{RESULTS_XML};q=0.2, text/csv;q=0.4", "", "text/csv", None),
    ("application/n-triples;q=0.9, application/rdf+xml, text/csv;q=0.1", "", "text/csv", "application/rdf+xml"),
    ("image/png", "json", RESULTS_JSON, "application/ld+json"),
    ("", "xml", RESULTS_XML, "application/rdf+xml"),
    ("", "csv", "text/csv", None),
    ("", "ttl", None, "text/turtle"),
    ("", "application/n-triples", None, "application/n-triples"),
]  # fmt: skip


@pytest.mark.parametrize(("accept", "form", "table", "graph"), CHOICES)
def test_which_format_is_chosen(client: TestClient, accept, form, table, graph):
    more = {"format": form} if form else {}
    for query, wanted in ((SELECT, table), ("DESCRIBE <x:a>", graph)):
        answer = get(client, query, accept, **more)
        found = answer.headers["content-type"].split(";")[0] if answer.status_code == 200 else None
        assert found == wanted
        assert answer.status_code in {200, 406}


def test_what_xml_cannot_hold_is_said_and_not_dropped(client: TestClient):
    query = f"SELECT ?o {{ <{E}odd> <{E}p> ?o }}"
    assert column(get(client, query)) == ["bell \x07"]
    answer = get(client, query, accept=RESULTS_XML)
    assert answer.status_code == 500
    assert "control character" in answer.text and "ask for JSON" in answer.text
    assert get(client, f"DESCRIBE <{E}odd>", accept="application/rdf+xml").status_code == 500
    assert get(client, f"DESCRIBE <{E}odd>", accept="text/turtle").status_code == 200


def test_best():
    offered = ("a/x", "a/y", "b/z")
    assert best("", offered) == best("*/*", offered) == best("a/*", offered) == "a/x"
    assert best("a/y, */*", offered) == "a/y"
    assert best("a/x;q=0.1, */*;q=0.5", offered) == "a/y"
    assert best("A/Y;Q=1;level=2", offered) == "a/y"
    assert best("b/z;q=0.5, a/*;q=0.4, a/x;q=0", offered) == "b/z"
    assert best("c/c, b/z;q=x, a/y;q=nan", offered) is None
    assert best(", ;q=1,,b/z", offered) == "b/z"
    assert best("*/*", ()) is None


# ---- datasets

DATASETS = [  # parameters, query, values of its first column
    ({}, "SELECT ?s { ?s <https://e.org/p> ?o }", ["a", "a", "b", "c", "odd"]),
    ({}, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", ["one", "three", "two"]),
    ({"default-graph-uri": ONE}, "SELECT ?s { ?s <https://e.org/p> ?o }", ["a", "b"]),
    ({"default-graph-uri": [ONE, TWO]}, "SELECT DISTINCT ?s { ?s <https://e.org/p> ?o }", ["a", "b", "c"]),
    ({"default-graph-uri": ONE}, "SELECT ?g { GRAPH ?g { ?s ?p ?o } }", []),
    ({"named-graph-uri": TWO}, "SELECT ?s { GRAPH ?g { ?s ?p ?o } }", ["a", "c"]),
    ({"named-graph-uri": TWO}, "SELECT ?s { ?s ?p ?o }", []),
    ({"named-graph-uri": [ONE, TWO]}, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", ["one", "two"]),
    ({"default-graph-uri": TWO, "named-graph-uri": ONE},
     "SELECT ?s { ?s <https://e.org/p> ?o GRAPH ?g { ?s <https://e.org/n> ?n } }", ["a"]),
    ({}, "SELECT ?s FROM <https://e.org/two> { ?s ?p ?o }", ["a", "c"]),
    ({}, "SELECT ?s FROM <https://e.org/two> { GRAPH ?g { ?s ?p ?o } }", []),
    ({}, "PREFIX e: <https://e.org/> SELECT ?s FROM e:one FROM NAMED e:two { GRAPH ?g { ?s ?p ?o } }", ["a", "c"]),
    ({}, "SELECT ?s FROM NAMED <https://e.org/two> { ?s ?p ?o }", []),
    ({}, "BASE <https://e.org/> SELECT ?s FROM <two> { ?s ?p ?o }", ["a", "c"]),
    # What the request says wins over what the query says.
    ({"default-graph-uri": TWO}, "SELECT ?s FROM <https://e.org/one> { ?s ?p ?o }", ["a", "c"]),
    ({"named-graph-uri": TWO}, "SELECT ?s FROM <https://e.org/one> { ?s ?p ?o }", []),
    ({"default-graph-uri": ONE}, "SELECT ?s FROM NAMED <https://e.org/two> { GRAPH ?g { ?s ?p ?o } }", []),
]  # fmt: skip


@pytest.mark.parametrize(("params", "query", "wanted"), DATASETS)
@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_the_dataset(client: TestClient, params, query, wanted, way):
    graphs = urllib.parse.urlencode(params, doseq=True)
    if way == "get":
        answer = client.get(f"/sparql?{encoded(query=query)}&{graphs}")
    elif way == "form":
        body = f"{graphs}&{encoded(query=query)}"
        answer = client.post("/sparql", content=body, headers={"content-type": FORM})
    else:
        answer = client.post(f"/sparql?{graphs}", content=query, headers={"content-type": QUERY})
    assert column(answer) == [f"{E}{name}" for name in wanted]


def test_a_statement_of_two_graphs_is_described_once(client: TestClient):
    graphs = {"default-graph-uri": [ONE, TWO], "format": "nt"}
    answer = client.get(f"/sparql?{encoded(query='CONSTRUCT WHERE { ?s ?p ?o }')}&{encoded(**graphs)}")
    assert answer.text.splitlines() == sorted({*GRAPHS[ONE], *GRAPHS[TWO]})


# ---- what it says of itself and of the graph


@pytest.mark.parametrize("kind", sorted(DESCRIPTIONS))
def test_the_service_description(client: TestClient, kind):
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    answer = client.get("/sparql", headers={"accept": kind})
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, kind)
    found = rdflib.Graph().parse(data=answer.text, format=DESCRIPTIONS[kind])
    about = rdflib.URIRef("http://127.0.0.1/sparql")
    assert (about, sd.endpoint, about) in found
    assert set(found.objects(None, sd.name)) == {rdflib.URIRef(graph) for graph in GRAPHS}
    assert (about, sd.feature, sd.UnionDefaultGraph) in found
    assert (about, sd.supportedLanguage, sd.SPARQL11Query) in found


def test_a_browser_is_for_the_editor():
    def wants(method: str, query: str, accept: str) -> bool:
        head = [(b"accept", accept.encode())]
        scope = {
            "type": "http",
            "method": method,
            "query_string": query.encode(),
            "headers": head,
            "path": "/",
        }
        return protocol.wants_page(Request(scope))

    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert wants("GET", "", browser)
    assert wants("GET", "lang=zh", browser)
    assert wants("GET", "query=ASK%7B%7D", browser)
    assert wants("GET", "query=ASK%7B%7D", "text/html")
    assert not wants("GET", "query=ASK%7B%7D&format=csv", browser)
    assert not wants("GET", "query=ASK%7B%7D", "application/sparql-results+json, text/html;q=0.5")
    assert not wants("POST", "", browser)
    assert not wants("GET", "", "*/*")
    assert not wants("GET", "", "text/turtle, text/html;q=0.5")


@pytest.mark.parametrize("kind", sorted(DESCRIPTIONS))
def test_void(client: TestClient, kind):
    ns = rdflib.Namespace(PREFIXES["void"])
    answer = client.get("/.well-known/void", headers={"accept": kind})
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, kind)
    found = rdflib.Graph().parse(data=answer.text, format=DESCRIPTIONS[kind])
    about = found.value(predicate=rdflib.RDF.type, object=ns.Dataset)
    assert found.value(about, ns.sparqlEndpoint) == rdflib.URIRef("http://127.0.0.1/sparql")
    assert str(found.value(about, ns.uriSpace)) == str(about) == PREFIXES["id"]
    assert found.value(about, ns.triples).value == sum(map(len, GRAPHS.values()))
    assert {str(g): found.value(g, ns.triples).value for g in found.objects(about, ns.subset)} == {
        graph: len(lines) for graph, lines in GRAPHS.items()
    }
    parts = {
        str(found.value(one, ns.property)): found.value(one, ns.triples).value
        for one in found.objects(about, ns.propertyPartition)
    }
    assert parts[f"{E}p"] == 5
    assert client.get("/.well-known/void", headers={"accept": "image/png"}).status_code == 406


# ---- other people's clients


def wrapper(address: str, form: str, method: str = GET, way: str = URLENCODED) -> SPARQLWrapper:
    asker = SPARQLWrapper(address)
    asker.setReturnFormat(form)
    asker.setMethod(method)
    asker.setRequestMethod(way)
    return asker


@pytest.mark.parametrize(("method", "way"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
def test_sparqlwrapper(live: str, method, way):
    asker = wrapper(live, JSON, method, way)
    asker.setQuery(SELECT)
    assert [row["o"]["value"] for row in asker.queryAndConvert()["results"]["bindings"]] == ["3"]
    asker.addDefaultGraph(ONE)
    assert asker.queryAndConvert()["results"]["bindings"] == []
    asker = wrapper(live, XML, method, way)
    asker.setQuery(SELECT)
    assert asker.queryAndConvert().getElementsByTagName("literal")[0].firstChild.data == "3"
    for form in (RDFXML, TURTLE, N3):
        asker = wrapper(live, form, method, way)
        asker.setQuery(f"DESCRIBE <{E}c>")
        found = asker.queryAndConvert()
        graph = found if form == RDFXML else rdflib.Graph().parse(data=found, format="turtle")
        assert len(graph) == 1
    for form, text in ((CSV, b"o\r\n3\r\n"), (TSV, b'?o\n"3"\n')):
        asker = wrapper(live, form, method, way)
        asker.setQuery(SELECT)
        assert asker.queryAndConvert() == text


def test_sparqlwrapper_knows_our_errors(live: str):
    asker = wrapper(live, JSON)
    asker.setQuery("SELECT ?s { ?s ?p }")
    with pytest.raises(QueryBadFormed, match="column 19"):
        asker.query()
    asker.setQuery(f"SELECT ?o {{ <{E}odd> <{E}p> ?o }}")
    asker.setReturnFormat(XML)
    with pytest.raises(EndPointInternalError, match="control character"):
        asker.query()


def test_curl(live: str):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")

    def curl(*words: str) -> str:
        done = subprocess.run(
            ["curl", "-sS", "--noproxy", "*", *words, live],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    assert (
        json.loads(curl("--data-urlencode", f"query={SELECT}"))["results"]["bindings"][0]["o"]["value"] == "3"
    )
    words = ("-G", "--data-urlencode", f"query={SELECT}", "-d", "format=tsv")
    assert curl(*words) == '?o\n"3"\n'
    assert curl(*words, "--compressed") == '?o\n"3"\n'
    assert curl("-H", f"Content-Type: {QUERY}", "-H", "Accept: text/csv", "--data-binary", SELECT) == "o\n3\n"
    assert "sd:Service" in curl()
    shown = curl("-I", "-G", "--data-urlencode", f"query={SELECT}")
    assert shown.startswith("HTTP/1.1 200") and RESULTS_JSON in shown


# ---- limits


def test_a_large_answer_comes_whole_compressed_or_not(store: Path):
    app = web(store)
    app.add_middleware(GZipMiddleware)
    query = 'SELECT ?x { VALUES ?x { "' + "y" * 9_000 + '" } ?a ?b ?c . ?d ?e ?f }'
    for accept in ("identity", "gzip"):
        answer = TestClient(app).get(f"/sparql?{encoded(query=query)}", headers={"accept-encoding": accept})
        assert ("content-length" in answer.headers) == (accept == "identity")
        assert len(answer.json()["results"]["bindings"]) == 8**2


def test_an_answer_beyond_the_limits_is_an_error_and_never_cut(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(protocol, "ROWS", 4)
    many, few = (
        "SELECT ?s ?p ?o { ?s ?p ?o }",
        "SELECT ?s ?o { ?s <https://e.org/p> ?o } ORDER BY ?s LIMIT 4",
    )
    for kind in sorted(TABLES):
        answer = get(client, many, accept=kind)
        assert (answer.status_code, "larger than 4 rows" in answer.text) == (500, True)
        assert "LIMIT" in answer.text
        assert len(cells(kind, get(client, few, accept=kind).text)) == 5
    tricky = 'SELECT ?x ?y { VALUES (?x ?y) { ("a},{b\\n\\n\\n\\n\\n" "[{,{\\"},{},{},{") (UNDEF UNDEF) } }'
    for kind in ("text/csv", RESULTS_JSON):
        assert len(cells(kind, get(client, tricky, accept=kind).text)) == 3
    assert get(client, "DESCRIBE ?s { ?s ?p ?o }").status_code == 500
    monkeypatch.setattr(protocol, "ROWS", 10**6)
    wide = (
        f'SELECT ?x {{ VALUES ?x {{ "{"x" * 14_000}" }} '
        + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(4))
        + "}"
    )
    assert "larger than 33,554,432 bytes" in get(client, wide).text


def test_a_runaway_is_stopped_and_hurts_nobody(live: str):
    ran: list[tuple[int, str]] = []
    threads = [
        threading.Thread(target=lambda: ran.append(fetched(live, RUNAWAY, timeout=5.0))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    beside = 0  # answers that others had before the first runaway was stopped
    while not ran:
        assert fetched(live, SELECT)[0] == 200
        assert fetched(live.replace("/sparql", "/other"), "")[1] == "True"
        beside += not ran
    for thread in threads:
        thread.join()
    assert beside >= 1
    assert [status for status, _ in ran] == [504] * 3
    assert "stopped after 5 s" in ran[0][1]


def fetched(address: str, query: str, **more: object) -> tuple[int, str]:
    place = urllib.parse.urlsplit(address)
    link = http.client.HTTPConnection(place.netloc, timeout=60)
    tail = f"?{encoded(query=query, **more)}" if query else ""
    link.request("GET", place.path + tail)
    answer = link.getresponse()
    found = answer.status, answer.read().decode()
    link.close()
    return found


def test_timeout_may_lower_the_limit_and_not_raise_it(store: Path):
    client = TestClient(web(store, timeout=0.6))
    for wanted, stopped in (("0.3", "0.3"), ("60", "0.6")):
        answer = get(client, RUNAWAY, timeout=wanted)
        assert (answer.status_code, f"stopped after {stopped} s" in answer.text) == (504, True)


def busy_workers() -> int:
    """Children of this process that have run for a while: those that wait for a query have not."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    if not tasks.is_dir():
        pytest.skip("needs /proc to list children")
    pids = {pid for task in tasks.iterdir() for pid in (task / "children").read_text().split()}
    found = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            found += fields[0] == "R"
    return found


def until(wanted: int, seconds: float) -> bool:
    """Whether so many workers come to be busy."""
    end, seen = time.perf_counter() + seconds, 0
    while time.perf_counter() < end and seen < 3:
        seen = seen + 1 if busy_workers() == wanted else 0
        time.sleep(0.1)
    return seen >= 3


def test_a_client_that_goes_away_takes_its_query_along(store: Path):
    with endpoint(web(store, timeout=60)) as address:
        assert until(0, 20)
        place = urllib.parse.urlsplit(address)
        with socket.create_connection((place.hostname, place.port)) as link:
            line = f"GET /sparql?{encoded(query=RUNAWAY)} HTTP/1.1"
            link.sendall(f"{line}\r\nHost: 127.0.0.1\r\n\r\n".encode())
            assert until(1, 20)
        assert until(0, 20)


def test_who_finds_all_places_taken_waits_and_then_is_told_when_to_come_again(store: Path):
    app = web(store)
    app.state.desk = Desk(at_once=1, in_line=1, patience=0.5)
    with endpoint(app) as address:
        first = threading.Thread(target=fetched, args=(address, RUNAWAY), kwargs={"timeout": 4.0})
        first.start()
        time.sleep(0.7)
        place = urllib.parse.urlsplit(address)
        link = http.client.HTTPConnection(place.netloc, timeout=30)
        link.request("GET", f"/sparql?{encoded(query=SELECT)}")
        answer = link.getresponse()
        assert (answer.status, answer.headers["retry-after"]) == (503, "2")
        assert b"too many queries at once" in answer.read()
        first.join()
        assert fetched(address, SELECT)[0] == 200


def test_each_query_sees_one_whole_build(tmp_path: Path):
    """While builds follow each other, all rows of an answer are of one of them."""

    def build(number: int) -> None:
        built(
            tmp_path / "store",
            {graph: [f'<{E}s{n}> <{E}p> "{number}" .' for n in range(300)] for graph in (ONE, TWO)},
        )

    build(0)
    done = threading.Event()

    def builds() -> None:
        for number in range(1, 9):
            build(number)
        done.set()

    with endpoint(web(tmp_path / "store")) as address:
        thread = threading.Thread(target=builds)
        thread.start()
        seen = set()
        while not done.is_set() or "8" not in seen:
            status, text = fetched(
                address, "SELECT ?o (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?o", format="csv"
            )
            ((value, count),) = list(csv.reader(io.StringIO(text)))[1:]
            assert (status, count) == (200, "600")
            seen.add(value)
        thread.join()
    assert seen >= {"8"}


def test_there_is_no_graph_yet(tmp_path: Path):
    client = TestClient(web(tmp_path / "none"))
    for answer in (get(client, ASK), client.get("/sparql"), client.get("/.well-known/void")):
        assert (answer.status_code, "kg build" in answer.text) == (503, True)
