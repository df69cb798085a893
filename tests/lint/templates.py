#!/usr/bin/python3
"""Templates use only what cannot print unescaped (style 10); style sheet and script stay small."""
import re

import common

RULES = (
    (re.compile(r'^(<{7}|>{7}) ', re.M), '{} of a merge is left'),
    (re.compile(r'<\?cs\s+(evar|lvar|linclude|alt|escape)\b'), 'the command {} is not used: it escapes nothing, or runs a value'),
    (re.compile(r'<\?cs[^?]*?(?<![\w.])_\s*\(()'), 'ClearSilver\'s _() frees what it prints: t("...")'),
    (re.compile(r'<\?cs\s+include(?!!)()\b'), 'include has a "!": a missing file must be an error'),
    (re.compile(r'<(script)\b(?![^>]*\bsrc=)', re.IGNORECASE), 'no inline script'),
    (re.compile(r'<(style)\b|\s(style)=', re.IGNORECASE), 'no inline style'),
    (re.compile(r'\s(on\w+)\s*=\s*["\']', re.IGNORECASE), 'no event attributes'),
    (re.compile(r'^(<{7}|={7}|>{7})(?= |$)', re.MULTILINE), '{} is a mark of a merge that was not finished'),
)


# Bytes, not packed: what a first visit waits for on a slow line.
BUDGETS = {'static/kairan.css': 12 * 1024, 'static/kairan.js': 5 * 1024}


def unquoted(text):
    """Where an attribute's value begins with a command and without a quotation mark."""
    for match in re.finditer(r'[\w-]=(?=<\?cs)', text):
        before = re.sub(r'<\?cs.*?\?>', '', text[max(0, match.start() - 2000):match.start()], flags=re.DOTALL)
        tag = before.rfind('<')
        if tag >= 0 and '>' not in before[tag:] and before[tag:].count('"') % 2 == 0:
            yield match.start()


def check(root):
    unescaped = []
    for path in common.files(root, ('templates',), ('.cs', '.html', '.xml', '.txt')):
        text = common.read(root, path)
        for rule, complaint in RULES:
            for match in rule.finditer(text):
                if path.endswith('.txt') and complaint.startswith('no '):
                    continue
                yield f'{path}:{common.line_of(text, match.start())}: ' + complaint.format(match.group(1))
        for position in unquoted(text):
            yield f'{path}:{common.line_of(text, position)}: an attribute with a value of ours has quotation marks'
        for number, line in enumerate(text.split('\n'), 1):
            if re.search(r'<\?cs\s+uvar\b', line):
                unescaped.append((path, number))
    for path in common.files(root, ('static',), ('.css', '.js')):
        size, most = len(common.read(root, path).encode()), BUDGETS.get(path, 0)
        if size > most:
            yield f'{path}: {size} bytes, at most {most}: say something in fewer rules'
    for path, number in unescaped:
        if path != unescaped[0][0]:
            yield f'{path}:{number}: uvar stands in one file of macros only, and that is {unescaped[0][0]}'


if __name__ == '__main__':
    common.tell(check(common.top()))
