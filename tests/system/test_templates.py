"""Texts that owners change: seen, checked, previewed, sent in both languages, taken back; for a list, its domain and the site."""
import base64
import email
import email.policy
import hashlib
import html
import json
import re

import pytest

import conftest
from rig import judge, kairan
from rig.client import address_of, message
from rig.site import Site

WELCOME = '/lists/test/templates/welcome'


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, direct=True)
    conftest.need(stack, 'kairan', 'kairan-worker', 'kairan-web')
    yield Site(stack)
    conftest.finish(stack)


@pytest.fixture(autouse=True)
def fresh(site):
    site.stack.quiet()
    site.stack.sql('DELETE FROM rate')
    site.stack.sql('DELETE FROM template')
    site.stack.clear_sink()


def shown(answer):
    return html.unescape(re.sub(r'</?\w[^>]*>', ' ', answer.text))


def plain(answer):
    """The words of a page, elements within a line leaving no trace."""
    return html.unescape(re.sub(r'</?\w[^>]*>', '', answer.text))


def field(answer, name):
    """What stands in a field of the form."""
    found = re.search(rf'<textarea[^>]* name="{name}"[^>]*>(.*?)</textarea>|name="{name}"[^>]* value="([^"]*)"', answer.text, re.S)
    return html.unescape(found[1] if found[1] is not None else found[2])


def mails(site, recipient, count=1):
    """The copies that reached somebody, as they came."""
    def found():
        rows = [row for row in site.stack.copies() if row['rcpts'] == [recipient]]
        return rows if len(rows) >= count else None
    return [row['message'] for row in site.stack.until(found, 20, f'{count} mails to {recipient}')]


def read(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def test_what_an_owner_writes_is_what_people_read(site):
    owner = site.browser('owner')
    assert 'as shipped' in shown(owner.read('/lists/test/templates'))
    before = owner.read(WELCOME + '?language=ja')
    assert 'ようこそ' in field(before, 'subject') and '$leave_link' in field(before, 'body')
    text = {'language': 'ja', 'subject': '$display_name へ、ようこそ！ ①髙橋', 'body': 'はじめまして。\n\n$listname に書いてください。\n退会: $leave_link\n'}
    preview = owner.submit(WELCOME, dict(text, act='preview'))
    assert preview.status_code == 200 and 'Test list へ、ようこそ！ ①髙橋' in shown(preview) and 'test@lists.example.jp に書いて' in shown(preview)
    assert site.stack.one('SELECT count(*) FROM template') == 0
    assert owner.submit(WELCOME, dict(text, act='save')).status_code == 303
    assert 'changed here' in shown(owner.read('/lists/test/templates'))
    for language, address in (('ja', 'm71@members.example.org'), ('en', 'm72@members.example.org')):
        guest = site.browser(language=language)
        guest.submit('/lists/test/join', {'email': address})
        confirm = re.search(r'/confirm/\w+', read(mails(site, address)[0]).get_content())[0]
        assert guest.submit(confirm).status_code == 200
    japanese, english = mails(site, 'm71@members.example.org', 2)[-1], mails(site, 'm72@members.example.org', 2)[-1]
    assert judge.faults(japanese, utf8=False) == [] and read(japanese).defects == []
    assert read(japanese)['Subject'] == 'Test list へ、ようこそ！ ①髙橋'
    assert 'test@lists.example.jp に書いてください。' in read(japanese).get_content() and '/u/' in read(japanese).get_content()
    assert read(english)['Subject'] == 'Welcome to Test list'       # the Japanese text is for readers of Japanese
    assert judge.dmarc_passes(japanese, judge.signatures(japanese, judge.Resolver(site.stack.state['ports']['dns'])))
    assert site.stack.sql("SELECT actor, object FROM audit WHERE action = 'template_change'") == [
        ('owner@people.example.org', 'list:user:notice:welcome (ja)')]


@pytest.mark.parametrize('subject, body, field_, why', [
    ('Hello $name', 'x', 'subject', '$name'), ('', 'x', 'subject', ''), ('Hello', 'write to $listnmae', 'body', '$listnmae'),
    ('Hello', '5$', 'body', '5$'[1:]), ('Hello', '', 'body', ''), ('Hello', 'x' * 10001, 'body', 'too long'),
])
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(site, subject, body, field_, why):
    owner = site.browser('owner')
    for act in ('save', 'preview'):
        answer = owner.submit(WELCOME, {'language': 'en', 'subject': subject, 'body': body, 'act': act})
        assert answer.status_code == 422 and f'id="why-{field_}"' in answer.text
        assert (field(answer, 'subject'), field(answer, 'body')) == (subject, body)
        assert why in shown(answer)
    assert site.stack.one('SELECT count(*) FROM template') == 0


def test_a_confirmation_cannot_lose_its_link(site):
    answer = site.browser('owner', 'ja').submit('/lists/test/templates/join', {'language': 'en', 'subject': 'Hi', 'body': '$listname', 'act': 'save'})
    assert answer.status_code == 422 and '$link' in shown(answer) and 'この変数がないと' in answer.text


def test_the_innermost_text_counts_and_can_be_taken_back(site):
    admin, owner, domain_owner = site.browser('admin'), site.browser('owner'), site.browser('domain_owner')
    paths = {'site': '/admin/templates/', 'domain': f'/admin/domains/{kairan.DOMAIN}/templates/', 'list': '/lists/test/templates/'}
    for browser, scope in ((admin, 'site'), (domain_owner, 'domain'), (owner, 'list')):
        inherited = browser.read(paths[scope] + 'welcome?language=en')
        text = {'language': 'en', 'subject': f'From the {scope}', 'body': field(inherited, 'body'), 'act': 'save'}
        assert browser.submit(paths[scope] + 'welcome', text).status_code == 303
        assert field(owner.read(WELCOME + '?language=en'), 'subject') == f'From the {scope}'
    unchanged = {'language': 'ja', 'act': 'save'}
    page = owner.read(WELCOME + '?language=ja')
    assert owner.submit(WELCOME, dict(unchanged, subject=field(page, 'subject'), body=field(page, 'body'))).status_code == 303
    assert site.stack.one("SELECT count(*) FROM template WHERE language = 'ja'") == 0      # what is inherited stays so
    for browser, scope, then in ((owner, 'list', 'From the domain'), (domain_owner, 'domain', 'From the site'), (admin, 'site', 'Welcome to Test list')):
        asked = browser.read(paths[scope] + 'welcome/reset?language=en')
        assert asked.status_code == 200 and then in shown(asked)
        assert browser.submit(paths[scope] + 'welcome/reset', {'language': 'en'}).status_code == 303
        assert field(owner.read(WELCOME + '?language=en'), 'subject') == then.replace('Test list', '$display_name')
    assert site.stack.one("SELECT count(*) FROM audit WHERE action = 'template_reset'") == 3
    assert owner.read('/lists/test/templates/login').status_code == 404       # no text of a list


def test_the_command_line_does_the_same(site):
    command = site.stack.kairan.command
    assert 'shipped' in command('template', 'list', address_of('test'))
    command('template', 'set', 'held', '--domain', kairan.DOMAIN, '--language', 'ja', '--subject', 'お待ちください', '--file', '-', stdin='理由: $reasons\n')
    shown_ = command('template', 'show', address_of('test'), 'list:user:notice:hold', '--language', 'ja', '--json')
    assert '"from": "domain"' in shown_ and 'お待ちください' in shown_ and '"$reasons"' in shown_
    with pytest.raises(kairan.CommandFailed, match=r'\$raison'):
        command('template', 'set', address_of('test'), 'held', '--body', '$raison')
    assert '"from": "shipped"' in command('template', 'reset', 'held', '--domain', kairan.DOMAIN, '--language', 'ja', '--json')


def test_the_page_for_joining_has_the_owners_words(site):
    site.stack.text('test', 'join_page', 'Only for players of $display_name & <friends>.')
    assert 'Only for players of Test list & <friends>.' in shown(site.browser().read('/lists/test/join'))
    assert 'Only for players' not in site.browser(language='ja').read('/lists/test/join').text


# ---- on pages ----

def test_each_page_of_a_list_has_the_owners_words(site):
    stack = site.stack
    stack.new_list('worded', 0, archive_policy='private', subscription_policy='moderate', unsubscription_policy='open')
    names = [row['name'] for row in json.loads(stack.kairan.command('template', 'list', address_of('worded'), '--json'))['texts']
             if row['template'].startswith('list:page:') and row['language'] == 'en']
    for name in names:
        stack.text('worded', name, f'Words of {name}: <$display_name> & https://example.org/{name}')

    def words(answer):
        """Which places' words the answer shows, each with its link."""
        assert '<Worded>' not in answer.text
        return {name for name in names if f'Words of {name}: <Worded> & https://example.org/{name}' in re.sub(r'\s+', ' ', plain(answer))
                and f'href="https://example.org/{name}"' in answer.text}

    site.join('worded', 'member@people.example.org')
    guest, member = site.browser(), site.browser('member')
    assert words(guest.read('/lists/worded/')) == {'list_page', 'closed_page'}
    assert words(member.read('/lists/worded/')) == {'list_page', 'write_page'}
    assert words(guest.read('/lists/worded/join')) == {'join_page'} and words(guest.read('/lists/worded/leave')) == {'leave_page'}
    assert words(member.submit('/lists/worded/leave', {'email': 'member@people.example.org'})) == {'left_page'}
    assert words(member.submit('/lists/worded/join', {'email': 'member@people.example.org'})) == {'asked_page'}
    stack.kairan.command('list', 'set', address_of('worded'), 'subscription_policy=open')
    assert words(member.submit('/lists/worded/join', {'email': 'member@people.example.org'})) == {'joined_page'}
    stack.kairan.command('ban', 'add', 'other-owner@people.example.org', '--list', address_of('worded'))
    assert words(site.browser('other_owner').submit('/lists/worded/join', {'email': 'other-owner@people.example.org'})) == {'refused_page'}
    held = site.hold('worded')
    stack.sql('UPDATE held SET cancel_hash = %s WHERE id = %s', hashlib.sha256(b'a' * 32).digest(), held)
    assert words(guest.read('/cancel/' + 'a' * 32)) == {'waiting_page'}
    assert set(names) == {'list_page', 'write_page', 'closed_page', 'join_page', 'asked_page', 'joined_page', 'refused_page', 'leave_page',
                          'left_page', 'waiting_page'}


def test_the_sites_words_stand_on_its_pages_and_a_domains_on_its_host(site):
    admin, guest = site.browser('admin'), site.browser()
    for name in ('home_page', 'sign_in_page', 'foot'):
        text = {'language': 'en', 'subject': '', 'body': f'Words of $site, {name}', 'act': 'save'}
        assert admin.submit(f'/admin/templates/{name}', text).status_code == 303, name

    def words(path):
        return set(re.findall(r'Words of \w+, (\w+)', plain(guest.read(path))))

    site.stack.until(lambda: words('/') == {'home_page', 'foot'}, 20, "the site's words")
    site.stack.until(lambda: words('/login') == {'sign_in_page', 'foot'} and words('/nowhere') == {'foot'}, 20, 'the words on other pages')
    assert 'Words of' not in site.browser(language='ja').read('/login').text
    # a domain's words count where its own web host was asked for
    site.stack.kairan.command('template', 'set', 'foot', '--domain', kairan.DOMAIN, '--language', 'en', '--body', 'Words of domain, own')
    site.stack.until(lambda: words('/login') == {'sign_in_page', 'own'}, 20, "the domain's words")


def test_texts_of_mailman_do_as_they_are(site):
    """Its names for variables are known beside ours."""
    owner = site.browser('owner')
    body = 'To $fqdn_listname ($list_name at $mail_host), by $request_address; $hyperkitty_url\n${domain_url} $held_message_url'
    answer = owner.submit('/lists/test/templates/post_footer', {'language': 'en', 'subject': '', 'body': body, 'act': 'preview'})
    assert answer.status_code == 200
    for value in ('To test@lists.example.jp (test at lists.example.jp), by test-request@lists.example.jp', '/message/', '/lists/test/held'):
        assert value in plain(answer), value
    answer = owner.submit('/lists/test/templates/welcome', {'language': 'en', 'subject': 'x', 'body': '$hyperkitty_url', 'act': 'preview'})
    assert answer.status_code == 422 and '$hyperkitty_url' in plain(answer)


def test_a_welcome_may_name_the_new_member(site):
    site.stack.text('test', 'welcome', 'Dear $user_name, $user_name_or_address', subject='Hello $user_name')
    site.stack.kairan.command('member', 'add', address_of('test'), '佐藤 花 <m81@members.example.org>', 'm82@members.example.org', '--welcome')
    named, unnamed = read(mails(site, 'm81@members.example.org')[0]), read(mails(site, 'm82@members.example.org')[0])
    assert named['Subject'] == 'Hello 佐藤 花' and 'Dear 佐藤 花, 佐藤 花' in named.get_content()
    assert 'Dear m82@members.example.org' in unnamed.get_content()


# ---- in posts ----

BODIES = {
    'plain': ('text/plain; charset=us-ascii', '7bit', b'Hello.\r\n'),
    'japanese': ('text/plain; charset=iso-2022-jp', '7bit', '明日です。\r\n'.encode('iso-2022-jp')),
    'html': ('text/html; charset=utf-8', '8bit', '<p>こんにちは</p>\r\n'.encode()),
    'mixed': ('multipart/mixed; boundary="x"', '7bit', b'--x\r\nContent-Type: text/plain\r\n\r\nHello.\r\n--x--\r\n'),
    'base64': ('text/plain; charset=utf-8', 'base64', base64.encodebytes('こんにちは'.encode()).replace(b'\n', b'\r\n')),
    'alternative': ('multipart/alternative; boundary="x"', '7bit', b'--x\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n'
                    + '明日です。'.encode('iso-2022-jp') + b'\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>Hello.</p>\r\n--x--\r\n'),
    'signed': ('multipart/signed; protocol="application/pgp-signature"; micalg=pgp-sha256; boundary="x"', '7bit',
               b'--x\r\nContent-Type: text/plain\r\n\r\nHello. \r\n--x\r\nContent-Type: application/pgp-signature\r\n\r\nsignature\r\n--x--\r\n'),
    'calendar': ('text/calendar; method=REQUEST; charset=utf-8', '8bit', 'BEGIN:VCALENDAR\r\nSUMMARY:こんにちは\r\nEND:VCALENDAR\r\n'.encode()),
}
UNTOUCHED = ('html', 'alternative', 'signed', 'calendar')       # put whole into a new mail, the words before and behind it


@pytest.mark.parametrize('kind', BODIES)
def test_posts_carry_the_lists_words_above_and_below(site, kind):
    type_, encoding, body = BODIES[kind]
    name = f'words-{kind}'
    site.stack.new_list(name, 1, preferred_language='ja', require_explicit_destination='no', display_name='合唱団')
    site.stack.text(name, 'post_header', '「$display_name」の$number 通目', language='ja')
    site.stack.text(name, 'post_footer', '-- \n$post_url', language='ja')
    site.stack.text(name, 'post_footer', 'for readers of English', language='en')
    head = message('words', extra='').split(b'MIME-Version', 1)[0]
    site.stack.clear_sink()
    site.stack.post(head + f'MIME-Version: 1.0\r\nContent-Type: {type_}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'.encode() + body, name)
    copy = mails(site, 'm1@members.example.org')[0]
    mail = read(copy)
    texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == 'text']
    whole = '\n'.join(texts)
    assert judge.faults(copy) == [] and '「合唱団」の1 通目' in texts[0]
    assert re.search(rf'-- \r?\nhttps?://\S+/lists/{name}/message/[A-Z2-7]{{32}}', texts[-1]) and 'for readers' not in whole
    assert any(words in whole for words in ('Hello.', '明日です。', 'こんにちは'))
    if kind in UNTOUCHED:       # not a byte of it differs, so that a signature over it still fits
        assert mail.get_content_type() == 'multipart/mixed' and len(list(mail.iter_parts())) == 3
        assert body in copy and f'Content-Type: {type_.split(";")[0]}'.encode() in copy
        assert all(part.get_content_disposition() in (None, 'inline') for part in mail.iter_parts())       # shown, not offered as a file
    elif kind != 'mixed':
        assert mail.get_content_type() == 'text/plain'
