"""What all tests rely on: real input where it is, a real browser where it is, no network, one build for all."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import hypothesis
import pytest

if TYPE_CHECKING:
    from tests.editions import Frozen2

ROOT = Path(__file__).parents[1]
SHARED_DATA = ROOT / "../shared/data"
SHIPPED_BASE = ROOT / "bases" / "cheshire-warrington"
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
IN_CI = os.environ.get("CI") == "true"

# Nobody's own data: what commands read of people lies in a folder that is not there.
os.environ["WELLFOUNDED_DATA"] = str(Path(tempfile.gettempdir()) / f"wellfounded-tests-{os.getpid()}")
atexit.register(shutil.rmtree, os.environ["WELLFOUNDED_DATA"], ignore_errors=True)

# Playwright runs an event loop in the thread of the test, in which Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

hypothesis.settings.register_profile("here", deadline=None, max_examples=50)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if IN_CI else "here")


def skip_unless_ci(reason: str) -> NoReturn:
    """Skips the test with its reason on a user's machine; in CI what is missing is a failure."""
    if IN_CI:
        pytest.fail(f"{reason} (nothing may be missing in CI)", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of publishers' files, where it is."""
    if not SHARED_DATA.is_dir():
        skip_unless_ci("the publishers' files are not beside the repository (../shared/data)")
    return SHARED_DATA.resolve()


@pytest.fixture(scope="session")
def shipped_base() -> Path:
    """The folder of the evidence base that ships."""
    return SHIPPED_BASE


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, kept from looking for the network. What a page should come to show is waited for patiently."""
    if not CHROMIUM.exists():
        skip_unless_ci(f"no {CHROMIUM}: on Debian, `apt-get install chromium`")
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": list(CHROMIUM_FLAGS)}


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Holds `lock` against the other workers of this test run."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture
def small_base(tmp_path: Path) -> Path:
    """The folder of a base of three districts and three conclusions (one a draft), for the test to change."""
    return shutil.copytree(ROOT / "tests" / "bases" / "small", tmp_path / "small")


@pytest.fixture(scope="session")
def built(pytestconfig: pytest.Config) -> Path:
    """The publication of the shipped base, built once; kept between runs until what it is made from changes."""
    from wellfounded.publishing.build import build

    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir("built")
    with one_at_a_time(folder / "lock"):
        return build(SHIPPED_BASE, to=folder / "publication")


@pytest.fixture(scope="session")
def drawings(pytestconfig: pytest.Config) -> Path:
    """Where drawings are kept from one test run to the next."""
    assert pytestconfig.cache is not None
    return pytestconfig.cache.mkdir("drawings")


@pytest.fixture(scope="session")
def two_editions(tmp_path_factory: pytest.TempPathFactory, drawings: Path) -> Frozen2:
    """The small base with two editions, of which the second corrects the first."""
    from tests.editions import freeze_two

    with one_at_a_time(drawings / "lock"):
        return freeze_two(tmp_path_factory.mktemp("editions"), drawings=drawings)
