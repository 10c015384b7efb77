"""One `.rq` file: what loading reads, what it refuses and with which words, how values are bound."""

from __future__ import annotations

import pytest

from graph.errors import QueryFault, UsageFault
from graph.sparql import Param, bind, load, parse, run
from graph.store import Reader
from graph.table import Table
from graph.tokens import check_local, depth, form, tokens
from graph.writer import Writer

HEAD = """# title: Features of a person
# title@zh: 某人的特性
# ask: what does {who} work on
# ask: features of {who}
# ask@zh: {who} 在做什么
# param: who person   the person asked about
# param: since date = 2018-01-01   the first day that counts
# view: timeline
# answer: {who} works on {count} features since {since}.
# answer@zh: {who} 自 {since} 参与了 {count} 个特性。
# empty: {who} works on nothing.
# key: engaged, busy with
# key@zh: 参与 负责
# A remark without a key is only a remark.
"""
BODY = """PREFIX kg: <https://w3id.org/release-kg/ns#>
SELECT ?feature ?who ?since WHERE {
  ?person kg:key ?who ; kg:worksOn ?feature .
  ?report kg:about ?feature ; kg:raisedOn ?day .
  FILTER(?day >= ?since)  # not ?unseen { SERVICE
} ORDER BY ?feature
"""


def refused(text: str, line: int, what: str, hint: str) -> None:
    with pytest.raises(QueryFault) as caught:
        parse(text, "q/x.rq", "x")
    fault = caught.value
    assert (fault.place, what in fault.what, hint in fault.hint) == (f"q/x.rq:{line}", True, True), (
        fault.place,
        fault.what,
        fault.hint,
    )


def question(body: str, *header: str) -> str:
    return "\n".join(["# title: T", *header, body])


def test_a_file_is_read_whole(tmp_path):
    path = tmp_path / "features-of.rq"
    path.write_text(HEAD + BODY, "utf-8")
    query = load(path)
    assert (query.name, query.path, query.view) == ("features-of", str(path), "timeline")
    assert query.titles == {"en": "Features of a person", "zh": "某人的特性"}
    assert query.phrases == {
        "en": ("what does {who} work on", "features of {who}"),
        "zh": ("{who} 在做什么",),
    }
    assert query.params == (
        Param("who", "person", "the person asked about", None, 6),
        Param("since", "date", "the first day that counts", "2018-01-01", 7),
    )
    assert query.answers["zh"].startswith("{who} 自")
    assert query.empties == {"en": "{who} works on nothing."}
    assert query.keywords == {"en": ("engaged", "busy with"), "zh": ("参与", "负责")}
    assert query.text == HEAD + BODY


def test_windows_line_ends_and_wide_columns_are_read():
    query = parse(HEAD.replace("who person", "who     person") + BODY, "x.rq", "x")
    assert query.params[0].kind == "person"
    assert parse("# title: T\nSELECT ?s { ?s a ?o } ORDER BY ?s", "x.rq", "x").view == "table"


def test_a_file_that_cannot_be_read_is_a_query_fault(tmp_path):
    (tmp_path / "x.rq").write_bytes(b"# title: \xff\xfe")
    for name in ("x.rq", "none.rq"):
        with pytest.raises(QueryFault, match="cannot be read"):
            load(tmp_path / name)


SELECT = "SELECT ?s WHERE { ?s a ?o } ORDER BY ?s"
WHO = "# param: who person   somebody"


@pytest.mark.parametrize(
    ("text", "line", "what", "hint"),
    [
        (question(SELECT, "# titel@zh: x"), 2, "unknown key 'titel@zh'", "title, ask"),
        (question(SELECT, "# view@zh: table"), 2, "unknown key 'view@zh'", "title@zh"),
        (question(SELECT, "# ask:"), 2, "'ask' says nothing", "remove it"),
        (SELECT, 1, "no title", "# title:"),
        (question(SELECT, "# title: U"), 2, "a second 'title'", "keep one"),
        (question(SELECT, "# ask: of {who}"), 2, "{who} is no parameter", "# param:"),
        (question(SELECT, "# ask: {count} of them"), 2, "{count} is no parameter", "none"),
        (question(SELECT, "# empty@zh: {谁}"), 2, "{谁} is no parameter", "# param:"),
        (question(SELECT, "# view: pie"), 2, "'pie' is no view", "timeline"),
        (question(SELECT, "# param: who"), 2, "cannot be read", "NAME KIND"),
        (question(SELECT, "# param: who planet   x"), 2, "'planet' is no kind", "release"),
        (question(SELECT, "# param: who person"), 2, "no description", "two spaces"),
        (question(SELECT, "# param: who person somebody"), 2, "no description", "two spaces"),
        (question(SELECT, "# param: who person = x"), 2, "no description", "two spaces"),
        (question(SELECT, WHO, WHO), 3, "'who' is taken", "another name"),
        (question(SELECT, "# param: count text   x"), 2, "'count' is taken", "another name"),
        (question(SELECT, "# keep: who"), 2, "'who' is no parameter", "column of a parameter"),
        (question(SELECT, WHO), 2, "?who is declared, but not used", "silently match everything"),
        (question("SELECT ?s\n{ ?s kg:key ?who }\nORDER BY ?s", WHO), 3, "?who is not selected", "add ?who"),
        (question("SELECT ?s ?who { ?s a ?o } ORDER BY ?s", WHO), 2, "declared, but not used", "misspelt"),
        (question('SELECT ?s ?who { ?s a "?who" } # ?who\nORDER BY ?s', WHO), 2, "not used", "misspelt"),
        (question("SELECT *\n{ ?s ?p ?o } ORDER BY ?s"), 2, "SELECT *", "name the columns"),
        (question("SELECT ?s {\n{ SELECT DISTINCT * { ?s ?p ?o } } } ORDER BY ?s"), 3, "SELECT *", "columns"),
        (question("SELECT ?s { ?s ?p ?o }"), 2, "no ORDER BY", "same answer"),
        (question("SELECT ?s { { SELECT ?s { ?s ?p ?o } ORDER BY ?s } }"), 2, "no ORDER BY", "same answer"),
        (question('SELECT ?s { ?s ?p "ORDER BY ?s" } # ORDER BY ?s'), 2, "no ORDER BY", "same answer"),
        (question("SELECT ?s {\n ?s kg:sulg ?o } ORDER BY ?s"), 3, "kg:sulg is no term", "terms.py"),
        (
            question("PREFIX v: <https://w3id.org/release-kg/ns#>\nSELECT ?s { ?s v:no 1 } ORDER BY ?s"),
            3,
            "kg:no",
            "terms",
        ),
        (question("SELECT ?s { ?s <https://w3id.org/release-kg/ns#no> 1 } ORDER BY ?s"), 2, "kg:no", "terms"),
        (question("SELECT ?s { ?s kg:status kg:status-lost } ORDER BY ?s"), 2, "kg:status-lost", "terms"),
        (question("SELECT ?s {\n ?s nope:x ?o } ORDER BY ?s"), 3, "syntax error", "Prefix not found"),
        (question("SELECT ?s { ?s a ?o } ORDER ?s"), 2, "syntax error at column", "braces"),
        (question("SELECT ?s {\n ?s a ?o\nORDER BY ?s"), 4, "syntax error", "braces"),
        (question("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }"), 2, "CONSTRUCT is no SELECT", "queries/rules"),
        (question("ASK { ?s a ?o }"), 2, "ASK is no SELECT", "one SELECT"),
        (question("DELETE WHERE { ?s ?p ?o }"), 2, "DELETE is no SELECT", "one SELECT"),
        (question(""), 1, "nothing is no SELECT", "one SELECT"),
        (
            question("SELECT ?s { SERVICE <http://x.org/> { ?s a ?o } } ORDER BY ?s"),
            2,
            "SERVICE is not allowed",
            "reads",
        ),
        (
            question("SELECT ?s FROM <http://x.org/> { ?s a ?o } ORDER BY ?s"),
            2,
            "FROM is not allowed",
            "reads",
        ),
    ],
)
def test_what_loading_refuses(text, line, what, hint):
    refused(text, line, what, hint)


@pytest.mark.parametrize(
    "body",
    [
        "SELECT ?s ?who {\n{ SELECT ?s { ?s kg:key ?who } } } ORDER BY ?s",
        "SELECT ?s ?who {\n{ SELECT ?s { { SELECT ?s ?who { ?s kg:key ?who } } } } } ORDER BY ?s",
        "SELECT ?s ?who { ?s kg:key ?who .\n{ SELECT (COUNT(?who) AS ?n) { ?x kg:slug ?y } } } ORDER BY ?s",
        "SELECT ?s ?who { ?s kg:key ?k FILTER EXISTS {\n{ SELECT ?s { ?s kg:slug ?who } } } } ORDER BY ?s",
    ],
)
def test_a_sub_select_that_hides_a_parameter_is_refused(body):
    refused(question(body, WHO), 4, "sub-SELECT that does not select it", "add ?who")


@pytest.mark.parametrize(
    "body",
    [
        "SELECT ?s ?who ?x { ?s kg:key ?k\nBIND(?who AS ?x) } ORDER BY ?s",
        "SELECT ?s ?who { ?s kg:key ?k\nFILTER(bound(?who) && ?k = ?who) } ORDER BY ?s",
    ],
)
def test_places_where_a_value_is_not_seen_are_refused(body):
    refused(question(body, WHO), 4, "?who has no value in BOUND", "COALESCE")


@pytest.mark.parametrize(
    "body",
    [
        "SELECT ?s $who WHERE { ?s kg:key ?who } ORDER BY ?s",
        "SELECT ?s ?who (COUNT(*) AS ?n) { ?s kg:key ?who } GROUP BY ?s ?who ORDER BY DESC(?n)",
        "SELECT ?who ?s { { SELECT ?s ?who (MAX(?x) AS ?n) { ?s ?x ?who } GROUP BY ?s ?who } } order by ?s",
        "SELECT ?s ?who { ?s kg:key ?k { SELECT ?k { ?x kg:slug ?k } } FILTER(?k = ?who) } ORDER BY ?s",
        "SELECT ?s ?who { GRAPH <e:g> { ?s kg:status kg:status-done } MINUS { ?s kg:key ?who } } ORDER BY ?s",
        "SELECT ?s ?who { ?s kg:from|kg:to ?who ; rdfs:label ?l FILTER(?l < 5 && ?l>2) } ORDER BY ?s",
    ],
)
def test_what_is_sound_is_loaded(body):
    assert parse(question(body, WHO), "x.rq", "x").params[0].name == "who"


# ---- tokens -----------------------------------------------------------------------------------------------


def test_tokens_know_strings_names_and_lines():
    text = """SELECT ?x # SERVICE
{ ?x kg:a-b.c '''SERVICE ' {''' , "a\\"{"@en, <http://x.org/#{}> , 1.5e3^^xsd:double } """
    found = tokens(text)
    kinds = [(t.kind, t.text) for t in found if t.kind not in {"sign"}]
    assert ("string", "'''SERVICE ' {'''") in kinds
    assert ("string", '"a\\"{"') in kinds
    assert ("name", "kg:a-b.c") in kinds
    assert not any("SERVICE" in t.text for t in found if t.kind == "word")
    assert [t.line for t in found if t.text == "SELECT"] == [1]
    assert next(t.line for t in found if t.kind == "name") == 2
    assert form(found).text == "SELECT"
    assert depth(tokens("{ ( [ ] ) } { '{{{{{' }")) == 3


@pytest.mark.parametrize(
    "piece", ["a.", "a-", '"\\', "'\\", '"', "'''", '"""a\\"', "<a", "\\", "a:.", "@a-", "1e", "\U0001f600"]
)
def test_hostile_text_is_tokenized_in_time(piece):
    import time

    start = time.perf_counter()
    tokens(piece * (50_000 // len(piece)))
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "text",
    [
        "ASK { service <http://x.org/> { ?s ?p ?o } }",
        "ASK { { }SERVICE?x{ ?s ?p ?o } }",
        "PREFIX e: <http://x.org/> ASK { ?s ?p trueSERVICEe:a { ?s ?p ?o } }",
        "PREFIX e: <http://x.org/> ASK { ?s ?p e:a.SERVICEe:a { ?s ?p ?o } }",
        "PREFIX e: <http://x.org/> ASK { ?a ?b ?c FILTER(?a<?b)SERVICE#>\ne:a{} }",
        "PREFIX e: <http://x.org/> ASK { FILTER(1<'>')SERVICE e:a{ ?s ?p 'o' } }",
        "PREFIX e: <http://x.org/> ASK { FILTER(?a<#>'''\n1)SERVICE e:a { ?s ?p ?o } #'''\n }",
        "PREFIX e: <http://x.org/> ASK { FILTER(?a<e:#>'''\n1)SERVICE e:a { ?s ?p ?o } #'''\n }",
        "ASK { # harmless\rSERVICE <http://x.org/> { ?s ?p ?o } }",
        "SELECT ?s FROM<http://x.org/> { ?s ?p ?o }",
        "LOAD <http://x.org/>",
        "PREFIX e: <http://x.org/> INSERT DATA { e:a e:a e:a }",
        "DROP ALL",
    ],
)
def test_ways_out_of_the_graph_are_refused(text):
    with pytest.raises(QueryFault):
        check_local(tokens(text), "query")


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?service ?from 'SERVICE <x>' } # LOAD FROM SERVICE",
        "ASK { ?s kg:from <http://x.org/service/from> ; kg:serviceOf 'a''s' }",
        "ASK { VALUES (?a ?b) { (<http://x.org/#a> <http://x.org/b#c>) } FILTER(?a<?b && 3 >2) }",
    ],
)
def test_what_only_looks_like_a_way_out_is_not(text):
    check_local(tokens(text), "query")


# ---- binding ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    path = tmp_path_factory.mktemp("store")
    ns, xsd = "https://w3id.org/release-kg/ns#", "http://www.w3.org/2001/XMLSchema#"
    content = []
    for who, feature, day in (
        ("ann", "f1", "2017-12-01"),
        ("ann", "f2", "2018-02-01"),
        ("bob", "f1", "2018-03-01"),
    ):
        person, report = f"https://e.org/{who}", f"https://e.org/r/{who}/{feature}"
        content += [
            f'<{person}> <{ns}key> "{who}" .',
            f"<{person}> <{ns}worksOn> <https://e.org/{feature}> .",
            f"<{report}> <{ns}about> <https://e.org/{feature}> .",
            f'<{report}> <{ns}raisedOn> "{day}"^^<{xsd}date> .',
        ]
    with Writer(path) as writer:
        writer.replace("https://e.org/g", content)
        writer.commit({})
    return Reader(path)


def test_an_answer_has_no_parameter_columns(reader):
    query = parse(HEAD + BODY, "x.rq", "x")
    table = run(reader, query, {"who": ("string", "bob")})
    assert table == Table(("feature",), (("https://e.org/f1",),))
    later = run(reader, query, {"who": ("string", "bob"), "since": ("date", "2018-04-01")})
    assert later == Table(("feature",), ())


def test_a_kept_parameter_stays(reader):
    query = parse("# keep: who\n" + HEAD + BODY, "x.rq", "x")
    assert run(reader, query, {"who": ("string", "bob")}).columns == ("feature", "who")


@pytest.mark.parametrize("hostile", ['x" } #', "?feature", "') } UNION { ?s ?p ?o", "\\u0022", "<x>"])
def test_values_stay_values(reader, hostile):
    query = parse(HEAD + BODY, "x.rq", "x")
    assert run(reader, query, {"who": ("string", hostile)}).rows == ()


def test_bindings_are_declared_and_complete():
    query = parse(HEAD + BODY, "x.rq", "x")
    assert bind(query, {"who": ("string", "a")}) == {"who": ("string", "a"), "since": ("date", "2018-01-01")}
    with pytest.raises(UsageFault, match="no parameter 'whom'") as caught:
        bind(query, {"whom": ("string", "a")})
    assert "who, since" in caught.value.hint
    with pytest.raises(UsageFault, match="needs the parameter 'who'") as caught:
        bind(query, {})
    assert "the person asked about" in caught.value.hint
