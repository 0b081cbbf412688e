"""TOTP (RFC 6238) as a second factor: set up, checked once per code, recovered from; asked by login and its routes."""

import hashlib
import hmac
import secrets
from datetime import datetime

from pyotp import random_base32
from pyotp.totp import TOTP

from functions.gateway.auth.refusals import AlreadyThere, SecondFactorWrong
from functions.gateway.parts import Parts
from regulars.errors import NotFound
from regulars.store import second_factors as stored
from regulars.store.session import Connection
from regulars.store.users import User
from regulars.tenancy import PLATFORM

ISSUER = "Regulars"
STEP_S = 30
CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_WRONG = "The code is wrong, too old, or was used before; wait for the next one."


def set_up(parts: Parts, user: User) -> tuple[str, str]:
    """Return a new secret and its otpauth URI; it counts once a code of it has come. Raises AlreadyThere."""
    secret = random_base32()
    with parts.transaction(PLATFORM) as connection:
        if not stored.put_unconfirmed(connection, user.user_id, user.tenant_id, parts.sealing.seal(secret)):
            raise AlreadyThere("A second factor is set up already; remove it first.")
    return secret, TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)


def check_code(parts: Parts, user: User, code: str) -> None:
    """Return when this is a code of the account's authenticator, or one of its recovery codes, which is used up then.

    A code is taken once: who looked over a shoulder cannot use it again. Raises SecondFactorWrong, TooManyAttempts.
    """
    now = parts.clock()
    parts.limits.count("second_factor", str(user.user_id))
    with parts.transaction(PLATFORM) as connection:
        if not (_takes(parts, connection, user, code, now) or _recovers(connection, user, code)):
            raise SecondFactorWrong(_WRONG)
    parts.limits.forget("second_factor", str(user.user_id))


def confirm(parts: Parts, user: User, code: str) -> list[str]:
    """Take the first code of a new secret; return new recovery codes. Raises SecondFactorWrong, NotFound."""
    now = parts.clock()
    parts.limits.count("second_factor", str(user.user_id))
    with parts.transaction(PLATFORM) as connection:
        factor = stored.find_second_factor(connection, user.user_id)
        if factor is None or factor.confirmed_at is not None:
            raise NotFound("There is no second factor that waits for its first code.")
        if not _takes(parts, connection, user, code, now):
            raise SecondFactorWrong(_WRONG)
        codes = new_recovery_codes(connection, user)
    parts.limits.forget("second_factor", str(user.user_id))
    return codes


def new_recovery_codes(connection: Connection, user: User) -> list[str]:
    """Return new recovery codes; those from before are good no more."""
    codes = ["-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(3)) for _ in range(CODES)]
    stored.replace_recovery_codes(connection, user.user_id, user.tenant_id, [_hash(one) for one in codes])
    return codes


def _takes(parts: Parts, connection: Connection, user: User, code: str, now: datetime) -> bool:
    """Take a code of this step or, since clocks differ and people are slow, of the one before or behind it."""
    factor = stored.find_second_factor(connection, user.user_id)
    if factor is None:
        return False
    totp = TOTP(parts.sealing.unseal(factor.secret_sealed).get_secret_value())
    present = int(now.timestamp()) // STEP_S
    for step in (present, present - 1, present + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return stored.use_step(connection, user.user_id, step, now)
    return False


def _recovers(connection: Connection, user: User, code: str) -> bool:
    return stored.use_recovery_code(connection, user.user_id, _hash(code))


def _hash(code: str) -> str:
    """Return the hash of a recovery code: 73 random bits need no slow one."""
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()
