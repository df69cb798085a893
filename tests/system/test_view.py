"""Reading posts: what the worker keeps of each, and that a page shows the same whether it is kept or made at once."""
import email.message
import email.policy
import json
import re

import conftest
import pytest

from rig.site import Site, now


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, postfix=False, only=('postgres', 'worker', 'web', 'nginx'))
    conftest.need(stack, 'kairan', 'kairan-web', 'kairan-worker')
    yield Site(stack)
    conftest.finish(stack)


def kept(site, digest):
    """Waits until the view of a post is kept, and gives its row."""
    site.stack.until(lambda: site.stack.one('SELECT count(*) FROM post p WHERE p.hash = %s AND NOT EXISTS (SELECT FROM post_stale s'
                                           ' WHERE s.post_id = p.id)', digest) == 1)
    return site.stack.one('SELECT row_to_json(v) FROM post_view v JOIN post p ON p.id = v.post_id WHERE p.hash = %s', digest)


def put_mail(site, digest, mail):
    """Gives a post other bytes, and has it looked at again."""
    data = mail if isinstance(mail, bytes) else mail.as_bytes(policy=email.policy.SMTP)
    site.stack.sql('UPDATE message SET bytes = %s, size = %s WHERE id = (SELECT message_id FROM post WHERE hash = %s)', data, len(data), digest)
    site.stack.sql('INSERT INTO post_stale (post_id, since) SELECT id, %s FROM post WHERE hash = %s ON CONFLICT DO NOTHING', now(), digest)


def post_mail(site, mail, subject='A post'):
    digest = site.post('test', subject)
    kept(site, digest)
    put_mail(site, digest, mail)
    kept(site, digest)
    return digest


def rich_mail():
    inner = email.message.EmailMessage()
    inner['Subject'], inner['From'] = '中のメール', 'Inner <inner@people.example.org>'
    inner.set_content('転送した本文 inner2@people.example.org\n')
    mail = email.message.EmailMessage()
    mail['Subject'], mail['From'] = 'x', 'author@people.example.org'
    mail.set_content('見て https://example.jp/ か hana@people.example.org\n> 1\n> 2\n> 3\n> 4\n> 5\n-- \n花子\n')
    mail.add_attachment(b'\x89PNG\r\n\x1a\n' + bytes(30), maintype='application', subtype='octet-stream', filename='写真.png')
    mail.add_attachment(inner)
    return mail


def without_marks(text):
    """A page without what differs between two requests."""
    return re.sub(r'(name="form" value=")[^"]*', r'\1', text)


def test_a_page_is_the_same_kept_or_made_at_once(site):
    digest = post_mail(site, rich_mail())
    pages = [f'/lists/test/{kind}/{digest}' for kind in ('thread', 'message')]
    roles = ('anonymous', 'member')
    before = {(path, role): without_marks(site.browser(role).read(path).text) for path in pages for role in roles}
    site.stack.sql('DELETE FROM post_view; DELETE FROM post_part')
    for (path, role), text in before.items():
        assert without_marks(site.browser(role).read(path).text) == text, (path, role)
        assert 'people.example.org' not in text if role == 'anonymous' else 'mailto:hana@people.example.org' in text
        assert '<summary>5 quoted lines</summary>' in text and 'lang="ja"' in text and '転送した本文' in text and '写真.png' in text
    assert site.stack.one("SELECT count(*) FROM post_stale") == 0


def test_what_is_kept_of_a_post(site):
    digest = post_mail(site, rich_mail())
    row = kept(site, digest)
    assert (row['language'], row['has_html'], row['reaction'], row['broken'], row['parts'], row['is_cut']) == ('ja', False, None, [], 2, False)
    parts = site.stack.sql('SELECT position, part, kind, name, type, size FROM post_part q JOIN post p ON p.id = q.post_id WHERE p.hash = %s'
                            ' ORDER BY position', digest)
    assert [tuple(part)[:5] for part in parts] == [(1, 2, 'image', '写真.png', 'image/png'), (2, 3, 'message', '', 'message/rfc822')]
    assert parts[0][5] == 38
    put_mail(site, digest, b'Subject: x\r\n\r\nplain now\r\n')
    assert kept(site, digest)['parts'] == 0
    assert site.stack.one('SELECT count(*) FROM post_part q JOIN post p ON p.id = q.post_id WHERE p.hash = %s', digest) == 0


def test_a_message_that_ended_its_reader_is_not_tried_for_ever(site):
    digests = [site.post('test', f'Number {n}') for n in range(2)]
    for digest in digests:
        kept(site, digest)
    site.stack.sql("INSERT INTO post_stale (post_id, since, attempts) SELECT id, accepted_at, CASE hash WHEN %s THEN 3 ELSE 1 END FROM post"
                   ' WHERE hash = ANY (%s)', digests[0], digests)
    kept(site, digests[1])
    assert site.stack.one('SELECT attempts FROM post_stale s JOIN post p ON p.id = s.post_id WHERE p.hash = %s', digests[0]) == 3
    site.stack.sql('DELETE FROM post_stale')


def test_reactions_are_counted_at_what_they_answer(site):
    parent = site.post('test', 'Well done')
    for author, sign in (('佐藤', '👍'), ('鈴木', '👍'), ('Mary', '🎉')):
        mail = email.message.EmailMessage()
        mail['Subject'], mail['From'] = 'Re', 'author@people.example.org'
        mail.set_content(sign + '\n')
        mail['Content-Disposition'] = 'reaction'
        digest = site.post('test', 'Re: Well done', author=author)
        site.stack.sql('UPDATE post SET parent_id = p.id, thread_id = p.thread_id FROM post p WHERE p.hash = %s AND post.hash = %s', parent, digest)
        put_mail(site, digest, mail)
        assert kept(site, digest)['reaction'] == sign
    site.stack.sql('UPDATE thread SET posts = 4 WHERE id = (SELECT thread_id FROM post WHERE hash = %s)', parent)
    for kind in ('thread', 'message'):
        text = site.browser().read(f'/lists/test/{kind}/{parent}').text
        assert re.findall(r'<li>(\S+ \d) <bdi class="muted">([^<]*)', text) == [('👍 2', '佐藤, 鈴木'), ('🎉 1', 'Mary')], text
        assert text.count('<article class="message"') == 1


def test_the_command_shows_what_the_page_shows(site):
    digest, mail = post_mail(site, rich_mail()), rich_mail().as_string(policy=email.policy.SMTP)
    page = site.browser().read(f'/lists/test/message/{digest}').text
    assert site.stack.kairan.command('mime', 'show', '--html', '--guest', stdin=mail) in page
    found = json.loads(site.stack.kairan.command('--json', 'mime', 'show', stdin=mail))
    assert [block['kind'] for block in found['blocks']] == ['text', 'quote', 'signature'] and found['language'] == 'ja'
    assert [(row['kind'], row['name'], row['summary']) for row in found['attachments']] == [('image', '写真.png', None),
                                                                                           ('message', '', '中のメール')]
    assert found['attachments'][1]['message']['blocks'][0]['text'].startswith('転送した本文')
    text = site.stack.kairan.command('mime', 'show', stdin=mail)
    assert '> 5' in text and '[image: 写真.png, image/png, 38 bytes]' in text and '  転送した本文' in text


def test_views_of_an_older_version_are_made_anew(site):
    digest = post_mail(site, rich_mail())
    site.stack.sql("UPDATE post_view SET version = 0, body = 'old' WHERE post_id = (SELECT id FROM post WHERE hash = %s)", digest)
    assert '転送した本文' in site.browser().read(f'/lists/test/thread/{digest}').text
