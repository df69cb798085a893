#!/usr/bin/python3
"""doc/mailman.tsv says where each thing of Mailman's is done here, and which test shows it; nothing it names may be dead."""
import os
import re

import common

TABLE = 'doc/mailman.tsv'
STATES = ('done', 'otherwise', 'later', 'not wanted')
MOST_NOT_WANTED = 10
# kind of reference -> (file, expression with the name in it)
ROWS = {
    'setting': ('core/policy/settings.def', r'^[A-Z]+\({0},'),
    'preference': ('core/policy/preferences.def', r'^[A-Z]+\({0},'),
    'rule': ('core/policy/rules.def', r'^RULE\("{0}"'),
    'notice': ('core/policy/notices.def', r'^NOTICE\({0},'),
    'route': ('web/routes.def', r'^ROUTE\({0},'),
    'command': ('core/cli/commands.def', r'^COMMAND\("{0}"'),
    'job': ('core/worker/jobs.def', r'^[A-Z]+\({0},'),
    'conf': ('core/util/conf.def', r'\b{0}\b'),
}


def is_there(root, reference):
    kind, _, name = reference.partition(':')
    if kind == 'file':
        return os.path.exists(os.path.join(root, name))
    if kind not in ROWS:
        return False
    path, expression = ROWS[kind]
    return os.path.exists(os.path.join(root, path)) and re.search(expression.format(re.escape(name)), common.read(root, path), re.MULTILINE)


def is_test(root, reference):
    path, _, name = reference.partition('::')
    if not path.startswith('tests/') or not os.path.exists(os.path.join(root, path)):
        return False
    return not name or re.search(rf'\b{re.escape(name)}\b', common.read(root, path)) is not None


def check(root):
    if not os.path.exists(os.path.join(root, TABLE)):
        return
    unwanted = 0
    for number, line in enumerate(common.read(root, TABLE).splitlines(), 1):
        if not line or line.startswith('#'):
            continue
        cells = line.split('\t')
        if len(cells) != 6 or cells[2] not in STATES:
            yield f'{TABLE}:{number}: six columns, the third one of {", ".join(STATES)}'
            continue
        _, _, state, where, tests, words = cells
        unwanted += state == 'not wanted'
        if state in ('done', 'otherwise') and not (where and tests):
            yield f'{TABLE}:{number}: {state}, but it does not say where and which test shows it'
        if state != 'done' and not words:
            yield f'{TABLE}:{number}: {state}, but it does not say why'
        for reference in filter(None, where.split('; ')):
            if not is_there(root, reference):
                yield f'{TABLE}:{number}: there is no {reference}'
        for reference in filter(None, tests.split('; ')):
            if not is_test(root, reference):
                yield f'{TABLE}:{number}: there is no test {reference}'
    if unwanted > MOST_NOT_WANTED:
        yield f'{TABLE}:1: {unwanted} rows are not wanted; at most {MOST_NOT_WANTED}'


if __name__ == '__main__':
    common.tell(check(common.top()))
