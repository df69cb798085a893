#!/usr/bin/python3
"""Every text that people see has its Japanese in po/ja.po."""
import os
import re

import common

LITERALS = r'((?:"(?:\\.|[^"\\\n])*"\s*)+)'
IN_C = (re.compile(r'\bN_\(\s*' + LITERALS), re.compile(r'\btr\(\s*[^",;()]+(?:\([^()]*\))?,\s*' + LITERALS),
        re.compile(r'\btr_n\(\s*[^",;()]+(?:\([^()]*\))?,\s*' + LITERALS))
IN_TEMPLATES = re.compile(r'\bt[n123]?\(\s*' + LITERALS)


def unquote(literals):
    inner = ''.join(re.findall(r'"((?:\\.|[^"\\\n])*)"', literals))
    return re.sub(r'\\(.)', lambda match: {'n': '\n', 't': '\t'}.get(match.group(1), match.group(1)), inner)


def catalogue(text):
    """msgid -> msgstr of the entries that count: translated and not fuzzy."""
    known = {}
    for entry in re.split(r'\n\s*\n', text):
        if re.search(r'^#,.*\bfuzzy\b', entry, re.MULTILINE) or re.search(r'^#~', entry, re.MULTILINE):
            continue
        source = re.search(r'^msgid ' + LITERALS, entry, re.MULTILINE)
        target = re.search(r'^msgstr(?:\[0\])? ' + LITERALS, entry, re.MULTILINE)
        if source and target:
            known[unquote(source.group(1))] = unquote(target.group(1))
    return known


def texts(root):
    """(path, line, text) of everything that is for people."""
    for path in common.files(root, ('core', 'web', 'doc'), ('.c', '.h', '.def')):
        text = common.without_comments(common.read(root, path))
        for rule in IN_C:
            for match in rule.finditer(text):
                yield path, common.line_of(text, match.start()), unquote(match.group(1))
    for path in common.files(root, ('templates',), ('',)):
        text = common.read(root, path)
        for command in re.finditer(r'<\?cs.*?\?>', text, re.DOTALL):
            for match in IN_TEMPLATES.finditer(command.group(0)):
                yield path, common.line_of(text, command.start()), unquote(match.group(1))


def check(root):
    if not os.path.exists(os.path.join(root, 'po/ja.po')):
        return
    known = catalogue(common.read(root, 'po/ja.po'))
    for path, number, text in texts(root):
        if text and not known.get(text):
            yield f'{path}:{number}: no Japanese for "{text[:70]}"'


if __name__ == '__main__':
    common.tell(check(common.top()))
