"""Settings: every row's form at three scopes, what it inherits, history and undo, the log."""
import html
import json
import re

import conftest
import pytest

from rig import kairan
from rig.site import Site

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
    text = 'hana@people.example.org' if row['is_address'] or row['is_patterns'] else 'x1'
    return text if now != text else text.replace('hana', 'taro').replace('x1', 'x2')


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
    assert 'Setting changed' in page and 'owner@people.example.org' in page and 'line 59' in page and 'line 5&' not in page
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
