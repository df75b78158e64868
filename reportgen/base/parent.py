"""A process of many ends with the one that began it, also where that is killed and can say nothing."""

from __future__ import annotations

import os
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from threading import Thread

from reportgen.base.errors import MachineFailed
from reportgen.base.required import required


def end_with_parent() -> None:
    """End this process, whatever it is at, as soon as the one that began it is gone. What waits for work at a pipe
    of a pool would wait for ever: it holds the other end of that pipe, too."""
    Thread(target=_end_with, args=(required(parent_process()),), daemon=True).start()


def _end_with(leader: BaseProcess) -> None:
    leader.join()
    os._exit(MachineFailed.status)
