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
