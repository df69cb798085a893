#!/usr/bin/env python3
"""Makes C from sql/: one function a statement, and the migrations as text.

A statement file holds statements, each after a head line:
    -- member_by_address :one list bigint, address text -> id bigint, role text, paused bool
Modes: :one (a row or none), :many (rows), :exec (number of rows changed).
Types: bigint int bool text bytea timestamptz date bigint[] text[]; of parameters also bytea[] timestamptz[], and
tsvector[] as texts of one lexeme a line, in the order of their bytes
Usage: statements.py SRCDIR OUTDIR"""
import pathlib, re, sys

#        C type              oid    binary  how a parameter is put        how a column is read
TYPES = {
    'bigint':      ('int64_t',            20, 'db_put_int8(&put, {n});',   'db_get_int(result, {r}, {c})'),
    'int':         ('int64_t',            23, 'db_put_int4(&put, {n});',   'db_get_int(result, {r}, {c})'),
    'bool':        ('bool',               16, 'db_put_bool(&put, {n});',   'db_get_bool(result, {r}, {c})'),
    'text':        ('const char *',       25, 'db_put_text(&put, {n});',   'db_get_text(ctx, result, {r}, {c})'),
    'date':        ('const char *',     1082, 'db_put_date(&put, {n});',   None),
    'bytea':       ('struct blob ',       17, 'db_put_blob(&put, {n});',   'db_get_blob(ctx, result, {r}, {c})'),
    'timestamptz': ('int64_t',          1184, 'db_put_time(&put, {n});',   'db_get_time(result, {r}, {c})'),
    'bigint[]':    ('struct int_array ', 1016, 'db_put_ints(&put, {n});',  'db_get_ints(ctx, result, {r}, {c})'),
    'bytea[]':     ('struct blob_array ', 1001, 'db_put_blobs(&put, {n});', None),
    'timestamptz[]': ('struct int_array ', 1185, 'db_put_times(&put, {n});', None),
    'tsvector[]':  ('struct text_array ', 3643, 'db_put_vectors(&put, {n});', None),
    'text[]':      ('struct text_array ', 1009, 'db_put_texts(&put, {n});', 'db_get_texts(ctx, result, {r}, {c})'),
}
HEAD = re.compile(r'^--\s+([a-z][a-z0-9_]*)\s+:(one|many|exec)\b\s*(.*)$')


def fail(where, why):
    sys.exit(f'{where}: {why}')


def fields(where, text):
    out = []
    for piece in filter(None, (p.strip() for p in text.split(','))):
        m = re.fullmatch(r'([a-z][a-z0-9_]*) ([a-z]+(?:\[\])?)', piece)
        if not m or m[2] not in TYPES:
            fail(where, f'"{piece}" is not "name type" with a known type')
        out.append((m[1], m[2]))
    return out


def read(path):
    """Statements of one file: (name, mode, params, columns, sql, where)."""
    found, current = [], None
    for n, line in enumerate(path.read_text().splitlines(), 1):
        m = HEAD.match(line)
        if m:
            where = f'{path.name}:{n}'
            rest = m[3]
            left, _, right = rest.partition('->')
            current = [m[1], m[2], fields(where, left), fields(where, right), [], where]
            if current[1] != 'exec' and not current[3]:
                fail(where, f'{m[1]} returns rows but names no column')
            found.append(current)
        elif current is not None and not line.lstrip().startswith('--'):
            current[4].append(line)
        elif current is None and line.strip() and not line.startswith('--'):
            fail(f'{path.name}:{n}', 'SQL before the first head line')
    for s in found:
        s[4] = '\n'.join(s[4]).strip().rstrip(';')
        if not s[4]:
            fail(s[5], f'{s[0]} has no SQL')
        used = {int(d) for d in re.findall(r'\$(\d+)', s[4])}
        if used != set(range(1, len(s[2]) + 1)):
            fail(s[5], f'{s[0]} declares {len(s[2])} parameters but uses {sorted(used)}')
    return found


def c_text(sql):
    lines = [l for l in sql.split('\n') if l.strip()]
    return '\n'.join('    "%s\\n"' % l.replace('\\', '\\\\').replace('"', '\\"') for l in lines)


def decl(t, name):
    c = TYPES[t][0]
    return c + name if c.endswith(('*', ' ')) else f'{c} {name}'


def params_c(params):
    return ''.join(', ' + decl(t, n) for n, t in params)


def signature(s):
    name, mode, params, columns = s[:4]
    if mode == 'exec':
        return f'enum status q_{name}(struct db *db{params_c(params)}, int64_t *changed_r)'
    if mode == 'one':
        return f'enum status q_{name}(struct db *db, TALLOC_CTX *ctx{params_c(params)}, struct row_{name} **row_r)'
    return (f'enum status q_{name}(struct db *db, TALLOC_CTX *ctx{params_c(params)}, '
            f'struct row_{name} **rows_r, size_t *count_r)')


def put_block(s):
    lines = [f'    struct db_put put = {{.count = 0}};', ''] if s[2] else ['    struct db_put put = {.count = 0};', '']
    lines += ['    ' + TYPES[t][2].format(n=n) for n, t in s[2]]
    return '\n'.join(lines)


def body(s):
    name, mode, params, columns = s[:4]
    out = []
    if mode == 'exec':
        out.append(f'{signature(s)}\n{{\n{put_block(s)}\n'
                   f'    return db_exec(db, Q_{name.upper()}, &put, changed_r);\n}}\n')
        out.append(f'enum status q_{name}_send(struct db *db{params_c(params)})\n{{\n{put_block(s)}\n'
                   f'    return db_send(db, Q_{name.upper()}, &put);\n}}\n')
        return '\n'.join(out)
    reads = '\n'.join(f'        row->{n} = {TYPES[t][3].format(r="i", c=i)};' for i, (n, t) in enumerate(columns))
    single = mode == 'one'
    tail = '    *row_r = rows;\n' if single else '    *rows_r = rows;\n    *count_r = count;\n'
    out.append(f'''{signature(s)}
{{
    struct row_{name} *rows = NULL;
    struct db_result *result;
    size_t count = 0;
    enum status status;
{put_block(s)}
    status = db_query(db, Q_{name.upper()}, &put, {'true' if single else 'false'}, &result, &count);
    if (status != STATUS_OK)
        return status;
    if (count > 0)
        rows = mem_array(ctx, struct row_{name}, count);
    for (size_t i = 0; i < count; i++) {{
        struct row_{name} *row = &rows[i];

{reads}
    }}
    db_result_free(result);
{tail}    return STATUS_OK;
}}
''')
    return '\n'.join(out)


def note_of(text):
    """(lock, tables, beside) as a migration's head says it; None where it says nothing."""
    lock = re.search(r'^-- lock: (none|(?:moment|rows)(?: [a-z_]+)+)$', text, re.MULTILINE)
    beside = re.search(r'^-- beside: (yes|no)$', text, re.MULTILINE)
    if not lock or not beside:
        return None
    words = lock[1].split()
    return words[0], ' '.join(words[1:]), beside[1]


def notes(folder):
    """Migrations with what they lock: (number, name, text, lock, tables, beside)."""
    old = {}
    for line in (folder / 'notes.tsv').read_text().splitlines():
        if not line.startswith('#'):
            number, lock, tables, beside = line.split('\t')
            old[int(number)] = lock, '' if tables == '-' else tables, beside
    for path in sorted(folder.glob('*.sql')):
        m = re.fullmatch(r'(\d{4})-([a-z0-9-]+)\.sql', path.name) or fail(path.name, 'is not NNNN-name.sql')
        text, number = path.read_text(), int(m[1])
        note = old.get(number) or note_of(text)
        if note is None:
            fail(path.name, 'its head says not what it locks ("-- lock: none|moment TABLE ...|rows TABLE ...") and whether the version before '
                 'goes on beside it ("-- beside: yes|no"); see notes.tsv')
        yield (number, m[2], text, *note)


def main():
    src, dest = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    dest.mkdir(parents=True, exist_ok=True)
    statements, names = [], set()
    for path in sorted((src / 'sql' / 'statements').glob('*.sql')) + [src / 'sql' / 'invariants.sql']:
        for s in read(path):
            if s[0] in names:
                fail(s[5], f'{s[0]} is declared twice')
            names.add(s[0])
            statements.append(s)
    h = ['/* Made by core/store/statements.py from sql/statements; do not edit. */',
         '#ifndef KAIRAN_STORE_STATEMENTS_H', '#define KAIRAN_STORE_STATEMENTS_H', '#include "store/db.h"', '',
         'enum statement {'] + [f'    Q_{s[0].upper()},' for s in statements] + ['    Q_COUNT', '};', '']
    for s in statements:
        if s[1] != 'exec':
            h += [f'struct row_{s[0]} {{'] + [f'    {decl(t, n)};' for n, t in s[3]] + ['};']
        h += [signature(s) + ';']
        if s[1] == 'exec':
            h += [f'enum status q_{s[0]}_send(struct db *db{params_c(s[2])});']
        h += ['']
    h += ['#endif', '']
    c = ['/* Made by core/store/statements.py from sql/; do not edit. */', '#include "store/statements.h"',
         '#include "store/db-generated.h"', '', 'const struct statement_row statement_rows[] = {']
    for s in statements:
        c += [f'    {{"{s[0]}", {len(s[2])}, {{{", ".join(str(TYPES[t][1]) for _, t in s[2]) or 0}}}, {len(s[3])}, '
              f'{{{", ".join(str(TYPES[t][1]) for _, t in s[3]) or 0}}},\n{c_text(s[4])}}},']
    c += ['};', f'const size_t statement_count = {len(statements)};', '']
    c += [body(s) for s in statements]
    c += ['const struct migration migrations[] = {']
    for number, name, text, lock, tables, beside in notes(src / 'sql' / 'migrations'):
        c += [f'    {{{number}, "{name}", "{lock}", "{tables}", {"true" if beside == "yes" else "false"},\n{c_text(text)}}},']
    c += ['    {.name = NULL},', '};', '']
    c += [f'const char grants_sql[] =\n{c_text((src / "sql" / "grants.sql").read_text())};', '']
    for name, lines in (('statements.h', h), ('statements.c', c)):
        text, path = '\n'.join(lines), dest / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


if __name__ == '__main__':
    main()
