"""A message's HTML: asked for from its page, a document of its own, harmless, and as private as the message."""
import pytest

import conftest
from rig.site import Site

GIF = b'GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;'
SECRET = 'k' * 32
HTML = f'''<html><head><style>p {{ color: red }}</style></head><body onload="alert(1)"><div style="display:none">Preheader</div>
<p class="x">皆さま <b onclick="alert(1)">来週</b>の練習は <a href="https://hall.example.jp/?a=1&amp;b=2">会館</a>です。</p>
<p>hanako@<b>people.example.org</b> <a href="mailto:taro@people.example.org">太郎</a></p>
<p><a href="https://lists.example.jp/u/{SECRET}">unsubscribe</a></p>
<img src="cid:map@example.org" alt="地図"><img src="cid:lost@example.org" alt="なし"><img src="https://tracker.invalid/x.gif" alt="印"><script>alert(1)</script></body></html>'''


@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, postfix=False, only=('postgres', 'web', 'nginx'))
    conftest.need(stack, 'kairan', 'kairan-web')
    site = Site(stack)

    def more(mail):
        mail.add_alternative(HTML, subtype='html')
        mail.get_payload()[1].add_related(GIF, 'image', 'gif', cid='<map@example.org>')
    site.rich, site.closed, site.plain = site.post('test', '練習', more=more), site.post('closed', '練習', more=more), site.post('test', 'Plain')
    yield site
    conftest.finish(stack)


def test_a_page_leads_to_it_and_shows_it_in_a_frame_when_asked(site):
    guest, path = site.browser(), f'/lists/test/message/{site.rich}'
    page = guest.read(path)
    assert 'Show as HTML' in page.text and '<iframe' not in page.text and 'frame-src' not in page.headers['Content-Security-Policy']
    asked = guest.read(path + '?html=1')
    assert f'<iframe sandbox src="{path}/html"' in asked.text and asked.headers['Content-Security-Policy'].endswith("; frame-src 'self'")
    assert 'HTMLで表示する' in site.browser(language='ja').read(path).text
    plain = guest.read(f'/lists/test/message/{site.plain}?html=1')
    assert 'HTML' not in plain.text and 'frame-src' not in plain.headers['Content-Security-Policy']
    assert guest.read(f'/lists/test/message/{site.plain}/html').status_code == 404


def test_the_document_is_clean_and_says_what_is_not_there(site):
    answer = site.browser().read(f'/lists/test/message/{site.rich}/html')
    assert answer.headers['Content-Type'] == 'text/html; charset=utf-8' and answer.text.index('<meta charset="utf-8">') < 60
    assert answer.headers['Content-Security-Policy'] == ("sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'")
    assert answer.headers['X-Content-Type-Options'] == 'nosniff' and 'Cross-Origin-Opener-Policy' not in answer.headers
    assert '<p>皆さま <b>来週</b>の練習は <a href="https://hall.example.jp/?a=1&amp;b=2" rel="nofollow noopener noreferrer">会館</a>です。</p>' in answer.text
    assert 'src="data:image/gif;base64,R0lGOD' in answer.text and '[なし]' in answer.text and '[印]' in answer.text
    assert '1 picture or other thing from elsewhere is not loaded.' in answer.text and '1 picture of this message cannot be shown.' in answer.text
    assert '外部の画像など1件は読み込んでいません。' in site.browser(language='ja').read(f'/lists/test/message/{site.rich}/html').text
    for word in ('alert', 'tracker', 'onload', 'class=', 'Preheader', 'script', SECRET):
        assert word not in answer.text, word


def test_guests_see_no_addresses_in_it(site):
    path = f'/lists/test/message/{site.rich}/html'
    guest, member = site.browser().read(path).text, site.browser('member').read(path).text
    assert 'hanako@<b>…</b> <a>太郎</a>' in guest and 'people.example.org' not in guest
    assert 'hanako@<b>people.example.org</b> <a href="mailto:taro@people.example.org"' in member and SECRET not in member


def test_it_is_kept_as_other_pages_of_the_archive_are(site):
    guest = site.browser()
    first = guest.read(f'/lists/test/message/{site.rich}/html')
    assert 's-maxage' in first.headers['Cache-Control'] and 'Cookie' in first.headers['Vary']
    again = guest.read(f'/lists/test/message/{site.rich}/html', headers={'If-None-Match': first.headers['ETag']})
    assert again.status_code == 304 and again.content == b''
    assert site.browser('member').read(f'/lists/closed/message/{site.closed}/html').headers['Cache-Control'] == 'private, no-store'
    hidden, absent = guest.read(f'/lists/closed/message/{site.closed}/html'), guest.read('/lists/nosuchlist/message/' + 'A' * 32 + '/html')
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert hidden.headers['Content-Security-Policy'] == absent.headers['Content-Security-Policy']
