"""What can go wrong: a class for each thing a program does differently."""

from __future__ import annotations

import contextlib
import typing

from . import _binding
from ._binding import CommandName, Language, RefusalReason, StaffRole


class DoorstepError(Exception):
    """Why a call did not do what was asked. Nothing is half done, and nothing recorded is lost."""


class Refused(DoorstepError):
    """A rule said no."""

    def __init__(self, error: typing.Any):
        self._texts = {
            Language.ZH_HANT: error.text_hant,
            Language.ZH_HANS: error.text_hans,
            Language.EN: error.text_en,
        }
        self.reason: RefusalReason = error.reason
        """The reason, to compare with."""
        self.rule: int = error.rule
        """The rule's number."""
        self.source_clause: str = error.source_clause
        """The clause of the firm's procedure."""
        self.needs: typing.Optional[CommandName] = error.needs
        """The command that would unblock it, when there is one."""
        self.waived_by: typing.List[StaffRole] = error.waived_by
        """The roles that may waive the rule."""
        super().__init__(error.text_en)

    def text(self, lang: Language) -> str:
        """Why, and what unblocks it, in the reader's language."""
        return self._texts[lang]


class Offline(DoorstepError):
    """Wait for the network. Everything is kept."""


class SignInAgain(DoorstepError):
    """Ask for a new enrolment code. Everything is kept."""


class StorageFull(DoorstepError):
    """Free some room. Nothing was written."""


class StorageDamaged(DoorstepError):
    """The storage failed. A damaged file was moved aside, never deleted: see `Phone.opened_as`."""


class BadInput(DoorstepError):
    """The input cannot be used, or the program is older than its file; the text says which."""


class NotFound(DoorstepError):
    """It is not on this phone."""


class Bug(DoorstepError):
    """Report it. A call on a closed phone is one."""


_CLASSES = {
    _binding.DoorstepException.Offline: Offline,
    _binding.DoorstepException.SignInAgain: SignInAgain,
    _binding.DoorstepException.StorageFull: StorageFull,
    _binding.DoorstepException.StorageDamaged: StorageDamaged,
    _binding.DoorstepException.BadInput: BadInput,
    _binding.DoorstepException.NotFound: NotFound,
    _binding.DoorstepException.Bug: Bug,
}


def typed(error: typing.Any) -> DoorstepError:
    """The library's error as one of the classes above."""
    if isinstance(error, _binding.DoorstepException.Refused):
        return Refused(error)
    return _CLASSES.get(type(error), Bug)(getattr(error, "text", str(error)))


@contextlib.contextmanager
def typed_errors() -> typing.Iterator[None]:
    """Lets only the classes above out, and Python's own `TypeError` and `ValueError` for arguments of another kind."""
    try:
        yield
    except _binding.DoorstepException as error:
        raise typed(error) from None
    except UnicodeEncodeError as error:
        # A lone surrogate has no bytes to send, on this phone or another.
        raise BadInput(f"not Unicode text: {error}") from None
    except _binding.InternalError as error:
        raise Bug(str(error)) from error
