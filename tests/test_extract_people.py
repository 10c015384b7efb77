"""Who a line names: marked nicks, and bare names that say or do something."""

from __future__ import annotations

import pytest
from extract_samples import assignees, people

NAMED = [
    # marked
    ("@efried 提到，这里还有问题", "efried"),
    ("@2uasimojo(efried) 正在改代码", "efried"),
    ("@2uasimojo（efried）表示同意", "efried"),
    ("作者 @edleafe", "edleafe"),
    ("@jaypipes 和 @bauzas 都反对", "jaypipes bauzas"),
    ("thanks to @gibi for the review", "gibi"),
    ("@sean-k-mooney asked", "sean-k-mooney"),
    ("@stephen_fin wrote it", "stephen_fin"),
    ("（@cdent）", "cdent"),
    # Chinese verbs behind a bare name
    ("dansmith增加了一个配置项", "dansmith"),
    ("Matt提出用一种简单的方法", "Matt"),
    ("jichen说争取做完", "jichen"),
    ("melwitt在会上问，还有没有别的办法", "melwitt"),
    ("tetsuro把三个patch重新rebase了一遍", "tetsuro"),
    ("gibi 已经把测试补上了", "gibi"),
    ("cdent认为应该拆开", "cdent"),
    ("yikun正在写spec", "yikun"),
    ("edleafe休假去了", "edleafe"),
    ("alex_xu 会去更新spec", "alex_xu"),
    ("stephenfin和gibi负责评审", "stephenfin gibi"),
    ("takashin贴了日志", "takashin"),
    ("zhenyu-zheng 提交了第一版", "zhenyu-zheng"),
    ("随后 kashyap 解释了原因", "kashyap"),
    ("Sylvain觉得太复杂", "Sylvain"),
    ("artom给出了复现步骤", "artom"),
    ("lyarwood昨天提了backport", "lyarwood"),
    ("kosamara还在跟neutron对接口", "kosamara"),
    ("luyao也想参与", "luyao"),
    ("brinzhang接手了这个patch", "brinzhang"),
    ("mgagne_反馈说线上也遇到了", "mgagne_"),
    # English
    ("Eric said that it is fine", "Eric"),
    ("mriedem asked for a volunteer", "mriedem"),
    ("gibi pushed the nova half", "gibi"),
    ("ConnorDoyle rewrote the document", "ConnorDoyle"),
    ("Eric Fried proposed a new table", "Eric Fried"),
    ("sean-k-mooney and gibi agreed", "sean-k-mooney gibi"),
    ("melwitt (PTL) reminded everybody", "melwitt"),
    ("Vikas proposed to start small", "Vikas"),
    ("then dansmith explained why", "dansmith"),
    ("Chris, who wrote the code, disagreed", "Chris"),
    ("artom is rewriting the claim", "artom"),
    ("tssurya will update the spec", "tssurya"),
    ("but efried also wants tests", "efried"),
    ("johnthetubaguy volunteered", "johnthetubaguy"),
    ("bauzas has posted a patch", "bauzas"),
    ("Yesterday aspiers filed a bug", "aspiers"),
    ("kashyap thinks otherwise", "kashyap"),
    ("jaypipes, efried and cdent discussed it", "jaypipes efried cdent"),
    ("Dan wrote it, Matt reviewed it", "Dan Matt"),
    ("mnaser confirmed the bug; openstack-infra was asked", "mnaser"),
    ("edmondsw offered to help", "edmondsw"),
    ("gmann fixed the test", "gmann"),
]

NOBODY = [
    "scheduler增加了一个配置项",
    "nova提供了接口",
    "placement返回了错误",
    "libvirt报告了容量",
    "driver实现了update_provider_tree",
    "ComputeDriver增加了一个方法",
    "conductor会重试",
    "API返回409",
    "spec提到了这一点",
    "测试发现了问题",
    "The scheduler proposed three hosts",
    "the driver added a field",
    "Fix proposed, untested",
    "repo seeded, job WIP",
    "spec approved",
    "Everything merged",
    "Nobody said anything",
    "Reviewers asked for tests",
    "Work started",
    "Placement added a microversion",
    "Testing showed a leak",
    "the kubelet needs a restart",
    "framework merged, tool not started",
    "nova-compute reports the inventory",
    "send mail to someone@example.org",
    "see https://review.openstack.org/#/q/owner:efried",
    "Functional tests found it",
    "Queens added the table",
    "update_provider_tree has a bug",
    "os-vif added an option",
]


@pytest.mark.parametrize(("line", "expected"), NAMED)
def test_named(line: str, expected: str) -> None:
    assert people(line) == expected


@pytest.mark.parametrize("line", NOBODY)
def test_nobody(line: str) -> None:
    assert people(line) == ""


DECIDED = [
    ("最终，决定让 @cdent 去做相关的patch。", "cdent"),
    ("最后决定由 @edleafe 来写spec", "edleafe"),
    ("结论：@cdent 发邮件收集意见", "cdent"),
    ("行动项：gibi整理候选人的问题", "gibi"),
    ("会上定了，jaypipes来写这个spec", "jaypipes"),
    ("这件事交给 @efried", "efried"),
    ("大家商定由 melwitt 跟进", "melwitt"),
    ("分配给 @bauzas", "bauzas"),
    ("ACTION: edleafe to list the blockers", "edleafe"),
    ("Decision: yujuhong writes a proposal", "yujuhong"),
    ("Agreed: melwitt goes through the notes", "melwitt"),
    ("In the end it was agreed that Chris will write it up", "Chris"),
    ("#action mriedem to file a bug", "mriedem"),
    ("We decided to let gibi handle it", "gibi"),
    ("AI: dansmith to look at the locks", "dansmith"),
    ("efried volunteered to write the docs", "efried"),
    ("Outcome: @tssurya will send a mail", "tssurya"),
    ("It was assigned to cdent.", "cdent"),
]

UNDECIDED = [
    "决定推迟到Rocky",
    "决定由scheduler来过滤",
    "结论：下次再说",
    "最终由 cdent 提出的方案没有通过",
    "Decision: Queens stays open",
    "Agreed: everyone likes it",
    "ACTION: start a poll",
    "It was decided to drop it",
    "Decision: nova keeps the table",
    "the driver decides who gets the lock",
    "由libvirt负责上报",
    "让scheduler去选",
]


@pytest.mark.parametrize(("line", "expected"), DECIDED)
def test_decided(line: str, expected: str) -> None:
    assert assignees(line) == expected


@pytest.mark.parametrize("line", UNDECIDED)
def test_undecided(line: str) -> None:
    assert assignees(line) == ""


def test_an_assignee_is_mentioned() -> None:
    assert people("ACTION: edleafe to list the blockers") == "edleafe"
