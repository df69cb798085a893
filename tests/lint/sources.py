#!/usr/bin/python3
"""Calls that we do not make, and functions grown too long (those are only told, not refused)."""
import re
import sys

import common

SECRET = r'\w*(?:token|secret|passw|hmac|csrf|cookie|otp)\w*'
CALLS = (
    (re.compile(r'\bdkim_ohdrs\s*\('), 'dkim_ohdrs() overflows its heap (OpenDKIM#433)'),
    (re.compile(r'\b(?:strcmp|strncmp|strcasecmp|strncasecmp|memcmp)\s*\([^;{]*\b' + SECRET), 'secrets are compared in constant time'),
    (re.compile(r'\b(?:system|popen|execlp|execvp)\s*\('), 'no shell, and no program found by PATH'),
    (re.compile(r'\b(?:gets|strcpy|strcat|sprintf|vsprintf|strtok|alloca)\s*\('), 'not a bounded or a re-entrant call'),
)
UNSAFE_STORE = re.compile(r'\b(?:fsync|full_page_writes|synchronous_commit)\b["\']?\s*(?:=|\bto\b|,)?\s*["\']?(?:off|false|no|0)\b',
                          re.IGNORECASE)
# In the log %l shows an address as it is; that is for lists alone.
SHOWN = re.compile(r'"(\w+)",\s*"%l"')
LONG = 100


def check(root):
    for path in common.files(root, ('core', 'web'), ('.c', '.h')):
        text = common.without_comments(common.read(root, path))
        for match in SHOWN.finditer(text):
            if match.group(1) != 'list':
                yield f'{path}:{common.line_of(text, match.start())}: "{match.group(1)}" is shown whole in the log; %l is for "list" alone'
        # What stands in strings is not a call.
        code = re.sub(r'"(?:\\.|[^"\\\n])*"', lambda match: '"' + ' ' * (len(match.group(0)) - 2) + '"', text)
        for rule, complaint in CALLS:
            for match in rule.finditer(code):
                yield f'{path}:{common.line_of(code, match.start())}: {complaint}'
    for path in common.files(root, ('core', 'sql', 'tests/rig', 'tests/system', 'doc', 'quickstart', 'nginx-example'), ('',)):
        for number, line in common.lines(root, path):
            if UNSAFE_STORE.search(line):
                yield f'{path}:{number}: PostgreSQL keeps what it was given: fsync and its sisters stay on'


def long_functions(root):
    for path in common.files(root, ('core', 'web'), ('.c',)):
        begin = None
        for number, line in common.lines(root, path):
            if line.startswith('{'):
                begin = number
            elif line.startswith('}') and begin is not None:
                if number - begin > LONG:
                    yield f'{path}:{begin}: warning: a function of {number - begin} lines'
                begin = None


if __name__ == '__main__':
    for warning in long_functions(common.top()):
        print(warning, file=sys.stderr)
    common.tell(check(common.top()))
