#!/usr/bin/python3
"""What a build needs stands twice, in tests/packages for people and run-tests and in debian/control for dpkg: both name the same."""
import re

import common

CONTROL, TABLE = 'debian/control', 'tests/packages'
# Every Debian build has these, or debhelper brings them.
GIVEN = {'autoconf', 'automake', 'gcc', 'libc6-dev', 'make'}
# dpkg's own, and what configure finds on any machine.
DPKG = ('debhelper-compat', 'dh-sequence-', 'python3')


def in_control(root):
    field = re.search(r'^Build-Depends:(.*?)^\S', common.read(root, CONTROL), re.MULTILINE | re.DOTALL)
    names = [re.split(r'[ :(|]', entry.strip())[0] for entry in field[1].split(',')] if field else []
    return {name for name in names if name and not name.startswith(DPKG)}


def check(root):
    try:
        control, table = in_control(root), common.read(root, TABLE)
    except FileNotFoundError:
        return
    build = set(re.findall(r'^build\t(\S+)', table, re.MULTILINE)) - GIVEN
    for name in sorted(build - control):
        yield f'{CONTROL}:1: Build-Depends lacks {name}, which {TABLE} names'
    for name in sorted(control - build):
        yield f'{TABLE}:1: {name} is needed to build, {CONTROL} says'


if __name__ == '__main__':
    common.tell(check(common.top()))
