"""Members on their pages and on the command line: many at once from spreadsheets, tables of them, who sees whom, one by one."""
import csv
import html
import io
import json
import re
import threading
import time

import conftest
import pytest

from rig import kairan
from rig.site import ROLES, Site

LIST = f'test@{kairan.DOMAIN}'


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, postfix=False, only=('postgres', 'web', 'nginx'))
    conftest.need(stack, 'kairan', 'kairan-web')
    yield Site(stack)
    conftest.finish(stack)


@pytest.fixture
def fresh(site, request):
    """The name of a list of this story's own, with the usual owner."""
    name = f'story{request.session.items.index(request.node)}'
    site.stack.kairan.command('list', 'create', f'{name}@{kairan.DOMAIN}', '--owner', 'owner@people.example.org', '--quiet')
    return name


def members(site, name, role='member'):
    """key -> name as shown."""
    return dict(site.stack.sql('SELECT a.key, coalesce(m.display_name, a.name) FROM member m JOIN address a ON a.id = m.address_id'
                               ' WHERE m.list_id = %s AND m.role = %s AND m.left_at IS NULL', site.list_id(name), role))


def words(answer):
    """The words of a page's content, in one line."""
    return re.sub(r'\s+', ' ', html.unescape(re.sub(r'<[^>]+>', ' ', answer.text.split('<main', 1)[1])))


def upload(browser, path, data, name='members.csv', **fields):
    """Sends a file as a browser does; returns the page of what would happen."""
    browser.mark = browser.mark or re.search(r'name="form" value="(\w+)"', browser.read(path).text)[1]
    answer = browser.post(browser.base + path, data=dict({'form': browser.mark, 'act': 'add', 'role': 'member'}, **fields),
                          files={'file': (name, data, 'text/csv')}, allow_redirects=False, timeout=60)
    assert answer.status_code == 303, words(answer)
    return answer.headers['Location'], browser.read(answer.headers['Location'])


def lines_of(answer):
    """{line: (text, reason)} of the lines that a page says cannot be used."""
    table = answer.text.rsplit('<tbody>', 1)[1]
    rows = re.findall(r'<tr><td class="number"[^>]*>(\d+)</td><td><bdi>(.*?)</bdi></td><td>(.*?)</td></tr>', table, re.S)
    return {int(line): (html.unescape(text), html.unescape(reason)) for line, text, reason in rows}


# ---- ten thousand with mistakes among them ----

def large_file(banned):
    """10,000 good rows and 137 bad ones in a table; the numbers of the bad lines with what must be said of each."""
    bad = [('nonsense,Nobody,', '"nonsense" is not a mail address'), (',Somebody,', 'There is no address in this line'),
           (f'{banned},Unwanted,', 'is banned'), ('"torn,Quote,', 'A quotation mark is not closed'),
           ('late@example.org,Late,sometimes', '"sometimes" is not a word that this column knows')]
    rows, wanted, good = ['address,name,delivery'], {}, 0
    while good < 10000 or len(wanted) < 137:
        if len(rows) % 70 == 69 and len(wanted) < 137:
            text, reason = bad[len(wanted) % len(bad)]
            if reason == 'is banned':
                text = text.replace('banned', f'banned{len(rows)}', 1)
            wanted[len(rows) + 1] = reason
            rows.append(text)
        else:
            rows.append(f'm{good:05d}@many.example.org,"Member, {good}",{"off" if good % 100 == 0 else ""}')
            good += 1
    return '\r\n'.join(rows) + '\r\n', wanted


def test_ten_thousand_with_137_mistakes(site, fresh):
    site.stack.kairan.command('ban', 'add', '@bad.example.net', '--list', f'{fresh}@{kairan.DOMAIN}')
    text, wanted = large_file('banned@bad.example.net')
    assert len(wanted) == 137
    browser = site.browser('owner')
    path, page = upload(browser, f'/lists/{fresh}/members/add', text.encode())
    assert '10,000' in page.text.replace('10000', '10,000') and '137 lines to look at' in words(page)
    assert {line: reason for line, (_, reason) in lines_of(page).items()} == wanted
    assert members(site, fresh) == {}                                # looking changed nothing
    assert browser.submit(path, {'way': 'all'}).status_code == 422  # nothing, unless all can be used
    assert members(site, fresh) == {}
    begun = time.monotonic()
    answer = browser.submit(path, {'way': 'good'})
    seconds = time.monotonic() - begun
    assert answer.status_code == 303 and answer.headers['Location'].endswith('?done=added&count=10000')
    found = members(site, fresh)
    assert len(found) == 10000 and found['m00123@many.example.org'] == 'Member, 123'
    assert seconds < 20     # figures are make bench's; here only that it is no matter of minutes
    stopped = site.stack.one("SELECT count(*) FROM member WHERE list_id = %s AND delivery_status = 'by_user'", site.list_id(fresh))
    assert stopped == 100
    audited = site.stack.sql("SELECT count(*), min(actor) FROM audit WHERE list_id = %s AND action = 'member_add' AND detail = 'member'",
                             site.list_id(fresh))
    assert audited == [(10000, 'owner@people.example.org')]
    assert site.stack.one('SELECT count(*) FROM member_batch') == 0     # the file is not kept
    assert browser.read(path).status_code == 404
    assert 'about 10,000 people' in words(browser.read(f'/lists/{fresh}/members')).replace('10000', '10,000')
    operator, address = site.browser('admin'), f'{fresh}@{kairan.DOMAIN}'
    for page in ('/admin/', f'/admin/lists?q={fresh}'):     # counted no further than a thousand there
        assert re.search(rf'{address}.{{1,40}}about 10000', words(operator.read(page))), page
    exact = json.loads(site.stack.kairan.command('list', 'find', f'address~{fresh}', '--json'))
    assert [(row['address'], row['members']) for row in exact['lists']] == [(address, 10000)]
    removed = upload(browser, f'/lists/{fresh}/members/add', text.encode(), act='remove')[0]
    assert browser.submit(removed, {'way': 'good'}).headers['Location'].endswith('?done=removed&count=10000')
    assert members(site, fresh) == {}


def test_the_command_line_adds_all_or_nothing(site, fresh, tmp_path):
    text, wanted = large_file('banned@bad.example.com')
    site.stack.kairan.command('ban', 'add', '^.*@bad\\.example\\.com$')
    path, address = tmp_path / 'members.csv', f'{fresh}@{kairan.DOMAIN}'
    path.write_text(text)
    with pytest.raises(kairan.CommandFailed) as failed:
        site.stack.kairan.command('member', 'add', address, '--file', str(path), '--all-or-nothing')
    assert failed.value.status == 64 and '137 of 10137 lines' in failed.value.output
    assert members(site, fresh) == {}
    tried = json.loads(site.stack.kairan.command('member', 'add', address, '--file', str(path), '--dry-run', '--json'))
    assert tried['added'] == 10000 and {row['line']: row['sentence'] for row in tried['others']} == wanted
    assert members(site, fresh) == {}
    done = json.loads(site.stack.kairan.command('member', 'add', address, '--file', str(path), '--json'))
    assert done == tried and len(members(site, fresh)) == 10000


# ---- files as spreadsheets write them ----

JAPANESE = [('takahashi@example.jp', '髙橋 一郎'), ('sakurazaki@example.jp', '櫻﨑 ①㈱'), ('kana@example.jp', 'ﾀﾅｶ ﾊﾅｺ'),
            ('a..b@docomo.ne.jp', '佐藤 花子'), ('ab.@ezweb.ne.jp', '～−―∥¢£¬'), ('kaigi@example.jp', '表示能力 ソ十予申')]


@pytest.mark.parametrize('charset, separator', [('cp932', ','), ('utf-8', ';'), ('utf-8-sig', ','), ('utf-16', '\t'),
                                                ('utf-16-le', '\t'), ('utf-16-be', ','), ('euc_jis_2004', ',')])
def test_a_japanese_spreadsheet_comes_in_without_a_wrong_character(site, fresh, charset, separator):
    if charset == 'euc_jis_2004':
        people = [row for row in JAPANESE if row[0] in ('a..b@docomo.ne.jp', 'kaigi@example.jp')]
    else:       # CP932 has one sign for both of these
        people = [(address, name.replace('−', '－').replace('―', '―').replace('¢£¬', '￠￡￢')) for address, name in JAPANESE]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(['氏名', '電話番号', 'メールアドレス', '言語'])
    writer.writerows([name, '03-1234-5678', address, '日本語'] for address, name in people)
    browser = site.browser('owner', 'ja')
    path, page = upload(browser, f'/lists/{fresh}/members/add', out.getvalue().encode(charset))
    assert f'{len(people)}人を追加します' in words(page) and '電話番号' in words(page)
    assert browser.submit(path, {'way': 'all'}).status_code == 303
    assert members(site, fresh) == dict(people)
    languages = site.stack.sql('SELECT DISTINCT preferred_language FROM member WHERE list_id = %s AND role = %s', site.list_id(fresh),
                               'member')
    assert languages == [('ja',)]


def test_a_table_is_read_back_as_it_was_written(site, fresh):
    people = [('plain@example.org', 'Plain', 'hold', 'mime_digests'), ('formula@example.org', '=HYPERLINK("http://evil.example")', '', ''),
              ('-minus@example.org', '+81 3 1234', 'accept', ''), ('comma@example.org', 'Comma, "Quote"', '', 'regular'),
              ('emoji@example.org', 'Emoji 🎻', '', ''), ('kana@example.jp', '髙﨑 ﾊﾅｺ', 'discard', '')]
    out = io.StringIO()
    csv.writer(out).writerows([['address', 'name', 'moderation_action', 'delivery_mode'], *people])
    site.stack.kairan.command('member', 'add', f'{fresh}@{kairan.DOMAIN}', '-', stdin=out.getvalue())
    browser = site.browser('owner')
    answer = browser.read(f'/lists/{fresh}/members/export/member.csv')
    assert answer.headers['Content-Type'].startswith('text/csv') and answer.content.startswith(b'\xef\xbb\xbf')
    rows = list(csv.DictReader(io.StringIO(answer.content.decode('utf-8-sig'))))
    assert [(row['address'].lstrip("'"), row['name'].removeprefix("'"), row['moderation_action'], row['delivery_mode']) for row in rows] == \
        sorted(people, key=lambda person: [row['address'].lstrip("'") for row in rows].index(person[0]))
    assert all(cell[:1] not in '=+-@' for row in rows for cell in row.values() if cell)
    # the same bytes make the same list elsewhere
    site.stack.kairan.command('list', 'create', f'again-{fresh}@{kairan.DOMAIN}', '--quiet')
    site.stack.kairan.command('member', 'add', f'again-{fresh}@{kairan.DOMAIN}', '-', '--all-or-nothing', stdin=answer.text)
    assert members(site, f'again-{fresh}') == members(site, fresh)
    old = browser.read(f'/lists/{fresh}/members/export/member.csv?charset=cp932').content.decode('cp932')
    assert '髙﨑 ﾊﾅｺ' in old and 'Emoji ?' in old and '# 1 rows hold letters' in old
    printed = site.stack.kairan.command('member', 'list', f'{fresh}@{kairan.DOMAIN}', '--csv')
    assert printed.encode() == answer.content


def test_a_file_read_wrongly_is_read_again(site, fresh):
    data = '名前,address\nﾊﾅｺ,kana@example.jp\n'.encode('cp932').replace('名前'.encode('cp932'), b'name')     # nothing but half-width kana
    browser = site.browser('owner')
    path, page = upload(browser, f'/lists/{fresh}/members/add', data)
    assert 'ﾊﾅｺ' not in page.text
    link = re.search(r'href="([^"]+charset=cp932)"', page.text)[1]
    page = browser.read(link)
    assert 'ﾊﾅｺ' in page.text and '<input type="hidden" name="charset" value="cp932">' in page.text
    assert browser.submit(path, {'way': 'all', 'charset': 'cp932'}).status_code == 303
    assert members(site, fresh) == {'kana@example.jp': 'ﾊﾅｺ'}


def test_what_a_table_says_is_shown_in_the_readers_words(site, fresh):
    data = 'address,delivery,moderation,hide_address\na@example.org,off,hold,yes\n'.encode()
    for language, wanted in (('en', 'Copies of the posts: Stopped by the member, Their posts: posts are held, Hide your address from other'
                              ' members: yes'), ('ja', '投稿を保留にする')):
        _, page = upload(site.browser('owner', language), f'/lists/{fresh}/members/add', data)
        assert wanted in words(page)
    for language, wanted in (('en', 'Gathered, each post whole (comes later)'), ('ja', '(今後対応します)')):
        _, page = upload(site.browser('owner', language), f'/lists/{fresh}/members/add', b'address,mode\nb@example.org,Digest\n')
        assert wanted in words(page)


def test_wrong_uploads_are_told_at_the_field(site, fresh):
    browser = site.browser('owner')
    answer = browser.submit(f'/lists/{fresh}/members/add', {'people': '\n \n', 'act': 'add'})
    assert answer.status_code == 422 and 'Please give at least one address' in words(answer)
    answer = browser.post(browser.base + f'/lists/{fresh}/members/add', data={'form': browser.mark, 'act': 'add'},
                          files={'file': ('x.bin', b'\0' * 100)}, allow_redirects=False, timeout=30)
    assert answer.status_code == 422
    answer = browser.post(browser.base + f'/lists/{fresh}/members/add', data={'form': 'wrong', 'act': 'add'},
                          files={'file': ('x.csv', b'a@example.org')}, allow_redirects=False, timeout=30)
    assert answer.status_code == 403
    _, page = upload(browser, f'/lists/{fresh}/members/add', b'a@example.org\n')
    other = site.browser('admin')       # what somebody sent is theirs alone
    assert other.read(page.url.replace(browser.base, '')).status_code == 404


def test_members_are_made_equal_to_a_file(site, fresh, tmp_path):
    address, path = f'{fresh}@{kairan.DOMAIN}', tmp_path / 'all.txt'
    site.stack.kairan.command('member', 'add', address, 'stay@example.org', 'go@example.org')
    path.write_text('Stay <stay@example.org>\ncome@example.org\nbroken line\n')
    with pytest.raises(kairan.CommandFailed):
        site.stack.kairan.command('member', 'sync', address, str(path))
    assert set(members(site, fresh)) == {'stay@example.org', 'go@example.org'}
    path.write_text('Stay <stay@example.org>\ncome@example.org\n')
    site.stack.kairan.command('member', 'sync', address, str(path), '--dry-run')
    assert set(members(site, fresh)) == {'stay@example.org', 'go@example.org'}
    done = json.loads(site.stack.kairan.command('member', 'sync', address, str(path), '--welcome', '--goodbye', '--json'))
    assert (done['added'], done['removed']) == (1, 1)
    assert set(members(site, fresh)) == {'stay@example.org', 'come@example.org'}
    mails = site.stack.sql('SELECT recipient, kind FROM notice WHERE list_id = %s ORDER BY 1', site.list_id(fresh))
    assert mails == [('come@example.org', 'welcome'), ('go@example.org', 'dismissed')]
    assert f'{fresh}@{kairan.DOMAIN}' in site.mail_to('go@example.org')[2]
    path.write_text('')         # an empty file is a mistake
    with pytest.raises(kairan.CommandFailed):
        site.stack.kairan.command('member', 'sync', address, str(path))
    assert set(members(site, fresh)) == {'stay@example.org', 'come@example.org'}


def test_everybody_is_removed_after_a_look(site, fresh):
    address, browser = f'{fresh}@{kairan.DOMAIN}', site.browser('owner')
    site.stack.kairan.command('member', 'add', address, 'Anna <anna@all.example.org>', 'a..b@docomo.ne.jp', 'c@all.example.org')
    assert 'name="everybody"' in browser.read(f'/lists/{fresh}/members/add?act=remove').text
    asked = browser.submit(f'/lists/{fresh}/members/add', {'act': 'remove', 'role': 'member', 'everybody': '1'}).headers['Location']
    assert '3 people would be removed' in words(browser.read(asked)) and len(members(site, fresh)) == 3
    assert browser.submit(asked, {'way': 'all'}).headers['Location'].endswith('?done=removed&count=3')
    assert members(site, fresh) == {} and members(site, fresh, 'owner') != {}
    site.stack.kairan.command('member', 'add', address, 'd@all.example.org', 'e@all.example.org')
    with pytest.raises(kairan.CommandFailed):
        site.stack.kairan.command('member', 'remove', address, '--everybody', 'd@all.example.org')
    assert json.loads(site.stack.kairan.command('member', 'remove', address, '--everybody', '--dry-run', '--json'))['removed'] == 2
    assert json.loads(site.stack.kairan.command('member', 'remove', address, '--everybody', '--json'))['removed'] == 2
    assert members(site, fresh) == {} and members(site, fresh, 'owner') != {}


def test_people_are_invited_and_join_by_the_link(site, fresh):
    browser = site.browser('owner')
    site.stack.kairan.command('member', 'add', f'{fresh}@{kairan.DOMAIN}', 'there@example.org')
    answer = browser.submit(f'/lists/{fresh}/members/add', {'people': 'Guest <guest@example.org>\nthere@example.org', 'act': 'invite',
                                                            'role': 'member'})
    page = browser.read(answer.headers['Location'])
    assert '1 person would be invited' in words(page)
    answer = browser.submit(answer.headers['Location'], {'way': 'good'})
    assert answer.headers['Location'].endswith('?done=invited&count=1')
    assert set(members(site, fresh)) == {'there@example.org'}
    kind, _, text = site.mail_to('guest@example.org')
    assert kind == 'invite'
    guest = site.browser()
    assert guest.submit(re.search(r'/confirm/\w+', text)[0]).status_code == 200
    assert members(site, fresh)['guest@example.org'] == 'Guest'


def test_many_invitations_go_out_little_by_little(site, fresh):
    """More than a hundred, or than the hour has left, wait for the worker; a page says how far they are, and they can be stopped."""
    stack, browser, list_id = site.stack, site.browser('owner'), site.list_id(fresh)
    address, invited = f'{fresh}@{kairan.DOMAIN}', "SELECT count(*) FROM notice WHERE kind = 'invite' AND list_id = %s"

    def send(people):
        page = browser.submit(f'/lists/{fresh}/members/add', {'people': '\n'.join(people), 'act': 'invite', 'role': 'member'})
        return browser.submit(page.headers['Location'], {'way': 'good'})

    people = [f'Guest {i} <g{i}@example.org>' for i in range(160)]
    place = send(people + ['nobody at all'] ).headers['Location']
    assert '/members/invited/' in place and stack.one(invited, list_id) == 0
    # another run has to wait for this one
    again = send([f'h{i}@example.org' for i in range(101)])
    assert again.status_code == 422 and 'still under way' in words(again)
    # the hour has room for seventy more
    stack.sql("INSERT INTO subscription_request (list_id, kind, key, email, is_invitation, asked_by, created_at, expires_at) SELECT %s, 'join',"
              " 'x' || n || '@example.net', '', true, 'test', now(), now() + interval '3 days' FROM generate_series(1, 930) n", list_id)
    stack.kairan.command('member', 'add', address, 'g3@example.org')
    stack.start_part('worker')
    try:
        stack.until(lambda: stack.one('SELECT max(next_at) > now() + interval \'30 seconds\' FROM invitation_run WHERE list_id = %s', list_id),
                    30, 'seventy invitations')
        assert stack.one(invited, list_id) == 70
        page = words(browser.read(place))
        assert '70 of 160 people have been invited' in page and 'The invitations are going out' in page and 'At most 1000 go out in an hour' in page
        assert '160 people have been invited' in words(browser.read(f'/lists/{fresh}/members/add'))
        # an hour later
        stack.sql("UPDATE subscription_request SET created_at = created_at - interval '2 hours' WHERE list_id = %s", list_id)
        stack.sql('UPDATE invitation_run SET next_at = now() WHERE list_id = %s', list_id)
        stack.until(lambda: 'The invitations have gone out' in words(browser.read(place)), 30, 'all invitations')
    finally:
        stack.stop_part('worker')
    page = words(browser.read(place))
    assert '159 of 160 people have been invited' in page and 'Left out, as they joined or were banned meanwhile 1' in page
    assert stack.one(invited, list_id) == 159 and stack.one('SELECT count(*) FROM invitation') == 0
    # stopped: whoever was not invited yet is forgotten
    place = send([f'h{i}@example.org' for i in range(120)]).headers['Location']
    assert browser.submit(place).status_code == 303 and 'The invitations were stopped' in words(browser.read(place))
    assert stack.one('SELECT count(*) FROM invitation') == 0
    runs = json.loads(stack.kairan.command('invitation', 'list', address, '--json'))['invitations']
    assert [(run['people'], run['invited'], run['left_out']) for run in runs] == [(120, 0, 0), (160, 159, 1)]
    with pytest.raises(kairan.CommandFailed, match='no invitations'):
        stack.kairan.command('invitation', 'stop', address, str(runs[0]['id']))
    place = send([f'h{i}@example.org' for i in range(120)]).headers['Location']
    stack.kairan.command('invitation', 'stop', address, place.rsplit('/', 1)[1])
    assert stack.sql("SELECT action FROM audit WHERE list_id = %s AND action LIKE 'invite%%' ORDER BY id", list_id) == [
        ('invite_begin',), ('invite_begin',), ('invite_stop',), ('invite_begin',), ('invite_stop',)]
    assert browser.read(f'/lists/{fresh}/members/invited/999999').status_code == 404
    assert send([f'i{i}@example.org' for i in range(10001)]).status_code == 422


# ---- the pages ----

def walk(browser, path, word='Next'):
    """All members' ids in the order of the pages, following the links that people follow."""
    ids, pages = [], 0
    while path:
        answer = browser.read(path)
        assert answer.status_code == 200 and 'OFFSET' not in answer.text
        ids.append([int(i) for i in re.findall(r'<td><a href="/lists/[^"]+/members/(\d+)"', answer.text)])
        found = re.search(rf'href="([^"]+)"[^>]*>{word}</a>', answer.text)
        path, pages = (html.unescape(found[1]) if found else None), pages + 1
    return ids


def test_each_order_shows_everybody_once_both_ways(site, fresh):
    people = ''.join(f'"{chr(0x3042 + i % 40)} {i % 7}" <p{(i * 37) % 230:03d}@order.example.org>\n' for i in range(230))
    site.stack.kairan.command('member', 'add', f'{fresh}@{kairan.DOMAIN}', '-', stdin=people)
    site.stack.sql("UPDATE member SET joined_at = joined_at - (id %% 50) * interval '1 day',"
                   " last_bounce_at = CASE WHEN id %% 3 = 0 THEN joined_at + (id %% 11) * interval '1 hour' END WHERE list_id = %s",
                   site.list_id(fresh))
    orders = {'address': 'a.key COLLATE "C"', 'name': 'lower(normalize(a.name, NFKC)) COLLATE "C"', 'joined': 'm.joined_at',
              'bounce': "coalesce(m.last_bounce_at, '-infinity')"}
    browser = site.browser('owner')
    for sort, column in orders.items():
        for back, way in (('', 'ASC'), ('&back=1', 'DESC')):
            wanted = [row[0] for row in site.stack.sql(
                f"SELECT m.id FROM member m JOIN address a ON a.id = m.address_id WHERE m.list_id = %s AND m.role = 'member'"
                f' ORDER BY {column} {way}, m.id {way}', site.list_id(fresh))]
            pages = walk(browser, f'/lists/{fresh}/members?sort={sort}{back}')
            assert sum(pages, []) == wanted, (sort, back)
            assert [len(page) for page in pages] == [50, 50, 50, 50, 30]
            backwards = walk(browser, f'/lists/{fresh}/members?sort={sort}{back}&last=1', 'Previous')
            assert sum(backwards[::-1], []) == wanted, (sort, back)


def test_people_are_found_by_the_beginning_of_address_or_name(site, fresh):
    people = ['Anna <zz1@find.example.org>', 'anna@find.example.org', 'Hana Anna <zz2@find.example.org>', 'ｱﾝﾅ <zz3@find.example.org>',
              'ANNA <anna2@find.example.org>', '田中 花子 <zz4@find.example.org>']
    site.stack.kairan.command('member', 'add', f'{fresh}@{kairan.DOMAIN}', *people)
    browser = site.browser('owner')

    def found(text):
        answer = browser.read(f'/lists/{fresh}/members', params={'q': text})
        return re.findall(r'>([\w.]+)@find\.example\.org</a>', answer.text)
    assert found('ann') == ['anna2', 'anna', 'zz1']     # addresses first; who is found twice stands once
    assert found('ＡＮＮ') == ['anna2', 'anna', 'zz1']
    assert found('アンナ') == found('ｱﾝﾅ') == ['zz3']
    assert found('田中') == ['zz4'] and found('%') == [] and found('花子') == []
    assert 'Nobody was found' in words(browser.read(f'/lists/{fresh}/members?q=nobody'))
    shown = json.loads(site.stack.kairan.command('member', 'find', 'zz4', '--json'))
    assert [(row['address'], row['list']) for row in shown['members']] == [('zz4@find.example.org', f'{fresh}@{kairan.DOMAIN}')]


def test_filters_show_whom_somebody_stopped(site, fresh):
    site.stack.kairan.command('member', 'add', f'{fresh}@{kairan.DOMAIN}', *[f'f{i}@filter.example.org' for i in range(6)])
    ids = {key: site.member_id(fresh, key) for key in members(site, fresh)}
    site.stack.sql("UPDATE member SET delivery_status = 'by_bounces' WHERE id = %s", ids['f0@filter.example.org'])
    site.stack.sql("UPDATE address SET delivery_status = 'by_user' WHERE key = 'f1@filter.example.org'")
    site.stack.sql("UPDATE address SET delivery_status = 'by_user' WHERE key = 'f2@filter.example.org'")
    site.stack.sql("UPDATE member SET delivery_status = 'enabled' WHERE id = %s", ids['f2@filter.example.org'])     # says more than the address
    site.stack.sql("UPDATE member SET delivery_mode = 'mime_digests' WHERE id = %s", ids['f3@filter.example.org'])
    site.stack.sql("UPDATE member SET moderation_action = 'hold' WHERE id = %s", ids['f4@filter.example.org'])
    browser = site.browser('owner')
    wanted = {'by_bounces': ['f0'], 'by_user': ['f1'], 'by_moderator': [], 'digest': ['f3'], 'moderated': ['f4']}
    for word, names in wanted.items():
        answer = browser.read(f'/lists/{fresh}/members?filter={word}')
        assert re.findall(r'>(f\d)@filter\.example\.org</a>', answer.text) == names, word


def test_who_sees_whom(site, fresh):
    """member_roster_visibility x role, and what others see of somebody who hides the address."""
    address = f'{fresh}@{kairan.DOMAIN}'
    site.stack.kairan.command('member', 'add', address, 'Open <open@see.example.org>', 'Shy <shy@see.example.org>', 'noname@see.example.org')
    for role in ('member', 'moderator'):
        site.join(fresh, f'{role}@people.example.org', role)
    site.stack.kairan.command('member', 'set', address, 'open@see.example.org', 'hide_address=no')
    allowed = {'moderators': {'moderator', 'owner', 'admin', 'domain_owner'}, 'members': {'member', 'moderator', 'owner', 'admin', 'domain_owner'},
               'public': set(ROLES)}
    for setting, roles in allowed.items():
        site.stack.kairan.command('list', 'set', address, f'member_roster_visibility={setting}')
        for role in ROLES:
            answer = site.browser(role).read(f'/lists/{fresh}/members')
            assert answer.status_code == (200 if role in roles else 404), (setting, role)
            if answer.status_code != 200:
                continue
            sees_all, belongs = role not in ('anonymous', 'other_member', 'other_owner', 'member'), role == 'member'
            text = words(answer)
            assert ('shy@see.example.org' in text) == sees_all, (setting, role)
            assert ('open@see.example.org' in text) == (sees_all or belongs), (setting, role)
            assert ('noname@see.example.org' in text) == sees_all and 'Open' in text and 'Shy' in text
            if not sees_all:    # a search would tell, letter by letter, what is hidden
                assert site.browser(role).read(f'/lists/{fresh}/members?q=shy@').text.count('<tr>') == answer.text.count('<tr>')


# ---- one of them ----

def test_an_owner_changes_what_counts_for_a_member(site, fresh):
    site.stack.kairan.command('member', 'add', f'{fresh}@{kairan.DOMAIN}', 'Hana <hana@one.example.org>')
    member = site.member_id(fresh, 'hana@one.example.org')
    browser, path = site.browser('owner'), f'/lists/{fresh}/members/{member}'
    answer = browser.submit(path, {'name': '佐藤 花子', 'moderation_action': 'hold', 'pref.receive_own_postings': 'no',
                                   'pref.delivery_status': 'by_moderator', 'pref.preferred_language': 'ja', 'pref.delivery_mode': ''})
    assert answer.status_code == 303
    page = words(browser.read(path))
    assert '佐藤 花子' in page and 'stopped by an owner' in page and 'moderation_action (member): (inherited) -> hold' in page
    assert 'receive_own_postings (member): (inherited) -> no' in page and 'owner@people.example.org' in page
    assert site.stack.one("SELECT name FROM address WHERE key = 'hana@one.example.org'") == 'Hana'      # other lists see no change
    refused = browser.submit(path, {'pref.delivery_mode': 'mime_digests'})
    assert refused.status_code == 422 and 'Digests come with a later version' in words(refused)
    site.stack.sql("UPDATE member SET delivery_status = 'by_bounces', last_bounce_at = joined_at WHERE id = %s", member)
    assert 'Send posts again' in words(browser.read(path))
    assert browser.submit(path, {'pref.delivery_status': ''}).status_code == 303
    assert 'Send posts again' not in words(browser.read(path))
    shown = json.loads(site.stack.kairan.command('member', 'show', f'{fresh}@{kairan.DOMAIN}', 'hana@one.example.org', '--json'))
    assert shown['moderation_action'] == 'hold' and {'name': 'preferred_language', 'value': 'ja', 'said_by': 'member'} in shown['preferences']
    site.stack.kairan.command('member', 'set', f'{fresh}@{kairan.DOMAIN}', 'hana@one.example.org', 'moderation_action', 'preferred_language')
    assert site.stack.sql('SELECT moderation_action, preferred_language FROM member WHERE id = %s', member) == [(None, None)]
    with pytest.raises(kairan.CommandFailed):
        site.stack.kairan.command('member', 'set', f'{fresh}@{kairan.DOMAIN}', 'hana@one.example.org', 'moderation_action=perhaps')


def test_removing_asks_once_and_can_ban(site, fresh):
    site.stack.kairan.command('member', 'add', f'{fresh}@{kairan.DOMAIN}', 'rude@one.example.org')
    path = f'/lists/{fresh}/members/{site.member_id(fresh, "rude@one.example.org")}/remove'
    browser = site.browser('owner')
    assert 'Remove rude@one.example.org from this list?' in words(browser.read(path))
    assert browser.submit(path, {}).status_code == 200 and 'rude@one.example.org' in members(site, fresh)
    assert browser.submit(path, {'sure': '1', 'ban': '1', 'reason': 'rude', 'goodbye': '1'}).status_code == 303
    assert members(site, fresh) == {} and browser.read(path).status_code == 404
    assert site.stack.sql('SELECT pattern, reason FROM ban WHERE list_id = %s', site.list_id(fresh)) == [('rude@one.example.org', 'rude')]
    assert site.mail_to('rude@one.example.org')[0] == 'dismissed'
    again = browser.submit(f'/lists/{fresh}/members/add', {'people': 'rude@one.example.org', 'act': 'add'})
    assert 'is banned' in words(browser.read(again.headers['Location']))


def test_several_are_changed_at_once(site, fresh):
    site.stack.kairan.command('member', 'add', f'{fresh}@{kairan.DOMAIN}', *[f'c{i}@chosen.example.org' for i in range(4)])
    ids = [site.member_id(fresh, f'c{i}@chosen.example.org') for i in range(3)]
    browser, path, chosen = site.browser('owner'), f'/lists/{fresh}/members/chosen', [('id', i) for i in ids]

    def states():
        return set(site.stack.sql('SELECT moderation_action, delivery_status FROM member WHERE id = ANY (%s)', ids))
    for act, wanted in (('hold', ('hold', None)), ('stop', ('hold', 'by_moderator')), ('usual', (None, 'by_moderator')), ('send', (None, None))):
        assert browser.submit(path, [('act', act), *chosen]).headers['Location'].endswith('?done=changed&count=3')
        assert states() == {wanted}
    assert browser.submit(path, [('act', 'hold')]).status_code == 422
    owner = site.member_id(fresh, 'owner@people.example.org', 'owner')
    assert browser.submit(path, [('act', 'remove'), ('sure', '1'), ('id', owner)]).status_code == 404     # members alone
    asked = browser.submit(path, [('act', 'remove'), *chosen])
    assert 'Remove 3 people from this list?' in words(asked) and len(members(site, fresh)) == 4
    assert browser.submit(path, [('act', 'remove'), ('sure', '1'), *chosen]).status_code == 303
    assert set(members(site, fresh)) == {'c3@chosen.example.org'}


def test_the_last_owner_stays(site, fresh):
    owners = f'/lists/{fresh}/members/owner'
    only = site.member_id(fresh, 'owner@people.example.org', 'owner')
    browser, path = site.browser('owner'), f'/lists/{fresh}/members/{only}/remove'
    assert 'This is the last owner' in words(browser.read(path))
    answer = browser.submit(path, {'sure': '1', 'last_owner': '1'})     # an owner may not, whatever the form says
    assert answer.status_code == 422 and set(members(site, fresh, 'owner')) == {'owner@people.example.org'}
    with pytest.raises(kairan.CommandFailed) as failed:
        site.stack.kairan.command('member', 'remove', f'{fresh}@{kairan.DOMAIN}', 'owner@people.example.org', '--role', 'owner')
    assert '--last-owner' in failed.value.output
    assert browser.submit(owners, {'email': 'second@one.example.org'}).status_code == 303
    assert browser.submit(owners, {'email': 'second@one.example.org'}).status_code == 422
    assert browser.submit(owners, {'email': 'no address'}).status_code == 422
    assert browser.submit(path, {'sure': '1'}).status_code == 303       # no longer the last one
    assert browser.read(owners).status_code == 403
    admin, last = site.browser('admin'), site.member_id(fresh, 'second@one.example.org', 'owner')
    assert 'afterwards only site administrators' in words(admin.read(f'/lists/{fresh}/members/{last}/remove'))
    assert admin.submit(f'/lists/{fresh}/members/{last}/remove', {'sure': '1'}).status_code == 422
    assert admin.submit(f'/lists/{fresh}/members/{last}/remove', {'sure': '1', 'last_owner': '1'}).status_code == 303
    assert members(site, fresh, 'owner') == {}


def test_two_owners_who_remove_each_other_leave_one(site, fresh):
    for _ in range(5):
        site.stack.kairan.command('member', 'add', f'{fresh}@{kairan.DOMAIN}', 'owner@people.example.org', 'other-owner@people.example.org',
                                  '--role', 'owner')
        paths = {role: f'/lists/{fresh}/members/{site.member_id(fresh, address, "owner")}/remove' for role, address in
                 (('owner', 'other-owner@people.example.org'), ('other_owner', 'owner@people.example.org'))}
        browsers = {role: site.browser(role) for role in paths}
        for role, path in paths.items():
            browsers[role].mark = re.search(r'name="form" value="(\w+)"', browsers[role].read(path).text)[1]
        threads = [threading.Thread(target=browsers[role].submit, args=(path, {'sure': '1'})) for role, path in paths.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(members(site, fresh, 'owner')) == 1


def test_moderators_get_rights_one_by_one(site, fresh):
    browser = site.browser('owner')
    moderators = f'/lists/{fresh}/members/moderator'
    assert browser.submit(moderators, {'email': 'moderator@people.example.org'}).status_code == 303
    member = site.member_id(fresh, 'moderator@people.example.org', 'moderator')
    moderator = site.browser('moderator')
    assert moderator.read(f'/lists/{fresh}/members').status_code == 200         # the roster
    assert moderator.read(f'/lists/{fresh}/members/add').status_code == 403     # not the members
    assert moderator.read(f'/lists/{fresh}/held').status_code == 200
    path = f'/lists/{fresh}/members/{member}'
    assert browser.submit(path, [('has_rights', '1'), ('right', 'members')]).status_code == 303
    assert moderator.read(f'/lists/{fresh}/members/add').status_code == 200
    assert moderator.read(f'/lists/{fresh}/held').status_code == 403
    assert moderator.submit(f'/lists/{fresh}/members/owner', {'email': 'moderator@people.example.org'}).status_code == 403
    assert moderator.submit(path, [('has_rights', '1'), ('right', 'bans')]).status_code == 403      # nobody gives himself more
    assert moderator.submit(f'{path}/role', {'role': 'owner'}).status_code == 403
    answer = moderator.submit(f'/lists/{fresh}/members/add', {'people': 'x@one.example.org', 'role': 'owner', 'act': 'add'})
    assert answer.status_code == 403
    assert 'rights (moderator): held, requests -> members' in words(browser.read(path))
    site.stack.kairan.command('member', 'set', f'{fresh}@{kairan.DOMAIN}', 'moderator@people.example.org', 'rights=held,bans', '--role',
                              'moderator')
    assert moderator.read(f'/lists/{fresh}/held').status_code == 200


def test_names_and_addresses_stay_sorted_when_they_change(site, fresh):
    site.stack.kairan.command('member', 'add', f'{fresh}@{kairan.DOMAIN}', 'B <b@sort.example.org>', 'C <c@sort.example.org>')
    site.stack.sql("UPDATE address SET key = 'z@sort.example.org', email = 'z@sort.example.org', name = 'A' WHERE key = 'b@sort.example.org'")
    assert site.stack.sql('SELECT sort_address, sort_name FROM member WHERE list_id = %s AND role = %s ORDER BY sort_name', site.list_id(fresh),
                          'member') == [('z@sort.example.org', 'a'), ('c@sort.example.org', 'c')]
