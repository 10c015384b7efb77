"""What the words around a report make of it: negation, near, intention, doubt, supposition, and nouns.

A word of completion reports what the words before it in the clause say:

    supposition, question     no report                 "once it merges"
    condition                 no report                 "等spec合入"
    negation                  in-progress, or at-risk when a release or the future is named
    all but something         nearly-done
    near                      nearly-done
    progressive               in-progress
    intention                 planned
    nothing of these          done (words of action need a mark of the perfect)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.extract.text import CJK
from graph.lexicon import Lexicon
from graph.lexicon.phrases import Match, PhraseSet

# How far a negation of a phrase that reports by itself may stand before it, and a mark of the perfect.
CLOSE = 14
MARK = 6
_NEXT = re.compile(r"[ \t]+([a-z][a-z\-]*)")
_LAST = re.compile(r"([A-Za-z]+)[ \t]+$")
_FINITE = re.compile(r"[ \t]+[a-z\-]+[ \t]+(?:is|are|was|were|has|have|must|can|do|does|gets?)\b")
_END = " \t，。,.;；:：!！~)）】\"”"


@dataclass(frozen=True)
class Context:
    """Words before and behind a match in its clause, and whether the clause names a release."""

    before: str
    after: str
    kinds: frozenset[str]
    release: bool


class Modality:
    """The modifiers of a lexicon, compiled once."""

    def __init__(self, lexicon: Lexicon) -> None:
        rows = [(kind, word) for kind, words in lexicon.under("status.modifier").items() for word in words]
        neutral = [("neutral", word) for word in lexicon.words("status.neutral.phrases")]
        self._modifiers = PhraseSet([*rows, *neutral])
        # One word can be of two kinds; each is heard.
        self._kinds: dict[str, set[str]] = {}
        for kind, word in rows:
            self._kinds.setdefault(word.lower(), set()).add(kind)
        self._after = PhraseSet(("after", word) for word in lexicon.words("status.core.perfect_after"))
        self._before = PhraseSet(("before", word) for word in lexicon.words("status.core.perfect_before"))
        self._behind = lexicon.words("status.core.behind")
        self._behind_not = lexicon.words("status.core.behind_not")
        self._noun_before = frozenset(lexicon.words("status.attributive.before"))
        self._verb_after = frozenset(lexicon.words("status.attributive.after"))
        self._describing = frozenset(lexicon.words("status.attributive.plural"))

    def kinds(self, text: str) -> frozenset[str]:
        """Kinds of the modifiers in a text."""
        found: set[str] = set()
        for match in self._modifiers.find(text):
            word = re.sub(r"[ \t]+", " ", text[match.start : match.end]).lower().replace("’", "'")
            found |= self._kinds.get(word, {match.label})
        return frozenset(found - {"neutral"})

    def opens(self, text: str, kind: str) -> bool:
        """Whether a clause begins with a modifier of a kind, small words before it aside."""
        head = text[: len(text) - len(text.lstrip()) + 12]
        for match in self._modifiers.find(head):
            if match.label == kind and len(head[: match.start].strip(" -–—就那而且且and")) <= 2:
                return True
        return False

    def describes(self, word: str, before: str, after: str) -> bool:
        """Whether the words of a match only describe a thing or set a time: no report."""
        return self._sets_time(after) or self._attributive(word, before, after)

    def _sets_time(self, after: str) -> bool:
        behind = re.sub(r"^[了完掉]", "", after.lstrip(" ") if re.match(rf" ?[{CJK}]", after) else after)
        return behind.startswith(self._behind) and not behind.startswith(self._behind_not)

    def _attributive(self, word: str, before: str, after: str) -> bool:
        following = _NEXT.match(after)
        if not word.isascii() or " " in word or not following or following[1] in self._verb_after:
            return False
        last = _LAST.search(before)
        if last and last[1].lower() in self._noun_before:
            return True
        if word.lower() not in self._describing:
            return False
        plural = following[1].endswith("s") and not following[1].endswith("ss")
        return plural or (not before.strip() and bool(_FINITE.match(after)))

    def direct(self, match: Match, context: Context) -> str:
        """What a phrase that reports by itself says in its place."""
        kinds, label = context.kinds, match.label
        if label.startswith("verdict-"):
            return label.removeprefix("verdict-")
        if kinds & {"supposition", "hypothesis"}:
            return ""
        if label != "planned" and self.kinds(context.before[-CLOSE:]) & {"negation"}:
            return "in-progress" if label in ("done", "nearly-done") else ""
        if label in ("deferred", "abandoned"):
            unsure = "maybe" in kinds or (label == "abandoned" and "proviso" in self.kinds(context.after))
            return label if not unsure else ("at-risk" if label == "deferred" else "")
        return "planned" if label == "done" and "intention" in kinds else label

    def core(self, kind: str, context: Context) -> str:
        """What a word of completion says in its place."""
        kinds = context.kinds
        if kind == "base" and self._in_chinese(context):
            kind = "fact"  # an English verb inside Chinese words does not show its tense
        perfect = kind == "fact" or self._perfect(context) or (kind == "final" and not context.after.strip(_END))
        if self._unsaid(context, perfect):
            return ""
        if "negation" in kinds:
            return self._negated(kind, context, perfect)
        if "except" in kinds or ("near" in kinds and (kind != "act" or perfect)):
            return "nearly-done"
        return self._plain(kind, context, perfect)

    def _plain(self, kind: str, context: Context, perfect: bool) -> str:
        kinds = context.kinds
        if "progressive" in kinds:
            return "in-progress"
        if "intention" in kinds and not self._marked(context):
            return "planned" if kind != "act" or context.release else ""
        if kind == "base":
            return "planned" if "doubt" in kinds and context.release else ""
        if "doubt" in kinds:
            return ""
        return "done" if perfect else ""

    def _unsaid(self, context: Context, perfect: bool) -> bool:
        kinds = context.kinds
        if kinds & {"supposition", "hypothesis"}:
            return True
        if kinds & {"near", "progressive", "except"}:
            return False
        weak = "weak" in kinds and not (perfect and self._perfect(context)) and "intention" not in kinds
        return "condition" in kinds or (weak and "negation" not in kinds)

    def _negated(self, kind: str, context: Context, perfect: bool) -> str:
        kinds = context.kinds
        if kind == "act":
            return "in-progress" if "unfinished" in kinds else ""
        if kinds & {"doubt", "intention"} or context.release:
            return "at-risk"
        return "in-progress" if perfect or kind in ("base", "final") else ""

    @staticmethod
    def _in_chinese(context: Context) -> bool:
        return bool(re.search(f"[{CJK}]\\s?$", context.before) or re.match(f"\\s?[{CJK}]", context.after))

    def _perfect(self, context: Context) -> bool:
        behind = self._after.all(context.after[:8])
        return self._marked(context) or bool(behind and behind[0].start <= 1)

    def _marked(self, context: Context) -> bool:
        return bool(self._before.all(context.before[-MARK:]))
