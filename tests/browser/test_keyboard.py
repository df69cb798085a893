"""A day of somebody who owns two lists, with the keyboard alone: once with Tab, Enter, Space and arrows, once with the letters as keys."""
import re

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import chromium
from keyboard import Hands
from rig.site import now

PERSON = 'owner@people.example.org'


@pytest.fixture(scope='module')
def browser(site):
    browser = chromium.open_browser(1280)
    yield browser
    browser.quit()


@pytest.fixture
def hands(site, browser):
    """Nobody is signed in, and nothing is remembered."""
    browser.get(site.base + '/robots.txt')
    browser.delete_all_cookies()
    return Hands(browser)


@pytest.fixture
def queue(site):
    """Held posts and requests of two lists; nothing of an earlier story waits there."""
    site.stack.sql('DELETE FROM held')
    site.stack.sql('DELETE FROM subscription_request')
    ids = {subject: site.hold(name, subject, 'Good evening.\n', 'A. Stranger')
           for name, subject in (('test', 'One'), ('test', 'Two'), ('closed', 'Three'), ('test', 'Four'), ('closed', 'Five'))}
    for name in ('kei', 'ken'):
        site.stack.sql("INSERT INTO subscription_request (list_id, kind, key, email, asked_by, created_at, expires_at, confirmed_at)"
                       " VALUES (%s, 'join', %s, %s, 'story', %s, %s + interval '1 day', %s)", site.list_id('test'), f'{name}@outside.example.org',
                       f'{name}@outside.example.org', now(), now(), now())
    return ids


@pytest.fixture
def signed_in(site, browser, hands):
    chromium.become(browser, site, 'owner', 'en')
    return hands


def waiting(site):
    return [row[0] for row in site.stack.sql('SELECT subject FROM held WHERE accept_at IS NULL ORDER BY id')]


def fate(site, held):
    return site.stack.one('SELECT action FROM held_decision WHERE held_id = %s', held)


# ---- Tab, Shift-Tab, Enter, Space, arrows ----

def sign_in(site, browser, hands):
    browser.get(site.base + '/')
    hands.skip()
    assert browser.current_url.endswith('#main')
    hands.follow('Sign in', back=True)
    hands.to('Your mail address')
    hands.leave_by(PERSON, Keys.ENTER)
    code = re.search(r'\b(\d{6})\b', site.mail_to(PERSON)[2])[1]
    hands.to('Code of six digits')
    hands.press(code)
    hands.to('This is my own device')
    hands.press(Keys.SPACE)
    assert hands.look()['checked']
    hands.follow('Sign in')


def open_queue(site, browser, hands):
    """From the first page to the posts of all one's lists."""
    browser.get(site.base + '/')
    hands.follow('3 held')
    hands.follow('Held posts of all your lists')
    hands.reads('Held for you', 'One', 'Five')


def test_a_day_with_tab_and_enter(site, browser, hands, queue):
    sign_in(site, browser, hands)
    open_queue(site, browser, hands)
    # One post is looked at and accepted; that was too quick.
    hands.skip()
    hands.follow('One')
    hands.reads('Good evening.')
    hands.follow('Accept')
    hands.reads('1 post was accepted.')
    hands.to('Undo')
    hands.press(Keys.ENTER)
    assert browser.current_url.endswith('#undo')
    hands.follow('Undo')
    hands.reads('1 post waits again.')
    assert len(waiting(site)) == 5
    # Refused with words of one's own.
    hands.follow('One')
    hands.to('Refuse with a reason')
    hands.press(Keys.ENTER)
    hands.to('Or in your own words')
    hands.press('Please write to the hall.')
    hands.follow('Refuse')
    hands.reads('1 post was refused.')
    assert fate(site, queue['One']) == 'refused'
    # Two are chosen with the space bar and discarded, after one question.
    browser.get(site.base + '/held')
    for subject in ('Two', 'Three'):
        hands.to('Choose ' + subject)
        hands.press(Keys.SPACE)
        assert hands.look()['checked']
    hands.follow('Discard …')
    hands.reads('Discard 2 posts?')
    hands.follow('Discard')
    hands.reads('2 posts were discarded.')
    assert fate(site, queue['Two']) == fate(site, queue['Three']) == 'discarded' and waiting(site) == ['Four', 'Five']
    # Somebody asks to join.
    browser.get(site.base + '/')
    hands.follow('Test list')
    hands.follow('Requests')
    hands.to('kei@outside.example.org')
    hands.press(Keys.SPACE)
    hands.follow('Accept')
    hands.reads('1 request was accepted.')
    assert site.member_id('test', 'kei@outside.example.org')
    # A setting, with an arrow.
    hands.follow('Settings')
    hands.follow('Accepting posts')
    first = hands.to('')
    while first['type'] != 'radio':
        first = hands.tab()
    hands.press(Keys.ARROW_DOWN)
    second = hands.look()
    assert second['type'] == 'radio' and second['checked'] and second['name'] != first['name']
    hands.follow('Save')
    hands.reads('Saved.')
    # Back, as browsers go back: what was changed is there. Then out.
    hands.chord(Keys.ALT, Keys.ARROW_LEFT)
    browser.get(site.base + '/')
    hands.follow('owner')
    hands.follow('Sign out')
    hands.reads('Sign in')
    assert not browser.get_cookie('session')
    assert hands.steps > 100
    print(f'{hands.steps} places of the focus')


def test_a_person_joins_by_keyboard_alone(site, browser, hands):
    browser.get(site.base + '/lists/renraku/join')
    browser.add_cookie({'name': 'lang', 'value': 'en'})
    hands.to('Your mail address')
    hands.leave_by('keys@people.example.org', Keys.ENTER)
    hands.reads('keys@people.example.org')
    assert site.mail_to('keys@people.example.org')[0] == 'join'


# ---- letters ----

def switch_on(hands):
    hands.to('Keys')
    hands.press(Keys.ENTER)
    hands.to('Decide with single letters')
    hands.press(Keys.SPACE)


def test_letters_do_nothing_before_they_are_switched_on(site, browser, signed_in, queue):
    hands = signed_in
    browser.get(site.base + '/held')
    hands.to('Choose One')
    hands.press('j', 'x', 'a', 'd', '?')
    assert hands.look()['name'] == 'Choose One' and not hands.look()['checked'] and len(waiting(site)) == 5
    switch_on(hands)
    browser.get(site.base + '/held')
    hands.press('j')
    assert hands.look()['name'] == 'Choose One'
    switch_off = hands.to('Keys', back=True)
    assert switch_off['kind'] == 'summary'
    hands.press(Keys.ENTER)
    hands.to('Decide with single letters')
    hands.press(Keys.SPACE, 'j')
    assert hands.look()['name'].startswith('Decide')


def test_a_day_with_letters(site, browser, signed_in, queue):
    hands = signed_in
    browser.get(site.base + '/held')
    switch_on(hands)
    # ? shows what there is.
    browser.get(site.base + '/held')
    hands.press('?')
    assert hands.look()['kind'] == 'summary'
    hands.reads('The next one', 'Show these keys')
    # Without one that is chosen or looked at, letters decide nothing.
    browser.get(site.base + '/held')
    hands.press('a', 'r', 'd', 'x', 'o')
    assert browser.current_url.endswith('/held') and len(waiting(site)) == 5
    # Down, down, up: the first. Opened, accepted, taken back.
    hands.press('j', 'j', 'k')
    assert hands.look()['name'] == 'Choose One'
    hands.leave_by('o')
    hands.reads('Good evening.')
    hands.leave_by('a')
    hands.reads('1 post was accepted.')
    assert len(waiting(site)) == 4
    hands.leave_by('u')
    hands.reads('1 post waits again.')
    # r opens the reason and writes nothing into it; in the field letters are letters.
    hands.press('j')
    hands.leave_by('o')
    hands.press('r')
    assert hands.look()['type'] == 'radio'
    hands.to('Or in your own words')
    hands.press('a word, dear reader?')
    assert browser.find_element('id', 'reason').get_attribute('value') == 'a word, dear reader?'
    hands.follow('Refuse')
    assert fate(site, queue['One']) == 'refused'
    # Back among the posts of all lists. Two are chosen and discarded: asked once, with nothing done before.
    hands.press('j', 'x', 'j', 'x')
    assert hands.look()['checked'] and hands.look()['name'] == 'Choose Three'
    hands.leave_by('d')
    hands.reads('Discard 2 posts?')
    hands.press('d', 'a')
    assert len(waiting(site)) == 4
    hands.follow('Discard')
    assert waiting(site) == ['Four', 'Five']
    # Refusing from the list asks for the reason.
    browser.get(site.base + '/held')
    hands.press('j')
    hands.leave_by('r')
    hands.reads('Refuse 1 post?')
    assert len(waiting(site)) == 2


def test_letters_decide_about_requests(site, browser, signed_in, queue):
    hands = signed_in
    browser.get(site.base + '/lists/test/requests')
    switch_on(hands)
    browser.get(site.base + '/lists/test/requests')
    hands.press('j', 'r')
    assert hands.look()['kind'] == 'textarea'
    hands.press('Not now')
    assert browser.find_element('id', 'reason').get_attribute('value') == 'Not now'
    browser.get(site.base + '/lists/test/requests')
    hands.press('j', 'j')
    hands.leave_by('d')
    hands.reads('Discard 1 request?')
    browser.get(site.base + '/lists/test/requests')
    hands.press('j')
    hands.leave_by('a')
    hands.reads('1 request was accepted.')
    assert site.stack.one("SELECT count(*) FROM subscription_request WHERE list_id = %s AND ended_at IS NULL", site.list_id('test')) == 1


def test_letters_behind_a_mailed_link(site, browser, hands, queue):
    path = mailed_link(site)
    browser.get(site.base + path)
    browser.add_cookie({'name': 'lang', 'value': 'en'})
    browser.get(site.base + path)
    switch_on(hands)
    browser.get(site.base + path)
    hands.press('a')
    assert len(waiting(site)) == 5
    hands.press('j', 'j')
    assert hands.look()['name'] == 'Two'
    hands.leave_by('a')
    assert waiting(site) == ['One', 'Three', 'Four', 'Five']
    hands.leave_by('u')
    assert len(waiting(site)) == 5
    hands.press('j')
    hands.leave_by('d')
    hands.reads('Discard 1 post?')
    browser.get(site.base + path)
    hands.press('j')
    hands.leave_by('o')
    hands.reads('Good evening.')
    hands.leave_by('d')
    hands.reads('Discard 1 post?')
    assert len(waiting(site)) == 5


def mailed_link(site):
    import hashlib
    token = 'c3' * 16
    site.stack.sql('DELETE FROM moderator_link')
    site.stack.sql("INSERT INTO moderator_link (token_hash, member_id, epoch, created_at, expires_at) SELECT %s, id, epoch, %s, %s + interval '7 days'"
                   ' FROM member WHERE id = %s', hashlib.sha256(token.encode()).digest(), now(), now(), site.member_id('test', PERSON, 'owner'))
    return '/m/' + token


@pytest.mark.parametrize('modifier', [Keys.CONTROL, Keys.ALT, Keys.META, Keys.SHIFT])
def test_letters_leave_modifiers_alone(site, browser, signed_in, queue, modifier):
    hands = signed_in
    browser.get(site.base + '/held')
    browser.add_cookie({'name': 'keys', 'value': '1'})
    browser.get(site.base + '/held')
    hands.press('j')
    for letter in 'xaj':
        ActionChains(browser).key_down(modifier).send_keys(letter).key_up(modifier).perform()
    focus = hands.look()
    assert focus['name'] == 'Choose One' and not focus['checked'] and len(waiting(site)) == 5


def test_letters_leave_composition_alone(site, browser, signed_in, queue):
    """Input methods send keys as 229, or as composing: neither is a letter yet."""
    hands = signed_in
    browser.get(site.base + '/held')
    browser.add_cookie({'name': 'keys', 'value': '1'})
    browser.get(site.base + '/held')
    hands.press('j')
    browser.execute_cdp_cmd('Input.dispatchKeyEvent', {'type': 'rawKeyDown', 'key': 'x', 'code': 'KeyX', 'windowsVirtualKeyCode': 229})
    assert not hands.look()['checked']
    browser.execute_script("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'x', bubbles: true, isComposing: true}))")
    assert not hands.look()['checked']
    hands.press('x')
    assert hands.look()['checked']
    # A word that is being written in Japanese, in the search field.
    hands.to('Search among', back=True)
    browser.execute_cdp_cmd('Input.imeSetComposition', {'text': 'あ', 'selectionStart': 1, 'selectionEnd': 1})
    hands.press('d')
    assert browser.current_url.endswith('/held') and len(waiting(site)) == 5


def test_the_archive_is_read_with_letters(site, browser, hands):
    browser.get(site.base + '/keys')
    browser.add_cookie({'name': 'lang', 'value': 'en'})
    browser.get(site.base + '/keys')
    hands.to('Single letters are keys in this browser')
    hands.press(Keys.SPACE)
    browser.get(site.base + '/lists/renraku/')
    hands.press('j', 'j', 'k', 'j')
    assert hands.look()['name'] == '練習会場の変更について'
    hands.leave_by('o')
    assert f'/thread/{site.hash}' in browser.current_url
    hands.press('n', 'n')
    assert hands.look()['name'] == '鈴木 一郎'
    hands.press('p')
    assert hands.look()['name'] == '佐藤 花子'
    hands.leave_by('o')
    assert browser.current_url.endswith(f'/message/{site.hash}')
    for letter, place in (('n', '/message/'), ('p', f'/message/{site.hash}'), ('u', f'/thread/{site.hash}'), ('k', '/thread/'), ('j', f'/thread/{site.hash}'),
                          ('u', '/lists/renraku/'), ('?', '/keys')):
        hands.leave_by(letter)
        assert place in browser.current_url
    browser.get(site.base + '/lists/renraku/')
    hands.press('/')
    assert hands.look()['type'] == 'search'
    hands.leave_by('練習会場', Keys.ENTER)
    assert '/lists/renraku/search?q=' in browser.current_url
    browser.get(site.base + '/lists/renraku/')
    hands.leave_by('u')
    assert browser.current_url == site.base + '/'
