"""What a login can be refused for beyond a wrong password; raised by the routes of this folder."""

from regulars.errors import RegularsError


class SecondFactorWanted(RegularsError):
    """The password is right, and the account has a second factor: send the same again with `code`."""

    code = "second_factor_wanted"
    http_status = 401


class SecondFactorWrong(RegularsError):
    """The code is wrong, too old, or was used before; wait for the next one."""

    code = "second_factor_wrong"
    http_status = 401


class PasswordMustChange(RegularsError):
    """This login was made with a printed one-time password and is good for choosing another one only."""

    code = "password_must_change"
    http_status = 403


class SecondFactorSetUp(RegularsError):
    """Whoever may see faces needs a second factor here; this login is good for setting one up only."""

    code = "second_factor_must_be_set_up"
    http_status = 403


class LinkUsedUp(RegularsError):
    """This link was used before, has run out, or never was one; ask for a new one."""

    code = "link_used_up"
    http_status = 410


class WrongPassword(RegularsError):
    """The present password is wrong; nothing was changed."""

    code = "wrong_password"
    http_status = 403


class AlreadyThere(RegularsError):
    """There is one already; nothing was changed."""

    code = "already_there"
    http_status = 409


class LastOne(RegularsError):
    """Nobody would be left who could let others in; name another owner (operator) first."""

    code = "last_owner"
    http_status = 409
