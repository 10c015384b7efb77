"""The closed vocabulary: every class, property and concept that a quad may use, and how things get their IRIs.

CLASSES and PROPERTIES are the one table; the ontology file, the SHACL check of unknown terms and the query
loader are derived from it. IRIs are minted from keys, so two sources that speak of one thing meet without
looking each other up.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import quote, unquote

NS = "https://w3id.org/release-kg/ns#"
ID = "https://w3id.org/release-kg/id/"

PREFIXES: dict[str, str] = {
    "kg": NS,
    "id": ID,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "schema": "https://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "doap": "http://usefulinc.com/ns/doap#",
    "time": "http://www.w3.org/2006/time#",
    "sosa": "http://www.w3.org/ns/sosa/",
    "oa": "http://www.w3.org/ns/oa#",
    "void": "http://rdfs.org/ns/void#",
    "cal": "http://www.w3.org/2002/12/cal/ical#",
    "oslc_cm": "http://open-services.net/ns/cm#",
    "oslc_config": "http://open-services.net/ns/config#",
}


class Term(NamedTuple):
    """One class or property: its standard parents (as CURIEs) and what it means, in English and Chinese."""

    name: str
    parents: tuple[str, ...]
    en: str
    zh: str


CLASSES: tuple[Term, ...] = (
    Term("Source", ("prov:Bundle", "void:Dataset"), "one input, with a named graph of its own", "来源"),
    Term("Meeting", ("schema:Event", "prov:Activity"), "a meeting on a date", "会议"),
    Term("Discussion", ("schema:Event",), "one item of a meeting", "议题"),
    Term("Mention", ("oa:Annotation",), "a place where a patch, bug, person or link is named", "提及"),
    Term("Feature", ("oslc_cm:Enhancement",), "a blueprint or its like, known by its slug", "特性"),
    Term("Topic", ("skos:Concept",), "what an item is about, known by its name", "主题"),
    Term("Patch", ("oslc_config:ChangeSet",), "a change under review or merged", "补丁"),
    Term("Bug", ("oslc_cm:Defect",), "a defect in a tracker", "缺陷"),
    Term("Release", ("time:ProperInterval",), "a release and the cycle that makes it", "版本"),
    Term("Milestone", ("time:Instant",), "a dated point of a release's cycle", "里程碑"),
    Term("Commit", ("prov:Activity",), "a patch as it stands on one branch", "提交"),
    Term("Version", ("doap:Version",), "a tagged version of a project", "发行号"),
    Term("Ending", ("time:Instant",), "a tag that says that a release is supported no more", "停止维护"),
    Term(
        "Reference",
        ("oa:Annotation",),
        "a place in a commit message that names a feature or a bug",
        "提交引用",
    ),
    Term("SpecRevision", ("doap:Specification",), "a feature's spec as one release had it", "规格"),
    Term("StateChange", ("prov:Activity",), "a spec entered or left a state", "状态变化"),
    Term("Edit", ("prov:Activity",), "the words of a spec were changed, in place", "规格修改"),
    Term("Continuation", ("prov:Entity",), "one spec takes up another, with the reasons to say so", "延续"),
    Term("Link", ("prov:Entity",), "two names of one thing joined, with score and reason (derived)", "关联"),
    Term("Alias", ("prov:Entity",), "a name joined, or kept apart, by hand", "别名"),
    Term("Person", ("foaf:Person", "prov:Agent"), "somebody who takes part", "人"),
    Term("Todo", ("oslc_cm:Task", "cal:Vtodo"), "something to be learnt or done, and closed later", "待办"),
    Term("Decision", ("prov:Entity",), "what was decided, and who does it", "决定"),
    Term("StatusReport", ("sosa:Observation",), "what somebody said of how the work stands", "状态报告"),
    Term("Slip", ("prov:Entity",), "a feature that moved from one release to another (derived)", "推迟"),
    Term("Problem", ("prov:Entity",), "what was not understood, or is doubtful", "疑问"),
    Term("Correction", ("prov:Activity",), "a misread fact set right by hand, with a reason", "更正"),
    Term("Closing", ("prov:Activity",), "a TODO closed by hand, with what closed it", "关闭记录"),
    Term("Quote", ("oa:TextQuoteSelector", "prov:Entity"), "the words of a source, at their line", "引文"),
)

PROPERTIES: tuple[Term, ...] = (
    Term("line", (), "line of the source, counted from 1", "行号"),
    Term("key", ("dcterms:identifier",), "the key a thing is known by", "标识"),
    Term("slug", ("dcterms:identifier",), "short lower-case name", "短名"),
    Term("kind", (), "kind within its class", "类别"),
    Term("position", ("schema:position",), "place among the items of a meeting, counted from 1", "次序"),
    Term("nth", (), "which meeting of its date in its source, counted from 1", "当日第几次"),
    Term("heading", (), "title as written, without number and markup", "标题"),
    Term("summary", ("schema:abstract",), "the author's own sentence on a meeting", "总结"),
    Term("inMeeting", ("schema:superEvent",), "the meeting this belongs to", "所属会议"),
    Term("inDiscussion", (), "the item this stands in", "所属议题"),
    Term("about", ("schema:about",), "what it is about", "关于"),
    Term("part", (), "which part of the feature", "部分"),
    Term("status", (), "the status reported", "状态"),
    Term("forRelease", (), "the release the sentence names", "涉及版本"),
    Term("onPatch", (), "the patch the report speaks of", "涉及补丁"),
    Term("onBug", (), "the bug the report speaks of", "涉及缺陷"),
    Term("byPerson", (), "who said it or does it", "涉及的人"),
    Term("mentions", ("schema:mentions",), "what is named there", "提及"),
    Term("discusses", (), "a person speaks in an item about this", "讨论"),
    Term("worksOn", (), "a person is said to work on this", "参与"),
    Term("implementedBy", (), "a patch that is part of a feature", "由补丁实现"),
    Term("raisedIn", (), "the meeting or note where a TODO was raised", "提出于"),
    Term("raisedOn", (), "the date, or the month, a TODO was raised", "提出时间"),
    Term("role", (), "what a person named there does: discusses or works-on", "角色"),
    Term("state", (), "state of a TODO", "处理状态"),
    Term("closedBy", (), "what closed a TODO", "关闭依据"),
    Term("todoKey", (), "folded words of a TODO, the same from month to month", "待办指纹"),
    Term("carried", (), "how many later months raised it again", "延续次数"),
    Term("assignee", (), "who is to do it", "负责人"),
    Term("milestoneOf", (), "the release of a milestone", "所属版本"),
    Term("ordinal", (), "place in the order of releases", "顺序"),
    Term("cycleStart", (), "first day of the cycle", "周期开始"),
    Term("cycleEnd", (), "day the release ships", "发布日期"),
    Term("endOfLife", (), "day its support ended", "停止维护日"),
    Term("nextPhase", (), "how a release is to stand next", "下一阶段"),
    Term("nextPhaseStart", (), "day a release comes into its next phase", "下一阶段开始"),
    Term("endOf", (), "the release whose support it ended", "所停止的版本"),
    Term("successor", ("time:intervalMeets",), "the release after it", "下一版本"),
    Term("duringCycle", (), "the release under way on the day of a report", "当时的版本"),
    Term("from", (), "the release that promised it", "原定版本"),
    Term("to", (), "the release it moved to", "新定版本"),
    Term("slipClass", (), "class of a slip", "推迟类别"),
    Term("witness", (), "which kind of source says so", "证据来源"),
    Term("became", (), "name in the later release", "新名称"),
    Term("outcome", (), "what became of it", "结果"),
    Term("next", (), "where it went after", "去向"),
    Term("quote", ("prov:wasQuotedFrom",), "the words it rests on", "引文"),
    Term("fromSource", ("prov:hadPrimarySource",), "the source it was read from", "来源"),
    Term("project", (), "the project it belongs to", "项目"),
    Term("inferred", (), "what was completed from the surroundings, and how", "推断"),
    Term("correctedBy", (), "the correction that set it right", "被更正"),
    Term("reason", (), "why", "原因"),
    Term("value", (), "value that was set", "取值"),
    Term("lines", (), "lines read", "行数"),
    Term("understood", (), "lines something was made of", "已理解行数"),
    Term("reader", (), "reader and version that read it", "读取器"),
    Term("sha256", (), "hash of the bytes read", "哈希"),
    Term("written", (), "as written in the source", "原文"),
    Term("hint", (), "the next step", "建议"),
    Term("freeze", (), "day of the feature freeze", "特性冻结日"),
    Term("feature", (), "the feature or topic of a slip", "特性"),
    Term("of", (), "the thing a correction or a closing speaks of", "对象"),
    Term("landedIn", (), "the first version whose history contains it", "进入版本"),
    Term("firstFinal", (), "the first final version whose history contains it", "首个正式版"),
    Term("versionOf", (), "the release a version belongs to", "所属版本"),
    Term("shippedIn", (), "a release that has patches of the feature (derived)", "随版本发布"),
    Term("stage", (), "final, candidate or milestone", "阶段"),
    Term("phase", (), "how a release stands: future, development, maintained, end of life", "所处阶段"),
    Term("commitOf", (), "the patch a commit carries", "所属补丁"),
    Term("onBranch", (), "the branch a commit stands on", "分支"),
    Term("merged", (), "the day a commit came onto its branch", "合入日期"),
    Term("author", ("dcterms:creator",), "who wrote it", "作者"),
    Term("coAuthor", ("dcterms:contributor",), "who wrote it with the author", "共同作者"),
    Term("reverts", (), "the commit or patch that it takes back", "回退"),
    Term("pickedFrom", (), "the commit it was cherry-picked from", "拣选自"),
    Term("inCommit", (), "the commit whose message it stands in", "所在提交"),
    Term("strength", (), "how firmly a message ties itself to what it names", "引用强度"),
    Term("confidence", (), "low where free text was read, not a trailer", "可信度"),
    Term("fixes", (), "the bug a patch closes", "修复"),
    Term("path", (), "path within the source", "路径"),
    Term("sha", (), "the commit of the source that says so", "提交号"),
    Term("blueprint", (), "slug that a spec's own link names", "蓝图"),
    Term("edits", (), "the spec whose words it changed", "修改的规格"),
    Term("firstRevision", (), "the first spec of the path of revisions it stands on", "最早的规格"),
    Term("claimedFor", (), "a release that a trailer says approved the spec before", "声称曾批准"),
    Term("score", (), "how sure a link is, from 0 to 1", "得分"),
    Term("target", (), "what a link or an alias leads to", "目标"),
    Term("resolvesTo", (), "the feature, patch or person that a name stands for (derived)", "即"),
    Term("samePatch", (), "a review number and the Change-Id it carries", "同一补丁"),
    Term("mergedStatus", (), "how a review stands: NEW, MERGED or ABANDONED", "评审状态"),
    Term("disagreement", (), "where the witnesses contradict each other", "矛盾"),
    Term("stands", (), "state of a TODO now, by all that notes and closings say (derived)", "现状"),
    Term("closedOn", (), "the day, or month, a TODO was closed (derived)", "关闭时间"),
    Term("reopenedOn", (), "since when a closed TODO is open again (derived)", "重新打开时间"),
    Term("listedIn", (), "a month in which a TODO was listed", "列出月份"),
    Term("todoId", ("dcterms:identifier",), "short id of a TODO, the same after a rebuild", "待办编号"),
)

STATUSES: dict[str, tuple[str, str]] = {
    "planned": ("planned", "计划中"),
    "in-progress": ("in progress", "进行中"),
    "nearly-done": ("nearly done", "接近完成"),
    "done": ("done", "完成"),
    "stalled": ("stalled", "停滞"),
    "at-risk": ("at risk", "有风险"),
    "deferred": ("deferred", "推迟"),
    "abandoned": ("abandoned", "放弃"),
}

CLASS_NAMES = frozenset(t.name for t in CLASSES)
PROPERTY_NAMES = frozenset(t.name for t in PROPERTIES)
PARENTS: dict[str, tuple[str, ...]] = {t.name: t.parents for t in (*CLASSES, *PROPERTIES)}


def kg(name: str) -> str:
    """IRI of one of our own terms; a name outside the table is a programming error."""
    if name not in CLASS_NAMES and name not in PROPERTY_NAMES:
        raise KeyError(f"kg:{name} is not in the vocabulary")
    return NS + name


def expand(curie: str) -> str:
    """`schema:Event` → its IRI."""
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local


def iri(community: str, kind: str, *keys: str | int) -> str:
    """IRI of a thing: community, kind and its keys, each escaped, so that no key can reach into another."""
    tail = "/".join(quote(str(k), safe="") for k in keys)
    return f"{ID}{quote(community, safe='')}/{kind}/{tail}"


def keys_of(thing: str) -> list[str]:
    """The inverse of `iri`: `[community, kind, key, …]`; empty for an IRI that is not ours."""
    if not thing.startswith(ID):
        return []
    return [unquote(part) for part in thing[len(ID) :].split("/")]


def status_iri(status: str) -> str:
    """IRI of a status concept (one scheme for all communities)."""
    if status not in STATUSES:
        raise KeyError(f"{status} is no status")
    return f"{NS}status-{status}"


def fold(label: str) -> str:
    """Key of a name: `Nested Resource Providers` and `nested resource provider` have one.

    Width, case, punctuation and the plural of the last word do not count; `关于…的讨论` counts as its middle.
    """
    text = unicodedata.normalize("NFKC", label).lower()
    text = re.sub(r"^关于(.+?)(?:的)?(?:讨论|问题)?$", r"\1", text)
    words = re.findall(r"[a-z0-9]+|[^\W\da-z_]+", text)
    if words and re.fullmatch(r"[a-z]{4,}s", words[-1]) and not words[-1].endswith("ss"):
        words[-1] = words[-1][:-1]
    return "-".join(words) or hashlib.sha256(label.encode()).hexdigest()[:12]
