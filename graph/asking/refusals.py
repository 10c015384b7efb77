"""Why a question is not answered: what it names that nobody knows, what cannot be known, what it can mean instead."""

from __future__ import annotations

from collections.abc import Sequence

from graph.asking.fits import Fit
from graph.asking.words import Word, lexicon
from graph.errors import UnknownName
from graph.names import Names
from graph.sparql import QueryFile
from graph.store import Bound

NEAREST = 3
_KINDS_ZH = {
    "release": "哪个版本", "feature": "哪个特性", "person": "谁", "patch": "哪个补丁", "bug": "哪个缺陷",
    "version": "哪个发行号", "newest": "哪个发行号", "date": "哪一天", "month": "哪个月", "text": "哪些字句",
}  # fmt: skip


def unknown(lang: str, strange: Sequence[Word], words: Sequence[Word], fits: Sequence[Fit]) -> UnknownName:
    """The refusal of a question that none of the catalogue's is."""
    zh = lang == "zh"
    nearest = _nearest(fits, lang)
    hint = ("可以这样问：" if zh else "what can be asked, nearest first: ") + "; ".join(nearest)
    said = _unknowable(words, lang)
    if said:
        return UnknownName(said, nearest=nearest, hint=hint)
    if strange:
        named = "、".join(w.text for w in strange) if zh else ", ".join(repr(w.text) for w in strange)
        what = (
            f"无法回答：这里没有关于“{named}”的信息" if zh else f"no answer: nothing here is known of {named}"
        )
        return UnknownName(what, nearest=nearest, hint=hint)
    what = "无法回答：没有一个问题与此相符" if zh else "no answer: this is no question that can be answered"
    return UnknownName(what, nearest=nearest, hint=hint)


def several(lang: str, fits: Sequence[Fit]) -> UnknownName:
    """The refusal of a question that can be taken in several ways, or that does not name what it needs."""
    zh = lang == "zh"
    nearest = tuple(dict.fromkeys(_filled(found, lang) for found in fits[:NEAREST]))
    lacking = [param for found in fits for param in found.lacks]
    if lacking:
        about = (_KINDS_ZH if zh else {}).get(lacking[0].kind, lacking[0].about)
        what = f"问题没有说明：{about}" if zh else f"the question does not name {about}"
    else:
        what = "这个问题可以有几种理解" if zh else "this can mean several things"
    hint = ("请说明是哪一个：" if zh else "say which: ") + "; ".join(nearest)
    return UnknownName(what, nearest=nearest, hint=hint)


def of_people(lang: str, fits: Sequence[Fit]) -> UnknownName:
    """The refusal of a question that would rank people."""
    said = lexicon().says["opinion"]
    return UnknownName(said.get(lang) or said["en"], nearest=_nearest(fits, lang), hint="")


def check_order(
    names: Names, question: QueryFile, bound: dict[str, Bound], shown: dict[str, str], lang: str
) -> None:
    """Raise UnknownName when `from` is a release that does not come before `to`."""
    kinds = {param.name: param.kind for param in question.params}
    if kinds.get("from") != "release" or kinds.get("to") != "release":
        return
    begins = names.positions()
    first, last = begins.get(bound["from"][1]), begins.get(bound["to"][1])
    if first is not None and last is not None and first >= last:
        early, late = shown["to"], shown["from"]
        what = f"{late} 不在 {early} 之前" if lang == "zh" else f"{late} does not come before {early}"
        hint = f"是否想问从 {early} 到 {late}？" if lang == "zh" else f"did you mean from {early} to {late}?"
        raise UnknownName(what, nearest=(early, late), hint=hint)


def _unknowable(words: Sequence[Word], lang: str) -> str:
    says = lexicon().says
    for word in words:
        for id_ in sorted(word.ids):
            said = says.get(id_.removeprefix("!"))
            if said:
                return said.get(lang) or said["en"]
    return ""


def _nearest(fits: Sequence[Fit], lang: str) -> tuple[str, ...]:
    """The questions that know most of the words, those first that take what was named."""
    ranked = sorted(
        fits, key=lambda f: (bool(f.unused), len(f.left), len(f.lacks), -f.score, f.question.name)
    )
    return tuple(dict.fromkeys(_filled(found, lang) for found in ranked[:NEAREST]))


def _filled(found: Fit, lang: str) -> str:
    """A question's first phrase with what was named."""
    phrases = found.question.phrases.get(lang) or found.question.phrases.get("en", ())
    text = phrases[0] if phrases else found.question.name
    for name, reading in found.params:
        text = text.replace(f"{{{name}}}", reading.shown)
    return text
