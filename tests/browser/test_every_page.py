"""Every page that links lead to, whatever room it is in, judged by axe-core and by the width of the window.

One address of each route is looked at, found by following links as administrator, owner and guest. axe-core is what KAIRAN_AXE
names (run-tests takes it from the npm registry); without it that part skips."""
import hashlib
import html
import os
import re

import pytest

import chromium
from rig.site import routes

AXE_SHA256 = '880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb'
MOST = 600


def axe():
    path = os.environ.get('KAIRAN_AXE', '')
    if not os.path.exists(path):
        pytest.skip('axe-core is not here (KAIRAN_AXE)')
    with open(path, 'rb') as file:
        data = file.read()
    assert hashlib.sha256(data).hexdigest() == AXE_SHA256, 'another axe-core than the one these tests were made with'
    return data.decode()


def route_of(path):
    """The name of the GET route with this path; plain words win over parameters."""
    path = path.split('?')[0]
    fits = []
    for name, method, pattern, _, template, _, _ in routes():
        expression = '/'.join('[^/]+' if part.startswith('{') else re.escape(part) for part in pattern.split('/'))
        if method == 'GET' and template and re.fullmatch(expression, path):
            fits.append((pattern.count('{'), name))
    return min(fits)[1] if fits else None


def addresses(site, role):
    """One address of each route that links lead to; {route: path}."""
    browser, todo, done, found = site.browser(role), ['/lists/renraku/', '/', '/me/', '/admin/'], set(), {}
    while todo and len(done) < MOST:
        path = todo.pop(0)
        if path in done:
            continue
        done.add(path)
        answer = browser.read(path)
        if 'Location' in answer.headers:
            todo.insert(0, answer.headers['Location'].split('#')[0])
        if answer.status_code != 200 or not answer.headers['Content-Type'].startswith('text/html'):
            continue
        found.setdefault(route_of(path), path)
        for link in map(html.unescape, re.findall(r'<a [^>]*href="([^"]*)"', answer.text)):
            link = link.split('#')[0]
            link = path.split('?')[0] + link if link.startswith('?') else link
            if link.startswith('/') and not link.startswith('//'):
                todo.append(link)
    found.pop(None, None)
    return found


@pytest.fixture(scope='module')
def everything(site):
    """[(route, path, role)]: each route once, by the least right that reaches it first."""
    rows = {}
    for role in ('anonymous', 'other_owner', 'admin'):
        for name, path in addresses(site, role).items():
            rows.setdefault(name, (name, path, role))
    # Pages that are for signed-in people look different there.
    return sorted(rows.values())


def visit(browser, site, everything, language):
    browser.get(site.base + '/robots.txt')
    now = None
    for name, path, role in sorted(everything, key=lambda row: row[2]):
        if role != now:
            browser.get(site.base + '/robots.txt')
            chromium.become(browser, site, role, language)
            now = role
        browser.get(site.base + path)
        yield name, path


@pytest.mark.parametrize('width,dark,language', [(360, False, 'ja'), (1280, True, 'en')])
def test_axe_finds_nothing(site, everything, width, dark, language):
    source, browser, wrong = axe(), chromium.open_browser(width, dark), []
    try:
        for name, path in visit(browser, site, everything, language):
            chromium.keep_picture(browser, f'every-{name}-{width}-{"dark" if dark else "light"}-{language}', width)
            browser.execute_script(source)
            found = browser.execute_async_script('axe.run(document).then(arguments[0])')
            wrong += [f'{path}: {v["id"]}: {v["help"]}: {v["nodes"][0]["html"][:160]}' for v in found['violations']]
    finally:
        browser.quit()
    assert wrong == []


def test_nothing_is_wider_than_the_window(site, everything):
    """At 320 px, and at 1280 px enlarged to 200% (640 px of the page's own)."""
    browser, wrong = chromium.open_browser(320), []
    try:
        for language in ('en', 'ja'):
            for name, path in visit(browser, site, everything, language):
                for width in (320, 640):
                    chromium.size(browser, width)
                    wide = browser.execute_script('return document.documentElement.scrollWidth')
                    if wide > width:
                        wrong.append(f'{path} ({language}): {wide} wide in {width}')
    finally:
        browser.quit()
    assert wrong == []


def test_everything_works_in_forced_colours_and_without_script(site, everything):
    """Nothing is told by colour alone: a border or a word is left of every button, choice and mark."""
    browser, wrong = chromium.open_browser(1280, script=False), []
    try:
        chromium.scheme(browser, False, forced=True)
        for name, path in visit(browser, site, everything, 'en'):
            if not browser.find_element('tag name', 'h1').text and not browser.find_elements('css selector', 'h1.hidden'):
                wrong.append(f'{path}: no heading')
            for button in browser.find_elements('css selector', 'button, .button'):
                if button.is_displayed() and button.value_of_css_property('border-top-width') == '0px':
                    wrong.append(f'{path}: a button without a border: {button.text}')
    finally:
        browser.quit()
    assert wrong == []
