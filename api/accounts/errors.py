"""What is refused about people. No message repeats what was submitted or says which part of a sign-in was wrong."""

from __future__ import annotations


class PeopleError(Exception):
    """Base of everything refused here."""


class Refused(PeopleError):
    """A sign-in that failed; why is not said. ``retry_after`` is the time to wait first, in whole seconds."""

    def __init__(self, retry_after: int = 0) -> None:
        wait = f"wait {retry_after} seconds and try again" if retry_after else "check what you entered and try again"
        super().__init__(f"the sign-in was refused; {wait}")
        self.retry_after = retry_after


class LinkSpent(PeopleError):
    """A one-time link that was used, is too old, or never was."""

    def __init__(self) -> None:
        super().__init__("the link was used or is too old; ask for a new one")


class UnfitPassword(PeopleError):
    """A password that the rules do not allow; the message says which rule."""


class UnfitDetails(PeopleError):
    """A name, e-mail, login or handle that cannot be taken; the message says which and why."""


class LoginTaken(PeopleError):
    """Somebody of the workspace has this login."""


class LastAdministrator(PeopleError):
    """The act would leave the workspace without an administrator."""

    def __init__(self) -> None:
        super().__init__("the workspace would have no administrator; make somebody else one first")


class FactorRequired(PeopleError):
    """An administrator's last second factor cannot be taken away by its owner."""

    def __init__(self) -> None:
        super().__init__("an administrator needs a second factor; add another one first")


class WrongCode(PeopleError):
    """A code that does not confirm the new authenticator app."""

    def __init__(self) -> None:
        super().__init__("the code does not fit; check the clock of the device and enter the next code")


class UnfitPasskey(PeopleError):
    """An authenticator's answer that cannot be registered."""

    def __init__(self) -> None:
        super().__init__("the passkey could not be registered; begin again")


class ProviderUnavailable(PeopleError):
    """The outside identity provider does not answer, or not as one."""

    def __init__(self) -> None:
        super().__init__("the identity provider does not answer as expected; try again or sign in another way")
