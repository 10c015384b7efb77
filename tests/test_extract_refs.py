"""References in every spelling met, and what is none."""

from __future__ import annotations

import pytest
from extract_samples import references

R = "https://review.openstack.org"
L = "https://bugs.launchpad.net"

FOUND = [
    (f"{R}/#/c/521685/", "patch:521685"),
    (f"{R}/#/c/521685", "patch:521685"),
    (f"{R}/521685", "patch:521685"),
    (f"{R}/521685/", "patch:521685"),
    (f"{R}/c/521685/", "patch:521685"),
    (f"{R}/#/c/521685/3/nova/compute/manager.py", "patch:521685"),
    (f"{R}/#/c/521685/3..5/nova/x.py@12", "patch:521685"),
    ("http://review.openstack.org/521685", "patch:521685"),
    ("https://review.opendev.org/521685", "patch:521685"),
    ("https://review.opendev.org/#/c/521685/", "patch:521685"),
    ("https://review.opendev.org/c/openstack/nova/+/521685", "patch:521685"),
    ("https://review.opendev.org/c/openstack/nova-specs/+/521685/2", "patch:521685"),
    (f"见 {R}/521685。", "patch:521685"),
    (f"（{R}/521685）", "patch:521685"),
    (f"[补丁]({R}/#/c/521685/)", "patch:521685"),
    (f"[patch/521685]({R}/#/c/521685) Change the thing", "patch:521685"),
    ("patch/521685", "patch:521685"),
    ("patch 521685", "patch:521685"),
    ("Patch #521685", "patch:521685"),
    ("change 521685", "patch:521685"),
    ("review: 521685", "patch:521685"),
    ("gerrit 521685", "patch:521685"),
    ("补丁521685", "patch:521685"),
    ("`Change 521685`", "patch:521685"),
    ("I0123456789abcdef0123456789abcdef01234567", "patch:I0123456789abcdef0123456789abcdef01234567"),
    (f"{L}/nova/+bug/1741125", "bug:1741125"),
    (f"{L}/bugs/1741125", "bug:1741125"),
    (f"{L}/1741125", "bug:1741125"),
    (f"{L}/nova/+bug/1741125/comments/3", "bug:1741125"),
    ("https://launchpad.net/bugs/1741125", "bug:1741125"),
    ("https://pad.lv/1741125", "bug:1741125"),
    ("bug/1741125", "bug:1741125"),
    ("bug 1741125", "bug:1741125"),
    ("Bug #1741125", "bug:1741125"),
    ("bug:1741125", "bug:1741125"),
    ("bug-1741125", "bug:1741125"),
    ("LP#1741125", "bug:1741125"),
    ("LP 1741125", "bug:1741125"),
    ("lp:1741125", "bug:1741125"),
    ("topic:bug/1741125", "bug:1741125"),
    (f"{R}/#/q/topic:bug/1741125", "bug:1741125"),
    (f"{R}/#/q/status:open+topic:bug/1741125", "bug:1741125"),
    ("缺陷1741125", "bug:1741125"),
    ("就是我们在 #65 提到的方法", "post:65"),
    ("（见#65）", "post:65"),
    ("http://lists.openstack.org/pipermail/openstack-dev/2018-January/126653.html",
     "link:http://lists.openstack.org/pipermail/openstack-dev/2018-January/126653.html"),
    ("https://etherpad.openstack.org/p/nova-ptg-rocky", "link:https://etherpad.openstack.org/p/nova-ptg-rocky"),
    ("https://storyboard.openstack.org/#!/story/2005575", "link:https://storyboard.openstack.org/#!/story/2005575"),
    ("[邮件](http://example.org/a_(b))", "link:http://example.org/a_(b)"),
    ("<http://example.org/x>", "link:http://example.org/x"),
    (f"{R}/521685 and {R}/531443", "patch:521685 patch:531443"),
    (f"bug 1741125, patch {R}/521685", "bug:1741125 patch:521685"),
]  # fmt: skip

NONE = [
    "默认1000",
    "HTTP 409",
    "microversion 1.14",
    "the year 2018",
    "port 8774",
    "issue in 12345 lines",
    "a debugger 1741125",
    "#nova 频道",
    "C#65",
    "versions 17.0.0 and 18.0.0",
    "patches 1 to 5",
]


@pytest.mark.parametrize(("line", "expected"), FOUND)
def test_found(line: str, expected: str) -> None:
    assert references(line) == expected


@pytest.mark.parametrize("line", NONE)
def test_none(line: str) -> None:
    assert references(line) == ""


def test_a_link_around_its_own_words_is_one_mention() -> None:
    assert references(f"[bug/1741125 It fails]({L}/1741125)") == "bug:1741125"
