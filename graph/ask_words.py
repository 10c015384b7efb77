"""The words of a question: politeness off, names as patterns, what remains as tokens."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from graph.sparql import QueryFile

CJK = "\u3400-\u9fff"
EDGE = " \t?？!！.。,，;；:：~～"
_SLOT = re.compile(r"\{(\w+)\}")
_POLITE = re.compile(
    r"^(?:(?:please|pls|hi|hello|could you|can you|would you|tell me|show me|give me|i want to know)(?![a-z])"
    r"|请问|请|麻烦|帮我|告诉我|给我|查一下|看看|我想知道|想知道|你好)[ ,，]*"
)
_TAIL = re.compile(r"(?:(?<![a-z])(?:please|thanks|thank you)|吗|呢|啊|呀|了吗|谢谢|的呢)$")
# Words that ask, or join, and tell one question from another in no way.
STOP = frozenset(
    "a an the is are was were be been do does did of in on at for with and or any there their its it this that these"
    " those which what whom has have had all me my we us you i so far up please show list give tell"
    " from to into by about as get got s t can could would should will thing things stuff anything everything".split()
)
_CLITIC = re.compile(r"'(?:s|re|ve|ll|d|m)\b")
_NOT = re.compile(r"(?:\bnot|\bnever|n't|\bno|\bwithout)((?: +[a-z]+){1,4})")
REACH = 40  # characters between a Chinese negation and what it denies
_PARTICLE = re.compile("什么|列出|哪些|所有|与|个|中|了|些|从|到|吗|呢|和|哪|在|把|是|有|的|被|请|都|里")


def language(text: str) -> str:
    """Language of a question: Chinese when it holds a Chinese character outside names, else English."""
    return "zh" if re.search(f"[{CJK}]", text) else "en"


def plain(text: str) -> str:
    """A question without case, width, politeness and the punctuation around it."""
    out = unicodedata.normalize("NFKC", text).casefold().strip(EDGE)
    out = re.sub(r"\s+", " ", out)
    for _ in range(3):
        out = _TAIL.sub("", _POLITE.sub("", out)).strip(EDGE)
    return out


def plain_keep(phrase: str) -> str:
    """`plain` for a phrase with slots."""
    return unicodedata.normalize("NFKC", phrase).casefold().strip(EDGE)


def name_pattern(name: str, kind: str) -> re.Pattern[str] | None:
    """Pattern of a name in a plain question; None for one too short to be told from a word."""
    text = unicodedata.normalize("NFKC", name).casefold().strip()
    if kind == "release" and len(text) == 1 and text.isalpha():
        return re.compile(rf"(?<![a-z0-9]){text}[ \t]?(?:版本|版|周期|release\b|cycle\b)")
    if len(text) < 2 or (kind == "release" and text.isdigit()):
        return None
    if re.search(f"[{CJK}]", text):
        return re.compile(re.escape(text)) if len(text) >= 4 else None
    words = [re.escape(word) for word in re.split(r"[\s\-_]+", text) if word]
    body = r"[\s\-_]+".join(words)
    plural = "" if kind != "feature" else "?" if body.endswith("s") else "s?"
    tail = r"(?:\s*(?:版本|版|周期|release|cycle)(?![a-z]))?" if kind == "release" else ""
    return re.compile(rf"(?<![a-z0-9_.-]){body}{plural}(?![a-z0-9_-]){tail}")


def tokens(text: str) -> set[str]:
    """Words that carry meaning: Latin ones without their endings, Chinese in pairs, asking words left out."""
    bare = _CLITIC.sub(" ", text)
    latin = {_stem(word) for word in re.findall(r"[a-z][a-z0-9'-]*", bare) if word not in STOP}
    pairs: set[str] = set()
    for run in re.findall(f"[{CJK}]+", text):
        for piece in _PARTICLE.sub(" ", run).split():
            pairs.update(piece[i : i + 2] for i in range(max(1, len(piece) - 1)))
    return latin | pairs


def denied(text: str) -> set[str]:
    """The words that a negation stands before: `what did not slip` and `没有推迟的` deny the slip."""
    latin = (words.split() for words in _NOT.findall(text))
    found = {_stem(next((w for w in words if w not in STOP), "")) for words in latin}
    bare = _PARTICLE.sub(" ", text)
    for at in re.finditer("[没未不无]", bare):
        found.add(re.sub(f"[^{CJK}]", "", bare[at.end() : at.end() + REACH])[:2])
    return found - {""}


def _stem(word: str) -> str:
    """A word without its endings, the same for slip, slips, slipped and slipping."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us")):
            word = word[: -len(ending)]
            if ending in ("ing", "ed"):
                word = re.sub(r"([bdgmnprt])\1$", r"\1", word)
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


class Vocabulary(NamedTuple):
    """What speaks for a question: its own key words, all words of its phrases, and those that it denies."""

    keys: frozenset[str]
    words: frozenset[str]
    denied: frozenset[str]


@cache
def _vocabulary(phrases: tuple[str, ...], keys: tuple[str, ...]) -> Vocabulary:
    spoken = plain_keep(" . ".join(_SLOT.sub(" ", phrase) for phrase in phrases))
    own = plain_keep(" . ".join(keys))
    return Vocabulary(
        frozenset(tokens(own)), frozenset(tokens(f"{spoken} . {own}")), frozenset(denied(f"{spoken} . {own}"))
    )


def vocabulary(question: QueryFile) -> Vocabulary:
    """Every word that speaks for a question, in both languages."""
    phrases = tuple(phrase for phrases in question.phrases.values() for phrase in phrases)
    return _vocabulary(phrases, tuple(word for words in question.keywords.values() for word in words))
