"""Lists and domains: made, renamed, copied, ended; other names of domains by real mail; several web hosts; the directory."""
import datetime
import email
import email.policy
import html
import json
import os
import re
import smtplib
import subprocess

import conftest
import pytest

from rig import kairan
from rig.client import message
from rig.kairan import CommandFailed
from rig.site import Site, heading, now

BY = {'owner': 'owner@people.example.org', 'domain_owner': 'domain-owner@people.example.org'}


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True)
    conftest.need(stack, 'kairan', 'kairan-web', 'kairan-worker')
    yield Site(stack)
    conftest.finish(stack)


def why(answer):
    """What the page says is wrong, at a field."""
    found = re.search(r'class="why"[^>]*>(.*?)</p>', answer.text)
    return html.unescape(found[1]) if found else None


def form(**values):
    return {'name': 'newlist', 'domain': kairan.DOMAIN, 'style': 'discussion', 'language': 'en', 'owners': BY['owner'], **values}


def newest_mail(site, kind):
    data = site.stack.one('SELECT bytes FROM notice WHERE kind = %s ORDER BY id DESC LIMIT 1', kind)
    return email.message_from_bytes(bytes(data), policy=email.policy.default) if data else None


def rcpt(site, address):
    """The code with which the world's Postfix answers RCPT."""
    with smtplib.SMTP('127.0.0.1', site.stack.state['ports']['smtp'], local_hostname='client.example') as smtp:
        smtp.ehlo()
        smtp.mail('m1@members.example.org')
        return smtp.rcpt(address)[0]


def send(site, to, subject):
    with smtplib.SMTP('127.0.0.1', site.stack.state['ports']['smtp'], local_hostname='client.example') as smtp:
        smtp.sendmail('m1@members.example.org', [to], message(subject, to=to))


def posts(site, name):
    return [row[0] for row in site.stack.sql('SELECT p.subject FROM post p JOIN list l ON l.id = p.list_id WHERE l.name = %s'
                                             ' ORDER BY p.id', name)]


def make(site, name, *options, members=False, domain=kairan.DOMAIN):
    site.stack.kairan.command('list', 'create', f'{name}@{domain}', '--quiet', *options)
    if members:
        site.stack.kairan.command('member', 'add', f'{name}@{domain}', 'm1@members.example.org', 'm2@members.example.org')
    return f'{name}@{domain}'


# ---- making ----

@pytest.mark.parametrize('role', ['admin', 'domain_owner'])
def test_a_list_is_made_on_a_page(site, role):
    browser, name = site.browser(role), f'made-by-{role.split("_")[0]}'
    page = browser.read('/admin/lists/new')
    assert page.status_code == 200 and 'value="discussion" checked' in page.text
    answer = browser.submit('/admin/lists/new', form(name=name.upper(), display_name='連絡網', style='private', language='ja',
                                                     description='お知らせ', owners=f'{BY["owner"]}\nnew-owner@people.example.org'))
    assert (answer.status_code, answer.headers.get('Location')) == (303, f'/lists/{name}/?new=1')
    page = browser.read(f'/lists/{name}/?new=1').text
    assert 'Three next steps' in page and f'/lists/{name}/settings/' in page and f'mailto:{name}@{kairan.DOMAIN}' in page
    shown = json.loads(site.stack.kairan.command('list', 'show', f'{name}@{kairan.DOMAIN}', '--json'))['settings']
    assert (shown['display_name'], shown['preferred_language'], shown['advertised'], shown['archive_policy']) == \
        ('連絡網', 'ja', 'no', 'private')
    owners = [row[0] for row in site.stack.sql("SELECT a.key FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON"
                                               " l.id = m.list_id WHERE l.name = %s AND m.role = 'owner' ORDER BY 1", name)]
    assert owners == ['new-owner@people.example.org', BY['owner']]
    assert site.browser().read(f'/lists/{name}/').status_code == 404
    assert rcpt(site, f'{name}-join@{kairan.DOMAIN}') == 250


def test_the_new_owner_gets_a_mail_in_his_language(site):
    site.stack.sql("UPDATE site_user SET preferred_language = 'ja' WHERE id = %s", site.users['owner'])
    site.stack.stop_part('worker')
    try:
        assert site.browser('admin').submit('/admin/lists/new', form(name='told', display_name='Choir')).status_code == 303
        mail = newest_mail(site, 'list_new')
        assert mail['Subject'] == '新しいリスト「Choir」' and mail['To'] == BY['owner']
        assert f'{site.base}/lists/told/\n' in mail.get_content().replace('\r', '') and mail['Auto-Submitted'] == 'auto-generated'
    finally:
        site.stack.sql('UPDATE site_user SET preferred_language = NULL WHERE id = %s', site.users['owner'])
        site.stack.start_part('worker')


REFUSED = [
    ({'name': 'test'}, 'There is a list of this name already.'),
    ({'name': 'club-request'}, "A list's name may not end in -owner, -request, -join or the like because these are sub-addresses of lists."),
    ({'name': 'b.club'}, "A list's name may not begin with b. u. or r. because such addresses carry tokens."),
    ({'name': 'クラブ'}, "A list's name is made of small letters, digits and . _ + - and begins with a letter or digit."),
    ({'name': ''}, "A list's name has 1 to 52 letters."),
    ({'domain': 'nowhere.example'}, 'You may not make lists in this domain.'),
    ({'owners': ''}, 'A list needs an owner, somebody whom members can ask.'),
    ({'owners': 'hana at example.jp'}, 'One of these is not a mail address.'),
    ({'style': 'loud'}, 'There is no such kind of list.'),
    ({'like': 'test@nowhere.example'}, 'There is no list of this address that you own.'),
]


@pytest.mark.parametrize('values, sentence', REFUSED)
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(site, values, sentence):
    before = site.stack.one('SELECT count(*) FROM list')
    answer = site.browser('admin').submit('/admin/lists/new', form(display_name='Kept <text>', **values))
    assert (answer.status_code, why(answer)) == (422, sentence)
    assert 'value="Kept &lt;text&gt;"' in answer.text and site.stack.one('SELECT count(*) FROM list') == before
    japanese = site.browser('admin', 'ja').submit('/admin/lists/new', form(**values))
    assert re.search('[ぁ-ん]', why(japanese))


def test_owners_make_lists_in_their_domain_alone(site):
    site.stack.kairan.command('domain', 'create', 'foreign.example', '--web-host', '127.0.0.1')
    page = site.browser('domain_owner').read('/admin/lists/new').text
    assert f'value="{kairan.DOMAIN}"' in page and 'foreign.example' not in page
    answer = site.browser('domain_owner').submit('/admin/lists/new', form(name='mine', domain='foreign.example'))
    assert (answer.status_code, why(answer)) == (422, 'You may not make lists in this domain.')
    assert site.browser('domain_owner').read('/admin/domains/foreign.example/').status_code == 403
    for role in ('owner', 'member'):
        assert site.browser(role).submit('/admin/lists/new', form(name='mine')).status_code == 403
    site.stack.kairan.command('domain', 'remove', 'foreign.example')


# ---- another name ----

def test_a_renamed_list_is_found_by_both_names(site):
    make(site, 'before', members=True)
    send(site, f'before@{kairan.DOMAIN}', 'First')
    site.stack.until(lambda: posts(site, 'before') == ['First'], what='the first post')
    boss = site.browser('domain_owner')
    answer = boss.submit('/lists/before/rename', {'name': 'after', 'domain': kairan.DOMAIN})
    assert (answer.status_code, answer.headers['Location']) == (303, '/lists/after/rename?done=1')
    for old, new in (('/lists/before/', '/lists/after/'), ('/lists/before/settings/list_identity?saved=1', '/lists/after/settings/list_identity?saved=1'),
                     (f'/lists/Before@{kairan.DOMAIN}/', '/lists/after/'), (f'/lists/before.{kairan.DOMAIN}/join', '/lists/after/join')):
        moved = boss.read(old)
        assert (moved.status_code, moved.headers.get('Location')) == (308, new), old
    # both addresses, and the old one's sub-addresses, by real SMTP; the old one counts as written to the list
    assert [rcpt(site, f'{local}@{kairan.DOMAIN}') for local in ('before', 'after', 'before-request', 'BEFORE-leave', 'nothere')] == \
        [250, 250, 250, 250, 550]
    send(site, f'before@{kairan.DOMAIN}', 'Old address')
    send(site, f'after@{kairan.DOMAIN}', 'New address')
    site.stack.until(lambda: len(posts(site, 'after')) == 3, what='both posts')

    def list_ids():
        heads = [email.message_from_bytes(row['message']) for row in site.stack.copies()]
        return [head['List-Id'].split('<')[1] for head in heads if head['Subject'] in ('Old address', 'New address')]
    site.stack.until(lambda: len(list_ids()) >= 4, what='the copies that Postfix may still hold')
    assert list_ids() == [f'after.{kairan.DOMAIN}>'] * 4
    # another list may have the name on purpose alone; then the name is its own
    asked = site.browser('admin').submit('/admin/lists/new', form(name='before'))
    assert asked.status_code == 422 and why(asked).startswith('Another list was called so') and 'name="take"' in asked.text
    assert site.browser('admin').submit('/admin/lists/new', form(name='before', take='1')).status_code == 303
    assert site.browser().read('/lists/before/').status_code == 200
    assert site.stack.one("SELECT count(*) FROM list_old_name WHERE name = 'before'") == 0


def test_an_old_address_is_given_up(site):
    make(site, 'old-a')
    site.stack.kairan.command('list', 'rename', 'old-a', f'new-a@{kairan.DOMAIN}')
    boss = site.browser('domain_owner')
    assert f'old-a@{kairan.DOMAIN}' in boss.read('/lists/new-a/rename').text
    asked = boss.read('/lists/new-a/rename/drop', params={'address': f'old-a@{kairan.DOMAIN}'})
    assert heading(asked) == f'Give up old-a@{kairan.DOMAIN}?'
    assert boss.submit('/lists/new-a/rename/drop', {'address': f'old-a@{kairan.DOMAIN}'}).status_code == 303
    assert rcpt(site, f'old-a@{kairan.DOMAIN}') == 550 and boss.read('/lists/old-a/').status_code == 404


def test_the_old_name_of_a_hidden_list_tells_nothing(site):
    make(site, 'whisper', '--style', 'private')
    site.stack.kairan.command('list', 'rename', 'whisper', f'murmur@{kairan.DOMAIN}')
    guest = site.browser()
    assert guest.read('/lists/whisper/').status_code == 404
    assert guest.read('/lists/whisper/').content == guest.read('/lists/neverwas/').content
    assert site.browser('admin').read('/lists/whisper/').headers['Location'] == '/lists/murmur/'


# ---- copying ----

def test_settings_are_copied_after_a_look(site):
    make(site, 'model', '--style', 'closed', '--owner', BY['owner'])
    make(site, 'pupil', '--owner', BY['owner'])
    site.stack.kairan.command('ban', 'add', '@noise.example', '--list', f'model@{kairan.DOMAIN}')
    site.stack.sql("INSERT INTO header_filter (list_id, position, fields, patterns, action, changed_by, changed_at)"
                   " VALUES (%s, 1, '{subject}', '{casino}', 'hold', 'story', %s)", site.list_id('model'), now())
    site.stack.sql("INSERT INTO template VALUES ('list', %s, 'list:user:notice:welcome', 'en', 'Hello', 'Come in', 'story', %s)",
                   site.list_id('model'), now())
    owner = site.browser('owner')
    page = owner.read('/lists/pupil/copy', params={'from': f'model@{kairan.DOMAIN}'})
    assert 'settings differ.' in page.text and 'Show in the directory' in page.text
    parts = re.findall(r'name="part" value="(\d+)"(?: checked)?> <span>(Settings|Bans|Header filters and topics|Changed texts)</span>', page.text)
    answer = owner.submit('/lists/pupil/copy', [('from', f'model@{kairan.DOMAIN}')] + [('part', part) for part, _ in parts])
    assert answer.headers['Location'] == '/lists/pupil/copy?done=1'
    values = json.loads(site.stack.kairan.command('list', 'show', f'pupil@{kairan.DOMAIN}', '--json'))['settings']
    assert (values['advertised'], values['default_nonmember_action'], values['display_name']) == ('no', 'reject', 'Pupil')
    assert site.stack.one("SELECT count(*) FROM ban b JOIN list l ON l.id = b.list_id WHERE l.name = 'pupil'") == 1
    assert site.stack.one('SELECT count(*) FROM header_filter WHERE list_id = %s', site.list_id('pupil')) == 1
    assert site.stack.one("SELECT subject FROM template WHERE scope = 'list' AND scope_id = %s", site.list_id('pupil')) == 'Hello'
    assert 'are the same' in owner.read('/lists/pupil/copy', params={'from': f'model@{kairan.DOMAIN}'}).text
    # not from a list of somebody else
    refused = owner.read('/lists/pupil/copy', params={'from': f'renraku@{kairan.DOMAIN}'})
    assert why(refused) == 'There is no list of this address that you own.'
    assert site.browser('other_owner').submit('/lists/pupil/copy', {'from': f'renraku@{kairan.DOMAIN}', 'part': '1'}).status_code in (403, 404)


def test_a_list_is_made_like_another(site):
    make(site, 'mould', '--style', 'announcement', '--owner', BY['owner'])
    answer = site.browser('admin').submit('/admin/lists/new', form(name='cast', like=f'mould@{kairan.DOMAIN}', style='private'))
    assert answer.status_code == 303
    values = json.loads(site.stack.kairan.command('list', 'show', f'cast@{kairan.DOMAIN}', '--json'))['settings']
    assert (values['allow_list_posts'], values['advertised']) == ('no', 'yes')


# ---- the end ----

def test_a_list_ends_and_comes_back_and_ends_for_good(site):
    address = make(site, 'ending', '--owner', BY['owner'], members=True)
    send(site, address, 'Kept')
    site.stack.until(lambda: posts(site, 'ending') == ['Kept'], what='the post')
    site.stack.quiet()
    owner = site.browser('owner')
    before = site.stack.breaches()      # of rows that the rig put in by hand
    wrong = owner.submit('/lists/ending/delete', {'name': 'endig'})
    assert (wrong.status_code, why(wrong)) == (422, "This is not the list's address. Type it as it stands above.")
    answer = owner.submit('/lists/ending/delete', {'name': address.upper()})
    place = answer.headers['Location']
    assert answer.status_code == 303 and re.fullmatch(r'/ended/\d+', place)
    assert rcpt(site, address) == 550
    assert site.browser('other_member').read('/lists/ending/').status_code == 404
    assert owner.read('/lists/ending/').headers['Location'] == place
    assert 'This list was removed and ends on' in owner.read(place).text and place in owner.read('/').text
    for role in ('other_owner', 'member'):
        assert site.browser(role).read(place).status_code == 404 and site.browser(role).submit(place).status_code == 404
    assert site.stack.one("SELECT count(*) FROM notice WHERE kind = 'list_removed' AND recipient = %s", BY['owner']) == 1
    states = {row['address']: row['state'] for row in json.loads(site.stack.kairan.command('list', 'list', '--json'))['lists']}
    assert states[address] == 'removed' and states[f'test@{kairan.DOMAIN}'] == 'active'
    # back, as it was
    assert owner.submit(place).headers['Location'] == '/lists/ending/'
    assert rcpt(site, address) == 250 and 'Kept' in owner.read('/lists/ending/').text
    # for good: the worker erases it when its time has come
    list_id = site.list_id('ending')
    messages = [row[0] for row in site.stack.sql('SELECT id FROM message WHERE list_id = %s', list_id)]
    owner.submit('/lists/ending/delete', {'name': 'ending'})
    site.stack.sql('UPDATE list SET erase_at = %s WHERE id = %s', now() - datetime.timedelta(seconds=1), list_id)
    assert owner.submit(place).status_code == 410 and 'is being erased' in owner.read(place).text
    site.stack.restart('worker')
    site.stack.until(lambda: site.stack.one('SELECT count(*) FROM list WHERE id = %s', list_id) == 0, 20, 'the erasing')
    assert site.stack.one('SELECT count(*) FROM message WHERE id = ANY (%s)', messages) == 0
    for table in ('post', 'thread', 'member', 'held'):
        assert site.stack.one(f'SELECT count(*) FROM {table} WHERE list_id = %s', list_id) == 0, table
    assert site.stack.one("SELECT count(*) FROM setting WHERE scope = 'list' AND scope_id = %s", list_id) == 0
    assert owner.read(place).status_code == 404 and site.stack.breaches() == before


def test_the_command_line_ends_lists_too(site):
    address = make(site, 'short', members=True)
    send(site, address, 'Gone soon')
    site.stack.until(lambda: posts(site, 'short') == ['Gone soon'], what='the post')
    site.stack.quiet()
    list_id = site.list_id('short')
    with pytest.raises(CommandFailed, match='no removed list'):
        site.stack.kairan.command('list', 'erase', address)
    site.stack.kairan.command('list', 'remove', address, '--quiet')
    site.stack.kairan.command('list', 'restore', 'short')
    site.stack.kairan.command('list', 'remove', address, '--keep')
    assert site.stack.one('SELECT erase_at FROM list WHERE id = %s', list_id) is None
    with pytest.raises(CommandFailed, match='has this name until it is erased'):
        site.stack.kairan.command('list', 'create', address)
    site.stack.kairan.command('list', 'erase', address)
    assert site.stack.one('SELECT count(*) FROM list WHERE id = %s', list_id) == 0
    make(site, 'short')
    actions = [row[0] for row in site.stack.sql("SELECT action FROM audit WHERE list_id = %s AND action LIKE 'list%%' ORDER BY id", list_id)]
    assert actions == ['list_create', 'list_remove', 'list_restore', 'list_remove', 'list_erase']


# ---- domains ----

def test_mail_to_another_name_of_the_domain_reaches_the_list(site):
    make(site, 'aliased', members=True)
    admin = site.browser('admin')
    assert rcpt(site, 'aliased@alias.example') in (454, 550, 554)
    added = admin.submit(f'/admin/domains/{kairan.DOMAIN}/', {'alias': 'Alias.Example'})
    assert added.status_code == 303 and 'alias.example' in admin.read(f'/admin/domains/{kairan.DOMAIN}/').text
    again = admin.submit(f'/admin/domains/{kairan.DOMAIN}/', {'alias': 'alias.example'})
    assert (again.status_code, why(again)) == (422, 'This is another name of a domain that is here already.')
    site.stack.until(lambda: rcpt(site, 'aliased@alias.example') == 250, 20, 'Postfix to ask again')
    assert rcpt(site, 'nobody@alias.example') == 550
    send(site, 'aliased@alias.example', 'By another name')
    site.stack.until(lambda: posts(site, 'aliased') == ['By another name'], what='the post, not held for its destination')
    assert site.browser().read('/lists/aliased@alias.example/').headers['Location'] == '/lists/aliased/'
    asked = admin.read(f'/admin/domains/{kairan.DOMAIN}/remove', params={'alias': 'alias.example'})
    assert heading(asked) == 'Remove the name alias.example?'
    assert admin.submit(f'/admin/domains/{kairan.DOMAIN}/remove', {'alias': 'alias.example'}).status_code == 303
    with pytest.raises(CommandFailed):
        site.stack.kairan.command('domain', 'alias', 'remove', kairan.DOMAIN, 'alias.example')


def test_a_domain_is_made_and_given_to_an_owner(site):
    admin = site.browser('admin')
    refused = admin.submit('/admin/domains/new', {'name': 'not a domain', 'description': 'kept'})
    assert refused.status_code == 422 and 'value="kept"' in refused.text
    made = admin.submit('/admin/domains/new', {'name': 'Club.Example', 'web_host': '127.0.0.1', 'token_domain': '', 'description': 'A club'})
    assert made.headers['Location'] == '/admin/domains/club.example/?done=1'
    assert 'kairan dkim new club.example' in admin.read('/admin/domains/club.example/').text
    assert admin.submit('/admin/domains/club.example/', {'owner': 'owner@people.example.org'}).status_code == 303
    boss = site.browser('owner')
    assert 'club.example' in boss.read('/admin/domains/').text and 'href="/admin/domains/"' in boss.read('/').text
    saved = boss.submit('/admin/domains/club.example/edit', {'description': 'Our club', 'web_host': 'evil.example'})
    assert saved.status_code == 303
    assert site.stack.sql("SELECT web_host, description FROM domain WHERE name = 'club.example'") == [('127.0.0.1', 'Our club')]
    assert boss.submit('/admin/lists/new', form(name='chess', domain='club.example', owners='x@people.example.org')).status_code == 303
    assert boss.read('/lists/chess/settings/list_identity').status_code == 200       # as owner of the domain
    assert boss.submit('/admin/domains/club.example/', {'owner': 'y@people.example.org'}).status_code == 403
    full = admin.submit('/admin/domains/club.example/remove', {'domain': 'club.example'})
    assert (full.status_code, 'still has 1 list' in full.text) == (422, True)
    assert admin.submit('/admin/domains/club.example/remove', {'owner': 'owner@people.example.org'}).status_code == 303
    assert boss.read('/lists/chess/settings/list_identity').status_code == 403
    site.stack.kairan.command('list', 'remove', 'chess@club.example', '--quiet')
    site.stack.kairan.command('list', 'erase', 'chess@club.example')
    assert admin.submit('/admin/domains/club.example/remove', {'domain': 'club.example'}).headers['Location'] == '/admin/domains/'
    assert admin.read('/admin/domains/club.example/').status_code == 404


def test_each_host_shows_the_lists_of_its_domains(site):
    for name, host in (('a.example', 'a.web.example'), ('b.example', 'b.web.example')):
        site.stack.kairan.command('domain', 'create', name, '--web-host', host)
        make(site, 'shared', domain=name)
    make(site, 'only-a', domain='a.example')
    guest = site.browser()
    seen = {host: guest.read('/', headers={'Host': host}).text for host in ('a.web.example', 'b.web.example', '127.0.0.1')}
    assert 'only-a@a.example' in seen['a.web.example'] and 'shared@b.example' not in seen['a.web.example']
    assert 'shared@b.example' in seen['b.web.example'] and 'only-a' not in seen['b.web.example']
    assert 'test@' in seen['127.0.0.1'] and 'shared@' not in seen['127.0.0.1']
    assert 'href="/lists/shared/"' in seen['a.web.example'] and 'href="/lists/shared/"' in seen['b.web.example']
    assert guest.read('/lists/only-a/', headers={'Host': 'A.web.example'}).status_code == 200
    assert guest.read('/lists/only-a/', headers={'Host': 'b.web.example'}).status_code == 404
    assert guest.read('/lists/test/', headers={'Host': 'a.web.example'}).status_code == 404
    # a domain's new host counts at once, in processes too that knew the list
    for host, seen in (('b.web.example', 200), ('a.web.example', 404)):
        site.stack.sql("UPDATE domain SET web_host = %s WHERE name = 'a.example'", host)
        assert {guest.read('/lists/only-a/', headers={'Host': 'b.web.example'}).status_code for _ in range(24)} == {seen}
    # moved to the other host: old pages lead there
    site.stack.kairan.command('list', 'rename', 'only-a@a.example', 'only-a@b.example')
    moved = guest.read('/lists/only-a/join', headers={'Host': 'a.web.example'})
    port = site.base.rsplit(':', 1)[1]
    assert (moved.status_code, moved.headers.get('Location')) == (308, f'http://b.web.example:{port}/lists/only-a/join')
    # a name that is none of ours is sent on, once there are several
    site.stack.until(lambda: {guest.read('/', headers={'Host': 'stranger.example'}).status_code for _ in range(30)} == {308}, 20,
                     'every process to know the hosts')
    assert guest.read('/lists/test/?x=1', headers={'Host': 'stranger.example'}).headers['Location'] == f'{site.base}/lists/test/?x=1'
    for name in ('shared@a.example', 'shared@b.example', 'only-a@b.example'):
        site.stack.kairan.command('list', 'remove', name, '--quiet')
        site.stack.kairan.command('list', 'erase', name)
    site.stack.kairan.command('domain', 'remove', 'a.example')
    site.stack.kairan.command('domain', 'remove', 'b.example')


# ---- the directory ----

def test_the_directory_is_searched_sorted_and_paged(site):
    for n in range(60):
        site.stack.sql('WITH l AS (INSERT INTO list (domain_id, name, created_at) SELECT id, %s, %s FROM domain WHERE name = %s RETURNING id)'
                       " INSERT INTO list_effective (list_id, advertised, archive_policy, display_name, description, preferred_language,"
                       " member_roster_visibility, archive_addresses, search_engines, time_zone, archive_rendering_mode)"
                       " SELECT id, true, 'public', %s, %s, 'ja', 'moderators', 'members', true, '', 'text' FROM l", f'dir{n:02}', now(),
                       kairan.DOMAIN, f'合唱団 第{n:02}部', 'コンサートの連絡')
    guest = site.browser()

    def names(path):
        return re.findall(r'(dir\d\d)@', guest.read(path).text)
    everything, path = [], '/?q=合唱団'
    while path:
        page = guest.read(path).text
        everything += re.findall(r'(dir\d\d)@', page)
        found = re.search(r'href="([^"]*after=\d+)"', page)
        path = html.unescape(found[1]) if found else None
    assert everything == [f'dir{n:02}' for n in range(60)]
    assert '60 lists found' in guest.read('/?q=合唱団').text
    assert names('/?q=第０７部') == ['dir07'] == names('/?q=ＤＩＲ07　コンサート')       # full width, two words in any field
    assert names('/?q=dir07+nothing') == [] and 'No list that you may see has these words.' in guest.read('/?q=dir07+nothing').text
    site.post('dir33', '本番')
    site.post('dir11', '練習')
    assert names('/?q=合唱団&sort=activity')[:3] == ['dir11', 'dir33', 'dir59']
    # one's own stand apart, with role and what waits
    page = site.browser('moderator').read('/').text
    mine = page[page.index('Your lists'):page.index('Other lists')]
    assert 'test@' in mine and 'moderator' in mine and '/lists/test/held' in mine and 'dir01' not in mine
    assert 'secret' not in guest.read('/?q=secret').text.split('name="q"')[1].split('>', 1)[1]


def test_the_check_says_which_of_our_names_mail_does_not_reach(site, tmp_path):
    """Other names of domains and old names of lists, as Postfix and its tables would treat them."""
    if not os.path.exists('/usr/sbin/postmap'):
        pytest.skip('Postfix is not installed')
    command = site.stack.kairan.command
    command('domain', 'create', 'checked.example', '--web-host', 'checked.example')
    command('domain', 'alias', 'add', 'checked.example', 'also.example')
    command('list', 'create', 'fresh@checked.example', '--quiet')
    command('list', 'rename', 'fresh@checked.example', 'ripe@checked.example')

    def check(**settings):
        """Sentences about Postfix and names: {sentence without its folder: whether it is trouble}."""
        (tmp_path / 'main.cf').write_text(''.join(f'{name} = {value}\n' for name, value in settings.items()))
        (tmp_path / 'master.cf').write_text('')
        program = [site.stack.kairan.program('kairan'), '-c', site.stack.kairan.config, 'check', '--postfix-config', str(tmp_path), '--json']
        findings = subprocess.run(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
        return {row['sentence'].replace(f'{tmp_path}: ', ''): row['state'] for row in json.loads(findings)['findings']
                if row['area'] in ('postfix', 'names')}

    def troubles(found):
        return sorted(sentence for sentence, state in found.items() if state == 'trouble' and 'example' in sentence)

    ours = 'socketmap:unix:kairan/socketmap.sock:domains'
    found = check(relay_domains=ours, mydestination='', virtual_alias_maps='', virtual_alias_domains='')
    assert troubles(found) == [] and found['mail for also.example is taken.'] == 'fine'
    assert found['no table takes an address of a list away.'] == 'fine' and found['No name of a list or domain hides another.'] == 'fine'
    found = check(relay_domains=f'{kairan.DOMAIN} checked.example', mydestination='localhost', virtual_alias_domains='')
    assert troubles(found)[-1] == 'add also.example to relay_domains, else its mail is refused; it is another name of a domain here.'
    assert found['mail for checked.example is taken.'] == 'fine'
    found = check(relay_domains=ours, mydestination='localhost, checked.example', virtual_alias_domains='also.example')
    assert troubles(found) == ['take also.example out of virtual_alias_domains, else its lists are unknown users.',
                               'take checked.example out of mydestination, else its mail goes to accounts and aliases of this machine.']
    for name, text in (('virtual', 'fresh@checked.example me@elsewhere.example\nripe-owner@also.example you@elsewhere.example\n'
                                   'other@checked.example x@elsewhere.example\n'), ('domains', 'also.example yes\nchecked.example yes\n')):
        (tmp_path / name).write_text(text)
    found = check(relay_domains=f'{kairan.DOMAIN} texthash:{tmp_path}/domains', mydestination='',
                  virtual_alias_maps=f'texthash:{tmp_path}/virtual, {ours}', virtual_alias_domains='')
    assert [sentence.split(' (virtual_alias_maps) ')[1] for sentence in troubles(found) if 'virtual_alias_maps' in sentence] == [
        'sends fresh@checked.example to me@elsewhere.example; take it out, else that mail never comes here.',
        'sends ripe-owner@also.example to you@elsewhere.example; take it out, else that mail never comes here.']
    assert found['mail for also.example is taken.'] == 'fine'
    # a newer list has the old name; a domain has the name that was another's
    site.stack.sql("INSERT INTO list (domain_id, name, created_at) SELECT id, 'fresh', now() FROM domain WHERE name = 'checked.example'")
    site.stack.sql("INSERT INTO domain (name, web_host, token_domain, created_at) VALUES ('also.example', 'x', 'also.example', now())")
    found = check(relay_domains=ours, mydestination='')
    assert found['fresh@checked.example is an old name of ripe@checked.example, but a newer list has that name; mail to it goes there.'] == 'advice'
    assert any(sentence.startswith('also.example is a domain here and another name of checked.example') for sentence in troubles(found))
    site.stack.sql("DELETE FROM domain WHERE name = 'also.example'")
