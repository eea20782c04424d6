"""One-time codes are RFC 6238's."""

from __future__ import annotations

import base64

import pytest

from tmdb_auth_async.testing import FakeZitadel
from tmdb_auth_async.testing.fake_zitadel import totp

from .zitadel_asking import SECRET, ask

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("moment_s", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(moment_s: int, code: str) -> None:
    """The last six digits of appendix B's values for SHA-1."""
    assert totp.code_at(RFC_SECRET, moment_s) == code


def test_a_code_is_good_for_the_step_before_and_after() -> None:
    """Ninety seconds in all, and no longer."""
    code = totp.code_at(SECRET, 3000)
    assert [totp.fits(SECRET, code, 3000 + after_s) for after_s in (-31, -30, 0, 59, 60)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert not totp.fits(SECRET, "é12345", 3000)


@pytest.mark.parametrize("secret", ["", " ", "1890", "not base32!"])
def test_a_secret_is_in_base32(fake_zitadel: FakeZitadel, secret: str) -> None:
    """Anything else is refused when the user is added."""
    with pytest.raises(ValueError, match="base32"):
        fake_zitadel.add_user("ada", "secret", secret)


async def test_the_codes_follow_the_fakes_clock(fake_zitadel: FakeZitadel) -> None:
    """Two minutes on, the code of before is wrong and the one of then right."""
    fake_zitadel.add_user("ada", "secret", "jbsw y3dp ehpk 3pxp")
    before = fake_zitadel.totp_code("ada")
    fake_zitadel.advance(120)
    for code, status in ((before, 400), (fake_zitadel.totp_code("ada"), 201)):
        checks = {"user": {"loginName": "ada"}, "totp": {"code": code}}
        assert (await ask(fake_zitadel, "POST", "/v2/sessions", json={"checks": checks})).status == status


async def test_who_has_no_codes_cannot_use_one(fake_zitadel: FakeZitadel) -> None:
    """Neither has the fake one to give."""
    fake_zitadel.add_user("bob", "secret")
    checks = {"user": {"loginName": "bob"}, "totp": {"code": "123456"}}
    reply = await ask(fake_zitadel, "POST", "/v2/sessions", json={"checks": checks})
    assert reply.told == (400, 9, "COMMAND-3Mif9s")
    with pytest.raises(LookupError, match="one-time"):
        fake_zitadel.totp_code("bob")
    with pytest.raises(LookupError, match="nobody"):
        fake_zitadel.totp_code("eve")
