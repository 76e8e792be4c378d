"""An iterator over what changes: the present state first, then each commit."""

from __future__ import annotations

import dataclasses
import threading
import typing

from . import _binding as b


@dataclasses.dataclass(frozen=True)
class Change:
    """What changed since the one before."""

    state: b.SyncState
    """How sync stands now."""
    orders: typing.FrozenSet[str]
    """The ids of the orders that changed."""
    everything: bool
    """Read again everything that is shown."""

    def followed_by(self, later: "Change") -> "Change":
        """Both as one."""
        return Change(later.state, self.orders | later.orders, self.everything or later.everything)


class _Box:
    """One change at a time, with a condition to wait on. A reader that is slow finds several commits in one change."""

    def __init__(self) -> None:
        self.filled = threading.Condition()
        self.change: typing.Optional[Change] = None
        self.is_closed = False

    def put(self, change: Change) -> None:
        with self.filled:
            self.change = self.change.followed_by(change) if self.change else change
            self.filled.notify_all()

    def take(self, timeout: typing.Optional[float]) -> typing.Optional[Change]:
        with self.filled:
            self.filled.wait_for(lambda: self.change is not None or self.is_closed, timeout)
            change, self.change = self.change, None
            return change

    def close(self) -> None:
        with self.filled:
            self.is_closed = True
            self.filled.notify_all()


class _Listener(b.OrderObserver):
    """Hears of commits on the library's one thread. It holds the box alone, so that the iterator can be let go."""

    def __init__(self, box: _Box) -> None:
        self._box = box

    def changed(self, state: b.SyncState, orders: typing.List[str], everything: bool) -> None:
        self._box.put(Change(state, frozenset(orders), everything))


class Changes:
    """Iterate over it; leave it, `close` it or close the phone to end it."""

    def __init__(self, phone: b.DoorstepPhone, timeout: typing.Optional[float]) -> None:
        self._box = _Box()
        self._timeout = timeout
        self._watch = phone.observe(_Listener(self._box))

    def __iter__(self) -> typing.Iterator[Change]:
        return self

    def __next__(self) -> Change:
        change = self._box.take(self._timeout)
        if change is None:
            self.close()
            raise StopIteration
        return change

    def close(self) -> None:
        """Ends it: a waiting reader's loop ends."""
        self._watch.cancel()
        self._box.close()

    def __del__(self) -> None:
        watch = getattr(self, "_watch", None)
        if watch is not None:
            watch.cancel()
