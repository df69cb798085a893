"""Untranslated texts and forbidden words in po/*.po. Usage: check-po.py PO_DIR POT"""
import pathlib, re, subprocess, sys


def entries(path):
    """(msgid, msgstr) of a .po file, continuation lines joined, fuzzy ones with an empty msgstr."""
    out, key, entry, fuzzy = [], None, {}, False
    for line in path.read_text().split('\n') + ['']:
        m = re.match(r'(msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$', line)
        if m:
            key = m[1]
            entry[key] = m[2]
        elif line.startswith('"') and key:
            entry[key] += line[1:-1]
        elif line.startswith('#, ') and 'fuzzy' in line:
            fuzzy = True
        elif not line.strip() and entry:
            out.append((entry.get('msgid', ''), '' if fuzzy else entry.get('msgstr', entry.get('msgstr[0]', ''))))
            key, entry, fuzzy = None, {}, False
    return out


def forbidden(glossary):
    """Lines "not: word word" of the glossary."""
    words = []
    for line in glossary.read_text().split('\n'):
        m = re.search(r'  not: (.*)$', line)
        if m:
            words += m[1].split()
    return words


def main():
    folder, pot = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    wanted = {msgid for msgid, _ in entries(pot) if msgid}
    bad = 0
    for path in sorted(folder.glob('*.po')):
        subprocess.run(['msgfmt', '--check', '-o', '/dev/null', str(path)], check=True)
        have = dict(entries(path))
        missing = sorted(w for w in wanted if not have.get(w))
        for msgid in missing:
            print(f'{path.name}: not translated: {msgid}')
        for msgid, msgstr in have.items():
            for word in forbidden(folder / 'GLOSSARY'):
                if word in msgstr:
                    print(f'{path.name}: "{word}" is forbidden by po/GLOSSARY: {msgstr}')
                    bad += 1
        bad += len(missing) if '--strict' in sys.argv else 0
    sys.exit(1 if bad else 0)


main()
