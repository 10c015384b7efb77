"""What a column or a parameter is called in the reader's language; its name in data stays beside it."""

from __future__ import annotations

from graph.terms import CLASSES, PROPERTIES

_TERMS = {term.name[:1].lower() + term.name[1:]: term.zh for term in (*CLASSES, *PROPERTIES)}
_ZH = {
    **_TERMS,
    "after": "下一版本", "age_days": "天数", "answer": "回答", "approved": "批准", "authors": "作者",
    "backport": "是否移植", "before": "上一版本", "branch": "分支", "bugs": "缺陷", "change": "改动",
    "change_id": "Change-Id", "class": "类别", "closed_by": "关闭依据", "closed_on": "关闭时间",
    "commits": "提交数", "count": "次数", "date": "日期", "day": "日期", "days": "天数", "dropped": "放弃",
    "edited": "修改日期", "ended": "结局", "eol": "停止维护日", "eol_by": "依据", "evidence": "证据",
    "features": "特性", "final": "首个正式版", "first": "最早", "has": "是否包含", "implemented": "实现",
    "items": "条数", "label": "名称", "last": "最晚", "listed": "列出月份", "meetings": "会议次数",
    "month": "月份", "most": "最多的类别", "name": "名称", "named": "来源写法", "names": "别名",
    "newest": "最新", "next_date": "下一阶段日期", "next_phase": "下一阶段", "nick": "昵称", "number": "评审号",
    "patches": "补丁数", "percent": "百分比", "projects": "项目", "proposer": "提出者", "raised_in": "提出于",
    "releases": "版本", "reopened": "重新打开", "reverted": "被回退的补丁", "said": "只在会上说",
    "ship": "发布日期", "shipped": "已发布", "since": "自何版本", "slipped": "推迟", "source": "来源",
    "specs": "规格数", "start": "周期开始", "tag": "标签", "tags": "标签", "text": "文字", "thing": "对象",
    "times": "次数", "title": "标题", "today": "今天", "trailer": "trailer", "unread": "未看懂", "url": "链接",
    "what": "内容", "witnesses": "证据来源",
}  # fmt: skip


def column(name: str, lang: str) -> str:
    """What a column is called: its name in English, a word of ours in Chinese where there is one.

    >>> column("age_days", "en")
    'age days'
    """
    return _ZH.get(name, name) if lang == "zh" else name.replace("_", " ")
