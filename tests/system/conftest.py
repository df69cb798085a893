"""The stack that stories share, and those that a story wants for itself."""
import atexit
import os
import re
import shutil
import sys
import tempfile

import pytest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TESTS)

from rig.client import Client   # noqa: E402
from rig.stack import PARTS   # noqa: E402

BUILD = os.environ.get('KAIRAN_BUILD', os.path.dirname(TESTS))
CORPORA = os.environ.get('KAIRAN_CORPORA', os.path.join(os.path.dirname(TESTS), '../shared/corpora'))


# The database as it is born, for all stacks of this process; whoever makes the first one puts it here.
TEMPLATE = os.path.join(tempfile.mkdtemp(prefix='kairan-born-'), 'postgres')
atexit.register(shutil.rmtree, os.path.dirname(TEMPLATE), ignore_errors=True)


def start(members=3, postfix=True, direct=False, web=False, mx=(), settings=None, env=None, only=None):
    """A new stack, up; with the web when asked. The one who starts it ends it with finish()."""
    only = only or [part for part in PARTS if web or part not in ('web', 'nginx')]
    folder = tempfile.mkdtemp(prefix='kairan-story-')
    os.chmod(folder, 0o755)
    stack = Client(folder)
    stack.create({'build': BUILD, 'members': members, 'postfix': postfix, 'direct': direct, 'mx': list(mx), 'set': settings or {},
                  'ports': {}, 'listen': None, 'only': only, 'template': TEMPLATE})
    stack.state['env'].update(env or {})
    try:
        stack.up()
    except BaseException:
        stack.down()
        raise
    return stack


# Leaks are for the units to find: a child leaves its master's connection alone, which looks like one.
# And a process that asked the kernel for what its sandbox does not allow: core/util/sandbox.def lacks a row, or the call is one too many.
SANITIZER = re.compile(r'ERROR: AddressSanitizer|runtime error: |event=sandbox_refused')


def sanitizer_reports(stack):
    """What the sanitizers wrote into the logs of our processes; a child that they ended is replaced, and no story would notice."""
    found = []
    for where, _, names in os.walk(stack.path('log')):
        for name in names:
            with open(os.path.join(where, name), encoding='utf-8', errors='replace') as file:
                found += [f'{name}: {line.strip()[:300]}' for line in file if SANITIZER.search(line)]
    return found


def finish(stack, failed=False):
    """Ends a stack; its folder stays for looking at when something failed."""
    reports = sanitizer_reports(stack)
    stack.down(remove=not (failed or reports or os.environ.get('KAIRAN_KEEP')))
    assert reports == [], stack.folder


def need(stack, *programs):
    for program in programs:
        if stack.kairan.program(program) is None:
            pytest.skip(f'{program} has not been built')


@pytest.fixture(scope='session')
def shared():
    """One stack for all stories that leave it whole."""
    yield from kept_when_failing(start())


def kept_when_failing(stack, *programs):
    """The life of a fixture's stack: needs these programs, and leaves its folder when a story that used it failed."""
    before = pytest_failures['count']
    try:
        need(stack, *programs)
        yield stack
    finally:
        finish(stack, pytest_failures['count'] > before)


@pytest.fixture
def stack(shared):
    """The shared stack with an empty sink, well-behaved MXs and an honest DNS; the invariants hold when the story ends."""
    need(shared, 'kairan', 'kairan-worker')
    shared.state['recipients'] = {}
    shared.personality('members', 'strict')
    shared.dns_faults()
    shared.clear_sink()
    yield shared
    assert shared.breaches() == []


@pytest.fixture(scope='module')
def whole():
    """A file's own stack with everything but Postfix: mail comes by LMTP and goes straight to the MXs."""
    yield from kept_when_failing(start(web=True, direct=True), 'kairan', 'kairan-worker', 'kairan-web')


@pytest.fixture
def own(request):
    """A maker of stacks for this story alone: own(members=..., mx=[...], settings={...}, env={...})."""
    stacks = []

    def make(**options):
        stacks.append(start(**options))
        need(stacks[-1], 'kairan', 'kairan-worker')
        return stacks[-1]
    yield make
    for one in stacks:
        finish(one, getattr(request.node, 'story_failed', False))


@pytest.fixture(scope='session')
def corpora():
    if not os.path.isdir(CORPORA):
        pytest.skip('the corpora are not here')
    return CORPORA


# A file is one process's: those that take longest are begun first, so that none is left over at the end.
LONGEST = ('test_web', 'test_search', 'test_crash', 'test_people', 'test_feeds', 'test_settings', 'test_policies', 'test_moderation', 'test_lists')


def pytest_collection_modifyitems(items):
    names = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: names.get(item.path.stem, len(names)))


pytest_failures = {'count': 0}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed:
        item.story_failed = True
        pytest_failures['count'] += 1
