#!/usr/bin/python3
"""doc/mailman.tsv says where each thing of Mailman's is done here, and which test shows it; nothing it names may be dead, nothing be missing.

Where the feature inventory itself is at hand (KAIRAN_REFERENCE, or ../shared/reference beside the source), each of its rows must be in the
table under its own words, and the table may have no others but for sections that the inventory writes without rows."""
import os
import re

import common

TABLE = 'doc/mailman.tsv'
INVENTORY = 'mailman3-features.md'
STATES = ('done', 'otherwise', 'later', 'not wanted')
MOST_NOT_WANTED = 10
# kind of reference -> (file, expression with the name in it)
ROWS = {
    'setting': ('core/policy/settings.def', r'^[A-Z]+\({0},'),
    'preference': ('core/policy/preferences.def', r'^[A-Z]+\({0},'),
    'rule': ('core/policy/rules.def', r'^RULE\("{0}"'),
    'notice': ('core/policy/notices.def', r'^(?:NOTICE|PIECE)\({0},'),
    'letter': ('core/policy/mail-commands.def', r'^MAIL_COMMAND\({0},'),
    'style': ('core/policy/styles.def', r'^STYLE\("{0}"'),
    'route': ('web/routes.def', r'^ROUTE\({0},'),
    'command': ('core/cli/commands.def', r'^COMMAND\("{0}"'),
    'job': ('core/worker/jobs.def', r'^[A-Z_]+\({0},'),
    'conf': ('core/util/conf.def', r'\b{0}\b'),
}
# A test is a function of its file; what is not named so is data that such a test reads.
TESTS = {'.py': r'^def {0}\(', '.c': r'^{0}\(void \*\*state\)$'}
# Sections of the inventory that issue by issue are brought here, and those in which sentences stand for rows: what begins them, what parts them.
SECTIONS = ('1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.10', '1.14', '1.15', '1.16', '2.1', '2.2', '2.3', '3', '4', '6.1', '8', '10.1', '10.2', '11')
SENTENCES = {
    '2.2': [('**BUG/GAP**: ', '; ')], '2.3': [('role (', ' · ')], '3': [('Rules easily missed: ', '; ')],
    '4': [('Details: ', '; '), ('**GAP against 2.1**: ', ', ')], '6.1': [('Properties: ', '; ')],
    '11': [('Traps when being "compatible": ', '; '), ('Openings: ', '; ')],
}
WITHOUT_ROWS = ('1.14',)


# ---- the inventory ----

def plain(text):
    """A cell without its marks: versions, emphasis, code."""
    text = re.sub(r'\*(\w+)\*', r'\1', re.sub(r'\*\*\[[^\]]*\]\*\*|\*\*|`', '', text))
    return re.sub(r'\s+', ' ', text).strip().rstrip('.').strip()


def cells_of(line):
    return [cell.strip() for cell in re.split(r'(?<!\\)\|', line)[1:-1]]


def name_of(section, cells):
    return plain(f'{cells[0]}: {cells[1]}' if section == '10.2' else cells[0])


def sentences_of(section, line):
    for begins, parts in SENTENCES.get(section, ()):
        if line.startswith(begins):
            rest = line if begins.endswith('(') else line[len(begins):]
            yield from (plain(part) for part in rest.split(parts))


def inventory(text):
    """(section, row) of everything that is to be in the table; what stands twice in a section is numbered."""
    section, before, seen = None, '', {}
    for line in text.split('\n'):
        heading = re.match(r'#{2,3} (\d+(?:\.\d+)?)[. ]', line)
        section = heading[1] if heading else section
        names = []
        if line.startswith('|---') and before in seen:
            seen[before] -= 1               # it was a head, not a row
        elif line.startswith('|') and section in SECTIONS:
            names = [name_of(section, cells_of(line))]
        elif section in SECTIONS:
            names = list(sentences_of(section, line))
        for name in names:
            seen[(section, name)] = seen.get((section, name), 0) + 1
        before = (section, names[0]) if names and line.startswith('|') else ''
    for (part, name), count in seen.items():
        yield from ((part, name if n == 1 else f'{name} ({n})') for n in range(1, count + 1))


def inventory_text(root):
    folder = os.environ.get('KAIRAN_REFERENCE', os.path.join(root, '..', 'shared', 'reference'))
    path = os.path.join(folder, INVENTORY)
    return common.read('', path) if os.path.exists(path) else None


def inventory_of(root):
    text = inventory_text(root)
    return None if text is None else set(inventory(text))


# What stands as the default of a setting there, as it stands in settings.def.
SAME = {'yes': 'true', 'no': 'false', "''": '""', 'empty': '""', 'capitalised list name': '""', 'site default (en)': '"en"', '`[Display_name] `': '"[Display_name] "'}


def defaults(text):
    """Setting -> default, of the tables of section 2.1."""
    for line in text[text.find('### 2.1 '):text.find('### 2.2 ')].split('\n'):
        cells = cells_of(line) if line.startswith('| ') else ()
        if len(cells) > 2 and cells[0] != 'Setting':
            value = re.sub(r' \(.*|(?<=\d)d$', '', cells[2]) if cells[2] not in SAME else cells[2]
            yield from ((name, SAME.get(value, value)) for name in re.split(', | / ', plain(cells[0])))


def other_defaults(root):
    """The settings that begin here with another value than there."""
    text, table = inventory_text(root), 'core/policy/settings.def'
    if text is None or not os.path.exists(os.path.join(root, table)):
        return set()
    here = dict(re.findall(r'^(?:BOOL|INT|TEXT|LONG)\((\w+), ("[^"]*"|\w+)', common.read(root, table), re.MULTILINE))
    here |= dict(re.findall(r'^CHOICE\((\w+), \w+, ("[^"]*")', common.read(root, table), re.MULTILINE))
    return {name for name, value in defaults(text) if name in here and here[name].strip('"') != value.strip('"')}


# ---- the table ----

def is_there(root, reference):
    kind, _, name = reference.partition(':')
    if kind == 'file':
        return os.path.exists(os.path.join(root, name))
    if kind not in ROWS:
        return False
    path, expression = ROWS[kind]
    return os.path.exists(os.path.join(root, path)) and re.search(expression.format(re.escape(name)), common.read(root, path), re.MULTILINE)


def test_trouble(root, reference):
    """None, or what is wrong with a test that is named."""
    path, _, name = reference.partition('::')
    if not path.startswith('tests/') or not os.path.isfile(os.path.join(root, path)):
        return f'there is no test {reference}'
    expression = TESTS.get(os.path.splitext(path)[1])
    if expression is None:
        return f'{reference} is not a test that has functions' if name else None
    if not name:
        return f'{reference} names a file, but no test in it'
    if not re.search(expression.format(re.escape(name)), common.read(root, path), re.MULTILINE):
        return f'there is no test {reference}'
    return None


def row_trouble(root, cells):
    """What is wrong with one row."""
    _, _, state, where, tests, words = cells
    if state in ('done', 'otherwise') and not (where and ('::' in tests or tests.endswith('.sh'))):
        yield f'{state}, but it does not say where and which test shows it'
    if state != 'done' and not words:
        yield f'{state}, but it does not say why'
    for reference in filter(None, where.split('; ')):
        if not is_there(root, reference):
            yield f'there is no {reference}'
    yield from filter(None, (test_trouble(root, reference) for reference in filter(None, tests.split('; '))))


def rows(root):
    for number, line in enumerate(common.read(root, TABLE).splitlines(), 1):
        if line and not line.startswith('#'):
            yield number, line.split('\t')


def check(root):
    if not os.path.exists(os.path.join(root, TABLE)):
        return
    wanted, seen, unwanted, others = inventory_of(root), {}, 0, other_defaults(root)
    for number, cells in rows(root):
        if len(cells) != 6 or cells[2] not in STATES:
            yield f'{TABLE}:{number}: six columns, the third one of {", ".join(STATES)}'
            continue
        key = (cells[0], cells[1])
        if key in seen:
            yield f'{TABLE}:{number}: stands in line {seen[key]}, too'
        seen[key] = number
        unwanted += cells[2] == 'not wanted'
        yield from (f'{TABLE}:{number}: {trouble}' for trouble in row_trouble(root, cells))
        if cells[0] == '2.1' and cells[1] in others and not cells[5]:
            yield f'{TABLE}:{number}: another default than there, but it does not say why'
        if wanted is not None and key not in wanted and cells[0] not in WITHOUT_ROWS:
            yield f'{TABLE}:{number}: the inventory has no such row'
    yield from (f'{TABLE}:1: {section} "{name}" of the inventory is missing' for section, name in sorted((wanted or set()) - set(seen)))
    if unwanted > MOST_NOT_WANTED:
        yield f'{TABLE}:1: {unwanted} rows are not wanted; at most {MOST_NOT_WANTED}'


if __name__ == '__main__':
    common.tell(check(common.top()))
