"""Who looks around in a running demo gets that demo: the tests' own set-up keeps its settings away."""

import subprocess
import sys
from importlib.util import find_spec

from regulars.settings import CHECKOUT
from tests.conftest import require


def test_looking_around_takes_nothing_of_the_tests_set_up() -> None:
    require(None if find_spec("playwright") else "the package playwright is not installed")
    told = "import sys, tests.e2e.tour.screenshots, tests.e2e.tour.soak; print('tests.conftest' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", told], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False"
