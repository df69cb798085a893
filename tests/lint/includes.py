#!/usr/bin/python3
"""Includes point down only, and each foreign library is included by its doors alone (DESIGN 3)."""
import re

import common

# room -> the rooms it may include
BELOW = {
    'util': (),
    'mime': ('util',), 'store': ('util',), 'auth': ('util', 'mime'),
    'policy': ('util', 'mime', 'auth', 'store'), 'archive': ('util', 'mime', 'auth', 'store'), 'delivery': ('util', 'mime', 'auth', 'store'),
}
LOWER = tuple(BELOW)
BELOW.update(worker=LOWER, cli=LOWER, web=LOWER)

# header (a pattern) -> the files that may include it; a word without a dot is a room in which one .c file may
DOORS = (
    (r'openssl/', ('core/util/crypto.c', 'core/util/tls.c')),
    (r'sodium', ('core/util/crypto.c',)),
    (r'ini\.h', ('core/util/conf.c',)),
    (r'ares', ('core/auth/dns-network.c',)),
    (r'(opendkim/)?dkim\.h', ('auth',)),
    (r'libpsl', ('auth',)),
    (r'gmime/|glib', ('mime',)),
    (r'idn2', ('mime',)),
    (r'iconv', ('mime',)),
    (r'unicode/', ('util', 'mime', 'archive')),
    (r'libpq|postgresql/', ('core/store/db.c', 'core/store/db-value.c')),
    (r'ClearSilver|cs/|util/neo|neo_|cgi/', ('util', 'web')),
    (r'fcgi', ('web/fcgi.c',)),
    (r'pcre2', ('util', 'policy')),
    (r'zlib', ('core/util/input.c',)),
    (r'isa-l', ('core/util/gzip.c',)),
    (r'cmark', ('core/mime/view-markdown.c',)),
    (r'seccomp', ('core/util/sandbox.c',)),
    (r'curl/', ('worker',)),
    (r'libintl', ('util',)),
)


def room_of(path):
    parts = path.split('/')
    return parts[0] if parts[0] == 'web' else parts[1]


def check(root):
    doors_used = {}
    for path in common.files(root, ('core', 'web'), ('.c', '.h', '.def')):
        room = room_of(path)
        for number, line in common.lines(root, path):
            own = re.match(r'\s*#\s*include\s+"([^"/]+)/', line)
            foreign = re.match(r'\s*#\s*include\s+<([^>]+)>', line)
            if own and own.group(1) in BELOW and own.group(1) != room and own.group(1) not in BELOW.get(room, ()):
                yield f'{path}:{number}: {room} may not include {own.group(1)}'
            if foreign:
                yield from check_door(path, room, number, foreign.group(1), doors_used)


def check_door(path, room, number, header, doors_used):
    for pattern, doors in DOORS:
        if not re.match(pattern, header):
            continue
        if path in doors:
            return
        if room not in doors or not path.endswith('.c'):
            yield f'{path}:{number}: <{header}> is not included here; its door is {" or ".join(doors)}'
        elif doors_used.setdefault((pattern, room), path) != path:
            yield f'{path}:{number}: <{header}> is included by {doors_used[(pattern, room)]} already; one door a library'


if __name__ == '__main__':
    common.tell(check(common.top()))
