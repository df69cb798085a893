"""Every attack of tests/rig/attacks.py in eight places of the site: nothing runs, nothing is fetched from elsewhere, and the policy of
contents has nothing to refuse.

The places: subject, author's name, text, HTML, file name of a post; a list's description, the words at a page's foot, what was looked
for. Posts of many attacks stand in one thread; the HTML of each is a document of its own, as in it one attack hides another."""
import email.message
import json
import urllib.parse

import pytest

import chromium
from rig import attacks
from rig.site import now

A_POST, A_THREAD = 10, 20      # attacks in a post, each in an HTML part of its own; posts in a thread
A_NAME, A_QUERY = 190, 900      # bytes of what is looked for among lists, and in their posts
# Tells of every dialog and of every refusal, in the words of the console.
WATCH = """
['alert', 'confirm', 'prompt', 'print', 'open'].forEach(function (name) { window[name] = function () { console.error('RAN ' + name); }; });
document.addEventListener('securitypolicyviolation', function (e) { console.error('REFUSED ' + e.violatedDirective + ' ' + e.blockedURI); });
"""
# What of a page of ours could run or fetch something, were it not for the policy.
DANGER = """return Array.from(document.querySelectorAll('*')).filter(function (one) {
  return /^(iframe|object|embed|applet|base|math|style|template|frameset|portal)$/i.test(one.tagName) ||
    (one.tagName === 'SCRIPT' && !one.src.startsWith(location.origin + '/static/')) ||
    Array.from(one.attributes).some(function (a) { return /^on/i.test(a.name) || /^\\s*(javascript|vbscript|data):/i.test(a.value) && a.name !== 'content'; });
}).map(function (one) { return one.outerHTML.slice(0, 200); });"""

# Files that people attach, each with something in it that would run or fetch if a browser took it for a document. Shown, and as what,
# are those of the second table alone; "as" is what a browser shall make of the others: something to save.
RUNS = b'<html xmlns="http://www.w3.org/1999/xhtml"><body onload="alert(1)"><script>alert(1)</script><img src="http://outside.invalid/x.gif"/></body></html>'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><image href="http://outside.invalid/x.gif"/></svg>'
XSL = b'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="http://outside.invalid/x.xsl"?>' + RUNS
PDF = b'%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n'
SAVED = [(f'a.{ending}', label, content) for ending, label, content in (
    ('html', 'text/html', RUNS), ('htm', 'application/octet-stream', RUNS), ('xhtml', 'application/xhtml+xml', RUNS), ('xht', 'application/octet-stream', RUNS),
    ('mht', 'message/rfc822', b'Content-Type: text/html\r\n\r\n' + RUNS), ('mhtml', 'application/x-mimearchive', RUNS), ('shtml', 'text/html', RUNS), ('hta', 'application/hta', RUNS),
    ('svg', 'image/svg+xml', SVG), ('svgz', 'image/svg+xml', SVG), ('xml', 'text/xml', XSL), ('xml', 'application/xml', XSL), ('xsl', 'text/xsl', XSL), ('rss', 'application/rss+xml', XSL),
    ('atom', 'application/atom+xml', XSL), ('mathml', 'application/mathml+xml', RUNS), ('vml', 'application/vnd.x', RUNS), ('rdf', 'application/rdf+xml', XSL), ('dtd', 'application/xml-dtd', RUNS),
    ('js', 'text/javascript', b'alert(1)'), ('js', 'application/javascript', b'alert(1)'), ('mjs', 'application/x-javascript', b'alert(1)'), ('json', 'application/json', b'{"a":"<script>alert(1)</script>"}'),
    ('css', 'text/css', b'body{background:url(http://outside.invalid/x.gif)}'), ('vbs', 'text/vbscript', b'MsgBox 1'), ('wasm', 'application/wasm', b'\0asm\1\0\0\0'), ('swf', 'application/x-shockwave-flash', b'FWS\x08'),
    ('pdf', 'application/pdf', PDF), ('pdf', 'image/png', PDF), ('ps', 'application/postscript', b'%!PS'), ('jar', 'application/java-archive', b'PK\3\4'), ('class', 'application/java-vm', b'\xca\xfe\xba\xbe'),
    ('exe', 'application/x-msdownload', b'MZ\x90\0'), ('com', 'image/gif', b'MZ\x90\0'), ('bat', 'application/octet-stream', b'@start http://outside.invalid/'), ('lnk', 'application/x-ms-shortcut', b'L\0\0\0'),
    ('url', 'application/internet-shortcut', b'[InternetShortcut]\nURL=http://outside.invalid/'), ('webloc', 'application/octet-stream', XSL), ('appcache', 'text/cache-manifest', b'CACHE MANIFEST\nhttp://outside.invalid/'),
    ('webmanifest', 'application/manifest+json', b'{}'), ('crx', 'application/x-chrome-extension', b'Cr24'), ('xpi', 'application/x-xpinstall', b'PK\3\4'), ('doc', 'application/msword', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
    ('docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', b'PK\3\4'), ('xls', 'application/vnd.ms-excel', RUNS), ('rtf', 'text/rtf', b'{\\rtf1'), ('zip', 'application/zip', b'PK\3\4'),
    ('gz', 'application/gzip', b'\x1f\x8b\x08'), ('mp4', 'video/mp4', b'\0\0\0\x18ftypmp42'), ('webm', 'video/webm', b'\x1a\x45\xdf\xa3'), ('mp3', 'audio/mpeg', b'ID3\3'), ('ogg', 'audio/ogg', b'OggS'), ('wav', 'audio/wav', b'RIFF\0\0\0\0WAVE'),
    ('tif', 'image/tiff', b'II*\0'), ('heic', 'image/heic', b'\0\0\0\x18ftypheic'), ('avif', 'image/avif', b'\0\0\0\x18ftypavif'), ('ico', 'image/x-icon', b'\0\0\1\0'), ('bmp', 'image/bmp', b'BM' + RUNS), ('png', 'image/png', RUNS), ('jpg', 'image/jpeg', SVG),
    ('ics', 'text/calendar', b'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:<script>alert(1)</script>\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'), ('vcf', 'text/vcard', b'BEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\n'), ('csv', 'text/csv', b'a,=cmd()\r\n'),
    ('md', 'text/markdown', b'<script>alert(1)</script>'), ('eml', 'message/rfc822', b'Subject: x\r\nContent-Type: text/html\r\n\r\n' + RUNS), ('asc', 'application/pgp-signature', b'-----BEGIN'), ('p7s', 'application/pkcs7-signature', b'0\x82'))]
SHOWN = [('a.gif', 'image/gif', b'GIF89a\1\0\1\0\0\0\0;' + RUNS, 'image/gif'), ('b.svg', 'image/svg+xml', b'GIF89a\1\0\1\0\0\0\0;' + RUNS, 'image/gif'), ('c.jpg', 'text/html', b'\xff\xd8\xff\xe0\0\x10JFIF\0' + RUNS, 'image/jpeg'),
         ('d.png', 'image/png', b'\x89PNG\r\n\x1a\n' + RUNS, 'image/png'), ('e.webp', 'application/octet-stream', b'RIFF\0\0\0\0WEBP' + RUNS, 'image/webp'), ('f.txt', 'text/plain', RUNS, 'text/plain'), ('g.html', 'text/plain', RUNS, 'text/plain')]


def one_line(text):
    return ' '.join(text.replace('\0', '').splitlines())[:400]


class Watch:
    """A browser, and what it did that it should not have."""

    def __init__(self, base, hooked):
        self.base, self.wrong = base, []
        self.browser = chromium.open_browser(1280, network=True)
        if hooked:
            self.browser.execute_cdp_cmd('Page.addScriptToEvaluateOnNewDocument', {'source': WATCH})

    def visit(self, path, danger=False):
        self.browser.get(path if ':' in path.split('/')[0] else self.base + path)
        if danger:
            self.wrong += [f'{path[:100]}: {one}' for one in self.browser.execute_script(DANGER)]

    def told(self):
        """All that was wrong; the logs are read to their ends."""
        for entry in self.browser.get_log('browser'):
            if not any(word in entry['message'] for word in ('status of 4', 'favicon', '[DOM]')):
                self.wrong.append(entry['message'][:300])
        for entry in self.browser.get_log('performance'):
            message = json.loads(entry['message'])['message']
            if message['method'] == 'Network.requestWillBeSent':
                url = message['params']['request']['url']
                if not url.startswith((self.base + '/', 'data:', 'about:', 'chrome')):
                    self.wrong.append(f'asked for {url[:200]}')
        return sorted(set(self.wrong))

    def close(self):
        self.browser.quit()


def parts(vectors):
    """What makes of a mail one with these attacks as text, as HTML, and as names of files."""
    def more(mail):
        mail.make_mixed()
        for vector in vectors:
            part = email.message.EmailMessage(policy=mail.policy)
            part.set_content(vector, subtype='html')
            mail.attach(part)
        for vector in vectors:
            mail.add_attachment(b'x', 'application', 'octet-stream', filename=one_line(vector) or 'x')
    return more


@pytest.fixture(scope='module')
def attacked(site):
    """The site with every attack in it; `attacks` are the posts."""
    vectors, site.attacks = attacks.every(), []
    lines = [one_line(vector) for vector in vectors]
    site.stack.sql("INSERT INTO template (scope, scope_id, name, language, subject, body, changed_by, changed_at) VALUES ('site', 0, 'site:page:foot', 'ja', '', %s, 'story', %s)",
                   '\n'.join(lines), now())
    site.stack.sql('UPDATE list_effective SET description = %s WHERE list_id = %s', ' '.join(lines), site.list_id('renraku'))
    for start in range(0, len(vectors), A_POST):
        joined = ' '.join(lines[start:start + A_POST])
        site.attacks.append(site.post('renraku', joined, '\n'.join(vectors[start:start + A_POST]).replace('\0', ''), joined, more=parts(vectors[start:start + A_POST])))
    for start in range(0, len(site.attacks), A_THREAD):
        thread = site.attacks[start:start + A_THREAD]
        site.stack.sql('UPDATE post SET thread_id = (SELECT thread_id FROM post WHERE hash = %s) WHERE hash = ANY (%s)', thread[0], thread)
    return site


@pytest.fixture
def watch(site, request):
    watch = Watch(site.base, request.param)
    yield watch
    watch.close()


def queries(vectors, room):
    """What is looked for: as many attacks at once as there is room for."""
    packed = ['']
    for vector in vectors:
        if len((packed[-1] + one_line(vector)).encode()) > room:
            packed.append('')
        packed[-1] += one_line(vector).encode()[:room].decode(errors='ignore')
    return [one for one in packed if one]


@pytest.mark.parametrize('watch', [True], indirect=True)
def test_the_watch_sees_what_should_not_be(watch):
    watch.visit('data:text/html,<img src="http://outside.invalid/x.gif"><script>alert(1)</script>')
    told = ' '.join(watch.told())
    assert 'RAN alert' in told and 'asked for http://outside.invalid/x.gif' in told


@pytest.mark.parametrize('watch', [True], indirect=True)
def test_nothing_runs_on_our_pages(attacked, watch):
    paths = ['/', '/lists/renraku/', f'/lists/renraku/{now():%Y/%m}/']
    paths += [f'/lists/renraku/thread/{one}' for one in attacked.attacks[::A_THREAD]] + [f'/lists/renraku/message/{one}' for one in attacked.attacks]
    paths += ['/?q=' + urllib.parse.quote(query) for query in queries(attacks.OWN, A_NAME)]
    paths += ['/search?q=' + urllib.parse.quote(query) for query in queries(attacks.every(), A_QUERY)]
    paths += ['/lists/renraku/search?q=' + urllib.parse.quote(query) for query in queries(attacks.OWN, A_QUERY)]
    for path in paths:
        watch.visit(path, danger=True)
    chromium.speak(watch.browser, watch.base, 'ja')
    watch.visit('/', danger=True)
    assert 'onmouseover' in watch.browser.find_element('tag name', 'footer').text
    assert watch.told() == []
    print(f'{len(paths)} pages')


@pytest.mark.parametrize('watch', [False], indirect=True)
def test_nothing_runs_in_the_html_of_a_mail(attacked, watch):
    for one in attacked.attacks:
        watch.visit(f'/lists/renraku/message/{one}/html')
        assert len(watch.browser.find_elements('css selector', 'hr')) >= min(A_POST, len(attacks.every())) - 1 or one == attacked.attacks[-1]
    for one in attacked.attacks[::10]:
        watch.visit(f'/lists/renraku/message/{one}?html=1')
        watch.browser.switch_to.frame(watch.browser.find_element('tag name', 'iframe'))
        assert watch.browser.find_element('tag name', 'hr')
        watch.browser.switch_to.default_content()
    assert watch.told() == []
    print(f'{len(attacks.every())} attacks in {len(attacked.attacks)} documents')


@pytest.mark.parametrize('watch', [True], indirect=True)
def test_files_are_saved_not_opened(site, watch):
    """Of every type that browsers know: what is shown is what may be, and it is dead."""
    files = SAVED + [file[:3] for file in SHOWN]
    digest = site.post('renraku', 'Files', 'Many.\n', files=files)
    watch.visit(f'/lists/renraku/message/{digest}')
    links = [a.get_attribute('href') for a in watch.browser.find_elements('css selector', 'a[href*="/attachment/"]')]
    links = sorted(set(links), key=lambda link: int(link.split('/attachment/')[1].split('/')[0]))
    assert [urllib.parse.unquote(link.split('/')[-1]) for link in links] == [file[0] for file in files]
    wanted = [('application/octet-stream', 'attachment')] * len(SAVED) + [(kind, 'inline') for _, _, _, kind in SHOWN]
    owner = site.browser('other_owner')      # others get of texts the words alone
    for link, file, (kind, way) in zip(links, files, wanted):
        field = owner.read(link[len(site.base):]).headers
        assert (field['Content-Type'].split(';')[0], field['Content-Disposition'].split(';')[0]) == (kind, way), file[:2]
        assert field['X-Content-Type-Options'] == 'nosniff' and field['Content-Security-Policy'].startswith("sandbox; default-src 'none'"), link
    for link, (_, _, _, kind) in zip(links[len(SAVED):], SHOWN):
        watch.visit(link)
        assert watch.browser.execute_script('return document.contentType') == kind, link
    watch.visit('about:blank')
    for link in links[:len(SAVED)]:
        watch.visit(link)
        assert watch.browser.current_url == 'about:blank', link
    # A picture stands in a page that the browser makes around it: its style and script are refused as well.
    assert [one for one in watch.told() if 'Applying inline style' not in one and 'Blocked script execution' not in one] == []
    print(f'{len(files)} files')
