"""What stories of the web do: people in roles, posts and held mail put in place, pages asked for as somebody."""
import base64
import datetime
import email
import email.message
import email.policy
import hashlib
import html
import re
import secrets

import requests

from rig import kairan
from rig.stack import SOURCE

ROLES = ('anonymous', 'other_member', 'member', 'moderator', 'owner', 'other_owner', 'admin', 'domain_owner')
KINDS = {'public': ('test', {}), 'members': ('closed', {'archive_policy': 'private'}),
         'hidden': ('secret', {'archive_policy': 'private', 'advertised': 'no'})}
HEADING = re.compile(r'<h1[^>]*>(.*?)</h1>', re.S)
NOTE = ('note.txt', 'text/plain', b'Hello.\n')
ROUTE = re.compile(r'^ROUTE\((\w+), (GET|POST), "([^"]+)", (\w+), (?:NULL|"([^"]+)"), \d+, "([^"]*)", (\w+),', re.M)


def routes():
    """(name, method, pattern, right, template, fields, form) of every row of routes.def."""
    with open(SOURCE + '/web/routes.def', encoding='utf-8') as file:
        return [match.groups() for match in ROUTE.finditer(file.read())]


def heading(answer):
    """What a page's heading says."""
    return html.unescape(re.sub(r'<[^>]+>', '', HEADING.search(answer.text)[1])).strip()


def now():
    return datetime.datetime.now(datetime.timezone.utc)


class Site:
    """A running stack with a web. Rows are put in by the superuser, so that no worker is needed."""

    def __init__(self, stack):
        self.stack, self.base = stack, stack.http_url()
        self.users, self.posts, self.message_ids, self.held, self.members, self.filters, self.topics = {}, {}, {}, {}, {}, {}, {}
        for name, settings in KINDS.values():
            if name != 'test':
                stack.kairan.command('list', 'create', f'{name}@{kairan.DOMAIN}')
            if settings:
                stack.kairan.command('list', 'set', f'{name}@{kairan.DOMAIN}', *[f'{k}={v}' for k, v in settings.items()])
        for role in ROLES[1:]:
            self.people(role)
        for kind, (name, _) in KINDS.items():
            self.posts[kind] = self.post(name, f'Post on {name}', files=[NOTE],
                                         more=lambda mail: mail.add_alternative('<p>Hello.</p>', subtype='html'))
            self.message_ids[kind] = stack.one('SELECT rfc_message_id FROM post WHERE hash = %s', self.posts[kind])
            self.held[kind] = self.hold(name)
            self.members[kind] = self.member_id(name, 'member@people.example.org')
        for kind, name in [(kind, name) for kind, (name, _) in KINDS.items()] + [('-', None)]:
            self.filters[kind] = self.filter(name)
            self.topics[kind] = name and stack.one("INSERT INTO topic (list_id, name, pattern) VALUES (%s, 'Cats', 'cat') RETURNING id",
                                                   self.list_id(name))
        self.filters['domain'] = self.filter(domain=kairan.DOMAIN)

    # --- rows

    def list_id(self, name):
        return self.stack.one('SELECT id FROM list WHERE name = %s', name)

    def people(self, role):
        address = f'{role.replace("_", "-")}@people.example.org'
        user = self.stack.one('INSERT INTO site_user (name, is_admin, created_at) VALUES (%s, %s, %s) RETURNING id', role,
                              role == 'admin', now())
        self.users[role] = user
        self.stack.sql('INSERT INTO address (key, email, user_id, verified_at, created_at) VALUES (%s, %s, %s, %s, %s)', address,
                       address, user, now(), now())
        if role == 'domain_owner':
            self.stack.sql("INSERT INTO domain_owner SELECT id, %s, %s, 'story' FROM domain WHERE name = %s", user, now(), kairan.DOMAIN)
        kind = {'other_member': 'member', 'other_owner': 'owner'}.get(role, role)
        for name in ['renraku'] if role.startswith('other') else [] if role in ('admin', 'domain_owner') else [n for n, _ in KINDS.values()]:
            self.join(name, address, kind)

    def member_id(self, name, address, role='member'):
        return self.stack.one('SELECT m.id FROM member m JOIN address a ON a.id = m.address_id WHERE m.list_id = %s AND m.role = %s'
                              ' AND a.key = %s', self.list_id(name), role, address)

    def join(self, name, address, role='member'):
        return self.stack.one('INSERT INTO member (list_id, address_id, role, joined_at) SELECT %s, id, %s, %s FROM address'
                              ' WHERE key = %s RETURNING id', self.list_id(name), role, now(), address)

    def message(self, name, subject, text, state, sender='author@people.example.org', author='An Author', more=None, files=()):
        """`more` is called with the mail before it is put in place."""
        mail = email.message.EmailMessage(policy=email.policy.SMTP)
        mail['From'], mail['To'] = f'{author} <{sender}>' if author.isascii() and author.isalpha() else sender, f'{name}@{kairan.DOMAIN}'
        mail['Subject'], mail['Message-ID'] = 'x', f'<{secrets.token_hex(8)}@people.example.org>'
        mail.set_content(text)
        if more:
            more(mail)
        for file, kind, content in files:
            mail.add_attachment(content, *kind.split('/'), filename=file)
        data = mail.as_bytes()
        return mail['Message-ID'].strip('<>'), self.stack.one(
            'INSERT INTO message (list_id, state, bytes, size, sha256, sender, recipient, kind, received_at)'
            " VALUES (%s, %s, %s, %s, %s, %s, %s, 'post', %s) RETURNING id", self.list_id(name), state, data, len(data),
            hashlib.sha256(data).digest(), sender, f'{name}@{kairan.DOMAIN}', now())

    def post(self, name, subject, text='Hello.\n', author='An Author', sender='author@people.example.org', answers=None, more=None, files=()):
        """An archived post, of a thread of its own or below the post whose hash it answers; returns its hash."""
        rfc_id, message_id = self.message(name, subject, text, 'accepted', sender, author, more, files)
        digest = base64.b32encode(hashlib.sha1(rfc_id.encode()).digest()).decode()
        list_id, at = self.list_id(name), now()
        thread = self.stack.one('INSERT INTO thread (list_id, subject, posts, first_post_id, last_post_id, started_at, last_at)'
                                ' VALUES (%s, %s, 1, 0, 0, %s, %s) RETURNING id', list_id, subject, at, at)
        self.stack.sql('WITH n AS (UPDATE list SET last_number = last_number + 1 WHERE id = %s RETURNING last_number) '
                       'INSERT INTO post (list_id, number, message_id, thread_id, rfc_message_id, hash, subject, from_name,'
                       ' from_address, written_at, accepted_at, month, archived, attachments, excerpt)'
                       ' SELECT %s, last_number, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, true, %s, %s FROM n', list_id, list_id,
                       message_id, thread, rfc_id, digest, subject, author, sender, at, at, at.date().replace(day=1), len(files), text[:100])
        if answers:
            self.put_below(digest, answers, thread)
        return digest

    def put_below(self, digest, answers, thread):
        self.stack.sql('UPDATE post SET parent_id = o.id, thread_id = o.thread_id FROM post o WHERE post.hash = %s AND o.hash = %s', digest, answers)
        self.stack.sql('UPDATE thread SET posts = posts + 1, last_at = p.accepted_at FROM post p WHERE p.hash = %s AND thread.id = p.thread_id', digest)
        self.stack.sql('DELETE FROM thread WHERE id = %s', thread)

    def hold(self, name, subject='Held', text='Please let me in.\n', author='', sender='stranger@people.example.org'):
        _, message_id = self.message(name, subject, text, 'held', sender)
        return self.stack.one('INSERT INTO held (list_id, message_id, subject, from_name, from_address, author_key, reasons, authentication,'
                              " excerpt, held_at) VALUES (%s, %s, %s, %s, %s, %s, %s, 'none', %s, %s) RETURNING id",
                              self.list_id(name), message_id, subject, author, sender, sender.lower(),
                              ['The author is not a member of the list.'], text[:100], now())

    def filter(self, name=None, domain=None):
        """A header filter that nothing meets, of a list, of a domain or of the site."""
        return self.stack.one('INSERT INTO header_filter (list_id, domain_id, position, fields, patterns, action, changed_by, changed_at)'
                              " VALUES (%s, (SELECT id FROM domain WHERE name = %s), 1, '{X-Nobody}', '{^$}', 'hold', 'story', %s) RETURNING id",
                              name and self.list_id(name), domain, now())

    # --- asking

    def browser(self, role='anonymous', language='en'):
        """A browser of somebody, signed in unless anonymous."""
        browser = Browser(self.base)
        browser.headers['Accept-Language'] = language
        if role != 'anonymous':
            browser.sign_in(self.stack, self.users[role])
        return browser

    def id_for(self, pattern, kind):
        if '{domain}/filters/' in pattern:
            return self.filters['domain']
        ids = (self.members if '/members/{id}' in pattern else self.filters if '/filters/' in pattern
               else self.topics if '/topics/' in pattern else self.held)
        return ids.get(kind) or 999999999

    def path(self, pattern, kind):
        name = KINDS.get(kind, ('test',))[0]
        values = {'list': name, 'hash': self.posts.get(kind), 'id': self.id_for(pattern, kind), 'role': 'owner', 'group': 'list_identity', 'domain': kairan.DOMAIN,
                  'text': 'login' if pattern.startswith('/admin') else 'welcome', 'token': 'a' * 40, 'name': 'dns' if pattern.startswith('/help/') else '000001.eml', 'position': 1, 'file': NOTE[0], 'message-id': self.message_ids.get(kind),
                  'rest': f'{now():%Y-%B}/date.html' if '/pipermail/' in pattern or '/private/' in pattern else f'{now():%Y/%m}/', 'year': f'{now():%Y}', 'month': f'{now():%m}'}
        return re.sub(r'\{([\w-]+)\}', lambda match: str(values[match[1]]), pattern)

    def mail_to(self, address):
        """(kind, subject, text) of the newest mail of the system to somebody."""
        kind, data = self.stack.sql('SELECT kind, bytes FROM notice WHERE recipient = %s ORDER BY id DESC LIMIT 1', address)[0]
        mail = email.message_from_bytes(bytes(data), policy=email.policy.default)
        return kind, str(mail['Subject']), mail.get_content()


class Browser(requests.Session):
    """Asks for paths, follows nothing by itself, and fills in the mark of the session's forms."""

    def __init__(self, base):
        super().__init__()
        self.base, self.mark = base, None

    def sign_in(self, stack, user):
        token, secret = secrets.token_hex(32), secrets.token_bytes(32)
        stack.sql('INSERT INTO session (token_hash, user_id, form_secret, is_lasting, agent, created_at, last_seen, ends_at)'
                  " VALUES (%s, %s, %s, true, 'story', %s, %s, %s)", hashlib.sha256(token.encode()).digest(), user, secret, now(),
                  now(), now() + datetime.timedelta(days=1))
        self.cookies.set('session', token)

    def read(self, path, **options):
        return self.get(self.base + path, allow_redirects=False, timeout=30, **options)

    def submit(self, path, data=(), **options):
        if self.mark is None:
            found = re.search(r'name="form" value="(\w*)"', self.read('/language').text)
            self.mark = found[1] if found else ''
        fields = list(data.items() if isinstance(data, dict) else data) + [('form', self.mark)]
        if path.endswith(('/join', '/leave', '/moved')) and 'stamp' not in dict(fields):
            stamp = re.search(r'name="stamp" value="(\w+)"', self.read(path).text)
            fields.append(('stamp', stamp[1] if stamp else ''))
        return self.post(self.base + path, data=fields, allow_redirects=False, timeout=30, **options)
