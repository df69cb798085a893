"""Roles: by address and by account, moderators' rights one by one, last owners that cannot be removed by mistake; own devices."""
import re
import secrets
import threading

import conftest
import pytest

from rig import kairan
from rig.site import Browser, Site, now

HOLDS = f'roles@{kairan.DOMAIN}'
# What each right opens: pages, and an act that is refused for its content, not for who asks.
PAGES = {'held': ('held',), 'requests': ('requests',), 'members': ('members/add', 'members/export', 'members/{member}', 'members/{member}/remove'),
         'bans': ('bans', 'filters', 'filters/new', 'rules')}
ACTS = {'held': ('held', {'act': 'nothing'}), 'requests': ('requests', {'act': 'nothing'}), 'members': ('members/add', {'people': '', 'act': 'add'}),
        'bans': ('bans', {'pattern': 'nothing'})}
OWNERS_ONLY = ('settings/list_identity', 'templates', 'topics', 'password', 'log', 'delete')


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, postfix=False, only=('postgres', 'web', 'nginx'))
    conftest.need(stack, 'kairan', 'kairan-web')
    stack.kairan.command('list', 'create', HOLDS)
    yield Site(stack)
    conftest.finish(stack)


@pytest.fixture(autouse=True)
def no_limits(site):
    site.stack.sql('DELETE FROM rate; DELETE FROM budget')


def person(site, address=None, user=None):
    """(address, account) of somebody new, or one more address of an account."""
    address = address or f'p{secrets.token_hex(4)}@people.example.org'
    if user is None:
        user = site.stack.one("INSERT INTO site_user (name, is_admin, created_at) VALUES ('', false, %s) RETURNING id", now())
    site.stack.sql('INSERT INTO address (key, email, user_id, verified_at, created_at) VALUES (%s, %s, %s, %s, %s)'
                   ' ON CONFLICT (key) DO UPDATE SET user_id = excluded.user_id, verified_at = excluded.verified_at', address, address, user, now(),
                   now())
    return address, user


def browser(site, user):
    one = Browser(site.base)
    one.headers['Accept-Language'] = 'en'
    one.sign_in(site.stack, user)
    return one


def give(site, address, role, name='roles'):
    site.stack.kairan.command('member', 'add', f'{name}@{kairan.DOMAIN}', address, '--role', role, '--no-welcome')


def owners(site, name='roles'):
    return {row[0] for row in site.stack.sql("SELECT a.key FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON l.id = m.list_id"
                                             " WHERE l.name = %s AND m.role = 'owner' AND m.left_at IS NULL", name)}


def new_list(site, *owned_by):
    name = 'r' + secrets.token_hex(4)
    site.stack.kairan.command('list', 'create', f'{name}@{kairan.DOMAIN}')
    for address in owned_by:
        give(site, address, 'owner', name)
    return name


# ---- moderators' rights, action by action ----

@pytest.mark.parametrize('rights', ['', 'held', 'requests', 'members', 'bans', 'held,requests,members,bans'])
def test_a_moderator_may_what_was_given_and_nothing_else(site, rights):
    address, user = person(site)
    give(site, address, 'moderator')
    member = f'm{secrets.token_hex(4)}@members.example.org'
    give(site, member, 'member')
    site.stack.kairan.command('member', 'set', HOLDS, address, f'rights={rights}', '--role', 'moderator')
    moderator, base, given = browser(site, user), '/lists/roles/', set(filter(None, rights.split(',')))
    for right, paths in PAGES.items():
        wanted = 200 if right in given else 403
        for path in paths:
            path = base + path.format(member=site.member_id('roles', member))
            assert moderator.read(path).status_code == wanted, (right, path)
        path, fields = ACTS[right]
        assert (moderator.submit(base + path, fields).status_code != 403) == (right in given), (right, 'act')
    for path in OWNERS_ONLY:
        assert moderator.read(base + path).status_code == 403, path
    # On a page that the right opens, nobody is made an owner, and nobody gets more rights.
    mine = site.member_id('roles', address, 'moderator')
    assert moderator.submit(f'{base}members/owner', {'email': address}).status_code == 403
    assert moderator.submit(f'{base}members/{mine}', [('has_rights', '1'), ('right', 'bans')]).status_code in (403, 422)
    assert site.stack.sql('SELECT rights FROM member WHERE id = %s', mine) == [([word for word in rights.split(',') if word],)]


def test_a_moderators_rights_are_usual_until_an_owner_says_otherwise(site):
    address, user = person(site)
    give(site, address, 'moderator')
    moderator = browser(site, user)
    answers = {right: moderator.read('/lists/roles/' + paths[0]).status_code for right, paths in PAGES.items()}
    assert answers == {'held': 200, 'requests': 200, 'members': 403, 'bans': 403}
    site.stack.kairan.command('member', 'remove', HOLDS, address, '--role', 'moderator')
    assert {moderator.read('/lists/roles/' + paths[0]).status_code for paths in PAGES.values()} == {403}


# ---- by address and by account ----

@pytest.mark.parametrize('role, path', [('owner', 'settings/list_identity'), ('moderator', 'held')])
def test_a_role_of_one_address_is_the_accounts_and_follows_it(site, role, path):
    name = new_list(site)
    first, user = person(site)
    second, _ = person(site, user=user)
    someone = browser(site, user)
    assert someone.read(f'/lists/{name}/{path}').status_code == 403
    give(site, second, role, name)
    assert someone.read(f'/lists/{name}/{path}').status_code == 200, 'by another address of the account'
    # It may follow the account: then it goes with the preferred address.
    member = site.member_id(name, second, role)
    assert someone.submit(f'/me/membership/{member}', {'address': '0'}).status_code == 303
    third, _ = person(site, user=user)
    found = site.stack.one('SELECT id FROM address WHERE key = %s', third)
    assert someone.submit(f'/me/addresses/{found}/prefer').status_code == 303
    assert site.stack.sql("SELECT a.key, m.role FROM member m JOIN address a ON a.id = m.address_id WHERE m.list_id = %s AND m.left_at IS NULL",
                          site.list_id(name)) == [(third, role)]
    # An address that nobody proved gives nothing.
    site.stack.sql('UPDATE address SET verified_at = NULL WHERE key = %s', third)
    assert someone.read(f'/lists/{name}/{path}').status_code == 403


def test_a_role_given_to_an_unknown_address_waits_for_its_proof(site):
    name, address = new_list(site), f'n{secrets.token_hex(4)}@people.example.org'
    give(site, address, 'owner', name)
    user = person(site, address)[1]
    assert browser(site, user).read(f'/lists/{name}/settings/list_identity').status_code == 200


# ---- the last owner ----

def test_the_last_owner_stays_whatever_way_is_taken(site, tmp_path):
    address, user = person(site)
    spare, _ = person(site, user=user)
    name = new_list(site, address)
    list_, someone, run = f'{name}@{kairan.DOMAIN}', browser(site, user), site.stack.kairan.command
    mine = site.member_id(name, address, 'owner')
    found = site.stack.one('SELECT id FROM address WHERE key = %s', address)
    admin, domain_owner = site.browser('admin'), site.browser('domain_owner')
    text = lambda answer: re.sub(r'<[^>]+>', ' ', answer.text)
    file = tmp_path / 'owners'
    file.write_text('')
    # One's own page, the address given up, the account deleted.
    assert someone.submit(f'/lists/{name}/members/{mine}/remove', {'sure': '1', 'last_owner': '1'}).status_code == 422
    given_up = someone.submit(f'/me/addresses/{found}/remove')
    assert given_up.status_code == 422 and list_ in text(given_up)
    # Chosen among several, by a pasted list, by who owns the domain, by an administrator without a second word.
    for answer in (someone.submit(f'/lists/{name}/members/chosen', [('act', 'remove'), ('sure', '1'), ('id', str(mine))]),
                   domain_owner.submit(f'/lists/{name}/members/{mine}/remove', {'sure': '1', 'last_owner': '1'}),
                   admin.submit(f'/lists/{name}/members/{mine}/remove', {'sure': '1'}),
                   admin.submit(f'/admin/users/{user}/delete')):
        assert owners(site, name) == {address}, answer.url
    assert admin.submit(f'/admin/users/{user}/delete').status_code == 422
    # By command.
    for command in (('member', 'remove', list_, address, '--role', 'owner'), ('member', 'sync', list_, str(file), '--role', 'owner'),
                    ('user', 'delete', address), ('user', 'address', address, '--remove')):
        try:
            run(*command)
        except kairan.CommandFailed:
            pass
        assert owners(site, name) == {address}, command
    # Leaving all lists is for members.
    someone.submit('/me/leave-all', {'sure': '1'})
    assert owners(site, name) == {address}
    # To another address it may go.
    run('address', 'change', address, f'new-{address}')
    assert owners(site, name) == {f'new-{address}'} and spare


def test_two_last_owners_who_go_at_once_leave_one(site):
    for _ in range(3):
        people = [person(site) for _ in range(2)]
        name = new_list(site, *(address for address, _ in people))
        admins = [site.browser('admin') for _ in people]
        for one in admins:
            one.submit('/language', {'language': 'en'})
        threads = [threading.Thread(target=one.submit, args=(f'/admin/users/{user}/delete',)) for one, (_, user) in zip(admins, people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(owners(site, name)) == 1


# ---- own devices ----

@pytest.mark.parametrize('own', [False, True])
def test_a_session_ends_with_the_browser_unless_the_device_is_ones_own(site, own):
    address, user = person(site)
    link = site.stack.kairan.command('user', 'login-link', address)
    path = re.search(r'/login/\w+', link)[0]
    guest = Browser(site.base)
    guest.headers['Accept-Language'] = 'en'
    page = guest.read(path)
    assert 'name="own"' in page.text and not re.search(r'name="own"[^>]*checked', page.text), 'off by default'
    done = guest.submit(path, {'own': '1'} if own else {})
    assert done.status_code == 303
    cookie = [one for one in done.headers['Set-Cookie'].split(', ') if one.startswith('session=')][0]
    assert ('Max-Age=' in cookie) == own and 'HttpOnly' in cookie
    assert site.stack.sql('SELECT is_lasting FROM session WHERE user_id = %s', user) == [(own,)]
    assert site.stack.one("SELECT extract(epoch FROM ends_at - created_at) > 86400 * 30 FROM session WHERE user_id = %s", user) == own
    assert guest.read('/me/').status_code == 200
    listed = guest.read('/me/sign-in').text
    assert listed.count('/me/sessions/') >= 1
