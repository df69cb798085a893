"""Taking posts out of the archive, words out of posts, people out of everything: by page and by command, and nothing is left."""
import html
import re

import pytest

from rig.client import address_of, message
from rig.kairan import CommandFailed
from rig.site import Browser
from rig.turns import in_turn

PERSON, NAME, SENTENCE = 'hanako.abe@people.example.org', 'Hanako Abe', 'My telephone number is 03-5555-0142'
TABLES = """SELECT c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"""


@pytest.fixture
def site(whole):
    whole.clear_sink()
    return whole


def owner(stack):
    if stack.one("SELECT count(*) FROM member m JOIN address a ON a.id = m.address_id WHERE a.key = 'owner@people.example.org'") == 0:
        stack.kairan.command('member', 'add', address_of('test'), 'owner@people.example.org', '--role', 'owner')
    return person(stack, 'owner@people.example.org')


def person(stack, address):
    browser = Browser(stack.http_url())
    link = re.search(r'/login/\w+', stack.kairan.command('user', 'login-link', address))[0]
    assert browser.read(link).status_code == 200 and browser.submit(link).status_code == 303
    browser.mark = None
    return browser


def post(stack, subject, body, sender='m1@members.example.org', **options):
    """Posted, sent to everybody, and looked at by the archive. Its hash."""
    stack.post(message(subject, body=body, sender=sender, **options), sender=sender)
    stack.until(lambda: stack.one('SELECT count(*) FROM post WHERE subject = %s', subject) == 1, 20, 'the post')
    stack.quiet(60)
    return stack.one('SELECT hash FROM post WHERE subject = %s', subject)


def where(stack, *words):
    """Every column of every table in which one of the words stands, bytes too."""
    found = []
    for table, column in stack.sql(TABLES):
        for word in words:
            count = stack.one(f'SELECT count(*) FROM "{table}" WHERE position(lower(%s) IN lower("{column}"::text)) > 0 '
                              f'OR position(encode(convert_to(%s, \'UTF8\'), \'hex\') IN "{column}"::text) > 0', word, word)
            if count:
                found.append(f'{table}.{column}: {word} ({count})')
    return found


def ended(stack, kind):
    stack.until(lambda: stack.one("SELECT count(*) FROM removal WHERE kind = %s AND state NOT IN ('done', 'review')", kind) == 0, 30, 'the end of it')


def looked_at(stack):
    stack.until(lambda: stack.one('SELECT count(*) FROM post_stale') == 0, 20, 'the views')


def test_a_hidden_post_is_nowhere_and_comes_back(site):
    one = post(site, 'A secret rehearsal', 'In the old barn at seven.\r\n')
    browser, guest = owner(site), Browser(site.http_url())
    page = f'/lists/test/message/{one}'
    assert 'old barn' in guest.read(page).text and guest.read(page + '/remove').status_code in (403, 404)
    assert 'Remove or change' in browser.read(page + '/remove').text
    assert browser.submit(page + '/remove', {'act': 'hide'}).status_code == 303
    for path in (page, page + '/raw', '/', '/lists/test/', f'/lists/test/thread/{one}'):
        seen = guest.read(path).text
        assert 'old barn' not in seen and 'secret rehearsal' not in seen, path
    answer = guest.read(page)
    assert answer.status_code == 410 and 'removed by the owners' in answer.text and '/remove"' not in answer.text and '/remove"' in browser.read(page).text
    assert site.one("SELECT count(*) FROM post_view v JOIN post p ON p.id = v.post_id WHERE p.hash = %s", one) == 0
    assert 'A secret rehearsal' in browser.read('/lists/test/removed').text
    assert browser.submit(page + '/remove', {'act': 'show'}).status_code == 303
    site.until(lambda: 'old barn' in guest.read(page).text, 60, 'the post again')
    assert 'Post hidden' in html.unescape(browser.read('/lists/test/log').text)
    assert 'hidden: 1' in site.kairan.command('post', 'hide', address_of('test'), one)
    with pytest.raises(CommandFailed, match='not in the archive'):
        site.kairan.command('post', 'hide', address_of('test'), one)
    assert 'shown: 1' in site.kairan.command('post', 'unhide', address_of('test'), one)


def test_words_go_out_of_the_stored_mail(site):
    one = post(site, 'Where to call', f'Hello.\r\n{SENTENCE}, any time.\r\n')
    browser = owner(site)
    path = f'/lists/test/message/{one}/remove'
    refused = browser.submit(path, {'act': 'redact', 'words': ' \n x'})
    assert refused.status_code == 422 and 'two characters' in refused.text
    assert browser.submit(path, {'act': 'redact', 'words': SENTENCE}).status_code == 303
    ended(site, 'redact')
    site.until(lambda: '[...], any time.' in Browser(site.http_url()).read(f'/lists/test/message/{one}').text, 60, 'the text without it')
    assert where(site, SENTENCE) == []
    assert '[...], any time.' in site.one("SELECT convert_from(m.bytes, 'UTF8') FROM message m JOIN post p ON p.message_id = m.id WHERE p.hash = %s", one)
    assert site.breaches() == []


def test_words_go_out_of_a_view_that_is_not_made_any_more(site):
    """Given up, behind everything else: the mark that is there already keeps nothing that was made of the old words."""
    one = post(site, 'Where I live', f'Hello.\r\n{SENTENCE}, by night.\r\n')
    looked_at(site)
    site.sql("INSERT INTO post_stale (post_id, since, attempts) SELECT id, 'infinity', 100 FROM post WHERE hash = %s", one)
    path = f'/lists/test/message/{one}'
    assert owner(site).submit(path + '/remove', {'act': 'redact', 'words': SENTENCE}).status_code == 303
    ended(site, 'redact')
    assert where(site, SENTENCE) == []
    site.until(lambda: '[...], by night.' in Browser(site.http_url()).read(path).text, 60, 'the text without it')
    assert site.breaches() == []


def test_an_index_that_waited_for_a_change_writes_the_new_words(site):
    one = post(site, 'Whom to ask', 'Ask Quagmire.\r\n')
    change = ("UPDATE post SET excerpt = '' WHERE hash = %s; UPDATE message SET bytes = b, sha256 = sha256(b) "
              "FROM (SELECT message_id, convert_to(replace(convert_from(m.bytes, 'UTF8'), 'Quagmire', 'somebody'), 'UTF8') AS b "
              "FROM post p JOIN message m ON m.id = p.message_id WHERE p.hash = %s) x WHERE id = x.message_id")

    def look_again():
        site.sql('INSERT INTO post_stale (post_id, since) SELECT id, accepted_at FROM post WHERE hash = %s', one)
        looked_at(site)

    looked_at(site)
    in_turn(site, (change, one, one), look_again, keep=True)
    assert 'Ask somebody' in Browser(site.http_url()).read(f'/lists/test/message/{one}').text and where(site, 'Quagmire') == []


def test_a_deleted_post_leaves_its_place(site):
    one = post(site, 'Too much said', 'Unspeakable words.\r\n', mid='<deleted.one@people.example.org>')
    two = post(site, 'Re: Too much said', 'An answer that stays.\r\n', extra='In-Reply-To: <deleted.one@people.example.org>\r\n')
    browser = owner(site)
    path = f'/lists/test/message/{one}/remove'
    assert 'Delete for good' in browser.submit(path, {'act': 'delete'}).text and 'Unspeakable' in browser.read(f'/lists/test/message/{one}').text
    assert browser.submit(path, {'act': 'delete', 'sure': '1'}).status_code == 303
    site.until(lambda: where(site, 'Unspeakable') == [], 20, 'the end of its bytes')
    assert 'An answer that stays' in Browser(site.http_url()).read(f'/lists/test/message/{two}').text
    assert site.one('SELECT removed FROM post WHERE hash = %s', one) == 'deleted'
    assert site.one('SELECT t.posts FROM thread t JOIN post p ON p.thread_id = t.id WHERE p.hash = %s', two) == 1
    thread = Browser(site.http_url()).read(f'/lists/test/thread/{one}')
    assert thread.status_code == 200 and 'removed by the owners' in thread.text and 'An answer that stays' in thread.text
    with pytest.raises(CommandFailed, match='not hidden'):
        site.kairan.command('post', 'unhide', address_of('test'), one)
    assert site.breaches() == []


def test_a_whole_archive_is_deleted(site):
    old = address_of('old')
    site.kairan.command('list', 'create', old)
    site.kairan.command('member', 'add', old, 'm1@members.example.org')
    for n in range(2):
        site.post(message(f'Of long ago {n}', body=f'Barnyard {n}.\r\n', sender='m1@members.example.org', to=old), 'old')
    site.until(lambda: site.one("SELECT count(*) FROM post WHERE subject LIKE 'Of long ago%%'") == 2, 20, 'the posts')
    site.quiet(60)
    for words, said in ((), 'Say which posts'), (('--all', '--before', '2026-01-01'), 'Say which posts'), (('--before', 'once'), 'no day'):
        with pytest.raises(CommandFailed, match=said):
            site.kairan.command('archive', 'delete', old, *words)
    assert 'deleted: 0' in site.kairan.command('archive', 'delete', old, '--before', '2020-01-01')
    assert 'deleted: 2' in site.kairan.command('archive', 'delete', old, '--all')
    site.until(lambda: where(site, 'Barnyard') == [], 20, 'the end of their bytes')
    assert 'deleted: 0' in site.kairan.command('archive', 'delete', old, '--all')


def rows_about(stack, person, name, post):
    """What may stand in every other table about somebody: it has not come to its end."""
    list_id, again = stack.one("SELECT id FROM list WHERE name = 'test'"), "now() + interval '1 day'"
    stack.sql('INSERT INTO autoresponse (list_id, kind, key, sent_at) VALUES (%s, %s, %s, now())', list_id, 'owner', person)
    stack.sql(f"INSERT INTO acknowledgement (post_id, email, language, due_at) SELECT id, %s, 'en', {again} FROM post WHERE hash = %s "
              'ON CONFLICT (post_id) DO UPDATE SET email = excluded.email', person, post)
    run = stack.one(f"INSERT INTO invitation_run (list_id, asked_by, asked_at, next_at, total) VALUES (%s, 'x', now(), {again}, 1) RETURNING id", list_id)
    stack.sql('INSERT INTO invitation (run_id, place, email, name) VALUES (%s, 1, %s, %s)', run, person.upper(), name)
    request = stack.one("INSERT INTO subscription_request (list_id, kind, key, email, name, asked_by, created_at, expires_at) "
                        f"VALUES (%s, 'join', %s, %s, %s, %s, now(), {again}) RETURNING id", list_id, person, person, name, person)
    stack.sql("INSERT INTO mail_link (token_hash, purpose, email, list_id, request_id, created_at, expires_at) "
              f"VALUES (sha256('x'), 'join', %s, %s, %s, now(), {again})", person, list_id, request)
    stack.sql("INSERT INTO notice (domain_id, list_id, kind, recipient, bytes, due_at, created_at) "
              f"SELECT domain_id, id, 'welcome', %s, 'x', {again}, now() FROM list WHERE id = %s", person, list_id)
    return run


def test_an_erased_person_is_in_no_row(site):
    site.set('test', default_nonmember_action='accept', dmarc_mitigate_action='no_mitigation')
    head = f'"{NAME}" <{PERSON}>'
    own = message('From an erased one', sender=PERSON, body=f'Good morning.\r\n-- \r\n{NAME}\r\n{PERSON}\r\n', mid=f'<1.{PERSON}>')
    site.post(own.replace(f'From: {PERSON}'.encode(), f'From: {head}'.encode()), sender=PERSON)
    site.until(lambda: site.one("SELECT count(*) FROM post WHERE subject = 'From an erased one'") == 1, 20, 'the post')
    quoting = post(site, 'Re: From an erased one', f'On Monday {NAME} wrote:\r\n> Good morning.\r\nThank you, Hanako\r\nAbe!\r\n',
                   extra=f'In-Reply-To: <1.{PERSON}>\r\n')
    site.quiet(60)
    one = site.one("SELECT hash FROM post WHERE subject = 'From an erased one'")
    with pytest.raises(CommandFailed, match='at least one mail address'):
        site.kairan.command('person', 'erase', NAME, '--list', address_of('test'))
    site.set('test', default_nonmember_action='hold')
    site.post(message(f'For {NAME}', sender=PERSON, body='Once more.\r\n'), sender=PERSON)
    site.until(lambda: site.one('SELECT count(*) FROM held WHERE author_key = %s', PERSON) == 1, 20, 'the held post')
    for words in ((), ('--list', address_of('test'))):
        with pytest.raises(CommandFailed, match=f'Mail from {re.escape(PERSON)} still waits on {re.escape(address_of("test"))}'):
            site.kairan.command('person', 'erase', PERSON, *words)
    site.kairan.command('held', 'discard', address_of('test'), str(site.one('SELECT id FROM held WHERE author_key = %s', PERSON)))
    run = rows_about(site, PERSON, NAME, one)
    browser = owner(site)
    assert 'none of somebody else' in browser.submit('/lists/test/erase', {'words': f'{PERSON}\n{NAME}'}).text
    answer = browser.submit('/lists/test/erase', {'words': f'{PERSON}\n{NAME}', 'sure': '1'})
    assert answer.status_code == 303
    ended(site, 'erase')
    found = browser.read(answer.headers['Location']).text
    assert 'Re: From an erased one' in found and 'name="post"' in found
    choice = re.search(r'name="post" value="(\d+)"', found)[1]
    assert browser.submit(answer.headers['Location'], {'post': choice, 'way': 'chosen'}).status_code == 303
    ended(site, 'erase')
    site.kairan.command('person', 'erase', PERSON, NAME)
    ended(site, 'erase')
    assert where(site, PERSON, NAME) == [] and site.one('SELECT total = left_out FROM invitation_run WHERE id = %s', run)
    assert site.sql("SELECT outcome FROM subscription_request WHERE key LIKE 'erased%%'") == [('cancelled',)]
    assert 'is done' in browser.read(answer.headers['Location']).text
    guest = Browser(site.http_url())
    assert 'Good morning' in guest.read(f'/lists/test/message/{one}').text and 'Thank you, [...]!' in guest.read(f'/lists/test/message/{quoting}').text
    assert site.breaches() == []


def test_posts_that_are_too_old_or_not_wanted_there_are_not_kept(site):
    changes = "SELECT sum(seconds) FROM archive_change WHERE scope = 'list'"
    looked_at(site)
    before = site.one(changes)
    post(site, 'Not for the archive', 'Hello.', extra='X-No-Archive: Yes\r\n')
    assert site.one("SELECT archived FROM post WHERE subject = 'Not for the archive'") is False and site.one(changes) == before
    assert 'Not for the archive' not in Browser(site.http_url()).read('/').text
    old = post(site, 'Of last year', 'Long ago.\r\n')
    site.sql("UPDATE post SET accepted_at = accepted_at - interval '400 days' WHERE hash = %s", old)
    site.set('test', archive_months=12)
    site.restart('worker')
    site.until(lambda: site.one('SELECT removed FROM post WHERE hash = %s', old) == 'expired', 20, 'the end of its time')
    site.until(lambda: where(site, 'Long ago.') == [], 20, 'the end of its bytes')
    assert site.one("SELECT count(*) FROM post WHERE archived") > 0 and site.breaches() == []


def test_members_see_addresses_where_the_list_wants_it(site):
    page = f'/lists/test/message/{post(site, "Who is it", "Write to somebody@people.example.org.")}'
    member = person(site, 'm2@members.example.org')
    for setting, seen in (('members', (False, True, True)), ('moderators', (False, False, True))):
        site.set('test', archive_addresses=setting)
        for browser, whole in zip((Browser(site.http_url()), member, owner(site)), seen):
            for path in (page, page + '/raw'):
                text = browser.read(path).text
                assert ('somebody@people.example.org' in text) == whole and ('m1@members.example.org' in text) == whole, (setting, path)
    site.set('test', archive_addresses='members')
