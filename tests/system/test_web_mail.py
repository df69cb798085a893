"""Mail and pages together: what is posted can be read, what is held can be decided, what a copy's link says is done."""
import email
import email.policy
import re

import requests

from rig import kairan
from rig.client import message
from rig.site import Browser


def administrator(stack):
    """A browser that came in by the link which the command line printed."""
    browser = Browser(stack.http_url())
    link = re.search(r'/login/\w+', stack.kairan.command('user', 'login-link', 'operator@people.example.org', '--admin'))[0]
    assert browser.read(link).status_code == 200
    assert browser.submit(link).status_code == 303
    browser.mark = None
    return browser


def test_a_post_is_on_the_page_two_seconds_later(whole):
    whole.clear_sink()
    whole.post(message('Archived soon', body='Hello everybody, this is the text.\r\n'))
    browser = Browser(whole.http_url())
    whole.until(lambda: 'Archived soon' in browser.read('/lists/test/').text, 2, 'the post on the page')
    thread = re.search(r'/lists/test/thread/[A-Z2-7]{32}', browser.read('/lists/test/').text)[0]
    assert 'this is the text' in browser.read(thread).text
    copy = email.message_from_bytes(whole.wait_copies(3)[0]['message'])
    address = re.sub(r'^https?://[^/]+', '', copy['Archived-At'].strip('<> '))
    answer = browser.read(address)
    answer = browser.read(answer.headers['Location'].split('#')[0]) if 'Location' in answer.headers else answer
    assert answer.status_code == 200 and 'this is the text' in answer.text


def test_the_link_of_a_copy_ends_the_membership(whole):
    whole.clear_sink()
    whole.post(message('Leave me'))
    row = next(row for row in whole.wait_copies(3) if row['rcpts'] != ['m1@members.example.org'])
    copy = email.message_from_bytes(row['message'])
    link = re.search(r'<(https?://[^>]+/u/[^>]+)>', copy['List-Unsubscribe'])[1]
    assert requests.get(link, timeout=20).status_code == 200
    answer = requests.post(link, data={'List-Unsubscribe': 'One-Click'}, allow_redirects=False, timeout=20)
    assert answer.status_code == 200
    goodbye = whole.wait_copies(4)[3]
    assert goodbye['rcpts'] == row['rcpts'] and goodbye['from'] in ('', '<>', None)
    whole.clear_sink()
    whole.post(message('Without one'))
    left = {member['rcpts'][0] for member in whole.wait_copies(2)}
    whole.quiet()
    assert row['rcpts'][0] not in left and len(whole.copies()) == 2
    assert requests.post(link, data={'action': 'undo'}, timeout=20).status_code == 200
    whole.clear_sink()
    whole.post(message('With all again'))
    assert len(whole.wait_copies(3)) == 3


def test_a_held_post_is_seen_accepted_and_sent(whole):
    whole.clear_sink()
    whole.post(message('May I', sender='stranger@outside.example', body='Please let me in.\r\n'), sender='stranger@outside.example')
    browser = administrator(whole)
    whole.until(lambda: 'May I' in browser.read('/lists/test/held').text, 10, 'the held post')
    held = re.search(r'name="id" value="(\d+)"', browser.read('/lists/test/held').text)[1]
    assert 'Please let me in.' in browser.read(f'/lists/test/held/{held}').text
    assert whole.copies() == []
    assert browser.submit('/lists/test/held', {'act': 'accept', 'id': held}).status_code == 303
    whole.kairan.command('held', 'undo', f'test@{kairan.DOMAIN}', held)
    whole.kairan.command('held', 'accept', f'test@{kairan.DOMAIN}', held, '--now')
    assert len(whole.wait_copies(3)) == 3
    assert whole.one("SELECT count(*) FROM audit WHERE action = 'held_accept' AND actor = 'operator@people.example.org'") == 1


def test_the_mail_that_confirms_arrives_and_its_link_works(whole):
    whole.clear_sink()
    browser = Browser(whole.http_url())
    assert browser.submit('/lists/test/join', {'email': 'm77@members.example.org'}).status_code == 200
    row = whole.wait_copies(1)[0]
    mail = email.message_from_bytes(row['message'], policy=email.policy.default)
    assert row['from'] in ('', '<>', None) and mail['Auto-Submitted'] == 'auto-generated'
    link = re.search(r'https?://\S+/confirm/\w+', mail.get_content())[0]
    assert requests.post(link, timeout=20).status_code == 200
    whole.clear_sink()
    whole.post(message('To the new one'))
    assert 'm77@members.example.org' in {copy['rcpts'][0] for copy in whole.wait_copies(4)}


def test_mails_of_ours_are_forgotten_after_a_month(whole):
    """Of those that ended; whoever got one 31 days ago is no row any more."""
    for days, ended in ((31, True), (29, True), (40, False)):
        whole.sql("INSERT INTO notice (domain_id, kind, recipient, created_at, ended_at, due_at, result)"
                  " SELECT id, 'confirm', %s, now() - %s * interval '1 day', CASE WHEN %s THEN now() - %s * interval '1 day' END,"
                  " now() + interval '1 day', CASE WHEN %s THEN 'handed_on' END FROM domain WHERE name = %s",
                  f'{days}@notices.example.org', days, ended, days, ended, kairan.DOMAIN)
    whole.restart('worker')     # the jobs' turn begins anew
    kept = "SELECT recipient FROM notice WHERE recipient LIKE '%%@notices.example.org' ORDER BY 1"
    whole.until(lambda: len(whole.sql(kept)) < 3, 30, 'the oldest to be forgotten')
    assert [row[0] for row in whole.sql(kept)] == ['29@notices.example.org', '40@notices.example.org']
    whole.sql("DELETE FROM notice WHERE recipient LIKE '%%@notices.example.org'")
