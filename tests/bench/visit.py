"""Somebody who is signed in and looks at pages through nginx (without a cache), and what that costs of CPU: nginx's, ours, PostgreSQL's."""
import hashlib
import http.client
import re
import secrets
import urllib.parse

import account

WARM = 100      # every child has its statements prepared and its templates read


def psql(bench, query):
    return bench.stack.postgres.psql('-q', '-v', 'ON_ERROR_STOP=1', '-Atc', query, database='kairan').strip()


def sign_in(bench, role=None, list_name=None):
    """The session of a new person: with a role on a list, or the site's administrator."""
    token, name = secrets.token_hex(32), f'{role or "admin"}-{secrets.token_hex(4)}@people.example.org'
    psql(bench, f"""
        WITH u AS (INSERT INTO site_user (name, is_admin, created_at) VALUES ('Bench', {role is None}, now()) RETURNING id),
        a AS (INSERT INTO address (key, email, user_id, verified_at, created_at) SELECT '{name}', '{name}', id, now(), now() FROM u RETURNING id),
        m AS (INSERT INTO member (list_id, address_id, role, joined_at) SELECT l.id, a.id, '{role}', now() FROM a, list l
              WHERE l.name = '{list_name}')
        INSERT INTO session (token_hash, user_id, form_secret, is_lasting, agent, created_at, last_seen, ends_at)
        SELECT '\\x{hashlib.sha256(token.encode()).hexdigest()}', id, '\\x{secrets.token_hex(32)}', true, 'bench', now(), now(),
               now() + interval '1 day' FROM u""")
    return token


class Visitor:
    def __init__(self, bench, session):
        self.bench, self.session = bench, session
        self.connection = http.client.HTTPConnection('127.0.0.1', bench.stack.state['ports']['http'], timeout=120)
        self.mark = None

    def ask(self, path, form=None):
        """The page; with a form (pairs), where its answer sends the browser to."""
        headers, body = {'Cookie': f'session={self.session}'}, None
        if form is not None:
            body = urllib.parse.urlencode([('form', self.form_mark())] + form)
            headers['Content-Type'] = 'application/x-www-form-urlencoded'
        self.connection.request('GET' if form is None else 'POST', path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.status not in (200, 303):
            raise RuntimeError(f'{path}: {answer.status}')
        return text if answer.status == 200 else answer.headers['Location']

    def form_mark(self):
        if self.mark is None:
            self.mark = re.search(r'name="form" value="(\w+)"', self.ask('/language'))[1]
        return self.mark

    def cpu_ms(self, paths, count, form=None):
        """Milliseconds of CPU for one of the pages, asked for in turn."""
        for i in range(WARM):
            self.ask(paths[i % len(paths)], form)
        before = account.cpu(self.bench.roots())
        for i in range(count):
            self.ask(paths[i % len(paths)], form)
        used = account.cpu(self.bench.roots())
        return 1000 * sum(used[name] - before[name] for name in ('nginx', 'web', 'postgres')) / count
