"""The front door for Python: one object for the phone, a context manager that closes it."""

from __future__ import annotations

import atexit
import datetime
import os
import typing
import weakref

from . import _binding as b
from .changes import Changes
from .errors import typed_errors

# A program that ends with an open phone ends its watches first: the library's thread must not call into a Python that
# is being taken down.
_open: "weakref.WeakSet[Phone]" = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for phone in list(_open):
        phone.close()


class Phone:
    """A technician's phone.

    Calls block, let other Python threads run meanwhile, and may come from any thread. `sync`, `send_photos` and `enrol`
    use the network.
    """

    def __init__(
        self,
        path: typing.Union[str, "os.PathLike[str]"],
        app_version: str,
        *,
        roots_pem: typing.Optional[bytes] = None,
        device_seed: typing.Optional[bytes] = None,
        storage_key: typing.Optional[bytes] = None,
        watermark_font: typing.Optional[bytes] = None,
    ):
        """Opens the file, or makes it. A damaged one is moved aside, never deleted: see `opened_as`.

        `roots_pem` names the certificates to trust instead of the system's; `device_seed` and `storage_key` are 32 bytes
        each, kept by the caller. `BadInput` for a file of something else, of a newer version or of another key.
        """
        with typed_errors():
            settings = b.PhoneSettings(
                path=os.fspath(path),
                app_version=app_version,
                roots_pem=roots_pem,
                device_seed=device_seed,
                storage_key=storage_key,
                watermark_font=watermark_font,
            )
            self._phone = b.DoorstepPhone.open(settings)
        self._changes: "weakref.WeakSet[Changes]" = weakref.WeakSet()
        _open.add(self)

    def __enter__(self) -> "Phone":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file and ends every `changes`. Calls under way finish; every later one raises `Bug`."""
        for changes in list(self._changes):
            changes.close()
        with typed_errors():
            self._phone.shutdown()

    def reopen(self) -> None:
        """Opens the file again after `close`, with the same settings."""
        with typed_errors():
            self._phone.reopen()

    @property
    def opened_as(self) -> b.OpenedAs:
        """What opening found, or the last damage met since."""
        with typed_errors():
            return self._phone.opened_as()

    @property
    def enrolled_as(self) -> typing.Optional[b.EnrolledAs]:
        """Who this phone is; `None` before it was enrolled."""
        with typed_errors():
            return self._phone.enrolled_as()

    @property
    def status(self) -> b.SyncState:
        """How sync stands."""
        with typed_errors():
            return self._phone.status()

    def enrol(self, code: str) -> None:
        """Enrols with the text of the QR code on the office's screen. `BadInput` when it is not good, `Offline`."""
        with typed_errors():
            self._phone.enrol(code)

    def sync(self, cancel: typing.Optional[b.Cancel] = None) -> b.SyncOutcome:
        """Exchanges everything with the server. What was exchanged before an error, or before `cancel` was cancelled,
        stays. `Offline`, `SignInAgain`."""
        with typed_errors():
            return self._phone.sync(cancel)

    def send_photos(
        self, *, is_wifi: bool, now: bool = False, cancel: typing.Optional[b.Cancel] = None
    ) -> b.PhotosSent:
        """Sends photos, as far as the policy allows on this network; `now` overrules its wish for Wi-Fi."""
        with typed_errors():
            return self._phone.send_photos(is_wifi, now, cancel)

    def today(self, day: typing.Union[datetime.date, str, None] = None) -> typing.Iterator[b.OrderSummary]:
        """What earlier days left unfinished, then the visits of a day by their window, then open orders without one."""
        text = str(day or datetime.date.today())
        return self._all(lambda page: self._phone.today(text, page))

    def orders(self, **narrowed: typing.Any) -> typing.Iterator[b.OrderSummary]:
        """All orders on this phone, newest first; narrowed by the fields of `OrderFilter`."""
        with typed_errors():
            filter = b.OrderFilter(**narrowed)
        return self._all(lambda page: self._phone.orders(filter, page))

    def search(self, text: str) -> typing.Iterator[b.OrderSummary]:
        """Orders whose number, unit, names, fault or phone hold the text, in either script, newest first."""
        return self._all(lambda page: self._phone.search(text, page))

    def _all(self, part: typing.Callable[[b.ListPage], b.OrdersShown]) -> typing.Iterator[b.OrderSummary]:
        after = None
        while True:
            with typed_errors():
                shown = part(b.ListPage(after=after))
            yield from shown.orders
            if shown.next is None:
                return
            after = shown.next

    def order(self, order: str, lang: b.Language = b.Language.EN) -> b.OrderPage:
        """One order with its checklist and, for every command, whether it may be given and why not. `NotFound`."""
        with typed_errors():
            return self._phone.order(order, lang)

    def new_order_id(self) -> str:
        """An id for an order about to be registered."""
        with typed_errors():
            return self._phone.new_order_id()

    def record(self, order: str, command: b.VisitCommand) -> int:
        """Decides a command and saves what follows; gives the entry's number. When this returns, it is on the disk.
        `Refused` with the rule; nothing is saved then."""
        with typed_errors():
            return self._phone.record(order, command)

    def paper(self, order: str, paper: b.SignedPaper, lang: b.Language) -> bytes:
        """The document to show before signing: canonical JSON, exactly what the seal will bind."""
        with typed_errors():
            return self._phone.paper(order, paper, lang)

    def sign(
        self,
        order: str,
        paper: b.SignedPaper,
        lang: b.Language,
        name: str,
        signing_as: b.SigningAs,
        lines: typing.Sequence[typing.Sequence[b.PenPoint]],
    ) -> b.Sealed:
        """Seals the document of a paper with a signature: its strokes, each a line without lifting the pen."""
        with typed_errors():
            return self._phone.sign(order, paper, lang, name, signing_as, lines)

    def sheet(
        self,
        order: str,
        paper: b.PrintedPaper,
        copy: b.SheetCopy,
        lang: b.Language,
        layout: b.SheetLayout = b.SheetLayout.A4,
    ) -> str:
        """A paper as one self-contained HTML document."""
        with typed_errors():
            return self._phone.sheet(order, paper, copy, lang, layout)

    def copies(self, order: str) -> typing.List[b.ResidentCopy]:
        """The resident's copies of everything sealed on this phone for an order, the latest sign-off first."""
        with typed_errors():
            return self._phone.copies(order)

    def take_photo(
        self,
        order: str,
        item: str,
        moment: b.PhotoMoment,
        file: typing.Union[str, "os.PathLike[str]"],
        lang: b.Language = b.Language.EN,
    ) -> int:
        """Makes a photo from a file (JPEG or PNG) and records it for a checklist item; gives the entry's number."""
        with typed_errors():
            return self._phone.take_photo(order, item, moment, os.fspath(file), lang)

    def photo_slots(self, order: str, lang: b.Language = b.Language.EN) -> typing.List[b.PhotoSlotShown]:
        """The photos of the current visit by checklist item: what is asked for, before and after side by side."""
        with typed_errors():
            return self._phone.photo_slots(order, lang)

    def photo(self, sha256: str, *, full: bool = False) -> bytes:
        """A picture of a photo as JPEG, in full or smaller for a screen."""
        with typed_errors():
            return self._phone.photo(sha256, full)

    @property
    def photos_kept(self) -> b.PhotosKept:
        """How many photos are how far."""
        with typed_errors():
            return self._phone.photos_kept()

    def rescue(self, to: typing.Union[str, "os.PathLike[str]"], lang: b.Language = b.Language.EN) -> b.RescueMade:
        """Writes everything unsent into a file that only the firm's server can read. Nothing here changes."""
        with typed_errors():
            return self._phone.rescue(os.fspath(to), lang)

    def exported_state(self) -> bytes:
        """Everything this phone shows, as bytes to compare: a line of canonical JSON for each order, by id."""
        with typed_errors():
            return self._phone.exported_state()

    def changes(self, timeout: typing.Optional[float] = None) -> Changes:
        """What changes: the present state first, then each commit. Iterate over it, in a thread of its own or with a
        `timeout` in seconds after which the loop ends."""
        with typed_errors():
            changes = Changes(self._phone, timeout)
        self._changes.add(changes)
        return changes
