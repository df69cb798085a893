"""Which connection each command of the operator needs, by hand in tests/rights-cli.tsv: without it, a command does nothing at all."""
import os
import re
import subprocess

import conftest
import pytest

from rig import kairan
from rig.client import address_of
from rig.stack import SOURCE
from rig.walk import lines

# Something for every word of the grammars.
WORDS = {'LIST': address_of('test'), 'FROM': address_of('test'), 'TO': address_of('renraku'), 'ADDRESS': 'm1@members.example.org',
         'NAME@DOMAIN': 'new@lists.example.jp', 'NAME=VALUE': 'advertised=no', 'DOMAIN': 'lists.example.jp', 'FILE': '/dev/null', 'ID': '1', 'ALIAS': 'other.example.jp', 'LIST@DOMAIN': 'new@lists.example.jp',
         'NUMBER|HASH': '1', 'OLD': 'm1@members.example.org', 'NEW': 'm9@members.example.org', 'TEXT': 'm1', 'PATTERN': 'bad@example.org',
         'FIELD': 'Subject', 'EXPRESSION': 'x', 'PLACE': '1', 'TOPIC': 'cats', 'NAME': 'welcome', 'LIST...': address_of('test'), 'HOST': 'example.jp',
         'NUMBER|HASH|MESSAGE-ID': '1', 'OTHER': '1', 'CHANGE': '1', 'ADDRESS|NAME': 'm1@members.example.org', 'WORDS': 'cats', 'PATH': '/nowhere/archive',
         'QUERY': 'cats', 'DIR': '/dev/null/backups'}


def grammars():
    """command -> its grammar."""
    with open(os.path.join(SOURCE, 'core/cli/commands.def'), encoding='utf-8') as file:
        return dict(re.findall(r'^COMMAND\("([^"]+)", "([^"]*)"', file.read(), re.M))


def call_of(command, grammar):
    needed = re.sub(r'\[[^]]*\]', '', grammar).split()
    return command.split() + [WORDS[word.removesuffix('...')] for word in needed]


@pytest.fixture(scope='module')
def stack():
    stack = conftest.start(only=('postgres',), postfix=False)
    conftest.need(stack, 'kairan')
    stack.populate()
    yield stack
    conftest.finish(stack)


def without(stack, *roles):
    """The configuration of somebody who may not connect in these roles."""
    settings = dict(stack.settings(), **{f'database.{role}': stack.postgres.dsn('nobody_' + role) for role in roles})
    path = stack.path(f'without-{"-".join(roles)}.conf')
    kairan.write_config(path, settings)
    return path


def run(stack, path, words):
    return subprocess.run([stack.kairan.program('kairan'), '-c', path, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)


def rows_of(stack):
    tables = [row[0] for row in stack.sql("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")]
    return {table: stack.one(f'SELECT count(*) FROM {table}') for table in tables}


def test_every_command_has_its_line():
    rows = lines('rights-cli.tsv')
    assert sorted(row[0] for row in rows) == sorted(grammars())
    assert {row[1] for row in rows} == {'nothing', 'admin', 'owner'}


def test_a_command_without_its_connection_does_nothing(stack):
    table, wrong, before = dict(lines('rights-cli.tsv')), [], rows_of(stack)
    admin, owner = without(stack, 'admin'), without(stack, 'owner')
    for command, grammar in grammars().items():
        for path, lacks in ((admin, 'admin'), (owner, 'owner')):
            if lacks == 'owner' and table[command] == 'admin':
                continue            # would be done
            done = run(stack, path, call_of(command, grammar))
            if (b'database cannot be reached' in done.stderr) != (table[command] == lacks):
                wrong.append(f'{command} without {lacks}: {done.returncode} {done.stderr.decode()[:200]}')
            elif table[command] == lacks and done.returncode == 0:
                wrong.append(f'{command} without {lacks} succeeds')
    assert wrong == [] and rows_of(stack) == before
