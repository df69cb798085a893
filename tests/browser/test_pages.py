"""Pages in a real browser: nothing is wider than the screen, nothing runs that is not ours, everything can be reached and read.

With KAIRAN_SHOTS=DIR each page is also kept as a picture, to be looked at."""
import pytest

import chromium

PAGES = {'home': ('/', None), 'list': ('/lists/renraku/', None), 'thread': ('/lists/renraku/thread/{hash}', None),
         'join': ('/lists/renraku/join', None), 'login': ('/login', None), 'notfound': ('/lists/secret/', None),
         'held': ('/lists/renraku/held', 'other_owner'), 'settings': ('/lists/renraku/settings/message_acceptance', 'other_owner'),
         'texts': ('/lists/renraku/templates', 'other_owner'), 'text': ('/lists/renraku/templates/welcome?saved=1', 'other_owner'),
         'me': ('/me/', 'other_owner'), 'admin': ('/admin/', 'admin'), 'style': ('/admin/style', 'admin')}

# The smallest contrast of text that is shown, by WCAG 2: body and muted text, buttons, links.
CONTRAST = """
function part(c) { c /= 255; return c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4); }
function light(c) { return 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]); }
function numbers(s) { return s.match(/[0-9.]+/g).map(Number); }
function ground(e) { for (; e; e = e.parentElement) { var b = numbers(getComputedStyle(e).backgroundColor); if (b.length < 4 || b[3] > 0) return b; } return [255, 255, 255]; }
var worst = 21;
document.querySelectorAll('p, a, button, label, h1, h2, dt, dd, td, th, time, li').forEach(function (e) {
  if (!e.textContent.trim() || !e.offsetParent) return;
  var a = light(numbers(getComputedStyle(e).color)), b = light(ground(e));
  worst = Math.min(worst, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
});
return worst;
"""


@pytest.mark.parametrize('width,dark,language', [(360, False, 'ja'), (360, True, 'en'), (1280, False, 'en'), (1280, True, 'ja')])
def test_pages_fit_and_run_nothing(site, width, dark, language):
    browser = chromium.open_browser(width, dark)
    wrong = []
    try:
        browser.get(site.base + '/robots.txt')
        for name, (path, role) in PAGES.items():
            chromium.become(browser, site, role or "anonymous", language)
            browser.get(site.base + path.replace('{hash}', site.hash))
            chromium.keep_picture(browser, f'{name}-{width}-{"dark" if dark else "light"}-{language}', width)
            look = browser.execute_script('return [document.documentElement.scrollWidth, document.documentElement.lang,'
                                          ' document.querySelectorAll("h1").length]')
            if look[0] > width:
                wrong.append(f'{name}: {look[0]} wide')
            if look[1] != language or look[2] != 1:
                wrong.append(f'{name}: language {look[1]}, {look[2]} headings')
            contrast = browser.execute_script(CONTRAST)
            if contrast < 4.5:
                wrong.append(f'{name}: contrast {contrast:.2f}')
            wrong += [f'{name}: {entry["message"]}' for entry in browser.get_log('browser')
                      if '404' not in entry['message'] and 'favicon' not in entry['message']]
    finally:
        browser.quit()
    assert wrong == []


def test_a_person_joins_by_keyboard_alone(site):
    from selenium.webdriver.common.keys import Keys
    browser = chromium.open_browser(1280, False)
    try:
        browser.get(site.base + '/lists/renraku/join')
        browser.find_element('name', 'email').send_keys('keys@people.example.org' + Keys.ENTER)
        assert 'keys@people.example.org' in browser.find_element('tag name', 'main').text
    finally:
        browser.quit()
    assert site.mail_to('keys@people.example.org')[0] == 'join'
