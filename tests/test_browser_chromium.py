"""The whole login in a real browser: a headless Chromium at the fake's website, driven by its keyboard."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tmdb_auth_async import ApprovalDenied, Browser, RequestTokenLogin, V4Conversion, V4Login

from .people import tmdb_and_ada

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="no chromium or chromedriver: apt-get install chromium chromium-driver"
)

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--window-size=900,700",
)
PAGE_S = 30


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Start a Chromium without a past, for all tests of this module."""
    options = ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in FLAGS:
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('chromium')}")
    driver = Chrome(options, ChromeService(executable_path=DRIVER))
    try:
        driver.set_page_load_timeout(PAGE_S)
        yield driver
    finally:
        driver.quit()


def _user(chromium: Chrome, decision: str, seen: list[str]) -> Callable[[str], bool]:
    """Return an `open_url` whose user tabs to a button, presses it by the keyboard, and notes what they read."""

    def open_url(url: str) -> bool:
        chromium.get(url)
        seen.append(_headline(chromium))
        _look(chromium, "approval")
        while chromium.switch_to.active_element.get_attribute("value") != decision:
            chromium.switch_to.active_element.send_keys(Keys.TAB)
        chromium.switch_to.active_element.send_keys(Keys.ENTER)
        WebDriverWait(chromium, PAGE_S).until(lambda driver: _headline(driver) != seen[0])
        seen.append(_headline(chromium))
        _look(chromium, f"after-{decision}")
        return True

    return open_url


def _headline(chromium: Chrome) -> str:
    return chromium.find_element(By.TAG_NAME, "h1").text


def _look(chromium: Chrome, name: str) -> None:
    """Take a picture of the page, for whoever names a folder for them."""
    if folder := os.environ.get("SCREENSHOTS"):
        chromium.save_screenshot(str(Path(folder) / f"{name}.png"))


@pytest.mark.parametrize("login", [RequestTokenLogin, V4Login])
async def test_approving_by_keyboard_logs_in(
    chromium: Chrome, login: Callable[[Browser], RequestTokenLogin | V4Login]
) -> None:
    """Tab, Enter: the browser comes back to the program, which has a session until the end of its block."""
    seen: list[str] = []
    async with tmdb_and_ada() as (fake, manager), asyncio.timeout(PAGE_S):
        async with manager.session(login(Browser(open_url=_user(chromium, "approve", seen)))) as ada:
            assert fake.sessions | fake.access_tokens == {ada.id or ada.access_token}
        assert not fake.sessions | fake.access_tokens
        await _read(seen)
    assert seen[1] == "You are logged in"


@pytest.mark.parametrize("login", [RequestTokenLogin, V4Login])
async def test_denying_by_keyboard_is_a_denial(
    chromium: Chrome, login: Callable[[Browser], RequestTokenLogin | V4Login]
) -> None:
    """Two tabs and Enter say no: the program is told so, and the page says that it was."""
    seen: list[str] = []
    async with tmdb_and_ada() as (fake, manager), asyncio.timeout(PAGE_S):
        with pytest.raises(ApprovalDenied):
            await manager.login(login(Browser(open_url=_user(chromium, "deny", seen))))
        assert not fake.sessions | fake.access_tokens
        await _read(seen)
    assert seen[1] == "You said no"


async def test_a_conversion_needs_one_approval(chromium: Chrome) -> None:
    """A v4 login that is converted asks its user once, and both of what it made are gone afterwards."""
    seen: list[str] = []
    login = V4Conversion(V4Login(Browser(open_url=_user(chromium, "approve", seen))))
    async with tmdb_and_ada() as (fake, manager), asyncio.timeout(PAGE_S):
        async with manager.session(login) as ada:
            assert (fake.sessions, fake.access_tokens) == ({ada.id}, {ada.access_token})
        assert not fake.sessions | fake.access_tokens
        await _read(seen)
    assert seen[1] == "You are logged in"


async def _read(seen: list[str]) -> None:
    """Wait until the user has read the page that ends the login: nobody else waits for them."""
    while len(seen) < 2:  # they read in a thread of their own
        await asyncio.sleep(0.01)
