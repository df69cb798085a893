"""The other half of test_every_page.py's pages, in a file of its own so that two browsers share the work."""
import pytest

from test_every_page import *   # noqa: F401,F403


@pytest.fixture(scope='module')
def half():
    return 1
