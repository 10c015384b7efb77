"""References to patches, bugs, features, posts and links, in every spelling the profile knows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.extract.text import CJK, COMMA, Unit
from graph.profile import Profile
from graph.readers.notes import strip_marker

_SAFE = re.compile(r"https?://", re.IGNORECASE)
_TITLE_STOP = re.compile(r"[。；，]|https?://|[" + CJK + r"]|[ \t][-–—][ \t]|[.!?](?=\s|$)")
_AFTER_REF = re.compile(r"[ \t]*[)\]）】]?[ \t]*(?:[:：–—-][ \t]*)?[\[(（【]?")


@dataclass(frozen=True)
class Ref:
    """A reference and its place in the plain text; `title` are the words that name it, where it has them."""

    kind: str
    key: str
    start: int
    end: int
    url: str = ""
    title: str = ""


def of_url(url: str, profile: Profile) -> tuple[str, str] | None:
    """What a whole link refers to: (kind, key), or None for a link that is only that."""
    for reference in profile.references:
        if reference.place == "url":
            match = reference.regex.search(url)
            if match:
                return reference.kind, match.group(1)
    return None


def _in_text(text: str, profile: Profile) -> list[Ref]:
    found: list[Ref] = []
    for reference in profile.references:
        if reference.place != "text":
            continue
        for match in reference.regex.finditer(text):
            start = match.start() if reference.kind != "post" else match.start(1) - 1
            found.append(Ref(reference.kind, match.group(1), start, match.end()))
    kept: list[Ref] = []
    for ref in sorted(found, key=lambda r: (r.start, -r.end)):
        if all(ref.start >= other.end for other in kept):
            kept.append(ref)
    return kept


def in_unit(unit: Unit, profile: Profile) -> list[Ref]:
    """References of a line in order: links first resolved, then words outside links' addresses."""
    found: list[Ref] = []
    for link in unit.links:
        known = of_url(link.url, profile)
        if known:
            found.append(Ref(known[0], known[1], link.start, link.end, link.url, _link_title(link.text)))
        if (not known or known[0] == "feature") and _SAFE.match(link.url):
            found.append(Ref("link", link.url, link.start, link.end, link.url, link.text))
    words = unit.visible(0, len(unit.plain), keep=".clqts")
    found.extend(ref for ref in _in_text(words, profile) if not _inside(ref, found))
    return sorted(found, key=lambda ref: (ref.start, ref.end, ref.kind))


def _inside(ref: Ref, links: list[Ref]) -> bool:
    """Whether words only repeat what the link around them says."""
    return any(
        r.url and r.start <= ref.start < r.end and (r.kind, r.key) == (ref.kind, ref.key) for r in links
    )


def _link_title(text: str) -> str:
    bare = re.sub(r"^(?i:patch|bug|change|review|lp)\s*[/#: ]*\s*#?\d+[\s:：–—-]*", "", text).strip()
    return "" if re.fullmatch(r"[#\d\s]*", bare) or _SAFE.match(bare) else bare


def leading(text: str, profile: Profile) -> int:
    """Where the reference that a line opens with ends (its separator included), 0 without one."""
    # A heading keeps its number.
    numbered = len(text) - len(strip_marker(text)[1])
    body = text[numbered:]
    head = text[: numbered + len(body) - len(body.lstrip(" \t[(（【"))]
    for ref in _in_text(text[:200], profile):
        if ref.start <= len(head) and ref.kind in ("patch", "bug", "feature"):
            after = _AFTER_REF.match(text, ref.end)
            return after.end() if after else ref.end
    return 0


def leading_title(unit: Unit, profile: Profile) -> tuple[int, int] | None:
    """Span of the title behind the reference that a line opens with; None when it opens with none."""
    end = leading(unit.plain, profile)
    opening = len(unit.plain) - len(strip_marker(unit.plain)[1]) + 1
    if not end and unit.links and unit.links[0].start <= opening and of_url(unit.links[0].url, profile):
        end = _after_link(unit)
    if not end:
        return None
    return _title_span(unit.plain, end)


def _after_link(unit: Unit) -> int:
    link = unit.links[0]
    if link.text and _link_title(link.text):
        return link.start + link.text.find(_link_title(link.text))
    after = _AFTER_REF.match(unit.plain, link.end)
    return after.end() if after else link.end


def _title_span(text: str, start: int) -> tuple[int, int] | None:
    """Words from a place up to the end of the title: a capital, or what a colon announced."""
    announced = start > 0 and (text[start - 1] in ":：-–—([（【" or text[:start].rstrip()[-1:] in ":：-–—")
    rest = text[start:]
    if not rest.strip() or not (announced or rest.lstrip()[:1].isupper()):
        return None
    stop = _TITLE_STOP.search(rest)
    chinese = re.match(r"\s*[" + CJK + "]", rest)
    if chinese:
        stop = re.search(rf"[。；]|{COMMA}|https?://", rest)
    end = start + (stop.start() if stop else len(rest))
    words = text[start:end].strip()
    # «a title of some words: what is said of it»; the colon of «libvirt: fix it» comes sooner.
    colon = re.match(r"(?:\S+[ \t]+){2,20}?\S+:[ \t]", words) if not chinese else None
    if colon:
        end, words = text.index(words, start) + colon.end() - 2, words[: colon.end() - 2]
    return (start, end) if len(words.split()) >= 2 or (chinese and len(words) >= 4) else None


def titles(unit: Unit, profile: Profile) -> list[tuple[int, int]]:
    """Spans that are titles of references inside a line, where no status may be read."""
    spans = []
    for ref in in_unit(unit, profile):
        if ref.kind in ("patch", "bug") and not (ref.url and ref.title):
            after = _AFTER_REF.match(unit.plain, ref.end)
            span = _title_span(unit.plain, after.end() if after else ref.end)
            # Titles of patches and bugs are English; Chinese words behind a reference are the author's.
            if span is not None and not re.match(rf"\s*[{CJK}]", unit.plain[span[0] : span[1]]):
                spans.append(span)
    return spans


def names_bug(text: str, profile: Profile) -> bool:
    """Whether a heading names a bug."""
    return any(ref.kind == "bug" for ref in _in_text(text, profile))


def any_reference(text: str, profile: Profile) -> bool:
    """Whether a text names a patch or a bug."""
    return any(ref.kind in ("patch", "bug") for ref in _in_text(text, profile))
