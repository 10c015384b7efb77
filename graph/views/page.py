"""The shell both pages share: escaping, the content security policy and the assets.

Untrusted text reaches a page by one of two roads, and is escaped once on each: `esc` for markup,
`script_json` for the data block that our scripts read (they write it as text nodes only). The policy names
the hash of every script and style, so nothing else runs even where an escape were missed, and the same input
gives the same bytes, which a random nonce would not.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any
from urllib.parse import urlsplit

from graph.errors import KgError

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
NO_XML = frozenset("\ufffe\uffff")
UNSAFE_IN_SCRIPT = re.compile("[<>&\u2028\u2029\ud800-\udfff\u007f]")
FONTS = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'


def _hidden(char: str) -> bool:
    if char in "\n\t":
        return False
    return unicodedata.category(char) in HIDDEN or char in NO_XML


def _code(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def visible(text: str) -> str:
    r"""Text with control, zero-width and direction-changing characters written as `\uXXXX`.

    Line breaks and tabs stay. What comes out can be encoded as UTF-8 and stand in XML.

    >>> visible("a\u202eb")
    'a\\u202eb'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_code(c) if _hidden(c) else c for c in text)


def esc(text: str) -> str:
    """Text as it may stand in markup and in a quoted attribute."""
    return html.escape(visible(text), quote=True)


def script_json(value: object) -> str:
    """Compact JSON that cannot end the script element it stands in; keys keep their order."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return UNSAFE_IN_SCRIPT.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def safe_url(url: str) -> str:
    """The URL when it is plain http or https, else ""; a user part is refused, as it hides the host."""
    if any(c.isspace() or _hidden(c) for c in url):
        return ""
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return url if good else ""


def columns(text: str) -> int:
    """Width in terminal columns: a Chinese character takes two, a combining mark none."""
    return sum(_char_columns(c) for c in text)


def _char_columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def clip(text: str, width: int) -> str:
    """One line of at most `width` columns (at least 1), ended with an ellipsis when something was cut off."""
    line = " ".join(visible(text).split())
    if columns(line) <= width:
        return line
    kept, used = [], 1
    for char in line:
        used += _char_columns(char)
        if used > width:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"


def asset(name: str) -> str:
    """One of our own css or js files, or `vis-network` as pyvis ships it, as text with Unix line ends."""
    if name == "vis-network":
        return vis_script()
    return (resources.files("graph.views") / "assets" / name).read_text("utf-8").replace("\r\n", "\n")


def _versions(root: Traversable) -> Iterator[tuple[tuple[int, ...], Traversable]]:
    for folder in root.iterdir():
        name, _, version = folder.name.partition("-")
        if name == "vis" and version.replace(".", "").isdigit():
            yield tuple(int(part) for part in version.split(".")), folder


def vis_script() -> str:
    """The newest vis-network script inside the installed pyvis, without the link to its source map."""
    root = resources.files("pyvis") / "lib"
    found = sorted(_versions(root), key=lambda pair: pair[0]) if root.is_dir() else []
    if not found:
        raise KgError("pyvis holds no vis-network script", place=str(root), hint="install pyvis again")
    text = (found[-1][1] / "vis-network.min.js").read_text("utf-8").replace("\r\n", "\n")
    return text.partition("\n//# sourceMappingURL=")[0]


def _sha(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    script = " ".join(_sha(s) for s in scripts) or "'none'"
    style = " ".join(_sha(s) for s in styles) or "'none'"
    return (
        f"default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )


def _raw(tag: str, content: str) -> str:
    """Our own or a library's code as an element; code that could end its element early is refused."""
    lowered = content.lower()
    if f"</{tag}" in lowered or "<!--" in lowered:
        raise KgError(
            f"a {tag} asset holds markup that would end its element", hint="use the pinned version of pyvis"
        )
    return f"<{tag}>{content}</{tag}>"


@dataclass(frozen=True)
class Page:
    """A page before it is put together: trusted markup, what its scripts find in `#data`, and its assets by name.

    An asset is one of `assets/`, or `vis-network`. As a file it holds all of them; the web face links to them.
    """

    title: str
    lang: str
    body: str
    data: dict[str, Any]
    styles: tuple[str, ...]
    scripts: tuple[str, ...]


def single_file(page: Page) -> str:
    """The page as one HTML file that needs nothing else."""
    return shell(
        title=page.title, lang=page.lang, body=page.body, data=page.data,
        styles=["".join(asset(name) for name in page.styles)] if page.styles else [],
        scripts=[asset(name) for name in page.scripts],
    )  # fmt: skip


def shell(
    *, title: str, lang: str, body: str, data: object, styles: Sequence[str], scripts: Sequence[str]
) -> str:
    """A whole HTML page. `body` is trusted markup; `data` is what scripts find in the element `#data`."""
    tongue = "zh-CN" if lang == "zh" else "en"
    head = (
        f'<!DOCTYPE html>\n<html lang="{tongue}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(styles, scripts)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f'<link rel="icon" href="data:,">\n<title>{esc(title)}</title>\n'
    )
    style = "\n".join(_raw("style", s) for s in styles)
    block = f'<script type="application/json" id="data">{script_json(data)}</script>'
    script = "\n".join(_raw("script", s) for s in scripts)
    return f"{head}{style}\n</head>\n<body>\n{body}\n{block}\n{script}\n</body>\n</html>\n"
