"""The ontology and the shapes: files as generated, labels in both languages, faults found."""

from __future__ import annotations

from importlib import resources

import pyshacl
import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS

from graph import ontology, terms

KG = rdflib.Namespace(terms.NS)


def shipped(name: str) -> str:
    return (resources.files("graph") / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "make"), [("ontology.ttl", ontology.ontology), ("shapes.ttl", ontology.shapes)]
)
def test_the_file_is_what_the_table_gives(name: str, make):
    assert shipped(name) == make(), f"write graph/{name} anew from graph.ontology"


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    return rdflib.Graph().parse(data=shipped("ontology.ttl"), format="turtle")


def test_every_term_has_labels_in_both_languages_and_a_comment(graph: rdflib.Graph):
    for term in (*terms.CLASSES, *terms.PROPERTIES):
        thing = KG[term.name]
        kind = OWL.Class if term in terms.CLASSES else RDF.Property
        assert (thing, RDF.type, kind) in graph
        assert {label.language for label in graph.objects(thing, RDFS.label)} == {"en", "zh"}, term.name
        assert graph.value(thing, RDFS.comment), term.name


def test_standard_parents_stand_beside_ours(graph: rdflib.Graph):
    for term in terms.CLASSES:
        assert {str(o) for o in graph.objects(KG[term.name], RDFS.subClassOf)} == {
            terms.expand(p) for p in term.parents
        }
    for term in terms.PROPERTIES:
        above = {str(o) for o in graph.objects(KG[term.name], RDFS.subPropertyOf)}
        assert above == {terms.expand(p) for p in term.parents}


def test_every_status_is_a_concept_of_one_scheme(graph: rdflib.Graph):
    skos = rdflib.Namespace(terms.PREFIXES["skos"])
    concepts = {
        str(o) for s in graph.subjects(skos.inScheme, KG.statuses) for o in graph.objects(s, skos.notation)
    }
    assert concepts == set(terms.STATUSES)


def test_no_name_is_a_class_and_a_property_and_none_is_double():
    names = [term.name for term in (*terms.CLASSES, *terms.PROPERTIES)]
    assert len(names) == len(set(names))


def test_every_shape_speaks_of_the_vocabulary():
    assert set(ontology.SHAPES) <= terms.CLASS_NAMES
    for rows in ontology.SHAPES.values():
        for path, *_ in rows:
            prefix, _, name = path.partition(":")
            assert prefix in terms.PREFIXES
            assert prefix != "kg" or name in terms.PROPERTY_NAMES, path


def conforms(turtle: str) -> bool:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in terms.PREFIXES.items())
    data = rdflib.Graph().parse(data=prefixes + turtle, format="turtle")
    shapes = rdflib.Graph().parse(data=shipped("shapes.ttl"), format="turtle")
    return bool(pyshacl.validate(data, shacl_graph=shapes)[0])


def test_the_shapes_find_a_planted_fault():
    good = 'id:b a kg:Bug ; kg:key "1" .'
    assert conforms(good)
    assert not conforms(good.replace('"1"', '"1", "2"'))
    assert not conforms("id:b a kg:Bug .")
    assert not conforms('id:r a kg:Release ; kg:slug "q" ; kg:ordinal "first" ; rdfs:label "Q" .')
