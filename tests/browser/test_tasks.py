"""What people come for, done by what they can read: from the first page, on a phone, without script.

A task is steps: "click LABEL" (a link or button), "fill LABEL: TEXT", "choose LABEL" (radio or checkbox), "pick LABEL: OPTION" (select),
"see TEXT". Only what is written on the page is used to find things. Clicks are counted: none needs more than five."""
import re

import pytest

from selenium.webdriver.common.keys import Keys

import chromium
from tasks import HELD, TASKS

MOST_CLICKS = 5


def labelled(browser, label):
    """The field that a label names: around it, by `for`, or the legend's group."""
    for element in browser.find_elements('tag name', 'label'):
        if element.is_displayed() and ' '.join(element.text.split()).startswith(label):
            target = element.get_attribute('for')
            found = browser.find_elements('id', target) if target else element.find_elements('css selector', 'input, textarea, select')
            if found:
                return found[0]
    raise AssertionError(f'no field is called {label!r} on {browser.current_url}: {browser.find_element("tag name", "main").text[:600]}')


def clickable(browser, label):
    def words(element):
        return re.sub(r'\s+', ' ', element.text or element.get_attribute('value') or '').strip()
    shown = [element for where in ('main', 'body')
             for element in browser.find_element('tag name', where).find_elements('css selector', 'a, button, summary')
             if element.is_displayed() and element.get_attribute('aria-hidden') != 'true']
    for fits in (lambda text: text == label, lambda text: re.fullmatch(re.escape(label) + r' \d+', text), lambda text: text.startswith(label)):
        for element in shown:
            if fits(words(element)):
                return element
    raise AssertionError(f'nothing to press is called {label!r} on {browser.current_url}: {[words(e) for e in shown]}')


def press(browser, element):
    """By keyboard, since Chromium does not scroll to what a finger would press; then waits for the page that follows."""
    before, stays = browser.find_element('tag name', 'html'), element.tag_name == 'summary'
    element.send_keys(Keys.ENTER)
    if not stays:
        chromium.await_next(browser, before)


def perform(browser, step):
    """Does one step; returns the clicks it took."""
    act, _, rest = step.partition(' ')
    label, _, text = rest.partition(': ')
    if act == 'click':
        press(browser, clickable(browser, rest))
        return 1
    if act == 'fill':
        field = labelled(browser, label)
        field.clear()
        field.send_keys(text)
        return 0
    if act == 'choose':
        labelled(browser, rest).send_keys(Keys.SPACE)
        return 0
    if act == 'pick':
        labelled(browser, label).send_keys(text)
        return 0
    assert act == 'see', step
    page = browser.find_element('tag name', 'body').text
    assert rest in page, f'{rest!r} is not on {browser.current_url}: {page[:800]}'
    return 0


@pytest.fixture(scope='module')
def phone(site):
    for subject in HELD:
        site.hold('renraku', subject, 'Good evening.\n', 'A. Stranger', f'{subject.split()[0].lower()}@outside.example.org')
    browser = chromium.open_browser(360, script=False)
    yield browser
    browser.quit()


@pytest.mark.parametrize('name', [name for name, _, _ in TASKS])
def test_task(site, phone, name):
    role, steps = next((role, steps) for found, role, steps in TASKS if found == name)
    phone.get(site.base + '/robots.txt')
    chromium.become(phone, site, role, 'en')
    phone.get(site.base + '/')
    clicks = sum(perform(phone, step) for step in steps)
    print(f'{clicks} clicks: {name}')
    assert clicks <= MOST_CLICKS
