"""What members cost: adding many, and any page of 100,000."""
import os
import time

import account
from visit import Visitor, psql, sign_in

MANY, PASTED, HUGE = 10000, 1000, 100000


def people(name, count):
    return ''.join(f'Member {i} <m{i:05d}@{name}.example.org>\n' for i in range(count))


def add_by_command(bench, address, count):
    name = address.partition('@')[0]
    path = os.path.join(bench.folder, name)
    with open(path, 'w') as file:
        file.write(people(name, count))
    begun = time.time()
    bench.stack.kairan.command('member', 'add', address, '--file', path)
    return time.time() - begun


def add_on_page(bench):
    """An owner pastes them, looks at what would happen, and has it done."""
    bench.list('pasted', 0)
    visitor = Visitor(bench, sign_in(bench, 'owner', 'pasted'))
    visitor.form_mark()
    begun = time.time()
    batch = visitor.ask('/lists/pasted/members/add', [('act', 'add'), ('role', 'member'), ('people', people('pasted', PASTED))])
    visitor.ask(batch)
    visitor.ask(batch, [('way', 'all')])
    seconds = time.time() - begun
    added = bench.count("SELECT count(*) FROM member m JOIN list l ON l.id = m.list_id WHERE l.name = 'pasted' AND m.role = 'member'")
    if added != PASTED:
        raise RuntimeError(f'{added} of {PASTED} were added on the page')
    return seconds


def measure_adding(bench):
    address = bench.list('many', 0)
    psql(bench, "INSERT INTO ban (list_id, pattern, created_by, created_at) SELECT NULL, 'banned' || n || '@many.example.org', 'bench', "
                "'2026-01-01' FROM generate_series(1, 100) n")
    cpu = account.cpu(bench.roots())
    seconds = add_by_command(bench, address, MANY)
    used = account.cpu(bench.roots())['postgres'] - cpu['postgres']
    audited = bench.count("SELECT count(*) FROM audit WHERE action = 'member_add' AND object LIKE '%@many.example.org'")
    return {'seconds': seconds, 'audit_rows': audited, 'postgres_cpu_s': used, 'page_1000_s': add_on_page(bench)}


def ensure_huge(bench):
    """The list of 100,000, made once in a run; the seconds that took, or None."""
    if 'huge' in bench.lists:
        return None
    seconds = add_by_command(bench, bench.list('huge', 0), HUGE)
    for statement in ("UPDATE member SET last_bounce_at = joined_at + id * interval '1 second' WHERE id % 20 = 0",
                      'VACUUM ANALYZE member', 'VACUUM ANALYZE address'):
        psql(bench, statement)
    return seconds


def page_kinds(bench):
    """kind -> paths of pages all over the list."""
    ids = psql(bench, "SELECT m.id FROM member m JOIN list l ON l.id = m.list_id WHERE l.name = 'huge' AND m.role = 'member' "
                      'ORDER BY random() LIMIT 200').split()
    kinds = {sort: [f'/lists/huge/members?sort={sort}&after={i}' for i in ids] for sort in ('address', 'name', 'joined', 'bounce')}
    kinds['bounce_back'] = [f'/lists/huge/members?sort=bounce&back=1&after={i}' for i in ids]
    kinds['first'] = ['/lists/huge/members']
    kinds['last'] = ['/lists/huge/members?sort=address&last=1']
    kinds['search'] = [f'/lists/huge/members?q=m{i:03d}' for i in range(100)] + ['/lists/huge/members?q=Member', '/lists/huge/members?q=m']
    return kinds


def measure_page(bench):
    """A page of the members of a list with 100,000, at places all over it, signed in as an owner."""
    found = {'add_100000_s': ensure_huge(bench)}
    visitor = Visitor(bench, sign_in(bench, 'owner', 'huge'))
    if visitor.ask('/lists/huge/members').count('@huge.example.org') < 50:
        raise RuntimeError('the first page does not show 50 members')
    kinds = page_kinds(bench)
    for kind, paths in kinds.items():
        found[kind + '_cpu_ms'] = visitor.cpu_ms(paths, bench.options.views)
    found['most_cpu_ms'] = max(found[kind + '_cpu_ms'] for kind in kinds)
    return found
