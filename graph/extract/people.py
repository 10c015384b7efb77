"""People: `@nick`, `@nick(other)`, and bare names that are the subject of a verb of saying or doing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graph.extract.text import CJK, Unit
from graph.lexicon import Lexicon
from graph.lexicon.phrases import LATIN, any_of
from graph.profile import Profile

NICK = r"[A-Za-z0-9][A-Za-z0-9_.\-]*[A-Za-z0-9_]|[A-Za-z0-9]"
_AT = re.compile(
    rf"(?<![A-Za-z0-9_.\-@/])@(?P<nick>{NICK}|[{CJK}]{{2,4}}(?=[\s(（:：,，]))"
    rf"(?:[ \t]?[(（](?P<other>[A-Za-z0-9_.\- {CJK}]{{1,30}})[)）])?"
)
# A name: a nick in small letters, one to three capitalised words, or two run together; no acronym, no code.
NAME = (
    r"[A-Z][a-z]{1,24}(?:[A-Z][a-z]{1,24}){1,2}|[A-Z][a-z]{1,24}(?:-[A-Z][a-z]{1,24})?(?:[ \t][A-Z][a-z]{1,24}){0,2}|"
    r"[a-z][a-z0-9]{0,24}(?:[_-][a-z0-9]{1,24}){0,3}_?|[A-Z][a-z]{1,24}[0-9]{1,6}"
)
_CODE_BEFORE = set("/._-`@#$&<+=")
_CODE_AFTER = set("/.(`=<+")
_WORD = re.compile(r"([A-Za-z]+)[ \t]+$")
_CAMEL = re.compile(r"[a-z][A-Z]")
_COMPOUND = re.compile(r"[a-z][A-Z]|[0-9_-]")
# A link blanked out leaves at least as many blanks; a verb may have it for its object.
_LINK = r"[ \t]{9,}"
_SHORTEST_ENDING = 6


@dataclass(frozen=True)
class Person:
    """Somebody named in a line: key, other names, where, and the role the verb gives (discusses, works-on)."""

    key: str
    aliases: tuple[str, ...]
    start: int
    end: int
    role: str
    bare: bool = False
    sure: bool = True


class PeopleFinder:
    """Finds people in lines; built once per post, with the words its headings use, which are no names."""

    def __init__(
        self,
        lexicon: Lexicon,
        profile: Profile,
        headings: Iterable[str],
        known: Iterable[str],
        met: Iterable[str] = (),
    ) -> None:
        tokens = {word.lower() for heading in headings for word in re.findall(r"[A-Za-z][\w-]*", heading)}
        projects = {name.lower() for name in profile.projects}
        # An alias of one letter is a name too short to speak for a release in running text.
        releases = {name for name in profile.release_names if len(name) > 1}
        self.known = {name.lower() for name in known}
        self._met = {name.lower() for name in met} | self.known
        self._stop = (lexicon.not_people | projects | releases | tokens) - self.known
        self._endings = lexicon.words("people.not_endings")
        self._endings_capital = lexicon.words("people.not_endings_capital")
        self._opens = frozenset(word.lower() for word in lexicon.words("people.opens"))
        self._not_after = frozenset(word.lower() for word in lexicon.words("people.not_after"))
        self._machine = re.compile(_any(lexicon, "people.machine"))
        joins = "|".join(re.escape(word) for word in lexicon.words("people.join"))
        self._joins = frozenset(lexicon.words("people.join"))
        verb = _verb(lexicon)
        openers = any_of(lexicon.words("people.aside"))
        aside = rf"(?:[ \t]?[(（][^()（）\n]{{1,30}}[)）]|,[ \t](?:{openers})[ \t][^,，.。\n]{{2,40}},)?"
        self._bare = re.compile(
            rf"(?<![{LATIN}@/.\-])(?P<name>(?:{NAME}))(?![{LATIN}])"
            rf"(?P<more>(?:[ \t]*(?:{joins})[ \t]*(?!(?:{openers})[ \t])@?(?:{NAME})(?![{LATIN}])){{0,4}}){aside}{verb}"
        )
        self._verb_after = re.compile(rf"[，,:：]?{verb}")
        self._generic = re.compile(r"[ \t]+[a-z]{3,}(?:s|ed)\b(?!['’])")

    def marked(self, unit: Unit) -> list[Person]:
        """`@nick` and `@nick(other)`; the role follows from the verb behind the name."""
        found = []
        for match in _AT.finditer(unit.plain):
            if unit.mask[match.start()] == "u":
                continue
            nick, other = match["nick"], (match["other"] or "").strip()
            after = self._verb_after.match(unit.plain, match.end())
            role = "works-on" if after and not after["say"] else "discusses"
            key, aliases = (other, (nick,)) if other else (nick, ())
            found.append(Person(key, aliases, match.start(), match.end(), role))
        return found

    def bare(self, unit: Unit) -> list[Person]:
        """Names without a mark that are the subject of a verb."""
        text = unit.visible(0, len(unit.plain), keep=".")
        found: list[Person] = []
        for match in self._bare.finditer(text):
            role = "discusses" if match["say"] else "works-on"
            verb = text[match.start("verb") : match.end("verb")].strip()
            # Two capitalised words run together with a Chinese verb of doing behind them are code.
            code = not match["say"] and not verb.isascii() and bool(_CAMEL.search(match["name"]))
            doubtful = code or bool(self._machine.fullmatch(verb))
            for name, start in self._names(match):
                if self.is_name(name, text, start) and not (doubtful and self._may_be_thing(name)):
                    found.append(
                        Person(name, (), start, start + len(name), role, bare=True, sure=not doubtful)
                    )
        return [*found, *self._familiar(text)]

    def _familiar(self, text: str) -> list[Person]:
        """Those met elsewhere in the post, before any verb by its form."""
        found = []
        for match in re.finditer(rf"(?<![{LATIN}@/.\-])(?:{NAME})(?![{LATIN}])", text):
            acts = match[0].lower() in self._met and self._generic.match(text, match.end())
            if acts and self._place(match[0], text, match.start()):
                found.append(Person(match[0], (), match.start(), match.end(), "discusses", bare=True))
        return found

    def _may_be_thing(self, name: str) -> bool:
        """Whether a name could be that of a program, before a verb that fits one."""
        return name.lower() not in self._met and (name.islower() or bool(_COMPOUND.search(name)))

    def _names(self, match: re.Match[str]) -> list[tuple[str, int]]:
        at = match.start("more")
        # A comma coordinates only before a last «and»; else it ends another clause.
        listed = "," not in match["more"] or any(
            word in match["more"] for word in self._joins if "," not in word
        )
        names = [(match["name"], match.start("name"))] if listed else []
        more = re.finditer(rf"(?:{NAME})", match["more"])
        return names + [
            (piece[0], at + piece.start()) for piece in more if piece[0].lower() not in self._joins
        ]

    def is_name(self, name: str, text: str, start: int) -> bool:
        """Whether a word that stands where a name stands can be one."""
        if name.lower() in self.known:
            return True
        words = re.split(r"[ \t_-]", name.lower())
        if len(name) < 2 or any(self._ordinary(word) for word in (*words, name.lower()) if word):
            return False
        one = name[0].isupper() and " " not in name and len(name) >= _SHORTEST_ENDING
        return not (one and name.endswith(self._endings_capital)) and self._place(name, text, start)

    def _ordinary(self, word: str) -> bool:
        if word in self._stop or (word.endswith("s") and word[:-1] in self._stop):
            return True
        return len(word) >= _SHORTEST_ENDING and word.endswith(self._endings)

    def _place(self, name: str, text: str, start: int) -> bool:
        """Whether a subject may stand here: no code around it, no article before it."""
        before, after = text[:start], text[start + len(name) :]
        last = _WORD.search(before)
        if before and (before[-1] in _CODE_BEFORE or (last and last[1].lower() in self._not_after)):
            return False
        if after[:1] in _CODE_AFTER and after[:1]:
            return False
        return self._opens_clause(before, after) if name.islower() and before.strip() else True

    def _opens_clause(self, before: str, after: str) -> bool:
        """A small-letter word behind other Latin words is more often a noun: it must open a clause."""
        last = before.rstrip()[-1:]
        if re.match(rf"[{CJK}，。；：、（]", last) or re.match(rf"\s*[{CJK}]", after):
            return not re.search(r"[A-Za-z0-9_\-]\s+$", before)
        word = _WORD.search(before)
        return (
            last in ",;:.!?(|&" or before.endswith(" " * 9) or bool(word and word[1].lower() in self._opens)
        )

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


def _any(lexicon: Lexicon, key: str) -> str:
    return any_of(lexicon.words(key))


def _verb(lexicon: Lexicon) -> str:
    """Small words, then a verb of saying, of doing, or one that needs its object behind it."""
    between = _any(lexicon, "people.between")
    led = "|".join(re.escape(word) for word in lexicon.words("people.with"))
    things = _any(lexicon, "people.object")
    labile = rf"(?:{_any(lexicon, 'people.labile')})(?=[ \t]+(?:{things})|[ \t]+\d|{_LINK})"
    kinds = (
        rf"(?P<say>{_any(lexicon, 'people.say')})|(?P<do>{_any(lexicon, 'people.do')})|(?P<labile>{labile})"
    )
    small = rf"[ \t]*(?:(?:{between})[ \t]*){{0,3}}"
    return rf"{small}(?:(?:{led})[^，。；,;\n]{{1,24}}?)?{small}(?P<verb>{kinds})"


def known_people(units: Iterable[Unit]) -> set[str]:
    """Every nick marked with `@` in a post, and its other name: such a word is a name wherever it stands."""
    names: set[str] = set()
    for unit in units:
        for match in _AT.finditer(unit.plain):
            if unit.mask[match.start()] != "u":
                names.update(name for name in (match["nick"], (match["other"] or "").strip()) if name)
    return names
