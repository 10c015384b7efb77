"""`kg build --watch`: build, wait until what was read changes, build again, and say what that changed.

Changes are seen by looking at times and sizes once a second: that works on every disk, network folders too, needs no
library, and a thousand notes cost a few milliseconds. A change counts once nothing has moved for a moment, as an
editor writes a temporary file and renames it. What to compare with is looked at before a build begins, so that what
changes while it runs is built next. Of a repository the refs are watched, as they are what a build goes by.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from graph.cli.common import App, talk, write

if TYPE_CHECKING:
    from graph.errors import KgError
    from graph.pipeline import Report
    from graph.store import Reader

EVERY = 1.0  # seconds from one look to the next
SETTLED = 0.4  # seconds without a change after which a file counts as written
LONGEST = 10.0  # seconds after which a build begins even where something goes on changing
SHARE = 10  # looking takes at most one part of so many of the time

Look = dict[str, tuple[int, ...]]
Build = Callable[[], "Report"]


def watch(app: App, given: list[str], extra: tuple[Path, ...], build: Build) -> int:
    """Build now and after every change until interrupted: 0 while waiting, 130 in a build, which then leaves no trace.

    `build` makes one build and tells what it read and refused; what it changed goes to stdout.
    """
    for name in (signal.SIGINT, signal.SIGTERM):  # a shell starts what runs beside it deaf to the first
        signal.signal(name, signal.default_int_handler)
    try:
        seen = _once(app, given, extra, build)
        _say_waiting(app, seen)
        while True:
            _wait(given, extra, seen)
            seen = _once(app, given, extra, build)
    except _Waiting:
        talk(app.say("stopped watching", "已停止监视"))
        return 0


class _Waiting(Exception):
    """Interrupted while nothing was being built."""


def _say_waiting(app: App, seen: Look) -> None:
    talk(
        app.say(f"watching {len(seen)} files; Ctrl-C ends it", f"正在监视 {len(seen)} 个文件；按 Ctrl-C 结束")
    )


# --- building -------------------------------------------------------------------------------------------------


def _once(app: App, given: list[str], extra: tuple[Path, ...], build: Build) -> Look:
    """One build, told; what stood in the sources when it began. An error is told, and the watch goes on."""
    from graph.errors import KgError, StoreBusy

    told = False
    while True:
        seen, begun = look(given, extra), time.monotonic()
        try:
            with _last(app) as old:
                report = build()
                _tell(app, old, report, time.monotonic() - begun)
            return seen
        except StoreBusy as busy:
            if not told:
                talk(f"{busy}; {app.say('it is tried again until it is free', '空闲后会自动重试')}")
            told = True
            _sleep(EVERY)
        except (KgError, OSError) as error:
            _complain(error)
            return seen


@contextlib.contextmanager
def _last(app: App) -> Iterator[Reader | None]:
    """The build before, opened while it is the last one: so the hashes of its graphs are known."""
    from graph.generations import Pointer

    if not Pointer.load(app.store).generation:
        yield None
        return
    with app.reader() as reader:
        yield reader


def _tell(app: App, old: Reader | None, report: Report, seconds: float) -> None:
    """What a build changed, on stdout, with the time of day and what it took."""
    from graph.cli.diff import compared, mail

    if old is None or not report.changed:
        return
    with app.reader() as new:
        text = mail(app, compared(app, old, new))
        number = new.generation
    now = time.strftime("%Y-%m-%d %H:%M:%S")
    head = app.say(
        f"{now}: build {number} in {seconds:.1f} s", f"{now}：第 {number} 次构建，用时 {seconds:.1f} 秒"
    )
    write(f"{head}\n\n{text}\n", None)


def _complain(error: KgError | OSError) -> None:
    talk(f"error: {error}")
    if hint := getattr(error, "hint", ""):
        talk(f"hint: {hint}")


# --- waiting --------------------------------------------------------------------------------------------------


def _wait(given: list[str], extra: tuple[Path, ...], seen: Look) -> None:
    """Come back when what is there is another than was seen, and has settled."""
    pause = EVERY
    while True:
        _sleep(pause)
        begun = time.monotonic()
        now = look(given, extra)
        pause = max(EVERY, (time.monotonic() - begun) * SHARE)
        if now != seen:
            _settle(given, extra, now)
            return


def _settle(given: list[str], extra: tuple[Path, ...], now: Look) -> None:
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        _sleep(SETTLED)
        before, now = now, look(given, extra)
        if now == before:
            return


def _sleep(seconds: float) -> None:
    try:
        time.sleep(seconds)
    except KeyboardInterrupt:
        raise _Waiting from None


# --- looking --------------------------------------------------------------------------------------------------


def look(given: list[str], extra: tuple[Path, ...] = ()) -> Look:
    """Every file that a build of the given paths goes by: times, size and number; what is gone is not there."""
    found: Look = {}
    for path in given:
        for file in (*_files(Path(path)), *_settings_above(Path(path))):
            _note(found, file)
    for place in extra:
        for file in place.rglob("*.rq"):
            _note(found, file)
    return found


def _note(found: Look, path: Path) -> None:
    with contextlib.suppress(OSError, ValueError):
        at = path.stat()
        found[str(path)] = (at.st_mtime_ns, at.st_ctime_ns, at.st_size, at.st_ino)


def _files(path: Path) -> Iterator[Path]:
    """A file; the files of a folder and the folders in it, but for hidden ones; the refs of a repository."""
    from graph import gitrepo

    if not path.is_dir():
        yield path
        return
    for root, folders, files in os.walk(path):
        place = Path(root)
        if gitrepo.is_repository(place):
            folders.clear()
            yield from _refs(place)
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (place / name for name in files if not name.startswith("."))


def _refs(path: Path) -> Iterator[Path]:
    """What says which commits a repository has; git writes each anew, and a lock that it takes is no change."""
    from graph import gitplace
    from graph.errors import KgError

    try:
        folder, common = gitplace.locate(path)
    except (KgError, OSError):
        return
    yield folder / "HEAD"
    yield from (common / name for name in ("packed-refs", "shallow"))
    for root, _, files in os.walk(common / "refs"):
        yield from (Path(root, name) for name in files if not name.endswith(".lock"))


def _settings_above(path: Path) -> Iterator[Path]:
    """Settings in the folders above, which count for what lies below them."""
    from graph.settings import is_setting

    for folder in path.parents:
        with contextlib.suppress(OSError):
            yield from (file for file in folder.glob("*.toml") if is_setting(file.name))
        if (folder / ".git").exists():
            return
