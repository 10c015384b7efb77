"""The words of scenes, in both languages: what links mean, the names of facts, the classes of slips."""

from __future__ import annotations

# kind of link → words, read from its source to its target
LINKS: dict[str, tuple[str, str]] = {
    "discussed": ("discussed", "讨论了"),
    "discusses": ("discusses", "讨论"),
    "worksOn": ("works on", "参与"),
    "implementedBy": ("implemented by", "由补丁实现"),
    "mentions": ("mentions", "提到"),
    "about": ("about", "关于"),
    "inMeeting": ("in meeting", "所属会议"),
    "raisedIn": ("raised in", "提出于"),
    "recordedIn": ("recorded in", "记录于"),
    "forRelease": ("for release", "涉及版本"),
    "onPatch": ("on patch", "涉及补丁"),
    "onBug": ("on bug", "涉及缺陷"),
    "byPerson": ("said by", "来自"),
    "assignee": ("assigned to", "负责人"),
    "milestoneOf": ("milestone of", "所属版本"),
    "versionOf": ("version of", "所属版本"),
    "landedIn": ("landed in", "进入"),
    "inCycle": ("merged in the cycle of", "合入于此周期"),
    "fixes": ("fixes", "修复"),
    "reverts": ("reverts", "回退"),
    "promisedFor": ("promised for", "承诺于"),
    "shippedIn": ("shipped in", "交付于"),
    "author": ("wrote code for", "编写代码"),
    "coAuthor": ("wrote code with others for", "合作编写代码"),
    "slippedFrom": ("slipped from", "原定版本"),
    "slippedTo": ("slipped to", "推迟到"),
}

FACTS: dict[str, tuple[str, str]] = {
    "name": ("Name", "短名"),
    "names": ("Names", "名称"),
    "heading": ("Heading", "标题"),
    "items": ("Discussed on", "讨论日期"),
    "latest": ("Latest status", "最新状态"),
    "reports": ("Reports", "状态报告"),
    "slip": ("Moved", "推迟"),
    "title": ("Title", "标题"),
    "project": ("Project", "项目"),
    "summary": ("Summary", "总结"),
    "number": ("Number", "编号"),
    "commit": ("Merged by", "合入提交"),
    "status": ("Status", "状态"),
    "part": ("Part", "部分"),
    "release": ("Release", "版本"),
    "person": ("By", "来自"),
    "assignee": ("Assignee", "负责人"),
    "about": ("What", "内容"),
    "state": ("State", "处理状态"),
    "raised": ("Raised in", "提出时间"),
    "closed": ("Closed by", "关闭依据"),
    "id": ("ID", "编号"),
    "path": ("Path", "路径"),
    "start": ("Cycle starts", "周期开始"),
    "freeze": ("Feature freeze", "特性冻结"),
    "ship": ("Ships", "发布"),
    "stage": ("Stage", "阶段"),
    "patches": ("Patches", "补丁数"),
    "more": ("More quotes", "更多引文"),
}

STATES: dict[str, tuple[str, str]] = {
    "NEEDS-ACTION": ("open", "未完成"),
    "IN-PROCESS": ("under way", "进行中"),
    "COMPLETED": ("done", "已完成"),
    "CANCELLED": ("cancelled", "已取消"),
}

STAGES: dict[str, tuple[str, str]] = {
    "final": ("final", "正式版"),
    "candidate": ("release candidate", "候选版"),
    "milestone": ("milestone", "里程碑版"),
}

SLIP_CLASSES: dict[str, tuple[str, str]] = {
    "said": ("said in a meeting", "会上提出"),
    "re-proposed": ("re-proposed", "重新提交"),
    "renamed": ("renamed", "改名后重新提交"),
    "narrowed": ("narrowed", "缩小范围"),
    "skipped": ("skipped a release", "隔版重提"),
    "dropped": ("dropped", "不再继续"),
}


def _word(table: dict[str, tuple[str, str]], name: str, lang: str) -> str:
    pair = table.get(name)
    return name if pair is None else pair[1] if lang == "zh" else pair[0]


def link_word(kind: str, lang: str) -> str:
    """What a kind of link means."""
    return _word(LINKS, kind, lang)


def fact_word(name: str, lang: str) -> str:
    """The name of a fact."""
    return _word(FACTS, name, lang)


def state_word(state: str, lang: str) -> str:
    """The state of a TODO; an unknown one as it is."""
    return _word(STATES, state, lang)


def stage_word(stage: str, lang: str) -> str:
    """The stage of a version; an unknown one as it is."""
    return _word(STAGES, stage, lang)


def slip_class(name: str, lang: str) -> str:
    """The class of a slip; an unknown one as it is."""
    return _word(SLIP_CLASSES, name, lang)
