"""Every kind of mail that the system writes, made to be sent by what really causes it, in one language."""
import email
import email.policy
import re

from rig.client import Author, address_of, message
from rig.kairan import DOMAIN
from rig.site import Browser, now
from rig.stack import SOURCE

NAMES = {'en': ('choir', 'Spring choir'), 'ja': ('gassho', '春の合唱団')}
SUBJECTS = {'en': 'Rehearsal on Sunday', 'ja': '日曜日の練習について'}
ROW = re.compile(r'^NOTICE\((\w+), "([^"]+)", "([^"]*)"', re.M)


def rows():
    """{kind: template} of notices.def."""
    with open(SOURCE + '/core/policy/notices.def', encoding='utf-8') as file:
        return {name: template for name, template, _ in ROW.findall(file.read())}


def keep_all(stack):
    """Keeps what is written: a notice loses its bytes when it has been sent."""
    stack.sql('''CREATE TABLE story_notice (id bigint, kind text, recipient text, bytes bytea);
        CREATE FUNCTION story_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS
        $$ BEGIN INSERT INTO story_notice VALUES (NEW.id, NEW.kind, NEW.recipient, NEW.bytes); RETURN NEW; END $$;
        CREATE TRIGGER story_keep AFTER INSERT ON notice FOR EACH ROW EXECUTE FUNCTION story_keep()''')


class Notices:
    """The life of one list, as short as can be. causes: {(kind, recipient): message id of the mail that is answered}."""

    def __init__(self, stack, language):
        self.stack, self.language, self.number = stack, language, 0
        self.name, self.title = NAMES[language]
        self.list, self.causes = address_of(self.name), {}
        self.owner, self.members = f'hana-{language}@members.example.org', []
        self.bella = Author(stack, f'bella-{language}.example')
        self.guest = Browser(stack.http_url())
        self.guest.headers['Accept-Language'] = language

    # --- hands

    def command(self, *words, **options):
        return self.stack.kairan.command(*words, **options)

    def set(self, **settings):
        self.stack.set(self.name, **settings)

    def somebody(self):
        self.number += 1
        return f'p{self.number}-{self.language}@members.example.org'

    def author(self, word):
        return Author(self.stack, f'{word}-{self.language}.example')

    def fresh(self):
        """As if a day had gone by, for all limits."""
        self.stack.sql('DELETE FROM budget; DELETE FROM rate')

    def hold_back(self):
        """Owner and moderator are told nothing until tell()."""
        self.stack.sql('INSERT INTO moderator_pace SELECT id, %s FROM address WHERE key IN (%s, %s)'
                       ' ON CONFLICT (address_id) DO UPDATE SET noticed_at = excluded.noticed_at', now(), self.owner, self.bella.address)

    def tell(self, kind):
        """They are told of all that waits, and that is a mail of this kind."""
        self.stack.sql('DELETE FROM moderator_pace')
        for person in (self.owner, self.bella.address):
            self.newest(kind, person)
        self.hold_back()

    def account(self, address):
        """A signed-in browser; the account prefers the language."""
        if not self.stack.sql('SELECT 1 FROM address WHERE key = %s AND user_id IS NOT NULL', address):
            user = self.stack.one("INSERT INTO site_user (name, preferred_language, created_at) VALUES ('', %s, %s) RETURNING id",
                                  self.language, now())
            self.stack.sql('INSERT INTO address (key, email, user_id, verified_at, created_at) VALUES (%s, %s, %s, %s, %s)'
                           ' ON CONFLICT (key) DO UPDATE SET user_id = excluded.user_id, verified_at = excluded.verified_at',
                           address, address, user, now(), now())
        browser = Browser(self.stack.http_url())
        browser.headers['Accept-Language'] = self.language
        browser.sign_in(self.stack, self.stack.one('SELECT user_id FROM address WHERE key = %s', address))
        return browser

    def newest(self, kind, to):
        """The newest mail of a kind to somebody, when it is written."""
        query = 'SELECT bytes FROM story_notice WHERE kind = %s AND lower(recipient) = lower(%s) ORDER BY id DESC LIMIT 1'
        self.stack.until(lambda: self.stack.sql(query, kind, to), 20, f'the mail {kind} to {to}')
        return email.message_from_bytes(bytes(self.stack.one(query, kind, to)), policy=email.policy.default)

    def link(self, kind, to, path='confirm'):
        return re.search(rf'/{path}/\w+', self.newest(kind, to).get_content())[0]

    def press(self, path, **fields):
        return self.guest.post(self.stack.http_url() + path, data=fields, allow_redirects=False, timeout=30)

    def form(self, page, **fields):
        self.fresh()
        answer = self.guest.submit(f'/lists/{self.name}/{page}', fields)
        assert answer.status_code == 200, answer.text

    def write(self, author, to, subject='', body='Hello.\r\n', answers=()):
        """A signed mail of an author's; it causes the notices of these kinds."""
        data = message(subject if subject.isascii() else email.header.Header(subject, 'utf-8').encode(), sender=author.address, to=to, body=body)
        identity = re.search(rb'^Message-ID: <([^>]+)>', data, re.M)[1].decode()
        self.causes.update({(kind, author.address): identity for kind in answers})
        assert self.stack.post(author.sign(data), to, author.address).startswith('250')
        self.stack.quiet()

    def held(self):
        return self.stack.one('SELECT max(h.id) FROM held h JOIN list l ON l.id = h.list_id WHERE l.name = %s', self.name)

    def request(self):
        return str(self.stack.one('SELECT max(r.id) FROM subscription_request r JOIN list l ON l.id = r.list_id'
                                  ' WHERE l.name = %s AND r.ended_at IS NULL', self.name))

    # --- the story

    def make_all(self):
        for part in (self.make_list, self.sign_in, self.join_and_leave, self.ask_owners, self.change_address, self.hold, self.decide_by_mail,
                     self.write_to_list, self.remind, self.end):
            self.fresh()
            part()
            self.stack.quiet(60)
        return self

    def make_list(self):
        self.stack.sql("INSERT INTO address (key, email, preferred_language, created_at) VALUES (%s, %s, %s, %s)", self.owner, self.owner,
                       self.language, now())
        self.command('list', 'create', self.list, '--display-name', self.title, '--language', self.language, '--owner', self.owner)
        self.stack.sql('INSERT INTO list_told (list_id, changes_at, changes_to) SELECT id, %s, 0 FROM list WHERE name = %s ON CONFLICT (list_id)'
                       ' DO UPDATE SET changes_at = excluded.changes_at, changes_to = 0', now(), self.name)     # until remind()
        self.command('member', 'add', self.list, self.bella.address, '--role', 'moderator', '--no-welcome')
        self.command('member', 'add', self.list, *[self.somebody() for _ in range(2)], '--no-welcome')
        self.hold_back()
        self.set(admin_notify_mchanges='yes', send_goodbye_message='yes', admin_daily_summary='yes')

    def sign_in(self):
        self.guest.submit('/login', {'email': self.owner})
        self.command('user', 'login-link', self.owner, '--mail')
        main, other = self.somebody(), self.somebody()
        page = self.account(main)
        self.command('member', 'add', self.list, main, '--no-welcome')
        sent = page.submit('/me/addresses', {'email': other})
        code = re.search(r'\b\d{6}\b', self.newest('address', other).get_content())[0]
        assert page.submit('/me/addresses/code', {'id': re.search(r'id=(\d+)', sent.headers['Location'])[1], 'code': code}).status_code == 303
        ids = [self.stack.one('SELECT id FROM address WHERE key = %s', address) for address in (main, other)]
        assert page.submit(f'/me/addresses/{ids[0]}/move', {'to': str(ids[1])}).status_code == 200
        assert page.submit('/me/password', {'password': 'a good long password'}).status_code == 303
        sent = page.submit('/me/password/code')
        code = re.search(r'\b\d{6}\b', self.newest('code', main).get_content())[0]
        assert page.submit('/me/password/remove', {'id': re.search(r'id=(\d+)', sent.headers['Location'])[1], 'code': code}).status_code == 303

    def join_and_leave(self):
        one = self.somebody()
        self.form('join', email=one)
        self.press(self.link('join', one))
        self.form('join', email=one)
        self.newest('member_already', one)
        self.form('leave', email=one)
        self.press(self.link('leave', one))
        self.form('leave', email=one)
        self.newest('not_a_member', one)
        invited, gone = self.somebody(), self.somebody()
        self.command('member', 'add', self.list, '--invite', invited)
        self.command('member', 'add', self.list, gone, '--welcome')
        self.command('member', 'remove', self.list, gone, '--goodbye')
        self.set(join_by_writing='offer')
        self.write(self.author('writer'), self.list, SUBJECTS[self.language], answers=('held', 'join_offer'))
        self.command('held', 'discard', self.list, str(self.held()))
        self.set(join_by_writing='no')
        self.write(self.author('joiner'), f'{self.name}-join@{DOMAIN}', answers=('welcome',))

    def wait_for_owners(self, page='join'):
        person = self.somebody()
        if page == 'leave':
            self.command('member', 'add', self.list, person, '--no-welcome')
        self.form(page, email=person)
        self.press(self.link(page, person))
        return person

    def ask_owners(self):
        self.set(subscription_policy='confirm_then_moderate', unsubscription_policy='confirm_then_moderate')
        one = self.wait_for_owners()
        self.tell('join_asked')
        self.form('join', email=one)
        self.newest('join_waiting', one)
        self.command('request', 'reject', self.list, self.request())
        gone = self.wait_for_owners('leave')
        self.tell('leave_asked')
        self.command('request', 'reject', self.list, self.request(), '--reason', {'en': 'You owe us three books.', 'ja': '本を3冊お返しください。'}[self.language])
        self.newest('leave_rejected', gone)
        for _ in range(2):
            self.wait_for_owners()
        self.tell('requests_waiting')
        self.stack.sql("UPDATE subscription_request SET ended_at = %s, ended_by = '', outcome = 'discarded' WHERE ended_at IS NULL", now())

    def change_address(self):
        for word in ('accept', 'reject'):
            old, new = self.somebody(), self.somebody()
            self.command('member', 'add', self.list, old, '--no-welcome')
            self.form('moved', old=old, email=new)
            self.press(self.link('change', new))
            self.newest('change_told', old)
            if word == 'accept':
                self.tell('change_asked')
            self.command('request', word, self.list, self.request())

    def hold(self):
        self.set(default_member_action='hold', default_nonmember_action='hold')
        author = self.author('author')
        self.write(author, self.list, SUBJECTS[self.language], 'May I?\r\n', answers=('held', 'rejected'))
        self.tell('held_moderators')
        self.press(self.link('held_moderators', self.owner, 'm'), act='renew')
        self.command('held', 'forward', self.list, str(self.held()))
        self.command('held', 'reject', self.list, str(self.held()))
        self.wait_for_owners()
        self.stack.post(message('Together', sender='stranger@members.example.org', to=self.list), self.list, 'stranger@members.example.org')
        self.stack.until(lambda: self.stack.one('SELECT count(DISTINCT held_id) + count(DISTINCT request_id) FROM moderator_todo') == 2, 20, 'both')
        self.tell('things_wait')

    def decide_by_mail(self):
        mail = self.newest('things_wait', self.bella.address)
        self.write(self.bella, re.search(r'[\w.+-]+@[\w.-]+', str(mail['Reply-To']))[0], 'Re: ' + str(mail['Subject']),
                   {'en': 'discard', 'ja': '破棄'}[self.language] + '\r\n', answers=('held_answer',))

    def write_to_list(self):
        self.set(default_member_action='defer', autorespond_owner='respond_and_continue', autoresponse_grace_period='0',
                 autoresponse_owner_text={'en': 'Thank you. We read your mail within three days.', 'ja': 'ありがとうございます。3日以内に読みます。'}[self.language])
        author = self.author('member')
        self.account(author.address).submit('/me/preferences', {'set.acknowledge_posts': 'yes', 'name': ''})
        self.command('member', 'add', self.list, author.address, '--no-welcome')
        self.write(author, self.list, SUBJECTS[self.language], answers=('posted',))
        self.newest('posted', author.address)
        self.write(author, f'{self.name}-owner@{DOMAIN}', SUBJECTS[self.language], answers=('autoresponse',))
        for word in ('command_results', 'no_more_today'):
            self.write(author, f'{self.name}-request@{DOMAIN}', {'en': 'help', 'ja': 'ヘルプ'}[self.language], answers=(word,))

    def remind(self):
        self.stack.post(message('Forgotten', sender='stranger@members.example.org', to=self.list), self.list, 'stranger@members.example.org')
        self.stack.quiet()
        self.stack.sql("UPDATE held SET held_at = held_at - interval '2 days'; UPDATE moderator_pace SET noticed_at = noticed_at - interval '25 hours';"
                       "UPDATE subscription_request SET confirmed_at = confirmed_at - interval '2 days' WHERE confirmed_at IS NOT NULL;"
                       "DELETE FROM moderator_todo; UPDATE list_told SET changes_at = changes_at - interval '1 hour'")
        self.stack.restart('worker')
        self.newest('held_summary', self.owner)
        self.newest('members_changed', self.owner)

    def end(self):
        self.command('list', 'remove', self.list)
