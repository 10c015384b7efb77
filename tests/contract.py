"""The columns of named queries that other tools rely on."""

from __future__ import annotations

# What other tools rely on: these columns come first, in this order.
CONTRACT = {
    "meetings": "meeting date title project summary source line",
    "discussions": "meeting date position kind heading feature label source line",
    "mentions": "meeting date position heading kind key source line",
    "statuses": "meeting date position heading feature part status release patch bug person quote source line",
    "decisions": "meeting date heading assignee about quote source line",
    "milestones": "release name date source line",
    "todos": "todo text about raised_in state age_days carried closed_by source line",
    "slips": "feature became label class outcome next witnesses evidence",
    "release-plan": "feature state outcome",
    "history": "date kind what release source line",
    "people-of": "person role count first last",
    "features-of": "feature role count first last",
    "patches": "change_id number sha title author merged branch strength version final release",
    "landed-in": "release version patches first last",
    "bug-fixes": "release version branch sha merged",
}
# Added since, at the end.
MORE = {
    "discussions": "thing",
    "statuses": "thing",
    "mentions": "feature",
    "decisions": "position feature",
    "todos": "kind listed closed_on reopened",
    "slips": "disagreement trailer",
    "patches": "source line project backport",
    "landed-in": "date project",
    "bug-fixes": "tag change_id strength confidence project author title backport source line",
    "release-plan": "label patches source path line approved",
}
