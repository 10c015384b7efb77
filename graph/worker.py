"""Queries from outside, run in a process of their own that can be killed.

What is enforced, and by whom:

- before anything runs: at most 16 KB of text, brackets 50 deep, no update, SERVICE, LOAD or FROM (by tokens);
- by the kernel, on the child: 2 GB of address space, processor time, death with its parent, and SIGKILL at
  the deadline; on Linux (x86-64, ARM64) a seccomp filter lets no socket be made, and where that fails a
  network namespace is asked for. Elsewhere the check of the tokens alone keeps a query off the network;
- by the child: 10,000 rows and 32 MB of output, the store opened read-only.

The child is started afresh (never forked: a fork with an open store ruins it) and speaks JSON over pipes.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import resource
import signal
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graph import errors
from graph.errors import KgError, OutOfTime, QueryFault
from graph.store import Bound, Limits, Reader
from graph.table import Table
from graph.tokens import check_local, depth, form, tokens

TEXT_BYTES = 16 * 1024
NESTING = 50
OUTPUT = 32 * 1024 * 1024
MEMORY = 2 * 1024**3
SECONDS = 2.0
ROWS = 10_000
_FORMS = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")


def run_user_query(
    store: str | Path,
    text: str,
    *,
    seconds: float = SECONDS,
    rows: int = ROWS,
    substitutions: Mapping[str, Bound] | None = None,
    place: str = "query",
) -> Table | list[str]:
    """Run a stranger's query: a table (ASK: one cell), or sorted N-Triples lines for CONSTRUCT and DESCRIBE.

    `seconds` is wall time, the start of the process included. Raises QueryFault (with `place:line`) for a
    query that is refused, wrong or too large, OutOfTime at the deadline, and what opening the store raises.
    """
    check(text, place)
    task = {
        "store": str(Path(store).absolute()),
        "text": text,
        "rows": rows,
        "seconds": seconds,
        "place": place,
    }
    task["substitutions"] = {name: list(value) for name, value in (substitutions or {}).items()}
    return _answer(_spoken(task, seconds))


def check(text: str, place: str = "query") -> None:
    """Refuse, before it runs, a query that is too long, too deep, or more than a question to this graph."""
    if len(text.encode()) > TEXT_BYTES:
        raise QueryFault(
            f"the query is longer than {TEXT_BYTES // 1024} KB", place=place, hint="make it shorter"
        )
    found = tokens(text)
    if depth(found) > NESTING:
        raise QueryFault(f"brackets are nested deeper than {NESTING}", place=place, hint="make it flatter")
    check_local(found, place)
    first = form(found)
    if not first.says(*_FORMS):
        hint = f"begin with {', '.join(_FORMS)}"
        raise QueryFault(f"{first.text or 'nothing'} is no query", place=f"{place}:{first.line}", hint=hint)


def _spoken(task: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-P", "-s", "-c", "from graph.worker import child; child()"]
    # Only what Python needs to find the package: the child has no use for the rest of our environment.
    room = {"PYTHONPATH": os.pathsep.join(p for p in (_root(), *sys.path) if p), "PYTHONIOENCODING": "utf-8"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=room, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        try:
            out, talk = process.communicate(json.dumps(task).encode(), timeout=seconds)
        except subprocess.TimeoutExpired as fault:
            hint = "narrow it down, or allow more seconds"
            raise OutOfTime(f"stopped after {seconds:g} s", hint=hint) from fault
        finally:
            process.kill()
    if process.returncode == 0:
        return dict(json.loads(out))
    raise _death(process.returncode, talk.decode("utf-8", "replace"), seconds)


def _root() -> str:
    return str(Path(__file__).resolve().parent.parent)


def _death(code: int, talk: str, seconds: float) -> KgError:
    if -code in {signal.SIGXCPU, signal.SIGKILL}:
        return OutOfTime(f"stopped after {seconds:g} s", hint="narrow it down, or allow more seconds")
    if code < 0 or "memory" in talk.lower():
        why = "it needs too much memory, or is too deep"
        return QueryFault(f"the query ended its process: {why}", hint="narrow it down")
    last = talk.strip().rsplit("\n", 1)[-1]
    return QueryFault(f"the query's process failed: {last}", hint="run `kg check`")


def _answer(found: Mapping[str, Any]) -> Table | list[str]:
    if "fault" in found:
        kind = getattr(errors, found["fault"])
        raise kind(found["what"], place=found["place"], hint=found["hint"])
    if "lines" in found:
        return list(found["lines"])
    return Table(tuple(found["columns"]), tuple(tuple(row) for row in found["rows"]))


# ---- in the child -----------------------------------------------------------------------------------------


def child() -> None:
    """The child: read one task from stdin, confine this process, write the answer to stdout."""
    task = json.load(sys.stdin)
    confine(task["seconds"])
    text = json.dumps(_run(task), ensure_ascii=False)
    sys.stdout.write(text)
    sys.stdout.flush()
    os._exit(0)


def _run(task: Mapping[str, Any]) -> dict[str, Any]:
    bound = {name: (kind, value) for name, (kind, value) in task["substitutions"].items()}
    try:
        limits = Limits(task["rows"], OUTPUT)
        found = Reader(task["store"]).query(task["text"], bound, limits=limits)
    except KgError as fault:
        place = fault.place.replace("query:", f"{task['place']}:", 1) if fault.place else ""
        return {"fault": type(fault).__name__, "what": fault.what, "place": place, "hint": fault.hint}
    if isinstance(found, Table):
        return {"columns": found.columns, "rows": found.rows}
    return {"lines": found}


def confine(seconds: float) -> None:
    """Limit this process for good: memory, processor time, core files, sockets; it dies with its parent."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # Several threads may count together; the parent's clock is the one that decides.
    cpu = int(seconds * (os.cpu_count() or 1)) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if not _no_sockets(libc):
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_EACCES = 13
# socket, and io_uring_setup, which could make one too.
_DENIED = {"x86_64": (41, 425), "aarch64": (198, 425)}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def _no_sockets(libc: ctypes.CDLL) -> bool:
    """Install the filter that makes every new socket fail with EACCES; False where that cannot be."""
    denied = _DENIED.get(platform.machine())
    # A 32-bit Python on a 64-bit kernel numbers its system calls differently.
    if denied is None or sys.maxsize < 2**32:
        return False
    code = _filter(denied)
    program = _Program(len(code) // 8, code)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)


def _filter(denied: tuple[int, ...]) -> bytes:
    """A BPF program: load the number of the system call, compare, allow or refuse."""
    load, equal, give = 0x20, 0x15, 0x06
    allow, refuse = 0x7FFF0000, 0x00050000 | _EACCES
    steps = [(load, 0, 0, 0)]
    steps += [(equal, len(denied) - at, 0, number) for at, number in enumerate(denied)]
    steps += [(give, 0, 0, allow), (give, 0, 0, refuse)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
