"""What says that a TODO is done: a mark beside it, a word for it in brackets, or a sentence of the author's.

    - ~~read about cells~~ (closed by post #67)
    - ✅ 分析cells
    - cells学完了，见 https://…
    I have finished reading about cells.

What only nearly says so («基本学完», «not done yet») says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from graph.lexicon import Lexicon
from graph.lexicon.phrases import any_of, pattern

_SIGN = r"[✅✔☑√✓]\ufe0f?"
_BOX = re.compile(rf"^\s*[\[(（【]\s*(?:{_SIGN}|[xX])\s*[\])）】]\s*")
_SIGNED = re.compile(rf"^\s*{_SIGN}\s*|\s*{_SIGN}\s*(?:\d{{4}}-\d\d-\d\d)?\s*$")
_REST = 120  # characters of what closed a TODO, behind the word that says so
_LONG = 1000  # characters, from which a line is no TODO with a mark
_NEAR = 12  # characters before a word in which it may be denied
_QUOTE = re.compile(r"[“‘「『\"](?P<words>[^“”‘’「」『』\"]{2,300})[”’」』\"]")
_MARK = "ǂ"  # stands for what is quoted: a letter that no note has
_STOPS = re.compile(r"[，。；;！？!?]|,\s|\.(?:\s|$)")


class DoneFinder:
    """The words of a lexicon that say done, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        labels = any_of(lexicon.words("todo.done_label"))
        by = any_of(lexicon.words("todo.done_by"))
        rest, what = _rest(by), rf"(?:(?:{by})?\s*(?:https?://\S{{1,{_REST}}}|#\d+|\d{{4}}-\d\d-\d\d))"
        sign = r"(?:\s*[:：,，;；/|]|\s+[-—–]{1,2}|[—–]{1,2}|→|=>|->)"
        self._shapes = [
            re.compile(shape, re.IGNORECASE)
            for shape in (
                rf"^\s*[(（\[【]\s*(?P<said>{labels})\s*[)）\]】]\s*[:：]?",
                rf"^\s*(?P<said>{labels})\s*(?:[:：]|[-—–]{{1,2}}\s)",
                rf"\s*[(（\[【]\s*(?:{what}\s*)?(?P<said>(?:{labels}){rest})[)）\]】]{rest}$",
                rf"{sign}\s*(?:{what}\s*)?(?P<said>{labels}){rest}$",
                rf"\s+(?P<said>{labels})[\s,，]*[(（]?\s*{what}\s*[)）]?\s*[。.]?$",
                r"\s+(?P<said>(?-i:DONE))[.!]?$",
            )
        ]
        self._named = re.compile(rf"^\s*(?P<id>#?[0-9a-f]{{8}}|#\d+)\s+(?:{labels}){rest}$", re.IGNORECASE)
        self._mark = re.compile(
            rf"\s*(?:[(（\[【].{{0,{_REST}}}[)）\]】]|(?:{labels}){rest}|{rest})\s*[。.]?", re.I
        )
        self._before = self._any(lexicon.words("todo.done_before"))
        self._after = self._any(lexicon.words("todo.done_after"))
        self._learnt = [self._any(lexicon.words(f"todo.learnt_{side}")) for side in ("before", "after")]
        self._rest = re.compile(rf"{rest}$", re.IGNORECASE)
        self._undone = re.compile(
            rf"(?:{'|'.join(_denial(word) for word in lexicon.words('todo.undone'))})\s*$", re.IGNORECASE
        )
        self._act = self._any(lexicon.words("todo.act"))
        inline = {word.rstrip(" :：-") for word in lexicon.words("todo.inline")}
        names = "|".join(_denial(word) for word in sorted(inline, key=lambda word: (-len(word), word)))
        self._todo = re.compile(rf"(?:{names})s?(?![A-Za-z])", re.IGNORECASE)
        self._labelled = re.compile(
            rf"(?<={_MARK})\s*[:：]?\s*(?:{labels})(?=了|[,，.。;；!！(（]|\s*$)", re.IGNORECASE
        )
        first = "|".join(
            _denial(word) + (r"\b" if word.isascii() else "") for word in lexicon.words("todo.undone")
        )
        self._unless = re.compile(rf"\s*(?:{first})", re.IGNORECASE)
        self._done_head = _folded(lexicon.words("todo.done_head"))
        self._open_head = _folded(lexicon.words("todo.open_head"))

    @staticmethod
    def _any(phrases: Iterable[str]) -> re.Pattern[str]:
        found = "|".join(pattern(phrase, {}) for phrase in sorted(phrases, key=lambda p: (-len(p), p)))
        return re.compile(found or r"(?!)", re.IGNORECASE)

    def strip(self, text: str) -> tuple[str, bool]:
        """A TODO's words without what says that it is done, and whether something does.

        >>> from graph import lexicon
        >>> DoneFinder(lexicon.load()).strip("Read about cells (done, see #67)")
        ('Read about cells', True)
        """
        if len(text) > _LONG:
            return text, False
        for shape in (_BOX, _SIGNED):
            left = shape.sub("", text, count=1)
            if left != text and left.strip():
                return self.strip(left)[0], True
        named = self._named.match(text)
        if named:
            return named["id"], True
        for shape in self._shapes:
            found = shape.search(text)
            if found and not self._denied(text, found.start("said")):
                left = (text[: found.start()] + text[found.end() :]).strip()
                if left:
                    return left, True
        return self._said(text)

    def is_mark(self, text: str) -> bool:
        """Whether words behind what is struck out only say what closed it: in brackets, or like `done, see #67`."""
        return len(text) <= _LONG and bool(self._mark.fullmatch(text))

    def _said(self, text: str) -> tuple[str, bool]:
        """`学完了cells`, `cells学完了，见…`: said by a verb."""
        found = self._before.match(text.lstrip())
        if found:
            left = text.lstrip()[found.end() :]
            stop = re.search(r"[，；;]|,\s|\.\s", left)
            left = left[: stop.start()] if stop else left
            if left.strip(" 。.") and not left.startswith("的"):
                return left.strip(" 。.：:"), True
        for match in self._after.finditer(text):
            before = text[: match.start()].strip()
            ends = self._rest.match(text, match.end())
            if ends and before and not self._denied(text, match.start()) and not self._wish(before, match[0]):
                return before.rstrip("，,：: 都也"), True
        return text, False

    def _denied(self, text: str, at: int) -> bool:
        return bool(self._undone.search(text[max(0, at - _NEAR) : at]))

    def _wish(self, before: str, said: str) -> bool:
        """«Understand how it is done»: what a verb of learning stands in front of is asked for, in English."""
        return said.isascii() and bool(self._act.search(before))

    def learnt(self, sentence: str) -> str:
        """What a sentence of running text says was learnt, or nothing: the words of one clause."""
        start = 0
        for stop in [*_STOPS.finditer(sentence), None]:
            clause = sentence[start : stop.start() if stop else len(sentence)]
            start = stop.end() if stop else start
            subject = self._of_clause(clause)
            if subject:
                return subject
        return ""

    def _of_clause(self, clause: str) -> str:
        for behind, words in zip((True, False), self._learnt, strict=True):
            for found in words.finditer(clause):
                left = clause[found.end() :] if behind else clause[: found.start()]
                told = any(char.isalnum() for char in left) and not left.startswith("的")
                if told and not self._denied(clause, found.start()):
                    return left.strip()
        return ""

    def named(self, sentence: str) -> tuple[str, ...]:
        """What a sentence quotes, calls a TODO and says to be done: the author's words, though in quotation marks.

        >>> from graph import lexicon
        >>> DoneFinder(lexicon.load()).named("上个月的TODO「弄清楚quota tree」已经弄懂了")
        ('弄清楚quota tree',)
        """
        quoted = [match["words"].strip() for match in _QUOTE.finditer(sentence)]
        if not quoted or sentence.rstrip(' ”」』"').endswith(("?", "？", "吗", "吗。")):
            return ()
        plain = re.sub(rf"{_MARK}\s*[，,]", f"{_MARK} ", _QUOTE.sub(_MARK, sentence.replace(_MARK, " ")))
        found: list[str] = []
        for clause in _STOPS.split(plain):
            mine, quoted = quoted[: clause.count(_MARK)], quoted[clause.count(_MARK) :]
            if mine and self._todo.search(clause) and self._says_done(clause):
                found += mine
        return tuple(found)

    def _says_done(self, clause: str) -> bool:
        """Whether a clause says that what it quotes is done: behind the quoted words, or before them."""
        if self._unless.match(clause):
            return False
        first, last = clause.find(_MARK), clause.rfind(_MARK)
        learnt_before, learnt_after = self._learnt
        behind = [m for words in (self._after, learnt_after, self._labelled) for m in words.finditer(clause)]
        before = [m for words in (self._before, learnt_before) for m in words.finditer(clause)]
        said = [m.start() for m in behind if m.start() > last]
        said += [m.start() for m in before if m.end() <= first]
        return any(not self._denied(clause, at) for at in said)

    def heads(self, text: str) -> bool | None:
        """Whether a line above some TODOs says that they are done (True), or open (False); None for others."""
        key = re.sub(r"[\s:：()（）\d#*.、]+", " ", text.lower()).strip()
        return True if key in self._done_head else False if key in self._open_head else None


def _rest(by: str) -> str:
    """What may stand behind the word: what closed it, when; a stop."""
    lead = rf"(?:\s*[,，:：;；—–-]*\s*(?:{by})|\s*[,，:：;；—–-]*\s*(?=https?://|#\d|\d{{4}}-\d\d|[(（\[《]))"
    return rf"(?:{lead}.{{0,{_REST}}})?\s*[。.！!]?\s*"


def _denial(word: str) -> str:
    return rf"(?<![A-Za-z]){re.escape(word)}" if word.isascii() and word != "n't" else re.escape(word)


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)
