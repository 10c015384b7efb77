"""Who may ask now: a few queries at a time, each in a process of its own; the others stand in line, not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any

from graph.errors import StoreBusy
from graph.worker import Reply, Worker

AT_ONCE = 4
IN_LINE = 32
PATIENCE = 5.0  # seconds in line
READY = 2  # processes that wait for a query


class Desk:
    """Runs tasks for `graph.worker` in processes that were started before there was a task.

    All of it belongs to one event loop, and so do the processes: a child ends with the thread that made it.
    """

    def __init__(self, at_once: int = AT_ONCE, in_line: int = IN_LINE, patience: float = PATIENCE) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._room, self._patience = at_once + in_line, patience
        self._asking = 0
        self._ready: list[Worker] = []

    async def ask(self, task: Mapping[str, Any], seconds: float, gone: Awaitable[None]) -> Reply | None:
        """The reply of a worker to a task; None when `gone` came first, and the query was stopped.

        Raises StoreBusy when the line is full or did not move, and what `Worker.ask` raises.
        """
        if self._asking >= self._room:
            raise _busy(f"{self._asking} queries are running or waiting")
        work, left = asyncio.ensure_future(self._turn(task, seconds)), asyncio.ensure_future(gone)
        self._asking += 1
        try:
            await asyncio.wait({work, left}, return_when=asyncio.FIRST_COMPLETED)
            return work.result() if work.done() else None
        finally:
            self._asking -= 1
            work.cancel()
            left.cancel()
            await asyncio.gather(work, left, return_exceptions=True)

    async def _turn(self, task: Mapping[str, Any], seconds: float) -> Reply:
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        except TimeoutError as fault:
            raise _busy(f"no turn in {self._patience:g} s") from fault
        worker = self._worker()
        try:
            return await asyncio.to_thread(worker.ask, task, seconds)
        finally:
            worker.kill()
            self._places.release()

    def _worker(self) -> Worker:
        """One that is ready, or a new one; the place it leaves is filled while it works."""
        ready = [worker for worker in self._ready if worker.alive]
        worker = ready.pop(0) if ready else Worker()
        self._ready = ready
        asyncio.get_running_loop().call_soon(self.warm)
        return worker

    def warm(self) -> None:
        """Have processes ready for the queries to come."""
        while len(self._ready) < READY:
            self._ready.append(Worker())

    def close(self) -> None:
        """End the processes that wait."""
        while self._ready:
            self._ready.pop().end()


def _busy(what: str) -> StoreBusy:
    return StoreBusy(f"too many queries at once: {what}", hint="try again in a moment")
