"""An address that has changed: on all lists at once by somebody who cannot read the old one, and by somebody who is signed in; what
owners are asked, how the old address stops it, and that a post on its way keeps one copy."""
import email
import email.policy
import html
import re

import conftest
import pytest

from rig.client import address_of, message
from rig.site import Browser, now

OWNER, OTHER = 'chief@people.example.org', 'second@people.example.org'
LISTS = ('brass', 'strings', 'choir')
HEADING = re.compile(r'<h1[^>]*>(.*?)</h1>', re.S)
number = iter(range(1, 1000))


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, direct=True)
    conftest.need(stack, 'kairan', 'kairan-worker', 'kairan-web')
    for name in LISTS:
        stack.new_list(name)
        stack.kairan.command('member', 'add', address_of(name), OTHER if name == 'choir' else OWNER, '--role', 'owner', '--no-welcome')
    yield stack
    assert stack.breaches() == []
    conftest.finish(stack)


@pytest.fixture(autouse=True)
def clean(site):
    site.clear_sink()
    site.sql("DELETE FROM budget; DELETE FROM list_told; DELETE FROM rate; DELETE FROM ban;"
             "UPDATE subscription_request SET ended_at = created_at, outcome = 'discarded' WHERE ended_at IS NULL")


def somebody():
    return f'mover{next(number)}@members.example.org'


def join(site, address, *names):
    for name in names:
        site.kairan.command('member', 'add', address_of(name), address, '--no-welcome')


def on_lists(site, address):
    return {row[0] for row in site.sql(
        'SELECT l.name FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON l.id = m.list_id'
        " WHERE a.key = %s AND m.role = 'member' AND m.left_at IS NULL", address)}


def mails(site, address):
    """All mails of the system to somebody, as they were handed on."""
    return [email.message_from_bytes(row['message'], policy=email.policy.default) for row in site.copies()
            if row['rcpts'] == [address] and row['from'] == '']


def mail(site, address, words):
    found = []

    def ready():
        found[:] = [one for one in mails(site, address) if words in one['Subject'] or words in one.get_content()]
        return bool(found)
    site.until(ready, 30, f'{words} to {address}')
    return found[-1].get_content()


def heading(answer):
    return html.unescape(re.sub(r'<[^>]+>', '', HEADING.search(answer.text)[1])).strip()


def words(answer):
    return html.unescape(re.sub(r'\s+', ' ', re.sub(r'<[^>]+>', ' ', re.search('<main.*</main>', answer.text, re.S)[0])))


def browser(site, address=None, language='en'):
    one = Browser(site.http_url())
    one.headers['Accept-Language'] = language
    if address:
        user = site.one("INSERT INTO site_user (name, is_admin, created_at) VALUES ('', false, %s) RETURNING id", now())
        site.sql('INSERT INTO address (key, email, user_id, verified_at, created_at) VALUES (%s, %s, %s, %s, %s)'
                 ' ON CONFLICT (key) DO UPDATE SET user_id = excluded.user_id, verified_at = excluded.verified_at',
                 address, address, user, now(), now())
        one.sign_in(site, user)
    return one


def link(text):
    return re.search(r'/confirm/\w+', text)[0]


def ask(site, old, new, language='en'):
    """Asks, and follows the link in the mail to the new address; both answers."""
    guest = browser(site, language=language)
    asked = guest.submit('/moved', {'old': old, 'email': new})
    assert asked.status_code == 200, words(asked)
    return asked, guest.submit(link(mail(site, new, 'confirm' if language == 'en' else '確認')))


def jobs_done(site):
    site.until(lambda: site.one("SELECT count(*) FROM job WHERE kind = 'moved'") == 0, 20, 'the job')
    site.quiet()


def waiting(site, new):
    return dict(site.sql("SELECT l.name, r.id FROM subscription_request r JOIN list l ON l.id = r.list_id WHERE r.key = %s AND r.ended_at"
                         " IS NULL AND r.kind = 'change'", new))


@pytest.mark.parametrize('language, headings', [
    ('en', ('Please look into your mail', 'The owners have been asked')), ('ja', ('メールを確かめてください', '管理者に連絡しました'))])
def test_all_lists_are_asked_with_one_mail_to_each_owner(site, language, headings):
    old, new = somebody(), somebody()
    join(site, old, *LISTS)
    before = site.sql('SELECT m.id FROM member m JOIN address a ON a.id = m.address_id WHERE a.key = %s ORDER BY 1', old)
    asked, proved = ask(site, old, new, language)
    assert heading(asked) == headings[0] and heading(proved) == headings[1]
    assert not any(name in words(proved).lower() for name in LISTS)
    jobs_done(site)
    assert on_lists(site, old) == set(LISTS) and on_lists(site, new) == set() and set(waiting(site, new)) == set(LISTS)
    told = mail(site, old, 'Is ' + new)
    assert all(name in told.lower() for name in LISTS) and len(mails(site, old)) == 1
    for owner, names in ((OWNER, {'brass', 'strings'}), (OTHER, {'choir'})):
        text = mail(site, owner, old)
        assert len(mails(site, owner)) == 1, 'one mail about all of them'
        assert set(re.findall(r'/lists/(\w+)\.[\w.]+/requests', text)) == names
        assert all(len(line) <= 78 for line in text.splitlines() if '://' in line)
    for name, request in waiting(site, new).items():
        site.kairan.command('request', 'accept', address_of(name), str(request))
    assert on_lists(site, new) == set(LISTS) and on_lists(site, old) == set()
    assert site.sql('SELECT m.id FROM member m JOIN address a ON a.id = m.address_id WHERE a.key = %s ORDER BY 1', new) == before
    assert site.one("SELECT count(*) FROM audit WHERE action = 'member_move' AND detail = %s", f'{old} -> {new}') == 3


def test_one_link_of_the_old_address_stops_what_is_not_decided(site):
    old, new = somebody(), somebody()
    join(site, old, *LISTS)
    ask(site, old, new)
    jobs_done(site)
    site.kairan.command('request', 'accept', address_of('choir'), str(waiting(site, new)['choir']))
    site.kairan.command('request', 'reject', address_of('brass'), str(waiting(site, new)['brass']))
    guest, path = browser(site), link(mail(site, old, 'Is ' + new))
    page = guest.read(path)
    assert heading(page) == 'Keep the old address?'
    assert re.search(r'(?i)choir\S* *goes to the new address already', words(page)) and re.search(r'(?i)brass\S* *stays as it is', words(page))
    assert re.search(r'(?i)strings\S* *the owners have not decided yet', words(page))
    assert set(waiting(site, new)) == {'strings'}, 'looking changes nothing'
    assert heading(guest.submit(path)) == 'All stays as it is'
    assert waiting(site, new) == {} and on_lists(site, old) == {'brass', 'strings'}
    assert heading(guest.read(path)) == 'There is nothing to stop any more.'
    assert site.sql("SELECT actor, detail FROM audit WHERE action = 'change_stop' ORDER BY id DESC LIMIT 1") == [(old, new)]
    late = site.sql("SELECT outcome FROM subscription_request WHERE key = %s ORDER BY list_id", new)
    assert sorted(row[0] for row in late) == ['cancelled', 'changed', 'rejected']


def test_nobody_learns_who_is_a_member(site):
    member, stranger, one, other = (somebody() for _ in range(4))
    join(site, member, 'brass')
    (asked, done), (asked2, done2) = ask(site, member, one), ask(site, stranger, other)
    clean = lambda answer, *addresses: re.sub(r'/confirm/\w+', '', re.sub('|'.join(map(re.escape, addresses)), '', answer.text))
    assert clean(asked, member, one) == clean(asked2, stranger, other) and clean(done, member, one) == clean(done2, stranger, other)
    jobs_done(site)
    assert mails(site, stranger) == [] and waiting(site, other) == {} and set(waiting(site, one)) == {'brass'}


def test_a_link_works_once_and_odd_input_is_told_at_the_field(site):
    old, new = somebody(), somebody()
    guest = browser(site)
    for fields, sentence in (({'old': 'x', 'email': new}, 'look like a mail address'), ({'old': old, 'email': '@'}, 'look like a mail address'),
                             ({'old': old, 'email': old.upper()}, 'same address twice')):
        answer = guest.submit('/moved', fields)
        assert answer.status_code == 422 and sentence in words(answer) and f'value="{fields["old"]}"' in answer.text
    guest.submit('/moved', {'old': old, 'email': new})
    path = link(mail(site, new, 'confirm'))
    assert heading(guest.read(path)) == 'Confirm your new address' and site.one("SELECT count(*) FROM job WHERE kind = 'moved'") == 0
    assert heading(guest.submit(path)) == 'The owners have been asked'
    again = guest.read(path)
    assert heading(again) == 'This link has been used' and again.status_code == 410
    assert guest.read('/confirm/' + 'a' * 32).status_code == 404
    # One mail a day to one new address.
    site.clear_sink()
    assert heading(guest.submit('/moved', {'old': old, 'email': new})) == 'Please look into your mail'
    jobs_done(site)
    assert mails(site, new) == []


def test_an_old_address_that_cannot_be_told_is_not_changed_behind_its_back(site):
    old = somebody()
    join(site, old, 'brass')
    asked = [somebody() for _ in range(4)]
    for new in asked:
        ask(site, old, new)
        jobs_done(site)
    assert [bool(waiting(site, new)) for new in asked] == [True, True, True, False] and len(mails(site, old)) == 3


def test_lists_that_refuse_or_have_the_new_address_are_left_alone(site):
    old, new = somebody(), somebody()
    join(site, old, *LISTS)
    join(site, new, 'strings')
    site.kairan.command('ban', 'add', '^' + re.escape(new) + '$', '--list', address_of('brass'))
    ask(site, old, new)
    jobs_done(site)
    assert set(waiting(site, new)) == {'choir'} and mails(site, OWNER) == []


def test_who_is_signed_in_changes_all_lists_in_one_act(site):
    old, new = somebody(), somebody()
    join(site, old, *LISTS)
    person = browser(site, old)
    site.kairan.command('ban', 'add', new, '--list', address_of('choir'))
    path = f"/me/addresses/{site.one('SELECT id FROM address WHERE key = %s', old)}"
    assert 'this new address' in words(person.read(path))
    wrong = person.submit(path + '/move', {'email': 'nothing'})
    assert wrong.status_code == 422 and 'look like a mail address' in words(wrong) and 'value="nothing"' in wrong.text
    sent = person.submit(path + '/move', {'email': new})
    assert sent.status_code == 303 and on_lists(site, old) == set(LISTS), 'nothing before the proof'
    code = re.search(r'\b\d{6}\b', mail(site, new, 'confirm'))[0]
    done = person.submit('/me/addresses/code', {'id': re.search(r'id=(\d+)', sent.headers['Location'])[1], 'code': code})
    assert heading(done) == 'Your lists write to another address'
    assert re.search(r'(?i)choir\S* *member · does not take that address', words(done))
    assert len(re.findall(r'member · changed', words(done))) == 2
    assert on_lists(site, new) == {'brass', 'strings'} and on_lists(site, old) == {'choir'}
    assert new in mail(site, old, 'write to another address')
    assert 'Address changed' in words(person.read('/me/history'))
    # By a choice among those that are proved already, back again.
    back = person.submit(f"/me/addresses/{site.one('SELECT id FROM address WHERE key = %s', new)}/move", {'email': old})
    assert heading(back) == 'Your lists write to another address' and on_lists(site, old) == set(LISTS)


def test_a_copy_on_its_way_follows_to_an_earlier_membership(site):
    old, new = somebody(), somebody()
    join(site, old, 'brass')
    join(site, new, 'brass')
    site.kairan.command('member', 'remove', address_of('brass'), new)
    for way in ('member move', 'address change'):
        site.recipient(old, 'rcpt:450*1')
        site.clear_sink()
        site.post(message(f'While {way}', to=address_of('brass')), 'brass')
        site.until(lambda: site.one("SELECT count(*) FROM chunk WHERE turn IS NULL") > 0, 20, 'a copy that is put off')
        words_ = way.split() + ([address_of('brass')] if way == 'member move' else []) + [old, new]
        site.kairan.command(*words_)
        site.quiet(60)
        got = [row['rcpts'][0] for row in site.copies() if f'While {way}'.encode() in row['message'] and row['from'] != '']
        assert [address for address in got if address in (old, new)] == [new], way
        old, new = new, old


def test_a_copy_in_flight_follows_too(site):
    """The sender has claimed it, the next server takes its time and then wants it later; meanwhile the membership goes on elsewhere."""
    old, new = somebody(), somebody()
    join(site, old, 'brass')
    join(site, new, 'brass')
    site.kairan.command('member', 'remove', address_of('brass'), new)
    site.personality('members', 'mail:delay-1500')
    site.recipient(old, 'rcpt:450')
    site.clear_sink()
    site.post(message('While it flies', to=address_of('brass')), 'brass')
    site.until(lambda: site.one('SELECT count(*) FROM chunk WHERE owner IS NOT NULL AND (SELECT m.id FROM member m JOIN address a '
                                'ON a.id = m.address_id WHERE a.key = %s) = ANY (members)', old) > 0, 20, 'a copy in flight')
    site.kairan.command('member', 'move', address_of('brass'), old, new)
    site.until(lambda: site.one("SELECT count(*) FROM outcome o JOIN member m ON m.id = o.member_id JOIN address a ON a.id = m.address_id "
                                "WHERE o.result = 'deferred' AND a.key = %s", old) > 0, 20, 'the refusal of the old address')
    site.personality('members', 'accept')
    site.recipient(old, 'accept')
    site.quiet(60)
    got = [row['rcpts'][0] for row in site.copies() if b'While it flies' in row['message'] and row['from'] != '']
    assert [address for address in got if address in (old, new)] == [new]
