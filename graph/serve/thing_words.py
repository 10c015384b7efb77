"""Words of the pages of things: properties, and the closed sets of values that columns hold, in Chinese."""

from __future__ import annotations

import re

from graph import terms
from graph.things import KINDS

# Words for kinds whose pages are their statements.
OTHERS: dict[str, tuple[str, str]] = {
    "discussion": ("Item of a meeting", "议题"), "decision": ("Decision", "决定"), "todo": ("TODO", "待办"),
    "status": ("Status report", "状态报告"), "spec": ("Spec", "规格"), "slip": ("Slip", "推迟"),
    "milestone": ("Milestone", "里程碑"), "source": ("Source", "来源"), "quote": ("Quote", "引文"),
    "change": ("Change of state", "状态变化"), "edit": ("Edit of a spec", "规格修改"), "link": ("Link", "关联"),
    "continuation": ("Continuation", "延续"), "reference": ("Reference", "提交引用"),
    "ending": ("End of support", "停止维护"),
    "mention": ("Mention", "提及"), "problem": ("Problem", "疑问"), "graph": ("Graph", "图"),
}  # fmt: skip
# Properties of standard vocabularies, as (English, Chinese).
_STANDARD = {
    "dcterms:title": ("title", "标题"), "dcterms:date": ("date", "日期"),
    "dcterms:description": ("text", "内容"),
    "dcterms:isVersionOf": ("spec of", "所属特性"), "dcterms:source": ("place", "位置"),
    "rdfs:label": ("name", "名称"),
    "rdfs:seeAlso": ("see also", "另见"), "skos:prefLabel": ("name", "名称"),
    "skos:altLabel": ("also called", "又名"),
    "skos:notation": ("code", "代码"), "foaf:name": ("name", "名字"), "foaf:nick": ("nick", "昵称"),
    "schema:url": ("link", "链接"),
    "prov:wasDerivedFrom": ("rests on", "依据"), "prov:wasRevisionOf": ("revision of", "修订自"),
    "oa:exact": ("words", "原文"),
}  # fmt: skip
# Said again by a property of ours, or for machines only.
HIDDEN = frozenset(
    terms.expand(name)
    for name in (
        "rdf:type", "schema:superEvent", "prov:wasQuotedFrom", "schema:startDate", "time:intervalMeets",
        "foaf:mbox_sha1sum", "kg:todoKey", "dcterms:identifier", "kg:fromSource", "kg:line", "kg:nth",
    )
)  # fmt: skip
_BY_IRI = {
    **{terms.expand(name): words for name, words in _STANDARD.items()},
    **{
        terms.kg(t.name): (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", t.name).lower(), t.zh)
        for t in terms.PROPERTIES
    },
}
# Values that columns hold by our own rules. What a source wrote itself is never translated.
WORDED = frozenset(
    "status state outcome class kind role strength how stage phase witnesses backport next_phase confidence".split()
)
_VALUES = {
    **{name: zh for name, (_, zh) in terms.STATUSES.items()},
    "approved": "已批准", "implemented": "已实现", "abandoned": "放弃", "dropped": "放弃", "open": "未决",
    "none": "无",
    "re-proposed": "再次提出", "renamed": "改名", "narrowed": "缩减", "skipped": "隔版再提", "said": "会上所说",
    "author": "作者", "co-author": "共同作者", "author (related)": "作者（相关）",
    "co-author (related)": "共同作者（相关）",
    "discusses": "讨论", "works-on": "参与", "implements": "实现", "part": "部分实现", "bare": "提到规格",
    "related": "相关",
    "mentions": "提及", "closes": "修复", "partial": "部分修复", "fixes": "修复", "reverts": "回退",
    "mention": "提及",
    "feature": "特性", "bug": "缺陷", "topic": "主题", "patch": "补丁", "report": "报告",
    "decision": "决定", "spec": "规格",
    "merged": "已合入", "unread": "未看懂", "assigned": "分配", "proposed": "提出", "changed": "修改",
    "added": "加入",
    "final": "正式版", "candidate": "候选版", "milestone": "里程碑版", "maintained": "维护中",
    "development": "开发中",
    "future": "未来", "end of life": "停止维护", "extended maintenance": "延长维护", "unmaintained": "无人维护",
    "yes": "是", "no": "否",
    "specs": "规格", "meeting": "会议", "code": "代码", "nick": "昵称", "other nick": "其他昵称",
    "linked": "已关联",
    "own": "本名", "below": "未关联", "low": "低", "NEEDS-ACTION": "未完成", "COMPLETED": "已完成",
    "IN-PROCESS": "进行中",
    "CANCELLED": "已取消",
}  # fmt: skip
_PLAIN = {
    "NEEDS-ACTION": "open", "COMPLETED": "closed", "IN-PROCESS": "in process", "CANCELLED": "cancelled",
    **{name: en for name, (en, _) in terms.STATUSES.items()},
}  # fmt: skip
_MOVED = re.compile(r"(slipped|skipped) to (.+)")
_COLUMNS = {
    "how": ("tie", "关系"), "role": ("role", "角色"), "chosen": ("state", "状态"), "alike": ("names", "名称"),
    "thing": ("about", "关于"), "who": ("person", "人"), "kind": ("kind", "类别"),
    "commit": ("commit", "提交"), "ship": ("ships", "发布日期"),
    "start": ("begins", "周期开始"), "freeze": ("feature freeze", "特性冻结"),
    "eol": ("end of life", "停止维护日"),
    "first": ("first", "最早"), "last": ("last", "最近"), "change_id": ("patch", "补丁"),
    "sha": ("commit", "提交"),
    "shipped": ("patches landed in", "有补丁进入"),
    "url": ("link", "链接"), "slipped": ("slipped on", "推迟出去"), "promised": ("promised", "承诺"),
    "label": ("title", "名称"), "names": ("also called", "别名"), "status": ("status", "状态"),
    "quote": ("words", "原文"),
}  # fmt: skip


def property_word(iri: str, lang: str) -> str:
    """What a property is called.

    >>> property_word("https://w3id.org/release-kg/ns#landedIn", "en")
    'landed in'
    """
    en, zh = _BY_IRI.get(iri, ("", ""))
    return (zh if lang == "zh" else en) or iri.rpartition("/")[2].rpartition("#")[2]


def kind_word(kind: str, lang: str) -> str:
    """What a kind of thing is called; itself where it has no word."""
    if kind in KINDS:
        return KINDS[kind].zh if lang == "zh" else KINDS[kind].en
    en, zh = OTHERS.get(kind, (kind.replace("-", " ").capitalize(), kind))
    return zh if lang == "zh" else en


def column_word(name: str, lang: str) -> str:
    """What a column is called on these pages; "" where the words of all tables do."""
    en, zh = _COLUMNS.get(name, ("", ""))
    return zh if lang == "zh" else en


def value_word(column: str, text: str, lang: str) -> str:
    """A value of a closed set in the reader's language, anything else as it is.

    >>> value_word("outcome", "slipped to rocky", "zh")
    '推迟到 rocky'
    """
    if column not in WORDED or not text:
        return text
    if lang != "zh":
        return _PLAIN.get(text, text)
    moved = _MOVED.fullmatch(text)
    if moved:
        return f"{'推迟到' if moved[1] == 'slipped' else '隔版推迟到'} {moved[2]}"
    return "、".join(_VALUES.get(piece, piece) for piece in text.split(", "))
