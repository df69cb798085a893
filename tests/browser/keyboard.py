"""Hands that have a keyboard and nothing else. Wherever they come, the focus is seen, and it goes in the order of the page."""
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import chromium

MOST_TABS = 90
# What has the focus: its kind, what it is called, how the focus is shown, whether it is in the window, and whether it stands behind the one before.
FOCUS = """
var e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect(), last = window.lastFocus;
var name = e.getAttribute('aria-label') || (e.labels && e.labels.length ? e.labels[0].innerText : e.innerText || e.value || '');
window.lastFocus = e;
return {kind: e.tagName.toLowerCase(), type: e.type || '', name: name.replace(/\\s+/g, ' ').trim(), checked: !!e.checked,
  outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
  inside: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
  behind: !last || !last.isConnected || last === e || !!(last.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING), tabindex: e.tabIndex};
"""


class Hands:
    """Presses keys; `steps` counts the places where the focus was looked at."""

    def __init__(self, browser):
        self.browser, self.steps = browser, 0

    def press(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    def chord(self, modifier, key):
        ActionChains(self.browser).key_down(modifier).send_keys(key).key_up(modifier).perform()

    def look(self):
        focus = self.browser.execute_script(FOCUS)
        where = f'{focus} on {self.browser.current_url}'
        if focus['kind'] != 'body':
            self.steps += 1
            assert focus['outline'] >= 2 and focus['inside'] and focus['tabindex'] == 0, where
        return focus

    def tab(self, back=False):
        if back:
            self.chord(Keys.SHIFT, Keys.TAB)
        else:
            self.press(Keys.TAB)
        focus = self.look()
        assert back or focus['behind'] or focus['kind'] == 'body', focus
        return focus

    def to(self, name, back=False):
        """Tab or Shift-Tab until something has this name or one that begins so."""
        seen = []
        for _ in range(MOST_TABS):
            focus = self.tab(back)
            if focus['name'].startswith(name) and focus['kind'] != 'body':
                return focus
            seen.append(focus['name'])
        raise AssertionError(f'the focus never comes to {name!r} on {self.browser.current_url}: {seen}')

    def leave_by(self, *keys):
        """Presses something that leads to another page, and waits for it."""
        before = self.browser.find_element('tag name', 'html')
        self.press(*keys)
        chromium.await_next(self.browser, before)

    def follow(self, name, back=False):
        self.to(name, back)
        self.leave_by(Keys.ENTER)

    def skip(self):
        """The first stop of every page: past the head, to what the page is about."""
        assert self.tab()['kind'] == 'a'
        self.press(Keys.ENTER)

    def reads(self, *words):
        text = self.browser.find_element('tag name', 'body').text
        for word in words:
            assert word in text, f'{word!r} is not on {self.browser.current_url}: {text[:800]}'
