#!/usr/bin/python3
"""Statements take the time as a parameter, have one head line each, and SQL is nowhere else than in sql/."""
import re

import common

CLOCKS = re.compile(r"\bnow\s*\(|\bcurrent_(?:timestamp|date|time)\b|\blocaltime(?:stamp)?\b|\b(?:clock|statement|transaction)_timestamp\b"
                    r"|\btimeofday\b|'(?:now|today|tomorrow|yesterday)'", re.IGNORECASE)
IN_C = re.compile(r'"\s*(?:SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s)', re.IGNORECASE)
# The bytes of a message may hold a password: whoever shows them takes them through message_seen(). What is sent was made without it.
SHOWN = re.compile(r'(?<!message_seen\()\bm\.bytes\b(?!\s+IS\b)')
SENT = 'sql/statements/send.sql'


def check_numbers(root):
    """Of two migrations with one number the second would never be run."""
    known = {}
    for path in sorted(common.files(root, ('sql/migrations',), ('.sql',))):
        number = path.rsplit('/', 1)[1].split('-')[0]
        if number in known:
            yield f'{path}: {known[number]} has this number already'
        known[number] = path


def check(root):
    yield from check_numbers(root)
    for path in common.files(root, ('sql/statements',), ('.sql',)):
        for number, line in common.lines(root, path):
            if path != SENT and SHOWN.search(re.sub(r'--.*', '', line)):
                yield f'{path}:{number}: the bytes of a message are shown through message_seen(m.bytes, m.masks)'
            if CLOCKS.search(re.sub(r'--.*', '', line)):
                yield f'{path}:{number}: time is a parameter from util/clock, never the database\'s'
    for path in common.files(root, ('sql/migrations',), ('.sql',)):
        for number, line in common.lines(root, path):
            if re.search(r'\bDEFAULT\s', line, re.IGNORECASE) and CLOCKS.search(re.sub(r'--.*', '', line)):
                yield f'{path}:{number}: no default by the database\'s clock; time is a parameter'
    for path in common.files(root, ('core', 'web'), ('.c', '.h')):
        text = common.without_comments(common.read(root, path))
        if path in ('core/store/db.c', 'core/store/db-migrate.c'):   # the door itself, which must work before there is a schema
            continue
        for match in IN_C.finditer(text):
            yield f'{path}:{common.line_of(text, match.start())}: SQL belongs into sql/statements'


if __name__ == '__main__':
    common.tell(check(common.top()))
