"""People: `@nick`, `@nick(other)`, and bare names that are the subject of a verb of saying or doing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graph.extract.text import CJK, Unit
from graph.lexicon import Lexicon
from graph.lexicon.phrases import LATIN, pattern
from graph.profile import Profile

NICK = r"[A-Za-z0-9][A-Za-z0-9_.\-]*[A-Za-z0-9_]|[A-Za-z0-9]"
_AT = re.compile(
    rf"(?<![A-Za-z0-9_.\-@/])@(?P<nick>{NICK}|[{CJK}]{{2,4}}(?=[\s(（:：,，]))(?:[ \t]?[(（](?P<other>[A-Za-z0-9_.\- {CJK}]{{1,30}})[)）])?"
)
# A name: a nick in small letters, or one to three capitalised words; no acronym, no camelCase, no code.
NAME = r"[A-Z][a-z]+(?:-[A-Z][a-z]+)?(?:[ \t][A-Z][a-z]+){0,2}|[a-z][a-z0-9]*(?:[_-][a-z0-9]+){0,2}_?|[A-Z][a-z]+[0-9]+"
_CODE_BEFORE = set("/._-`@#$&<+=")
_CODE_AFTER = set("/.(`=<+")
_ARTICLE = re.compile(r"(?:\b(?:the|a|an|this|that|these|those|our|my|his|her|its|their|each|every|no|new|old|of|in|on|for|to|with|from|into|per|via|which|more|some|any|same|first|second|last|other|both|is|are|was|were|be)\s+|[\w]-)$", re.IGNORECASE)


@dataclass(frozen=True)
class Person:
    """Somebody named in a line: key, other names, where, and the role the verb gives (discusses, works-on)."""

    key: str
    aliases: tuple[str, ...]
    start: int
    end: int
    role: str
    bare: bool = False


class PeopleFinder:
    """Finds people in lines; built once per post, with the words its headings use, which are no names."""

    def __init__(self, lexicon: Lexicon, profile: Profile, headings: Iterable[str], known: Iterable[str]) -> None:
        tokens = {word.lower() for heading in headings for word in re.findall(r"[A-Za-z][\w-]*", heading)}
        known_people = {name.lower() for name in known}
        projects = {name.lower() for name in profile.projects}
        # An alias of one letter is a name too short to speak for a release in running text.
        releases = {name for name in profile.release_names if len(name) > 1}
        self.known = known_people
        self._stop = (lexicon.not_people | projects | releases | tokens) - known_people
        self._say = self._verbs(lexicon, "say")
        self._do = self._verbs(lexicon, "do")
        between = "|".join(pattern(word, {}) for word in lexicon.words("people.between"))
        join = "|".join(re.escape(word) for word in lexicon.words("people.join"))
        verb = f"(?P<say>{self._say})|(?P<do>{self._do})"
        self._bare = re.compile(
            rf"(?<![{LATIN}@/.\-])(?P<name>(?:{NAME}))(?![{LATIN}])"
            rf"(?P<more>(?:[ \t]*(?:{join})[ \t]*@?(?:{NAME})(?![{LATIN}])){{0,4}})"
            rf"[ \t]*(?:(?:{between})[ \t]*){{0,3}}(?:{verb})"
        )
        self._join = re.compile(rf"[ \t]*(?:{join})[ \t]*@?")
        self._verb_after = re.compile(rf"[ \t，,:：]*(?:(?:{between})[ \t]*){{0,3}}(?:(?P<say>{self._say})|(?P<do>{self._do}))")

    @staticmethod
    def _verbs(lexicon: Lexicon, key: str) -> str:
        return "|".join(pattern(word, {}) for word in lexicon.words(f"people.{key}"))

    def marked(self, unit: Unit) -> list[Person]:
        """`@nick` and `@nick(other)`; the role follows from the verb behind the name."""
        found = []
        for match in _AT.finditer(unit.plain):
            if unit.mask[match.start()] == "u":
                continue
            nick, other = match["nick"], (match["other"] or "").strip()
            after = self._verb_after.match(unit.plain, match.end())
            role = "works-on" if after and after["do"] else "discusses"
            key, aliases = (other, (nick,)) if other else (nick, ())
            found.append(Person(key, aliases, match.start(), match.end(), role))
        return found

    def bare(self, unit: Unit) -> list[Person]:
        """Names without a mark that are the subject of a verb."""
        text = unit.visible(0, len(unit.plain), keep=".")
        found: list[Person] = []
        for match in self._bare.finditer(text):
            role = "works-on" if match["do"] else "discusses"
            for name, start in self._names(match):
                if self.is_name(name, text, start):
                    found.append(Person(name, (), start, start + len(name), role, bare=True))
        return found

    def _names(self, match: re.Match[str]) -> list[tuple[str, int]]:
        names = [(match["name"], match.start("name"))]
        at = match.start("more")
        for piece in re.finditer(rf"(?:{NAME})", match["more"]):
            word = piece[0]
            if not self._join.fullmatch(f" {word} ") and word.lower() not in ("and", "or"):
                names.append((word, at + piece.start()))
        return names

    def is_name(self, name: str, text: str, start: int) -> bool:
        """Whether a word that stands where a name stands can be one."""
        if name.lower() in self.known:
            return True
        words = name.split()
        if len(name) < 2 or any(word.lower() in self._stop for word in words):
            return False
        before = text[:start]
        if before and (before[-1] in _CODE_BEFORE or _ARTICLE.search(before)):
            return False
        if text[start + len(name) : start + len(name) + 1] in _CODE_AFTER:
            return False
        if name.islower() and before.strip():
            return self._nick_may_stand(before, text[start + len(name) :])
        return True

    @staticmethod
    def _nick_may_stand(before: str, after: str) -> bool:
        """A small-letter word behind other Latin words is more often a noun: it must open a clause."""
        last = before.rstrip()[-1:]
        if re.match(rf"[{CJK}，。；：、（]", last) or re.match(rf"\s*[{CJK}]", after):
            return not re.search(r"[A-Za-z0-9_\-]\s+$", before)
        return last in ",;:.!?(" or bool(re.search(r"\b(?:and|but|so|then|that|as|because|while|where|when|although|though|by)\s+$", before))

    def all(self, unit: Unit) -> list[Person]:
        """Everybody in a line, in order, each name once."""
        marked = self.marked(unit)
        spans = [(p.start, p.end) for p in marked]
        bare = [p for p in self.bare(unit) if not any(s <= p.start < e for s, e in spans)]
        found: dict[str, Person] = {}
        for person in sorted([*marked, *bare], key=lambda p: p.start):
            before = found.get(person.key.lower())
            if before is None or (before.role == "discusses" and person.role == "works-on"):
                found[person.key.lower()] = person
        return sorted(found.values(), key=lambda p: p.start)


def known_people(units: Iterable[Unit]) -> set[str]:
    """Every nick marked with `@` in a post, and its other name: such a word is a name wherever it stands."""
    names: set[str] = set()
    for unit in units:
        for match in _AT.finditer(unit.plain):
            if unit.mask[match.start()] != "u":
                names.update(name for name in (match["nick"], (match["other"] or "").strip()) if name)
    return names
