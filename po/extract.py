#!/usr/bin/env python3
"""Makes kairan.pot: texts of C and .def files by xgettext, of templates by the small reader here.

Usage: extract.py SRCDIR OUTPUT"""
import pathlib, re, subprocess, sys, tempfile

CALL = re.compile(r'\b(t[1-3]?|tn)\(\s*"((?:[^"\\]|\\.)*)"(?:\s*,\s*"((?:[^"\\]|\\.)*)")?')


def template_texts(path):
    """C-like lines that xgettext understands, one call each, with the line numbers kept."""
    lines = []
    for line in path.read_text().split('\n'):
        calls = []
        for name, one, many in CALL.findall(line):
            calls.append(f'trn(l, "{one}", "{many}", n);' if name == 'tn' else f'tr(l, "{one}");')
        lines.append(' '.join(calls))
    return '\n'.join(lines)


def main():
    src, out = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as tmp:
        names = []
        for room in ('core', 'web', 'doc'):
            for path in sorted((src / room).rglob('*')):
                if path.suffix in ('.c', '.h', '.def'):
                    copy = pathlib.Path(tmp) / path.relative_to(src)
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    copy.write_bytes(path.read_bytes())
                    names.append(str(path.relative_to(src)))
        for path in sorted((src / 'templates').rglob('*.cs')):
            copy = pathlib.Path(tmp) / path.relative_to(src)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(template_texts(path))
            names.append(str(path.relative_to(src)))
        subprocess.run(['xgettext', '--language=C', '--from-code=UTF-8', '--keyword', '--keyword=N_', '--keyword=tr:2',
                        '--keyword=trn:2,3', '--keyword=request_tr:2',
                        '--keyword=CONF_TEXT:4', '--keyword=CONF_BOOL:4', '--keyword=CONF_INT:6', '--sort-by-file', '--no-wrap', '--package-name=Kairan',
                        '--add-location=file', '-o', str(out), *names], cwd=tmp, check=True)
    text = out.read_text()
    out.write_text(re.sub(r'"POT-Creation-Date:.*\n', '', text).replace('charset=CHARSET', 'charset=UTF-8'))


main()
