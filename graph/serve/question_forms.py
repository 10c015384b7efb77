"""The form of a question: a field for each parameter and each limit, read from an address and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.asking import refusals
from graph.asking.limits import Limit
from graph.engine import Bound
from graph.errors import AmbiguousName, KgError, UnknownName, UsageFault
from graph.names import Names
from graph.question import Narrow, Param
from graph.serve.results_words import column
from graph.sparql import QueryFile
from graph.terms import keys_of

OWN = ("format", "page")  # words of an address that are no parameter of a question
ONLY, WITHIN = "only", "within."  # how limits are named in an address
_NAMED = ("release", "feature", "topic", "person", "patch", "bug")
_HINTS = {
    "release": ("a release", "版本名"), "feature": ("slug, name or short form", "slug、名称或简称"),
    "topic": ("a name", "名称"), "person": ("name or nick", "姓名或昵称"), "bug": ("number", "缺陷号"),
    "patch": ("number or Change-Id", "评审号或 Change-Id"), "version": ("a version", "发行号"),
    "newest": ("a version, or a release", "发行号或版本名"),
    "project": ("a project", "项目"), "date": ("a day", "日期"), "month": ("a month: 2018-01", "月份，如 2018-01"),
    "text": ("words as written", "原文中的词"),
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field: `kind` is a kind of parameter, `value` what was given, `fault` what is wrong with it."""

    name: str
    kind: str
    label: str
    about: str
    hint: str
    value: str
    default: str = ""
    required: bool = False
    fault: str = ""
    nearest: tuple[str, ...] = ()

    @property
    def input(self) -> str:
        """The kind of input: a day picker where the value is a day, or none was given yet."""
        day = len(self.value) == len("2018-01-01") or not self.value
        return "date" if self.kind == "date" and day and not self.fault else "text"

    @property
    def completed(self) -> bool:
        """Whether names can be offered while it is typed."""
        return self.kind in ("release", "feature", "topic", "person", "version", "newest", "project")


@dataclass(frozen=True)
class Choice:
    """A condition that words of the question ask for: its value in an address, its words, whether it is chosen."""

    value: str
    label: str
    chosen: bool


@dataclass
class Form:
    """A question's form as it was filled in; it can be asked when `ready`."""

    question: QueryFile
    lang: str = "en"
    fields: list[Field] = field(default_factory=list)
    within: list[Field] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    bound: dict[str, Bound] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    limits: list[Limit] = field(default_factory=list)
    fault: KgError | None = None
    extra: str = ""

    @property
    def ready(self) -> bool:
        """Whether everything that is needed was given, and nothing is wrong."""
        return self.fault is None and set(self.bound) == {param.name for param in self.question.params}

    @property
    def limited(self) -> bool:
        """Whether any limit was given."""
        return any(f.value for f in self.within) or any(c.chosen for c in self.choices)


def filled_form(question: QueryFile, names: Names, given: Sequence[tuple[str, str]], lang: str) -> Form:
    """The form with what an address gives; faults stand at their fields, and the first one in `fault`."""
    form, words = Form(question, lang), {name: value for name, value in given if value.strip()}
    for param in question.params:
        _read_param(form, names, param, words.get(param.name, ""), lang)
    _read_within(form, names, words, lang)
    _read_only(form, [value for name, value in given if name == ONLY and value], lang)
    _check_names(form, [name for name, _ in given], lang)
    if form.ready:
        try:
            refusals.check_order(names, question, form.bound, form.shown, lang)
        except UnknownName as fault:
            form.fault, form.extra = fault, fault.what
    return form


def _read_param(form: Form, names: Names, param: Param, word: str, lang: str) -> None:
    fault: KgError | None = None
    try:
        if word or param.default is not None:
            form.bound[param.name] = names.resolve(param.kind, word or param.default or "")
            form.shown[param.name] = _shown(names, param, word, form.bound[param.name])
        if param.kind == "release" and word:
            word = keys_of(form.bound[param.name][1])[-1]  # by its slug, as the list of releases has it
    except KgError as error:
        fault = form.fault = error
    label = column(param.name, lang)
    hint = _HINTS.get(param.kind, ("", ""))[lang == "zh"]
    form.fields.append(
        Field(
            param.name, param.kind, label, param.about if lang == "en" else "", hint, word, param.default or "",
            param.default is None, _said(fault, word, lang), _nearest(fault),
        )
    )  # fmt: skip


def _shown(names: Names, param: Param, word: str, bound: Bound) -> str:
    if param.kind in _NAMED and bound[0] == "iri":
        return names.thing(param.kind, word or param.default or "").shown
    return bound[1]


def _said(fault: KgError | None, word: str, lang: str) -> str:
    """What is wrong with a word, in the reader's language."""
    if fault is None or lang != "zh":
        return fault.what if fault else ""
    if isinstance(fault, AmbiguousName):
        return f"“{word}”可以指好几个"
    return f"这里没有“{word}”" if isinstance(fault, UnknownName) else f"“{word}”不合格式：{fault.hint}"


def _nearest(fault: KgError | None) -> tuple[str, ...]:
    return fault.nearest if isinstance(fault, UnknownName) else ()


def _check_names(form: Form, given: Sequence[str], lang: str) -> None:
    known = [*(f.name for f in form.fields), *(f.name for f in form.within), ONLY, *OWN]
    wrong = next((name for name in given if name not in known), None)
    if wrong is None or form.fault:
        return
    params = ", ".join(f.name for f in form.fields) or ("无" if lang == "zh" else "none")
    what = f"没有参数 {wrong!r}" if lang == "zh" else f"there is no parameter {wrong!r}"
    hint = f"它的参数：{params}" if lang == "zh" else f"its parameters: {params}"
    form.fault, form.extra = UsageFault(what, hint=hint), f"{what}; {hint}"


# ---- limits


def _read_within(form: Form, names: Names, words: Mapping[str, str], lang: str) -> None:
    taken: set[str] = set()
    for narrow in form.question.narrows:
        name = WITHIN + narrow.columns[0]
        if name in taken:
            continue
        taken.add(name)
        label = column(narrow.columns[0], lang)
        if narrow.kind == "date":
            _read_days(form, names, narrow, _blank(name, "date", label, lang), words)
        else:
            _read_limit(form, names, narrow, _blank(name, narrow.kind, label, lang, words.get(name, "")))


def _blank(name: str, kind: str, label: str, lang: str, value: str = "") -> Field:
    return Field(name, kind, label, "", _HINTS.get(kind, ("", ""))[lang == "zh"], value)


def _read_limit(form: Form, names: Names, narrow: Narrow, blank: Field) -> None:
    fault: KgError | None = None
    try:
        if blank.value:
            form.limits.append(_limit(names, narrow, blank.value))
    except KgError as error:
        fault = form.fault = error
    form.within.append(replace(blank, fault=_said(fault, blank.value, form.lang), nearest=_nearest(fault)))


def _limit(names: Names, narrow: Narrow, word: str) -> Limit:
    if narrow.kind == "text":
        return Limit(narrow.columns, "~", (word,), word)
    if narrow.kind in ("version", "project", "newest"):
        value = names.resolve(narrow.kind, word)[1]
        return Limit(narrow.columns, "=", (value,), value)
    thing = names.thing(narrow.kind, word)
    tail = keys_of(thing.iri)[-1:]
    values = sorted({thing.iri, *thing.names, *tail})
    return Limit(narrow.columns, "=", tuple(values), thing.shown)


def _read_days(form: Form, names: Names, narrow: Narrow, blank: Field, words: Mapping[str, str]) -> None:
    """Two fields, from a day and to a day; one of them will do."""
    days: dict[str, str] = {}
    for end, sign in (("from", "≥"), ("to", "≤")):
        name = f"{blank.name}.{end}"
        fault: KgError | None = None
        word = words.get(name, "")
        try:
            days[end] = names.resolve("date", word)[1] if word else ""
        except KgError as error:
            fault = form.fault = error
        said = _said(fault, word, form.lang)
        form.within.append(replace(blank, name=name, label=f"{blank.label} {sign}", value=word, fault=said))
    first, last = days.get("from", ""), days.get("to", "")
    if first or last:
        shown = f"{first or '…'} – {last or '…'}"
        form.limits.append(Limit(narrow.columns, "in", (first or "0001-01-01", last or "9999-12-31"), shown))


def _read_only(form: Form, chosen: Sequence[str], lang: str) -> None:
    """Conditions of the question's own header; another one is refused."""
    labels: dict[str, dict[str, str]] = {}
    tests = {}
    for only in form.question.onlys:
        test = only.condition
        value = f"{test.column}{test.op}{'/'.join(test.values)}"
        tests[value] = test
        labels.setdefault(value, {}).setdefault(_tongue(only.words[0], only.lang), only.words[0])
        for word in only.words:
            labels[value].setdefault(_tongue(word, only.lang), word)
    for value, test in tests.items():
        label = labels[value].get(lang) or next(iter(labels[value].values()))
        form.choices.append(Choice(value, label, value in chosen))
        if value in chosen:
            form.limits.append(Limit((test.column,), test.op, test.values, label, worded=True))
    form.limits = _either(form.limits)
    if wrong := [value for value in chosen if value not in tests]:
        hint = ", ".join(tests)
        form.fault = form.fault or UsageFault(f"{wrong[0]!r} is no condition of this question", hint=hint)
        form.extra = form.extra or str(form.fault)


def _either(limits: Sequence[Limit]) -> list[Limit]:
    """Several values that are asked of one column are met by any of them."""
    found: dict[tuple[object, ...], Limit] = {}
    for limit in limits:
        key = (limit.columns, limit.op) if limit.worded and limit.op == "=" else (limit,)
        other = found.get(key)
        found[key] = limit if other is None else replace(
            other, values=(*other.values, *limit.values), shown=f"{other.shown} / {limit.shown}"
        )  # fmt: skip
    return list(found.values())


def _tongue(word: str, lang: str) -> str:
    """A line without a language may hold words of both."""
    return lang if word.isascii() else "zh"
