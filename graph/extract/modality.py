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
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graph.extract.text import CJK
from graph.lexicon import Lexicon
from graph.lexicon.phrases import Match, PhraseSet

# How far a negation of a phrase that reports by itself may stand before it, and a mark of the perfect.
CLOSE = 14
MARK = 6
FAR = 24
# These phrases say how far, not that it is over: what follows makes them no noun.
MODIFIERS = ("planned", "in-progress", "nearly-done", "at-risk", "verdict_at-risk", "doubtful_at-risk")
# Evaluations of the doubt itself.
VERDICTS = ("verdict_", "doubtful_")
_NEXT = re.compile(r"[ \t]+([a-z][a-z\-]*)")
_LAST = re.compile(r"([A-Za-z]+)[ \t]+$")
_FINITE = re.compile(r"[ \t]+[a-z\-]+[ \t]+(?:is|are|was|were|has|have|must|can|do|does|gets?)\b")
_END = ' \t，。,.;；:：!！~)）】"”'


@dataclass(frozen=True)
class Context:
    """Words before and behind a match in its clause, whether the clause names a release, and whether it is about
    coming to an end (`sure`): then a verdict on the doubt is one on the work."""

    before: str
    after: str
    kinds: frozenset[str]
    release: bool
    sure: bool


class Modality:
    """The modifiers of a lexicon, compiled once."""

    def __init__(self, lexicon: Lexicon, slots: Mapping[str, str], holds: Callable[[str], bool]) -> None:
        rows = [(kind, word) for kind, words in lexicon.under("status.modifier").items() for word in words]
        neutral = [("neutral", word) for word in lexicon.words("status.neutral.phrases")]
        self._modifiers = PhraseSet([*rows, *neutral], slots, holds)
        # One word can be of two kinds; each is heard.
        self._kinds: dict[str, set[str]] = {}
        for kind, word in rows:
            self._kinds.setdefault(word.lower(), set()).add(kind)
        self._after = PhraseSet(("after", word) for word in lexicon.words("status.core.perfect_after"))
        self._before = PhraseSet(("before", word) for word in lexicon.words("status.core.perfect_before"))
        self._time = lexicon.words("status.behind.time")
        self._noun = lexicon.words("status.behind.noun")
        self._clause_ends = lexicon.words("status.behind.clause")
        self._glue = lexicon.words("status.glued.words")
        self._behind_not = lexicon.words("status.core.behind_not")
        self._noun_before = frozenset(lexicon.words("status.attributive.before"))
        self._verb_after = frozenset(lexicon.words("status.attributive.after"))
        self._light = frozenset(lexicon.words("clause.light"))
        self._describing = frozenset(lexicon.words("status.attributive.plural"))

    def kinds(self, text: str) -> frozenset[str]:
        """Kinds of the modifiers in a text."""
        found: set[str] = set()
        for match in self._modifiers.find(text):
            found |= self._of(match, text)
        # What is unfinished is negated.
        return frozenset(found | ({"negation"} if "unfinished" in found else set()))

    def _of(self, match: Match, text: str) -> set[str]:
        """Every kind that a word is of; its label is only one of them."""
        word = re.sub(r"[ \t]+", " ", text[match.start : match.end]).lower().replace("’", "'")
        return set() if match.label == "neutral" else self._kinds.get(word, {match.label})

    def opens(self, text: str, kind: str) -> bool:
        """Whether a clause begins with a modifier of a kind, small words before it aside."""
        head = text[: len(text) - len(text.lstrip()) + 12]
        for match in self._modifiers.find(head):
            before = head[: match.start].strip(" -–—")
            if kind in self._of(match, head) and (len(before) <= 1 or before in self._light):
                return True
        return False

    def describes(self, match: Match, before: str, after: str) -> bool:
        """Whether the words of a match only describe a thing, set a time or belong to another word."""
        return (
            self._sets_time(match, after)
            or self._attributive(match, before, after)
            or self._glued(match, before)
        )

    def _sets_time(self, match: Match, after: str) -> bool:
        if match.label in MODIFIERS:
            return match.label == "in-progress" and any(
                re.search(rf"{re.escape(end)}(?!间)", after) for end in self._clause_ends
            )
        behind = re.sub(r"^[了完掉]", "", after.lstrip(" ") if re.match(rf" ?[{CJK}]", after) else after)
        words = (*self._time, *self._noun) if match.label.startswith("core-") else self._time
        return behind.startswith(words) and not behind.startswith(self._behind_not)

    def _glued(self, match: Match, before: str) -> bool:
        first = match.words[:1]
        return any(word.endswith(first) and before.endswith(word[:-1]) for word in self._glue)

    def _attributive(self, match: Match, before: str, after: str) -> bool:
        """Whether an English match belongs to a noun behind it: «the abandoned migrations», «is in the oven»."""
        following = _NEXT.match(after)
        if not match.words.isascii() or not following:
            return False
        noun = following[1]
        if match.words.lower().endswith(" in"):
            return noun in self._noun_before or noun not in self._verb_after
        if noun in self._verb_after or " " in match.words or match.label in MODIFIERS:
            return False
        last = _LAST.search(before)
        return bool(last and last[1].lower() in self._noun_before) or self._describing_noun(
            match, before, after, noun
        )

    def _describing_noun(self, match: Match, before: str, after: str, noun: str) -> bool:
        """Whether a participle that may describe stands before a plural, or opens a clause whose verb follows."""
        if match.words.lower() not in self._describing:
            return False
        plural = noun.endswith("s") and not noun.endswith("ss")
        return plural or (not before.strip() and bool(_FINITE.match(after)))

    def direct(self, match: Match, context: Context) -> str:
        """What a phrase that reports by itself says in its place."""
        label = match.label.rsplit("_", 1)[-1]
        if context.sure and match.label.startswith(VERDICTS):
            return label
        if match.label.startswith("doubtful_") or context.kinds & {"supposition", "hypothesis"}:
            return ""
        return self._placed(label, context)

    def _placed(self, label: str, context: Context) -> str:
        """What a status becomes behind a negation, a doubt, an intention or an exception."""
        kinds = context.kinds
        if label != "planned" and self.kinds(context.before[-CLOSE:]) & {"negation"}:
            return "in-progress" if label in ("done", "nearly-done") else ""
        if label in ("deferred", "abandoned"):
            unsure = "maybe" in kinds or (label == "abandoned" and "proviso" in self.kinds(context.after))
            return label if not unsure else ("at-risk" if label == "deferred" else "")
        if label != "done":
            return label
        return "nearly-done" if kinds & {"near", "except"} else ("planned" if "intention" in kinds else label)

    def core(self, kind: str, context: Context) -> str:
        """What a word of completion says in its place."""
        kinds = context.kinds
        if kind == "base" and self._in_chinese(context):
            kind = "fact"  # an English verb inside Chinese words does not show its tense
        perfect = (
            kind == "fact" or self._perfect(context) or (kind == "final" and not context.after.strip(_END))
        )
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
        """A mark of the perfect before the word: a single character must stand at it."""
        close = self._before.all(context.before[-MARK:])
        return bool(close) or any(len(mark.words) > 1 for mark in self._before.all(context.before[-FAR:]))
