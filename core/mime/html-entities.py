#!/usr/bin/python3
"""Prints html-entities.def, the named character references of the WHATWG standard (13.5), which Python carries as html.entities.html5.

    python3 core/mime/html-entities.py > core/mime/html-entities.def        tests/unit/mime/check-html.py compares the two
"""
import html.entities


def rows():
    for name, text in sorted(html.entities.html5.items(), key=lambda row: row[0].encode()):
        yield 'ENTITY("%s", "%s")' % (name, ''.join(f'\\x{byte:02x}' for byte in text.encode()))


if __name__ == '__main__':
    print('/* html-entities.def - the named character references of HTML, in the order of their bytes; made by html-entities.py')
    print(' *')
    print(' * ENTITY(name with its semicolon if it has one, what it stands for in UTF-8) */')
    print('\n'.join(rows()))
