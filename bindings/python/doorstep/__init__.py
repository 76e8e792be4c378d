"""Doorstep for Python: a technician's phone, for scripts, data imports and test rigs.

    with Phone("visits.db", app_version="1.0") as phone:
        phone.enrol("doorstep:https://…")
        phone.sync()

Records and commands are the library's own; see `Phone` for what can be done, and `DoorstepError` for what can go wrong.
"""

try:
    from . import _binding

    # uniffi's Python compares the version of its own contract alone; this compares every function as well.
    _binding._uniffi_check_api_checksums(_binding._UniffiLib)
except OSError as _why:
    raise ImportError(f"the library of Doorstep does not load: {_why}") from _why
except Exception as _why:
    raise ImportError(f"the library of Doorstep is not of this package's version: {_why}") from _why

from ._binding import *  # noqa: F403
from ._binding import library_version
from .changes import Change, Changes
from .errors import (
    BadInput,
    Bug,
    DoorstepError,
    NotFound,
    Offline,
    Refused,
    SignInAgain,
    StorageDamaged,
    StorageFull,
)
from .phone import Phone

__version__ = library_version()
_HIDDEN = {"DoorstepException", "DoorstepPhone", "DoorstepPhoneProtocol", "InternalError", "OrderObserverImpl"}
__all__ = [
    *sorted(set(_binding.__all__) - _HIDDEN),
    "BadInput",
    "Bug",
    "Change",
    "Changes",
    "DoorstepError",
    "NotFound",
    "Offline",
    "Phone",
    "Refused",
    "SignInAgain",
    "StorageDamaged",
    "StorageFull",
]
