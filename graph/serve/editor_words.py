"""The words of the SPARQL editor, in both languages."""

from __future__ import annotations

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("SPARQL", "SPARQL"),
    "lead": (
        "Ask the graph itself, read-only. Our prefixes need no PREFIX line.",
        "直接查询图，只读。我们的前缀不必写 PREFIX 行。",
    ),
    "query": ("Query", "查询语句"),
    "run": ("Run", "运行"),
    "stop": ("Stop", "停止"),
    "help": ("Keys", "按键"),
    "keys": (
        "Ctrl-Enter runs · Ctrl-Space completes, ↑ ↓ choose, Enter or Tab takes, Esc closes · "
        "Tab indents; press Esc, then Tab, to leave the editor",
        "Ctrl-Enter 运行 · Ctrl-空格 补全，↑ ↓ 选择，Enter 或 Tab 采用，Esc 关闭 · "
        "Tab 缩进；先按 Esc 再按 Tab 离开编辑框",
    ),
    "prefixes": ("Add PREFIX lines", "补上 PREFIX 行"),
    "prefixed": ("Prefixes added: ", "已补上前缀："),
    "complete": ("Every prefix has its line.", "前缀都已声明。"),
    "example": ("Example", "示例"),
    "choose": ("choose a question …", "选择一个问题 …"),
    "load": ("Load", "载入"),
    "share": ("Copy link", "复制链接"),
    "copied": ("The link is on the clipboard.", "链接已复制。"),
    "uncopied": ("The address of this page is the link.", "本页地址就是链接。"),
    "history": ("Earlier queries in this browser", "此浏览器的查询历史"),
    "clear": ("Clear", "清除"),
    "nothing": ("None yet.", "还没有。"),
    "results": ("Results", "结果"),
    "running": ("Running …", "正在运行 …"),
    "stopped": ("Stopped.", "已停止。"),
    "rows": ("rows", "行"),
    "row": ("row", "行"),
    "triples": ("triples", "条三元组"),
    "seconds": ("s", "秒"),
    "table": ("Table", "表格"),
    "chart": ("Chart", "图表"),
    "graph": ("Graph", "图"),
    "raw": ("Raw", "原文"),
    "csv": ("CSV", "CSV"),
    "json": ("JSON", "JSON"),
    "turtle": ("Turtle", "Turtle"),
    "more": ("Show more rows", "显示更多行"),
    "shown": ("shown", "已显示"),
    "empty": ("The answer is empty.", "结果为空。"),
    "yes": ("Yes", "是"),
    "no": ("No", "否"),
    "undrawn": (
        "Nothing to draw: a graph needs rows with two things, or triples.",
        "没有可画的图：需要每行有两个事物，或三元组。",
    ),
    "left": ("nodes are left out here; the graph page shows more.", "个节点未画出；图页可显示更多。"),
    "whole": ("Open on the graph page", "在图页打开"),
    "things": ("things", "个事物"),
    "ties": ("ties", "条连线"),
    "line": ("line", "行"),
    "column": ("column", "列"),
    "go": ("Go to the place", "跳到该处"),
    "unreached": (
        "The endpoint cannot be reached: is `kg serve` still running?",
        "连不上端点：`kg serve` 还在运行吗？",
    ),
    "unknown": ("Not in the vocabulary: ", "词汇表里没有："),
    "meant": ("did you mean", "是不是"),
    "stranger": ("No such term: ", "没有这个词："),
    "comma": (", ", "，"),
    "once": (
        "A statement of several sources comes once for each: write SELECT DISTINCT or COUNT(DISTINCT ?x).",
        "同一陈述出自几个来源时，每个来源各算一次：请写 SELECT DISTINCT 或 COUNT(DISTINCT ?x)。",
    ),
    "sums": (
        "SUM and AVG: take them over a SELECT DISTINCT * within.",
        "SUM 与 AVG：请对内层的 SELECT DISTINCT * 计算。",
    ),
    "distinct": ("Write DISTINCT and run", "写上 DISTINCT 并运行"),
    "suggestions": ("suggestions", "条补全"),
    "class": ("class", "类"),
    "property": ("property", "属性"),
    "value": ("value", "取值"),
    "keyword": ("keyword", "关键字"),
    "variable": ("variable", "变量"),
    "prefix": ("prefix", "前缀"),
    "sort": ("Sort by", "排序："),
}


def words(lang: str) -> dict[str, str]:
    """All words in a language."""
    return {key: zh if lang == "zh" else en for key, (en, zh) in _WORDS.items()}
