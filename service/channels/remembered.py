"""What a channel keeps in mind of late: its conversations, and the requests that came."""

from __future__ import annotations

from collections import OrderedDict

_REMEMBERED_MAX = 1_000


class Remembered(OrderedDict[str, str]):
    """The newest entries; older ones are forgotten."""

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(name, value)
        if len(self) > _REMEMBERED_MAX:
            self.popitem(last=False)
