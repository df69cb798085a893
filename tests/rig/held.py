"""Held posts put in place by rows, and the mailed tokens that lead to them."""
import hashlib
import itertools
import secrets

from rig import kairan
from rig.client import address_of, message

_number = itertools.count(1)


def secret(letters=32):
    return ''.join(secrets.choice('abcdefghijklmnopqrstuvwxyz234567') for _ in range(letters))


def hashed(token):
    return hashlib.sha256(token.encode()).digest()


class Held:
    """A held post of an author of its own, whose mail was proved; or, with another state, one that was set aside."""

    def __init__(self, stack, name, state='held'):
        n = next(_number)
        self.stack, self.list, self.author, self.subject = stack, name, f'writer{n}@people.example.org', f'Subject {n} here'
        self.list_id = stack.one('SELECT id FROM list WHERE name = %s', name)
        data = message(self.subject, sender=self.author, to=address_of(name))
        self.message = stack.one(
            'INSERT INTO message (list_id, state, bytes, size, sha256, sender, recipient, kind, received_at, ended_at)'
            " VALUES (%s, %s, %s, %s, %s, %s, %s, 'post', now(), CASE WHEN %s THEN now() END) RETURNING id", self.list_id, state, data, len(data),
            hashlib.sha256(data).digest(), self.author, address_of(name), state != 'held')
        stack.sql("INSERT INTO auth_result (message_id, position, method, result, domain, aligned) VALUES (%s, 1, 'dmarc', 'pass',"
                  " 'people.example.org', true)", self.message)
        self.id = state == 'held' and stack.one(
            'INSERT INTO held (list_id, message_id, subject, from_name, from_address, author_key, reasons, authentication, excerpt, held_at)'
            " VALUES (%s, %s, %s, '', %s, %s, '{The author is not a member of the list.}', 'pass', 'Hello', now()) RETURNING id", self.list_id,
            self.message, self.subject, self.author, self.author)

    # --- what mails about it carry

    def link(self, moderator, role='owner'):
        """/m/TOKEN of somebody with that role."""
        token = secret()
        self.stack.sql('INSERT INTO moderator_link (token_hash, member_id, epoch, created_at, expires_at)'
                       " SELECT %s, m.id, m.epoch, now(), now() + interval '7 days' FROM member m JOIN address a ON a.id = m.address_id"
                       ' WHERE m.list_id = %s AND a.key = %s AND m.role = %s', hashed(token), self.list_id, moderator, role)
        return f'/m/{token}'

    def reply_address(self, moderator):
        """The Reply-To of a notice to a moderator that names this post alone."""
        token = secret(16)
        self.stack.sql('INSERT INTO moderator_notice (address_id, reply_hash, items, sent_at) SELECT id, %s, %s, now() FROM address WHERE key = %s',
                       hashed(token), [self.id or 0], moderator)
        return f'{self.list}-confirm+m-{token}@{kairan.DOMAIN}'

    def cancel_link(self):
        """The author's."""
        token = secret()
        self.stack.sql('UPDATE held SET cancel_hash = %s WHERE id = %s', hashed(token), self.id)
        return f'/cancel/{token}'

    # --- what became of it

    def state(self):
        return self.stack.one('SELECT state FROM message WHERE id = %s', self.message)

    def waits(self):
        return self.stack.one('SELECT count(*) FROM held WHERE id = %s AND accept_at IS NULL', self.id or 0) == 1

    def fate(self):
        rows = self.stack.sql('SELECT action FROM held_decision WHERE held_id = %s UNION ALL SELECT CASE WHEN accept_at IS NULL THEN %s ELSE %s END'
                              ' FROM held WHERE id = %s', self.id, 'waits', 'accepted', self.id)
        return ','.join(row[0] for row in rows)
