"""Messages that nobody here wrote, and the normal form in which they are kept."""
import os
import re

FIELD = re.compile(rb'^(From |[!-9;-~]+[ \t]*:)')
SKIPPED = ('.xml', '.json', '.out', '.py', '.html', '.md', '.dict', '.yml')


def messages(root, folders):
    """(name, bytes) of every message below the folders; mail boxes are taken apart."""
    for folder in folders:
        for where, names, files in os.walk(os.path.join(root, folder)):
            names.sort()
            for name in sorted(files):
                path = os.path.join(where, name)
                if name.endswith(SKIPPED) or name == 'SOURCES' or 'LICENSE' in name or 'COPYING' in name:
                    continue
                with open(path, 'rb') as file:
                    data = file.read()
                yield from parts(os.path.relpath(path, root), data)


def parts(name, data):
    if data.startswith(b'From ') and len(re.findall(rb'^From .*\d\d:\d\d', data, re.MULTILINE)) > 1:
        for number, one in enumerate(re.split(rb'^From .*\r?\n', data, flags=re.MULTILINE)[1:]):
            yield f'{name}#{number}', one
    elif FIELD.match(data):
        yield name, re.sub(rb'^From .*\r?\n', b'', data)


def normal(data):
    """Every line end CR LF, no NUL, no lone CR, the last line ended."""
    data = data.replace(b'\0', b'').replace(b'\r\n', b'\n').replace(b'\r', b' ').replace(b'\n', b'\r\n')
    return data if not data or data.endswith(b'\r\n') else data + b'\r\n'
