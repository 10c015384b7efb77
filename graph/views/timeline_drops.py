"""Slips that lead nowhere: nobody took the spec up again, which does not mean that no code of it landed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graph.views.models import Landing, Release, SlipArrow, Timeline
from graph.views.scene_words import slip_class
from graph.views.timeline_page_words import page_words


def dropped(slip: SlipArrow, lang: str) -> bool:
    """Whether nobody took up what slipped: its release is then only the one that followed."""
    return slip.slip_class == slip_class("dropped", lang)


def drop_words(release: str, patches: int, homes: Sequence[str], lang: str) -> str:
    """`not taken up again after Elm; 3 patches landed in Elm`: labels of releases, number of patches (0: not said)."""
    words = page_words(lang)
    said = words["left"].format(release=release)
    if not patches:
        return said
    landed = words["landed-1" if patches == 1 else "landed"]
    return words["both"].format(one=said, other=landed.format(n=patches, releases=", ".join(homes)))


class Drops:
    """What landed of the features of a timeline, for what nobody took up again."""

    def __init__(
        self, releases: Iterable[Release], landings: Iterable[Landing], features: Iterable[str], lang: str
    ) -> None:
        self.lang = lang
        self._labels = {release.slug: release.label for release in releases}
        self._order = {slug: at for at, slug in enumerate(self._labels)}
        self._landed: dict[str, list[Landing]] = {key: [] for key in features}
        for one in landings:
            if not one.backport and one.release:
                self._landed.setdefault(one.feature, []).append(one)

    def says(self, feature: str, release: str) -> str:
        """That nobody took it up after a release (slug), and how many patches landed in it and later ones."""
        begin = self._order.get(release, 0)
        found = [one for one in self._landed.get(feature, ()) if self._order.get(one.release, begin) >= begin]
        homes = sorted({one.release for one in found}, key=lambda slug: (self._order.get(slug, 0), slug))
        labels = [self._labels.get(slug, slug) for slug in homes]
        patches = len({one.patch for one in found})
        return drop_words(self._labels.get(release, release), patches, labels, self.lang)


def drops_of(model: Timeline) -> Drops:
    """Those of a timeline; its releases in the order of their cycles."""
    order = sorted(model.releases, key=lambda release: (release.start, release.ship, release.slug))
    return Drops(order, model.landings, (feature.key for feature in model.features), model.lang)
