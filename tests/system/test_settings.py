"""Settings: every row's form at three scopes, what it inherits, history and undo, the log."""
import html
import json
import os
import re

import conftest
import pytest

from rig import kairan
from rig.site import Site
from rig.stack import SOURCE

LIST, DOMAIN, SITE = '/lists/test/', f'/admin/domains/{kairan.DOMAIN}/', '/admin/'
PLACES = {'list': LIST, 'domain': DOMAIN, 'site': SITE}


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, postfix=False, only=('postgres', 'web', 'nginx'))
    conftest.need(stack, 'kairan', 'kairan-web')
    yield Site(stack)
    conftest.finish(stack)


def table(site):
    return json.loads(site.stack.kairan.command('setting', 'list', '--json'))['settings']


def own(site, scope, name):
    """What is set at a place itself; None when it inherits."""
    rows = site.stack.sql('SELECT value FROM setting WHERE scope = %s AND name = %s AND scope_id = CASE %s'
                          ' WHEN \'site\' THEN 0 WHEN \'list\' THEN %s ELSE (SELECT id FROM domain WHERE name = %s) END', scope, name,
                          scope, site.list_id('test'), kairan.DOMAIN)
    return rows[0][0] if rows else None


def another(row, now):
    """A value that the row takes and that is not the present one."""
    if row['kind'] == 'yes or no':
        return 'no' if now == 'yes' else 'yes'
    if row['kind'] == 'number':
        return str(row['least'] if now != str(row['least']) else row['least'] + 1)
    if row['kind'] == 'choice':
        return next(value for value in row['choices'] if value != now)
    text = 'hana@people.example.org' if row['is_address'] or row['is_patterns'] else 'Asia/Tokyo' if row['is_zone'] else 'x1'
    return text if now != text else text.replace('hana', 'taro').replace('Tokyo', 'Seoul').replace('x1', 'x2')


def form_of(page):
    """The fields that a browser would send back for the form of settings on a page."""
    text = re.search(r'<form method="post" action="[^"]*settings/.*?</form>', page, re.S)[0]
    fields = {}
    for tag in re.findall(r'<input[^>]*>', text):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="(\w+)"', tag)[1]
        if name and 'disabled' not in tag and (kind in ('hidden', 'text') or 'checked' in tag) and name[1] != 'form':
            fields[name[1]] = html.unescape(value[1])
    for name, more, value in re.findall(r'<textarea[^>]*name="([^"]*)"([^>]*)>(.*?)</textarea>', text, re.S):
        if 'disabled' not in more:
            fields[name] = html.unescape(value)
    return fields


def shown(page, name):
    """The part of a page that is one setting's."""
    return re.search(rf'id="row-{name}".*?(?=id="row-|<p class="actions">)', page, re.S)[0]


def change(fields, row, value):
    """As a person changes one field."""
    key = f'set.{row["name"]}'
    assert f'has.{row["name"]}' in fields, row['name']
    if row['kind'] == 'yes or no':
        fields.pop(key, None)
        if value == 'yes':
            fields[key] = 'yes'
    else:
        fields[key] = value


@pytest.mark.parametrize('scope', PLACES)
def test_every_setting_is_saved_and_taken_back(site, scope):
    browser, base = site.browser('admin'), PLACES[scope]
    for row in table(site):
        name, page = row['name'], f'{base}settings/{row["group"]}'
        fields = form_of(browser.read(page).text)
        if row['comes_with']:
            assert f'has.{name}' not in fields and html.escape(row['comes_with'], False) in shown(browser.read(page).text, name)
            value = another(row, row['default'])
            assert browser.submit(page, {**fields, f'has.{name}': '1', f'set.{name}': value}).status_code == 303
            assert own(site, scope, name) is None, name
            continue
        value = another(row, row['default'])
        change(fields, row, value)
        answer = browser.submit(page, fields)
        assert (answer.status_code, answer.headers.get('Location')) == (303, f'{page}?saved=1'), name
        assert own(site, scope, name) == value, name
        again = browser.read(page).text
        assert form_of(again) == {k: v for k, v in fields.items()}, name
        assert 'Set here.' in shown(again, name), name
        assert browser.submit(f'{base}setting/restore', {'name': name}).status_code == 303
        assert own(site, scope, name) is None, name
    # saving a page with one change is one change: whatever else stood there is not written
    assert site.stack.sql("SELECT name FROM setting_change WHERE scope = %s AND changed_by = 'admin@people.example.org'"
                          ' GROUP BY name HAVING count(*) <> 2', scope) == []


def later():
    """The sentences of later.def, by flag."""
    with open(os.path.join(SOURCE, 'core/policy/later.def'), encoding='utf-8') as file:
        return dict(re.findall(r'^LATER\((\w+), N_\("([^"]*)"\)\)', file.read(), re.M))


def test_what_comes_later_is_shown_kept_and_closed(site):
    """Every row of later.def: its settings are kept when the command line or a text brings them, with a note, and no page changes them."""
    admin, name, rows = site.browser('admin'), f'test@{kairan.DOMAIN}', [row for row in table(site) if row['comes_with']]
    assert {row['comes_with'] for row in rows} == set(later().values())
    values = {row['name']: another(row, row['default']) for row in rows}
    done = json.loads(site.stack.kairan.command('list', 'set', name, *[f'{key}={value}' for key, value in values.items()], '--json'))
    assert sorted(done['notes']) == sorted(f"{row['name']} is stored, but does nothing yet. {row['comes_with']}" for row in rows)
    kept = json.loads(site.stack.kairan.command('list', 'show', name, '--json'))['settings']
    assert {key: kept[key] for key in values} == values
    for row in rows:
        page = f'{LIST}settings/{row["group"]}'
        part = shown(admin.read(page).text, row['name'])
        assert html.escape(row['comes_with'], False) in part, row['name']
        fields = re.findall(r'<(?:input|textarea)[^>]*>', part)
        assert fields and all(' disabled' in field for field in fields), row['name']
        if row['kind'] == 'yes or no':
            assert (' checked' in part) == (values[row['name']] == 'yes'), row['name']
        else:
            wanted = f'value="{values[row["name"]]}" checked' if row['kind'] == 'choice' else html.escape(values[row['name']])
            assert wanted in part, row['name']
        back = {f'has.{row["name"]}': '1', f'set.{row["name"]}': row['default']}
        assert admin.submit(page, back).status_code == 303 and own(site, 'list', row['name']) == values[row['name']], row['name']
    exported = site.stack.kairan.command('list', 'export', name)
    site.stack.kairan.command('list', 'set', name, *values)
    assert own(site, 'list', rows[0]['name']) is None
    brought = json.loads(site.stack.kairan.command('list', 'import', '--json', stdin=exported))
    assert len(brought['notes']) == len(rows) and own(site, 'list', rows[0]['name']) == values[rows[0]['name']]
    site.stack.kairan.command('list', 'set', name, *values)


def test_digests_by_person_are_shown_kept_and_closed(site):
    site.stack.kairan.command('member', 'add', f'test@{kairan.DOMAIN}', 'gathered@people.example.org')
    said = json.loads(site.stack.kairan.command('member', 'set', f'test@{kairan.DOMAIN}', 'gathered@people.example.org', 'delivery_mode=mime_digests', '--json'))
    assert 'each post still comes as a mail' in said['notes'][0] and {'name': 'delivery_mode', 'value': 'mime_digests', 'said_by': 'member'} in said['preferences']
    member = site.member_id('test', 'gathered@people.example.org')
    page = site.browser('owner').read(f'/lists/test/members/{member}').text
    assert re.search(r'<option value="mime_digests" selected', page) and re.search(r'<option value="plaintext_digests" disabled>[^<]*comes later', page)
    answer = site.browser('owner').submit(f'/lists/test/members/{member}', {'pref.delivery_mode': 'plaintext_digests'})
    assert answer.status_code == 422 and 'Digests come with a later version.' in answer.text
    site.stack.kairan.command('member', 'remove', f'test@{kairan.DOMAIN}', 'gathered@people.example.org')


def test_a_list_shows_what_it_inherits_and_may_keep_it(site):
    browser, page = site.browser('admin'), f'{LIST}settings/message_acceptance'
    for scope, value in (('site', '500'), ('domain', '700')):
        browser.submit(f'{PLACES[scope]}settings/message_acceptance', {'has.max_message_size': '1', 'set.max_message_size': value})
        row = shown(browser.read(page).text, 'max_message_size')
        assert f'From the {scope}.' in row and f'value="{value}"' in row
    assert browser.submit(f'{LIST}setting/restore', {'name': 'max_message_size', 'keep': '1'}).status_code == 303
    assert own(site, 'list', 'max_message_size') == '700'
    browser.submit(page, {'has.max_message_size': '1', 'set.max_message_size': '900'})
    row = shown(browser.read(page).text, 'max_message_size')
    assert "Set here. The domain&#39;s choice is: 700." in row and 'Use the domain' in row
    restore = browser.read(f'{LIST}setting/restore?name=max_message_size').text
    assert '900' in restore and 'Then, from the domain' in restore and '700' in restore
    browser.submit(f'{LIST}setting/restore', {'name': 'max_message_size'})
    browser.submit(f'{DOMAIN}setting/restore', {'name': 'max_message_size'})
    assert 'value="500"' in shown(browser.read(page).text, 'max_message_size')
    browser.submit(f'{SITE}setting/restore', {'name': 'max_message_size'})
    assert 'value="1024"' in shown(browser.read(page).text, 'max_message_size')


def test_history_names_who_and_undo_says_what_it_does(site):
    owner, page = site.browser('owner'), f'{LIST}settings/list_identity'
    for text in ('The first', 'The second'):
        owner.submit(page, {'has.description': '1', 'set.description': text})
    rows = site.stack.sql("SELECT id, before, after, changed_by FROM setting_change WHERE scope = 'list' AND name = 'description'"
                          ' AND scope_id = %s ORDER BY id DESC LIMIT 2', site.list_id('test'))
    assert [row[1:] for row in rows] == [('The first', 'The second', 'owner@people.example.org'),
                                         (None, 'The first', 'owner@people.example.org')]
    history = owner.read(f'{LIST}setting/history?name=description').text
    assert 'The first → The second' in history and 'inherited → The first' in history and 'owner@people.example.org' in history
    undo = owner.read(f'{LIST}setting/undo?id={rows[0][0]}').text
    assert 'Make it again: The first' in undo
    assert own(site, 'list', 'description') == 'The second'      # looking changed nothing
    assert owner.submit(f'{LIST}setting/undo', {'id': rows[0][0]}).status_code == 303
    assert own(site, 'list', 'description') == 'The first'
    assert 'It is again as it was' in owner.read(f'{LIST}setting/undo?id={rows[0][0]}').text
    assert owner.submit(f'{LIST}setting/undo', {'id': rows[1][0]}).status_code == 303
    assert own(site, 'list', 'description') is None
    assert site.stack.one('SELECT description FROM list_effective WHERE list_id = %s', site.list_id('test')) == ''
    # a change of one list is no business of another's owner, nor of another list's page
    assert site.browser('other_owner').submit('/lists/renraku/setting/undo', {'id': rows[0][0]}).status_code == 404
    assert owner.submit('/lists/closed/setting/undo', {'id': rows[0][0]}).status_code == 404
    command = json.loads(site.stack.kairan.command('setting', 'history', f'test@{kairan.DOMAIN}', '--name', 'description', '--json'))
    newest = command['changes'][0]
    assert (newest['before'], newest['after'], newest['who']) == ('The first', None, 'owner@people.example.org')
    site.stack.kairan.command('setting', 'undo', str(newest['id']))
    assert own(site, 'list', 'description') == 'The first'
    site.stack.kairan.command('list', 'set', f'test@{kairan.DOMAIN}', 'description')


def test_what_was_typed_stays_when_one_answer_is_refused(site):
    owner, page = site.browser('owner'), f'{LIST}settings/alter_messages'
    fields = form_of(owner.read(page).text)
    answer = owner.submit(page, {**fields, 'set.subject_prefix': '[Kept]', 'set.reply_to_address': 'not an address'})
    assert answer.status_code == 422 and 'value="[Kept]"' in answer.text and 'should be like hana@example.jp' in answer.text
    assert own(site, 'list', 'subject_prefix') is None


def test_a_setting_is_found_by_a_word(site):
    owner = site.browser('owner')
    found = owner.read(f'{LIST}setting/search', params={'q': 'PREFIX'}).text
    assert 'settings/alter_messages#row-subject_prefix' in found
    japanese = site.browser('owner', 'ja')
    assert '#row-max_message_size' in japanese.read(f'{LIST}setting/search', params={'q': '大き'}).text
    assert 'No setting has this word' in owner.read(f'{LIST}setting/search', params={'q': 'zzz'}).text


def test_owners_read_and_filter_the_log(site):
    owner = site.browser('owner')
    for i in range(60):
        owner.submit(f'{LIST}settings/list_identity', {'has.info': '1', 'set.info': f'line {i}'})
    page = owner.read(f'{LIST}log').text
    assert 'Setting changed' in page and 'About this list' in page and 'inherited → line 0' not in page and 'owner@people.example.org' in page and 'line 59' in page and 'line 5&' not in page
    older = html.unescape(re.search(r'href="([^"]*log\?before=\d+)"', page)[1])
    assert 'line 5 ' in owner.read(older).text.replace('<', ' ') and 'line 59' not in owner.read(older).text

    def lines(**query):
        return len(re.findall(r'<tr><td', owner.read(f'{LIST}log', params=query).text))

    assert lines(who='nobody') == 0 and lines(who='OWNER@') == 50 and lines(what='list_create') == 1 and lines(what='x') == 0
    assert lines(what='setting_change', until='2001-01-01') == 0 and lines(**{'from': '2001-01-01'}) == 50
    assert lines(until='2026-02-31') == 50      # no such day filters nothing
    owner.submit(f'{LIST}setting/restore', {'name': 'info'})
    assert 'test@' not in re.sub(r'<nav.*?</nav>', '', site.browser('other_owner').read('/lists/renraku/log').text)
    command = json.loads(site.stack.kairan.command('log', '--list', f'test@{kairan.DOMAIN}', '--who', 'OWNER', '--action',
                                                   'setting_change', '--most', '3', '--json'))
    assert len(command['log']) == 3


# ---- what would this change? ----

def known_posts(site):
    """A list with ten accepted posts by five authors, three of them signed and kept, and two that wait."""
    stack, name = site.stack, 'effects'
    stack.kairan.command('list', 'create', f'{name}@{kairan.DOMAIN}', '--quiet')
    site.join(name, 'owner@people.example.org', 'owner')
    for i in range(10):
        author, signed = f'a{i % 5}@people.example.org', i % 5 < 3
        hash_ = site.post(name, f'Post {i}', sender=author)
        post, message = stack.sql('SELECT id, message_id FROM post WHERE hash = %s', hash_)[0]
        facts(site, message, 'accept', [], author=author, author_state='member' if i % 5 else 'nonmember', size=100 * 1024 * (i + 1),
              to_addresses=i + 1, has_subject=i != 7, named=i != 8, command=i == 9, dmarc_policy='reject' if i % 5 == 0 else None,
              spam=i == 3, spam_score=f'{i - 1}.5' if i > 5 else None, virus='Infected: X' if i == 4 else None)
        if signed:
            stack.sql("INSERT INTO variant (post_id, kind, head, body_offset, body_sha256, eightbit, proof) VALUES (%s, 'kept', '', 0, '', false, '')", post)
            stack.sql("INSERT INTO auth_result (message_id, position, method, result, aligned) VALUES (%s, 1, 'dkim', 'pass', true)", message)
    for i, hits in enumerate((['nonmember-moderation'], ['nonmember-moderation', 'max-size'])):
        held = site.hold(name, sender=f'w{i}@people.example.org')
        message = stack.one('SELECT message_id FROM held WHERE id = %s', held)
        facts(site, message, 'hold', hits, author=f'w{i}@people.example.org', author_state='unknown', size=100)
        stack.sql('UPDATE held SET held_at = now() - %s * interval \'6 days\' WHERE id = %s', i, held)
    stack.kairan.command('member', 'add', f'{name}@{kairan.DOMAIN}', 'a1@people.example.org')
    stack.sql("INSERT INTO topic (list_id, name, pattern) VALUES (%s, 'T', 't')", site.list_id(name))
    stack.sql('INSERT INTO member_topic (member_id, topic_id) SELECT m.id, t.id FROM member m JOIN topic t USING (list_id) WHERE m.list_id = %s'
              " AND m.role = 'member'", site.list_id(name))


def facts(site, message, action, hits, **known):
    site.stack.sql("INSERT INTO judgement (message_id, action, rule, reason, hits, misses, facts, judged_at) VALUES (%s, %s, 'x', 'x', %s::text[],"
                   " '{}', %s::jsonb, now())", message, action, '{' + ','.join(f'"{hit}"' for hit in hits) + '}', json.dumps(known))


EFFECTS = [
    ('subject_prefix', '[E]', '3 of your 5 authors would lose their own From.'),
    ('anonymous_list', 'yes', '3 of your 5 authors would lose their own From.'),
    ('dmarc_mitigate_unconditionally', 'yes', '3 of your 5 authors would lose their own From.'),
    ('dmarc_mitigate_action', 'munge_from', '1 of your 5 authors would lose their own From.'),
    ('dmarc_mitigate_action', 'no_mitigation', '2 of your 5 authors would keep their own From.'),
    ('dmarc_mitigate_action', 'reject', '2 of the last 10 posts would have been refused.'),
    ('dmarc_addresses', '^a[12]@', '2 of your 5 authors would lose their own From.'),
    ('max_message_size', '500', '5 of the last 10 posts would have been held.'),
    ('max_message_size', '0', 'Nothing would have been different in the last 10 posts.'),
    ('max_num_recipients', '9', '2 of the last 10 posts would have been held.'),
    ('emergency', 'yes', '10 of the last 10 posts would have been held.'),
    ('default_member_action', 'discard', '8 of the last 10 posts would have been discarded.'),
    ('default_nonmember_action', 'accept', '1 of the 2 waiting posts would have passed.'),
    ('accept_these_nonmembers', 'w0@people.example.org', '1 of the 2 waiting posts would have passed.'),
    ('require_explicit_destination', 'yes', '1 of the last 10 posts would have been held.'),
    ('administrivia', 'yes', '1 of the last 10 posts would have been held.'),
    ('no_subject_action', 'reject', '1 of the last 10 posts would have been refused.'),
    ('spam_action', 'discard', '1 of the last 10 posts would have been discarded.'),
    ('virus_action', 'hold', '1 of the last 10 posts would have been held.'),
    ('max_days_to_hold', '5', '1 of the 2 waiting posts has waited that long already.'),
    ('topics_enabled', 'yes', '1 member has chosen topics.'),
]


def test_the_effect_of_a_choice_is_told_from_the_last_posts(site):
    known_posts(site)
    owner, base = site.browser('owner'), '/lists/effects/'
    site.stack.kairan.command('list', 'set', f'effects@{kairan.DOMAIN}', 'require_explicit_destination=no', 'administrivia=no',
                              'no_subject_action=accept', 'max_num_recipients=0', 'default_nonmember_action=hold', 'spam_action=accept',
                              'virus_action=accept')
    groups, kinds = {row['name']: row['group'] for row in table(site)}, {row['name']: row for row in table(site)}
    before = site.stack.one('SELECT count(*) FROM setting_change')
    wrong = []
    for name, value, sentence in EFFECTS:
        # authors outside the list count as members of the list where they are
        fields = form_of(owner.read(f'{base}settings/{groups[name]}').text)
        change(fields, kinds[name], value)
        answer = owner.submit(f'{base}setting/effect', {**fields, 'ask': name})
        said = re.findall(r'<p>([^<]*)</p>', (re.search(r'<div class="notice" role="status">(.*?)</div>', answer.text, re.S) or ['', ''])[1])
        if answer.status_code != 200 or sentence not in map(html.unescape, said) or form_of(answer.text) != fields:
            wrong.append((name, value, answer.status_code, said))
    assert wrong == []
    assert site.stack.one('SELECT count(*) FROM setting_change') == before      # asking changes nothing
    # where a text stands below each post, no From is kept anyway
    site.stack.text('effects', 'post_footer', 'Below.')
    fields = form_of(owner.read(f'{base}settings/alter_messages').text)
    assert 'Nothing would have been' in owner.submit(f'{base}setting/effect', {**fields, 'set.subject_prefix': '[E]', 'ask': 'subject_prefix'}).text
    site.stack.sql('DELETE FROM template')
    command = json.loads(site.stack.kairan.command('setting', 'effect', f'effects@{kairan.DOMAIN}', 'subject_prefix=[E]', '--json'))
    assert (command['lose_from'], command['authors'], command['posts'], command['waiting']) == (3, 5, 10, 2)


def test_the_effect_for_a_domain_and_the_site_is_the_sum_over_their_lists(site):
    """Lists that set it themselves are not asked; the others with what else counts on each."""
    stack, admin = site.stack, site.browser('admin')
    command = stack.kairan.command
    command('domain', 'create', 'sum.example', '--web-host', stack.one('SELECT web_host FROM domain WHERE name = %s', kairan.DOMAIN))
    for name, posts in (('sum1', 3), ('sum2', 2), ('sum3', 4)):
        command('list', 'create', f'{name}@sum.example', '--quiet')
        for i in range(posts):
            hash_ = site.post(name, f'Post {i}', sender=f'p{i}@people.example.org')
            facts(site, stack.one('SELECT message_id FROM post WHERE hash = %s', hash_), 'accept', [], author=f'p{i}@people.example.org',
                  author_state='member', size=100 * 1024 * (i + 1))
    command('list', 'set', 'sum3@sum.example', 'max_message_size=10')

    def ask(base, name, value):
        answer = admin.submit(f'{base}setting/effect', {f'has.{name}': '1', f'set.{name}': value, 'ask': name})
        said = re.findall(r'<p>([^<]*)</p>', (re.search(r'<div class="notice" role="status">(.*?)</div>', answer.text, re.S) or ['', ''])[1])
        return [html.unescape(sentence) for sentence in said]

    domain = '/admin/domains/sum.example/'
    assert 'What would this change?' in admin.read(f'{domain}settings/message_acceptance').text
    assert ask(domain, 'max_message_size', '150') == ['2 lists have no nearer value of their own. Of their last posts:',
                                                      '3 of the last 5 posts would have been held.']
    assert ask(domain, 'emergency', 'yes')[1] == '9 of the last 9 posts would have been held.'
    command('list', 'set', 'sum2@sum.example', 'max_message_size=10')
    assert ask(domain, 'max_message_size', '150')[0] == 'One list has no nearer value of its own. Of its last posts:'
    told = json.loads(command('setting', 'effect', 'max_message_size=150', '--domain', 'sum.example', '--json'))
    assert (told['lists'], told['posts'], told['held']) == (1, 3, 2)
    command('list', 'set', '--domain', 'sum.example', 'max_message_size=2000')      # a domain's own value: the site's no longer reaches it
    told = json.loads(command('setting', 'effect', 'max_message_size=1', '--site', '--json'))
    assert told['lists'] == stack.one("SELECT count(*) FROM list l JOIN domain d ON d.id = l.domain_id WHERE d.name <> 'sum.example' AND NOT"
                                      " EXISTS (SELECT FROM setting s WHERE s.scope = 'list' AND s.scope_id = l.id AND s.name = 'max_message_size')")
    assert site.browser('domain_owner').submit(f'{SITE}setting/effect', {'ask': 'emergency'}).status_code == 403
    stack.sql("DELETE FROM setting WHERE scope_id IN (SELECT id FROM domain WHERE name = 'sum.example') AND scope = 'domain'")
    # with more lists than can be asked at once it says so
    stack.sql("INSERT INTO list (domain_id, name, created_at) SELECT d.id, 'f' || n, now() FROM domain d, generate_series(1, 301) n"
              " WHERE d.name = 'sum.example'")
    assert ask(domain, 'emergency', 'yes') == ['There are more than 300 lists here. Please ask on the page of a list.']
    stack.sql("DELETE FROM list WHERE name ~ '^f[0-9]+$'")


def test_every_way_of_changing_a_setting_writes_the_same_rows(site):
    """By the page, by a command, by a text, on many lists, and by taking it back: one row of history and one of the log for each."""
    stack, owner, command = site.stack, site.browser('admin'), site.stack.kairan.command
    address, id_ = f'test@{kairan.DOMAIN}', site.list_id('test')
    first = stack.one('SELECT coalesce(max(id), 0) FROM setting_change')
    log = stack.one('SELECT max(id) FROM audit')
    page = f'{LIST}settings/message_acceptance'

    def by_page(value):
        fields = form_of(owner.read(page).text)
        fields['set.max_message_size'] = value
        assert owner.submit(page, fields).status_code == 303

    ways = [
        lambda: by_page('501'),
        lambda: command('list', 'set', address, 'max_message_size=502'),
        lambda: command('list', 'import', stdin=f'[list {address}]\nmax_message_size = 503\n'),
        lambda: owner.submit('/admin/lists/import', {'text': f'[list {address}]\nmax_message_size = 504\n', 'step': 'do'}),
        lambda: owner.submit('/admin/lists/apply', {'id': id_, 'setting': 'max_message_size', 'value': '505', 'step': 'do'}),
        lambda: command('list', 'set', '--where', f'address~{address}', 'max_message_size=506'),
        lambda: owner.submit(f'{LIST}setting/undo', {'id': stack.one('SELECT max(id) FROM setting_change')}),
        lambda: command('setting', 'undo', str(stack.one('SELECT max(id) FROM setting_change'))),
        lambda: owner.submit(f'{LIST}setting/restore', {'name': 'max_message_size'}),
    ]
    for way in ways:
        way()
    values = ['501', '502', '503', '504', '505', '506', '505', '506', None]
    changes = stack.sql('SELECT scope, scope_id, name, before, after, undoes IS NOT NULL FROM setting_change WHERE id > %s ORDER BY id', first)
    assert changes == [('list', id_, 'max_message_size', before, after, i in (6, 7))
                       for i, (before, after) in enumerate(zip([None] + values, values))]
    logged = stack.sql('SELECT list_id, action, object, detail FROM audit WHERE id > %s ORDER BY id', log)
    assert logged == [(id_, 'setting_undo' if i in (6, 7) else 'setting_change', 'max_message_size',
                       f'{before or "(inherited)"} -> {after or "(inherited)"}')
                      for i, (before, after) in enumerate(zip([None] + values, values))]


def test_a_new_list_has_nothing_to_tell_from(site):
    site.stack.kairan.command('list', 'create', f'fresh@{kairan.DOMAIN}', '--quiet')
    admin = site.browser('admin')
    answer = admin.submit('/lists/fresh/setting/effect', {'has.subject_prefix': '1', 'set.subject_prefix': '[F]', 'ask': 'subject_prefix'})
    assert 'No posts yet' in answer.text
    assert admin.submit('/lists/fresh/setting/effect', {'has.description': '1', 'set.description': 'x', 'ask': 'description'}).status_code == 404
    bad = admin.submit('/lists/fresh/setting/effect', {'has.max_message_size': '1', 'set.max_message_size': 'x', 'ask': 'max_message_size'})
    assert bad.status_code == 422 and 'value="x"' in bad.text


# ---- many lists ----

@pytest.fixture(scope='module')
def many(site):
    """Thirty lists of a domain of their own, every third with a limit of its own, every fifth without an owner."""
    kairan_ = site.stack.kairan
    kairan_.command('domain', 'create', 'many.example', '--web-host', site.stack.one('SELECT web_host FROM domain WHERE name = %s', kairan.DOMAIN))
    for i in range(30):
        kairan_.command('list', 'create', f'n{i:02}@many.example', '--quiet', *([] if i % 5 == 0 else ['--owner', 'hana@people.example.org']))
        if i % 3 == 0:
            kairan_.command('list', 'set', f'n{i:02}@many.example', 'max_message_size=500', f'description=List {i}', 'dmarc_moderation_notice= two\nlines')
    return site


def found(page):
    return re.findall(r'<span class="muted">([\w.-]+@[\w.-]+)</span>', page)


@pytest.mark.parametrize('query,conditions,count', [
    ({'domain': 'many.example'}, 'domain=many.example', 30),
    ({'q': 'n0', 'domain': 'many.example'}, 'domain=many.example and address~n0', 10),
    ({'domain': 'many.example', 'setting': 'max_message_size', 'sign': '=', 'value': '500'}, 'domain=many.example and max_message_size=500', 10),
    ({'domain': 'many.example', 'setting': 'max_message_size', 'sign': '>', 'value': '500'}, 'domain=many.example and max_message_size>500', 20),
    ({'domain': 'many.example', 'setting': 'description', 'sign': '~', 'value': 'list 1'}, 'domain=many.example and description~list 1', 3),
    ({'domain': 'many.example', 'setting': 'dmarc_moderation_notice', 'own': '1'}, 'domain=many.example and own:dmarc_moderation_notice', 10),
    ({'domain': 'many.example', 'state': 'no-owner'}, 'domain=many.example and no-owner', 6),
    ({'domain': 'many.example', 'state': 'silent'}, 'domain=many.example and silent', 0),
    ({'domain': 'many.example', 'state': 'held'}, 'domain=many.example and held', 0),
])
def test_lists_are_found_by_settings_and_state(many, query, conditions, count):
    page = many.browser('admin').read('/admin/lists', params=query).text
    assert len(found(page)) == count
    command = json.loads(many.stack.kairan.command('list', 'find', conditions, '--json'))
    assert [row['address'] for row in command['lists']] == found(page)
    assert many.browser('admin').read('/admin/lists', params={'where': conditions}).text.count('name="id"') == page.count('name="id"')


def test_old_posts_and_long_waits_are_found(many):
    stack = many.stack
    stack.sql("UPDATE list SET created_at = now() - interval '2 years' WHERE name = 'n01'")
    stack.sql("INSERT INTO message (list_id, state, size, sha256, sender, recipient, kind, received_at) SELECT id, 'held', 1, '', '', '', 'post', now()"
              " FROM list WHERE name = 'n02'")
    stack.sql("INSERT INTO held (list_id, message_id, subject, from_name, from_address, reasons, authentication, excerpt, held_at)"
              " SELECT m.list_id, m.id, '', '', '', '{}', 'none', '', now() - interval '8 days' FROM message m JOIN list l ON l.id = m.list_id WHERE l.name = 'n02'")
    admin = many.browser('admin')
    assert found(admin.read('/admin/lists', params={'state': 'silent'}).text) == ['n01@many.example']
    assert 'n02@many.example' in found(admin.read('/admin/lists', params={'state': 'held'}).text)


def test_a_setting_is_changed_on_many_lists_and_taken_back(many):
    admin, stack = many.browser('admin'), many.stack
    where = 'domain=many.example and max_message_size=500'
    ids = [row[0] for row in stack.sql("SELECT id FROM list WHERE name IN ('n00', 'n01', 'n03') ORDER BY name")]
    before = stack.sql("SELECT scope_id, value FROM setting WHERE name = 'max_message_size' ORDER BY 1")
    first = admin.submit('/admin/lists/apply', [('id', ids[0]), ('id', ids[1]), ('setting', 'max_message_size')]).text
    assert 'Largest post' in first and 'Look at what will change' in first
    chosen = [('id', id_) for id_ in ids] + [('setting', 'max_message_size'), ('value', '600')]
    look = admin.submit('/admin/lists/apply', chosen + [('step', 'look')]).text
    assert '3 lists will change.' in look and 'n01@many.example' in look and '1024 (inherited)' in look
    assert admin.submit('/admin/lists/apply', [('id', ids[0]), ('setting', 'max_message_size'), ('value', 'x'), ('step', 'look')]).status_code == 422
    assert stack.sql("SELECT scope_id, value FROM setting WHERE name = 'max_message_size' ORDER BY 1") == before
    done = admin.submit('/admin/lists/apply', chosen + [('step', 'do')])
    act = done.headers['Location'].split('?')[0]
    assert {row[0] for row in stack.sql("SELECT value FROM setting WHERE name = 'max_message_size' AND scope_id = ANY (%s)", ids)} == {'600'}
    stack.kairan.command('list', 'set', 'n01@many.example', 'max_message_size=700')     # somebody changes one again
    page = admin.read(act).text
    assert 'Take 2 changes back' in page and 'changed again since' in page
    assert admin.submit(act).status_code == 303
    after = dict(stack.sql("SELECT scope_id, value FROM setting WHERE name = 'max_message_size'"))
    assert after == {**dict(before), ids[1]: '700'}
    assert 'This was taken back.' in admin.read(act).text
    stack.kairan.command('list', 'set', 'n01@many.example', 'max_message_size')
    # all that meet the conditions, by the command line: looked at, done, taken back
    dry = json.loads(stack.kairan.command('list', 'set', '--where', where, 'emergency=yes', '--dry-run', '--json'))
    assert len(dry['changes']) == 10 and dry['changed'] == 0
    act = json.loads(stack.kairan.command('list', 'set', '--where', where, 'emergency=yes', '--json'))['act']
    assert stack.one("SELECT count(*) FROM setting WHERE name = 'emergency' AND value = 'yes'") == 10
    stack.kairan.command('setting', 'undo-act', str(act))
    assert stack.one("SELECT count(*) FROM setting WHERE name = 'emergency'") == 0


def test_settings_go_out_as_text_and_come_in_again(many):
    stack, admin = many.stack, many.browser('admin')
    stack.kairan.command('list', 'set', 'n00@many.example', 'info=# not a comment\n\n[list x]\n| bar\n end', 'subject_prefix=')
    rows = "SELECT scope, scope_id, name, value FROM setting WHERE scope = 'list' ORDER BY 1, 2, 3"
    before = stack.sql(rows)
    text = stack.kairan.command('list', 'export', '--where', 'domain=many.example')
    assert admin.read('/admin/lists/export', params={'where': 'domain=many.example'}).text == text
    dry = json.loads(stack.kairan.command('list', 'import', '--dry-run', '--json', stdin=text))
    assert (dry['changes'], dry['changed']) == ([], 0) and dry['same'] > 30
    # thrown away and brought back: equal
    stack.sql("DELETE FROM setting WHERE scope = 'list' AND scope_id IN (SELECT l.id FROM list l JOIN domain d ON d.id = l.domain_id WHERE d.name = 'many.example')")
    look = admin.submit('/admin/lists/import', {'text': text, 'step': 'look'})
    assert look.status_code == 200 and 'settings will change' in look.text and stack.sql(rows) != before
    assert admin.submit('/admin/lists/import', {'text': text, 'step': 'do'}).status_code == 303
    assert stack.sql(rows) == before
    # one wrong line, and nothing is done
    wrong = '[list n00@many.example]\nmax_message_size = 1\n[list n01@many.example]\nmax_message_size = much\n'
    answer = admin.submit('/admin/lists/import', {'text': wrong, 'step': 'do'})
    assert answer.status_code == 422 and 'Line 4' in answer.text and html.escape('max_message_size = much') in answer.text
    for bad in ('advertised = yes', '[list nosuch@many.example]', '[list n00@many.example', '[site]\nno_such = 1', '[site]\nadvertised yes'):
        assert admin.submit('/admin/lists/import', {'text': bad, 'step': 'do'}).status_code == 422, bad
    assert stack.sql(rows) == before


def test_owners_of_a_domain_change_only_theirs(many):
    """The role owns the first domain, not the other."""
    owner, stack = many.browser('domain_owner'), many.stack
    assert not any(address.endswith('@many.example') for address in found(owner.read('/admin/lists').text))
    foreign = stack.one("SELECT id FROM list WHERE name = 'n00'")
    look = owner.submit('/admin/lists/apply', [('id', foreign), ('setting', 'emergency'), ('value', 'yes'), ('step', 'do')])
    assert look.headers['Location'] == '/admin/lists' and stack.one("SELECT count(*) FROM setting WHERE name = 'emergency'") == 0
    for text in ('[list n00@many.example]\nemergency = yes', '[domain many.example]\nemergency = yes', '[site]\nemergency = yes'):
        assert owner.submit('/admin/lists/import', {'text': text, 'step': 'do'}).status_code == 422
    assert '[list n00@many.example]' not in owner.read('/admin/lists/export').text
    own = stack.one("SELECT l.id FROM list l JOIN domain d ON d.id = l.domain_id WHERE l.name = 'test' AND d.name = %s", kairan.DOMAIN)
    done = owner.submit('/admin/lists/apply', [('id', own), ('setting', 'emergency'), ('value', 'yes'), ('step', 'do')])
    act = done.headers['Location'].split('?')[0]
    assert many.browser('admin').read(act).status_code == 200 and owner.submit(act).status_code == 303
    assert stack.one("SELECT count(*) FROM setting WHERE name = 'emergency'") == 0
    act = json.loads(stack.kairan.command('list', 'set', '--where', 'address~test@', 'emergency=no', '--json')).get('act')
    assert owner.read(f'/admin/lists/act/{act}').status_code == 404
    stack.kairan.command('setting', 'undo-act', str(act))


def test_every_word_of_the_log_is_said_to_people():
    """Actions are words of ours; pages show them as audits.def says them."""
    source = os.path.dirname(conftest.TESTS)
    with open(os.path.join(source, 'core/policy/audits.def'), encoding='utf-8') as file:
        known = set(re.findall(r'^AUDIT\("(\w+)"', file.read(), re.M))
    used = set()
    for folder in ('core', 'web'):
        for place, _, names in os.walk(os.path.join(source, folder)):
            for name in names:
                if name.endswith('.c'):
                    with open(os.path.join(place, name), encoding='utf-8') as file:
                        used |= set(re.findall(r'audit_add\([^,";]+,[^,";]+,\s*"(\w+)"', file.read()))
    assert len(used) > 20 and used - known == set()


def test_many_lists_are_shown_page_by_page(many):
    """230 lists: each once, in order, whichever page it is on; and a change reaches all that meet the conditions."""
    stack, admin = many.stack, many.browser('admin')
    stack.sql("INSERT INTO domain (name, web_host, token_domain, created_at) SELECT 'pages.example', web_host, 'pages.example', now() FROM domain"
              ' WHERE name = %s', kairan.DOMAIN)
    stack.sql("INSERT INTO list (domain_id, name, created_at) SELECT d.id, 'p' || n, now() FROM domain d, generate_series(1, 230) n"
              " WHERE d.name = 'pages.example'")
    path, seen, pages = '/admin/lists?domain=pages.example&setting=emergency', [], 0
    while path:
        page = admin.read(path).text
        seen += found(page)
        more = re.search(r'href="(/admin/lists\?where=[^"]*after=[^"]*)"', page)
        path, pages = html.unescape(more[1]) if more else None, pages + 1
    assert pages == 3 and len(seen) == len(set(seen)) == 230
    assert seen == [row[0] for row in stack.sql("SELECT l.name || '@' || d.name FROM list l JOIN domain d ON d.id = l.domain_id"
                                                " WHERE d.name = 'pages.example' ORDER BY d.name, l.name")]
    look = admin.submit('/admin/lists/apply', {'where': 'domain=pages.example', 'all': '1', 'setting': 'emergency', 'value': 'yes', 'step': 'look'}).text
    assert '230 lists will change.' in look and 'and 30 more' in look
    done = admin.submit('/admin/lists/apply', {'where': 'domain=pages.example', 'all': '1', 'setting': 'emergency', 'value': 'yes', 'step': 'do'})
    assert stack.one("SELECT count(*) FROM setting WHERE name = 'emergency'") == 230
    assert admin.submit(done.headers['Location'].split('?')[0]).status_code == 303
    assert stack.one("SELECT count(*) FROM setting WHERE name = 'emergency'") == 0


@pytest.mark.parametrize('sort, key', [
    ('members', "(SELECT count(*) FROM member m WHERE m.list_id = l.id AND m.role = 'member' AND m.left_at IS NULL)"),
    ('held', '(SELECT count(*) FROM held h WHERE h.list_id = l.id)'),
    ('last', "coalesce((SELECT max(accepted_at) FROM post p WHERE p.list_id = l.id), '1970-01-01')"),
    ('created', 'l.created_at'),
])
def test_many_lists_are_sorted(many, sort, key):
    """Each list once, in the order asked for and both ways, over all pages; the command line has the same order."""
    stack, admin = many.stack, many.browser('admin')
    if not stack.one("SELECT count(*) FROM domain WHERE name = 'order.example'"):
        stack.sql("INSERT INTO domain (name, web_host, token_domain, created_at) SELECT 'order.example', web_host, 'order.example', now() FROM domain"
                  ' WHERE name = %s', kairan.DOMAIN)
        stack.sql("INSERT INTO list (domain_id, name, created_at) SELECT d.id, 'o' || n, now() - (n * 7 %% 40) * interval '1 day' FROM domain d,"
                  " generate_series(1, 120) n WHERE d.name = 'order.example'")
        stack.sql("INSERT INTO member (list_id, address_id, role, joined_at) SELECT l.id, a.id, 'member', now() FROM list l JOIN address a ON"
                  " a.id %% 11 < length(l.name) * (l.id %% 4) WHERE l.name LIKE 'o%%' AND l.domain_id = (SELECT id FROM domain WHERE name = 'order.example')")
        for name in ('o7', 'o77', 'o100'):
            many.post(name, 'In order')
        for name in ('o3', 'o3', 'o44'):
            many.hold(name)
    where = 'domain=order.example'
    for back in (False, True):
        path, seen, pages = f'/admin/lists?domain=order.example&sort={sort}' + ('&back=1' if back else ''), [], 0
        while path:
            page = admin.read(path).text
            assert ('aria-sort="descending"' if back else 'aria-sort="ascending"') in page and page.count('aria-sort') == 1
            seen += found(page)
            more = re.search(r'href="(/admin/lists\?where=[^"]*after=[^"]*)"', page)
            path, pages = html.unescape(more[1]) if more else None, pages + 1
        expected = [row[0] for row in stack.sql("SELECT l.name || '@' || d.name FROM list l JOIN domain d ON d.id = l.domain_id WHERE d.name ="
                                                f" 'order.example' ORDER BY {key} {'DESC' if back else ''}, d.name, l.name")]
        assert (pages, len(seen)) == (2, 120) and seen == expected
        lists = json.loads(stack.kairan.command('list', 'find', where, '--sort', sort, *(['--reverse'] if back else []), '--json'))['lists']
        assert [row['address'] for row in lists] == expected
    # the order stays when conditions change, and a click on the column turns it round
    page = admin.read(f'/admin/lists?domain=order.example&sort={sort}').text
    assert f'<input type="hidden" name="sort" value="{sort}">' in page and f'sort={sort}&amp;back=1' in page
    with pytest.raises(kairan.CommandFailed, match='sorted by'):
        stack.kairan.command('list', 'find', '--sort', 'x')
