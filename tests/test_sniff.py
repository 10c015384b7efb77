"""Which files of a folder are taken for notes."""

import pytest

from graph.readers import notes


@pytest.mark.parametrize("name", ["a.md", "a.TXT", "a.markdown", "notes", "会议.md"])
def test_notes(name):
    assert notes.sniff(name, b"anything")


@pytest.mark.parametrize("name", ["gold.yaml", "community.toml", "x.json", "x.png", "x.py"])
def test_others_are_not_taken_for_notes_by_a_comment_in_their_first_line(name):
    assert not notes.sniff(name, b"# a comment like a heading\n")
