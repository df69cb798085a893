#!/usr/bin/python3
"""Rights and statements hold one another: each statement is planned as the role of the program that asks it, which needs every right
that running it would need; and a right that no statement of a role needs is one too many. Whose a statement is tells the room that
calls it: web/ the web's, core/worker the worker's, core/cli the operator's; rooms below are shared, and theirs has to be some role's. So are those that macros name.

Run beside an empty PostgreSQL (with-postgres), which this program starts by itself."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ.get('srcdir', pathlib.Path(__file__).resolve().parent.parent.parent)).resolve()
BUILD = os.environ.get('builddir', '.')
sys.path.insert(0, str(SOURCE / 'core/store'))
import statements   # noqa: E402

PG = os.environ.get('KAIRAN_TEST_SOCKET_DIR')
ROOMS = {'web': 'kairan_web', 'worker': 'kairan_worker', 'cli': 'kairan_admin'}
ROLES = sorted(ROOMS.values())
VERBS = ('SELECT', 'INSERT', 'UPDATE', 'DELETE')

PLANNED = re.compile(r'(SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|VALUES)\b')      # not DISCARD and its like, which anybody may say

# How a statement that needs the right may look; PostgreSQL tells then whether it does.
WAYS = {'SELECT': r'\b{table}\b', 'INSERT': r'INSERT\s+INTO\s+{table}\b', 'DELETE': r'DELETE\s+FROM\s+(ONLY\s+)?{table}\b',
        'UPDATE': r'UPDATE\s+(ONLY\s+)?{table}\b|INSERT\s+INTO\s+{table}\b.*ON\s+CONFLICT|\b{table}\b.*\bFOR\s+(NO\s+KEY\s+)?(UPDATE|SHARE|KEY)'}

# Rights that no statement shows, with the reason.
BESIDES = {
    ('*', 'schema_migration', 'SELECT'): 'every program reads the version before it knows any statement',
    ('kairan_admin', '*', 'SELECT'): 'the operator may look at all that the role may look at',
}


def all_statements():
    """name -> (types of parameters, SQL)"""
    return {one[0]: ([kind for _, kind in one[2]], one[4])
            for path in sorted((SOURCE / 'sql/statements').glob('*.sql')) for one in statements.read(path) if PLANNED.match(one[4])}


def callers():
    """name -> rooms that call it"""
    found = {}
    for path in [*SOURCE.glob('core/*/*.[ch]'), *SOURCE.glob('web/*.[ch]')]:
        room = 'web' if path.parent.name == 'web' else path.parent.name
        for name in re.findall(r'\bq_([a-z0-9_]+)\b', path.read_text(encoding='utf-8')):
            found.setdefault(name, set()).add(room)
    return found


class Database:
    def __init__(self, psycopg2):
        self.error = psycopg2.Error
        self.connection = psycopg2.connect(f'host={PG} dbname=kairan user=postgres')
        self.cursor = self.connection.cursor()
        # With parameters in it, as programs have it, not with NULL made out of all.
        self.cursor.execute('SET plan_cache_mode = force_generic_plan')

    def rows(self, sql):
        self.cursor.execute(sql)
        return self.cursor.fetchall()

    def refusal(self, role, name, count, before=''):
        """What PostgreSQL says when the role would run it; None when it may. `before` is taken back again."""
        self.cursor.execute(f'SAVEPOINT here; {before}; SET LOCAL ROLE {role}')
        try:
            self.cursor.execute(f'EXPLAIN EXECUTE "{name}"' + (f"({', '.join(['NULL'] * count)})" if count else ''))
            return None
        except self.error as error:
            return str(error).strip().splitlines()[0]
        finally:
            self.cursor.execute('ROLLBACK TO SAVEPOINT here')


def migrate():
    with tempfile.NamedTemporaryFile('w', suffix='.conf') as conf:
        conf.write(f'[database]\nowner = host={PG} dbname=kairan user=kairan_owner\n')
        conf.flush()
        subprocess.run([os.path.join(BUILD, 'kairan'), '-c', conf.name, 'db', 'migrate', '--json'], check=True, stdout=subprocess.DEVNULL)


def granted(database):
    """(role, table, verb) of all rights, on columns too."""
    return database.rows(f"""
        SELECT r.role, c.relname, v.verb FROM pg_class c CROSS JOIN unnest(ARRAY{ROLES}) AS r (role) CROSS JOIN unnest(ARRAY{list(VERBS)}) AS v (verb)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
            AND CASE v.verb WHEN 'DELETE' THEN has_table_privilege(r.role, c.oid, 'DELETE') ELSE has_any_column_privilege(r.role, c.oid, v.verb) END
        ORDER BY 1, 2, 3""")


def functions_that_ask(database):
    """Bodies of the functions that run with the rights of who calls them, triggers' among them."""
    return [body for body, in database.rows("SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND NOT prosecdef")]


def check_enough(database, all_of_them, rooms):
    """Complaints; and what each role may run."""
    may = {role: set() for role in ROLES}
    complaints = []
    for name, (kinds, sql) in all_of_them.items():
        refusals = {role: database.refusal(role, name, len(kinds)) for role in ROLES}
        for role, refusal in refusals.items():
            if refusal is None:
                may[role].add(name)
        for room in sorted(rooms.get(name, ())):
            if room in ROOMS and refusals[ROOMS[room]] is not None:
                complaints.append(f'{name}, which {room} asks: {refusals[ROOMS[room]]}')
        if None not in refusals.values():
            complaints.append(f'{name}: no role may run it: {refusals[ROLES[0]]}')
    return complaints, may


def is_needed(database, role, table, verb, candidates):
    """The statement that shows it, or None."""
    word = re.compile(WAYS[verb].format(table=table), re.I | re.S)
    for name, (kinds, sql) in candidates.items():
        if word.search(sql) and database.refusal(role, name, len(kinds), f'REVOKE {verb} ON "{table}" FROM {role}') is not None:
            return name
    return None


def check_no_more(database, all_of_them, rooms, may):
    bodies = functions_that_ask(database)
    for role, table, verb in granted(database):
        others = {room for room, whose in ROOMS.items() if whose != role}
        candidates = {name: value for name, value in all_of_them.items() if name in may[role] and (name not in rooms or not rooms[name] <= others)}
        if ('*', table, verb) in BESIDES or (role, '*', verb) in BESIDES or any(re.search(rf'\b{table}\b', body) for body in bodies):
            continue
        if is_needed(database, role, table, verb, candidates) is None:
            yield f'{role} has {verb} on {table}, and no statement of its needs it'


def main():
    try:
        import psycopg2
    except ImportError:
        print('python3-psycopg2 is not here; skipped')
        return 77
    if PG is None:
        os.execv(SOURCE / 'tests/with-postgres', ['with-postgres', '/usr/bin/python3', '-B', os.path.abspath(__file__)])
    migrate()
    database, all_of_them, rooms = Database(psycopg2), all_statements(), callers()
    for name, (kinds, sql) in all_of_them.items():
        database.cursor.execute(f'PREPARE "{name}"{"(" + ", ".join(kinds) + ")" if kinds else ""} AS {sql}')
    complaints, may = check_enough(database, all_of_them, rooms)
    complaints += check_no_more(database, all_of_them, rooms, may)
    print('\n'.join([*complaints, f'{len(all_of_them)} statements as {len(ROLES)} roles, {len(granted(database))} rights, {len(complaints)} complaints']))
    return 1 if complaints else 0


if __name__ == '__main__':
    sys.exit(main())
