#!/usr/bin/env python3
"""Makes nginx-example's limits on the size of a request from web/routes.def: a general one, and a location for each route
that takes more. With --check it changes nothing and fails when the file is not up to date.

Usage: nginx-limits.py SRCDIR [--check]"""
import pathlib, re, sys

ROUTE = re.compile(r'^ROUTE\((\w+), (GET|POST), "([^"]+)", \w+, (?:NULL|"[^"]+"), (\d+),', re.M)


def location(pattern):
    """A regular expression for the paths of a pattern."""
    return '^' + re.sub(r'\\?\{\w+\\?\}', '[^/]+', re.escape(pattern)) + '$'


def limits(src):
    routes = [(m[3], int(m[4])) for m in ROUTE.finditer((src / 'web/routes.def').read_text()) if m[2] == 'POST']
    usual = 4096
    general = f'    client_max_body_size {usual // 1024}k;\n'
    larger = ''.join(f'    location ~ {location(pattern)} {{\n        client_max_body_size {size // 1024}k;\n'
                     f'        try_files /nothing @kairan;\n    }}\n' for pattern, size in routes if size > usual)
    return general, larger


def between(text, mark, lines):
    start, end = f'    # [{mark}\n', f'    # {mark}]\n'
    head, rest = text.split(start)
    return head + start + lines + end + rest.split(end)[1]


def main():
    src = pathlib.Path(sys.argv[1])
    path = src / 'nginx-example'
    general, larger = limits(src)
    text = between(between(path.read_text(), 'limits', general), 'limits-by-path', larger)
    if '--check' in sys.argv:
        sys.exit(0 if text == path.read_text() else 'nginx-example: run "make nginx-limits"')
    path.write_text(text)


main()
