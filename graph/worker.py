"""Queries from outside, run in a process of their own that can be killed.

What is enforced, and by whom:

- before anything runs: at most 16 KB of text, brackets 50 deep, no update, SERVICE or LOAD (by tokens), and no
  FROM but at the endpoint;
- by the kernel, on the child: 2 GB of address space, processor time, death with its parent, and SIGKILL at
  the deadline; on Linux (x86-64, ARM64) a seccomp filter lets no socket be made, and where that fails a
  network namespace is asked for. Elsewhere the check of the tokens alone keeps a query off the network;
- by the child: so many rows and 32 MB of output, the store opened read-only; all of an answer, or none of it.

The child is started afresh (never forked: a fork with an open store ruins it), answers one query and ends. It reads
a task as JSON, and writes a line of JSON; behind it stands the answer, where one was asked for in a serialisation.
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
from typing import Any, NamedTuple

from graph import errors
from graph.errors import KgError, OutOfTime, QueryFault
from graph.serialized import Answering, Dataset
from graph.store import Bound, Limits, Reader
from graph.table import Table
from graph.tokens import blamed, check_local, depth, form, tokens, undeclared

TEXT_BYTES = 16 * 1024
NESTING = 50
OUTPUT = 32 * 1024 * 1024
MEMORY = 2 * 1024**3
SECONDS = 2.0
ROWS = 10_000
FORMS = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")


class Reply(NamedTuple):
    """What a child said: `head` has its fault (`fault`, `what`, `place`, `hint`, and the `offset` of a syntax
    error in the text), or the answer; `body` is the answer in the serialisation that was asked for.
    """

    head: Mapping[str, Any]
    body: bytes = b""


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
    task = {**_task(store, text, rows, place), "substitutions": {}}
    task["substitutions"] = {name: list(value) for name, value in (substitutions or {}).items()}
    return _answer(Worker().ask(task, seconds))


def serialization_task(
    store: str | Path, text: str, form: str, *, rows: int, dataset: Dataset | None = None
) -> dict[str, Any]:
    """The task of answering a checked query in a serialisation (a name of `serialized.FORMS`).

    `dataset` is the graphs that make its default graph and its named graphs. Without one the query's FROM
    clauses hold, and where it has none the default graph is all graphs together.
    """
    return {**_task(store, text, rows, "query"), "form": form, "dataset": dataset}


def _task(store: str | Path, text: str, rows: int, place: str) -> dict[str, Any]:
    return {"store": str(Path(store).absolute()), "text": text, "rows": rows, "place": place}


def check(text: str, place: str = "query", *, datasets: bool = False) -> None:
    """Refuse, before it runs, a query that is too long, too deep, or more than a question to this graph.

    With `datasets`, FROM and FROM NAMED may choose among the graphs of the store.
    """
    if len(text.encode()) > TEXT_BYTES:
        raise QueryFault(
            f"the query is longer than {TEXT_BYTES // 1024} KB", place=place, hint="make it shorter"
        )
    found = tokens(text)
    if depth(found) > NESTING:
        raise QueryFault(f"brackets are nested deeper than {NESTING}", place=place, hint="make it flatter")
    check_local(found, place, datasets=datasets)
    first = form(found)
    if not first.says(*FORMS):
        hint = f"begin with {', '.join(FORMS)}"
        raise QueryFault(f"{first.text or 'nothing'} is no query", place=f"{place}:{first.line}", hint=hint)


class Worker:
    """A process that answers one query; started ahead of time, the query does not wait for the start.

    The thread that makes it must outlive it: Linux tells a child that the thread it comes from is gone.
    """

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-s", "-c", "from graph.worker import child; child()"]
        # Only what Python needs to find the package: the child has no use for the rest of our environment.
        path = os.pathsep.join(p for p in (_root(), *sys.path) if p)
        room = {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, env=room, stdin=pipe, stdout=pipe, stderr=pipe)

    def ask(self, task: Mapping[str, Any], seconds: float) -> Reply:
        """What it says, within so many seconds of wall time; OutOfTime, or QueryFault if it dies otherwise."""
        text = json.dumps({**task, "seconds": seconds}).encode()
        with self._process as process:
            try:
                out, talk = process.communicate(text, timeout=seconds)
            except subprocess.TimeoutExpired as fault:
                raise _out_of_time(seconds) from fault
            finally:
                process.kill()
        if process.returncode == 0:
            head, _, body = out.partition(b"\n")
            return Reply(json.loads(head), body)
        raise _death(process.returncode, talk.decode("utf-8", "replace"), seconds)

    def kill(self) -> None:
        """End it now, whatever it does; `ask` in another thread then raises."""
        self._process.kill()

    def end(self) -> None:
        """End one that was asked nothing."""
        self._process.kill()
        with self._process:
            pass

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return self._process.poll() is None


def _root() -> str:
    return str(Path(__file__).resolve().parent.parent)


def _out_of_time(seconds: float) -> OutOfTime:
    return OutOfTime(f"stopped after {seconds:g} s", hint="narrow it down, or allow more seconds")


def _death(code: int, talk: str, seconds: float) -> KgError:
    if -code in {signal.SIGXCPU, signal.SIGKILL}:
        return _out_of_time(seconds)
    if code < 0 or "memory" in talk.lower():
        why = "it needs too much memory, or is too deep"
        return QueryFault(f"the query ended its process: {why}", hint="narrow it down")
    last = talk.strip().rsplit("\n", 1)[-1]
    return QueryFault(f"the query's process failed: {last}", hint="run `kg check`")


def fault_of(head: Mapping[str, Any]) -> KgError | None:
    """The error in what a child said, if it said one."""
    if "fault" not in head:
        return None
    kind: type[KgError] = getattr(errors, head["fault"])
    return kind(head["what"], place=head["place"], hint=head["hint"])


def _answer(reply: Reply) -> Table | list[str]:
    found, fault = reply.head, fault_of(reply.head)
    if fault is not None:
        raise fault
    if "lines" in found:
        return list(found["lines"])
    return Table(tuple(found["columns"]), tuple(tuple(row) for row in found["rows"]))


# ---- in the child -----------------------------------------------------------------------------------------


def child() -> None:
    """The child: read one task from stdin, confine this process, write the answer to stdout."""
    text = sys.stdin.read()
    if not text:  # the parent went away before it had a query
        os._exit(0)
    task = json.loads(text)
    confine(task["seconds"])
    try:
        reply = _run(task)
    except KgError as fault:
        reply = Reply(_told(task, fault))
    head = json.dumps(reply.head, ensure_ascii=False).encode()
    for part in (head, b"\n", reply.body):
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()
    os._exit(0)


def _run(task: Mapping[str, Any]) -> Reply:
    limits = Limits(task["rows"], OUTPUT)
    if "form" in task:
        body = Answering(task["store"]).serialized(task["text"], task["form"], limits, task["dataset"])
        return Reply({}, body)
    bound = {name: (kind, value) for name, (kind, value) in task["substitutions"].items()}
    found = Reader(task["store"]).query(task["text"], bound, limits=limits)
    if isinstance(found, Table):
        return Reply({"columns": found.columns, "rows": found.rows})
    return Reply({"lines": found})


def _told(task: Mapping[str, Any], fault: KgError) -> dict[str, Any]:
    at = blamed(task["text"]) if isinstance(fault.__cause__, SyntaxError) else -1
    told = {"place": fault.place, "what": fault.what, "hint": fault.hint}
    if at >= 0:
        told |= _blame(task["text"], at)
    place = told["place"].replace("query:", f"{task['place']}:", 1)
    return {**told, "fault": type(fault).__name__, "place": place, **({"offset": at} if at >= 0 else {})}


def _blame(text: str, at: int) -> dict[str, str]:
    """What is wrong at an offset of the text, and where that is."""
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    near = text[at:].split("\n", 1)[0].strip()[:40]
    told = {"place": f"query:{line}", "what": f"syntax error at column {column}, before {near!r}"}
    prefix = undeclared(text, at)
    if prefix:
        told |= {
            "what": f"{prefix} at column {column} is no known prefix",
            "hint": f"declare it: PREFIX {prefix} <…>",
        }
    return told


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
