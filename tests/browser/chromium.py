"""A headless Chromium as stories want it: a width, a scheme, a language, somebody signed in."""
import os

import pytest

webdriver = pytest.importorskip('selenium.webdriver')
from selenium.common.exceptions import WebDriverException   # noqa: E402
from selenium.webdriver.support.wait import WebDriverWait   # noqa: E402

PATH = next((path for path in ('/usr/bin/chromium', '/usr/bin/chromium-browser') if os.path.exists(path)), None)


def need():
    if PATH is None:
        pytest.skip('there is no Chromium')


def open_browser(width, dark=False, script=True, network=False):
    options = webdriver.ChromeOptions()
    options.binary_location = PATH
    for argument in ('--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars'):
        options.add_argument(argument)
    options.set_capability('goog:loggingPrefs', {'browser': 'ALL', 'performance': 'ALL'} if network else {'browser': 'ALL'})
    if not script:
        options.add_experimental_option('prefs', {'profile.managed_default_content_settings.javascript': 2})
    browser = webdriver.Chrome(options=options)
    size(browser, width)
    scheme(browser, dark)
    return browser


def size(browser, width, height=900):
    browser.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', {'width': width, 'height': height, 'deviceScaleFactor': 1, 'mobile': False})


def scheme(browser, dark, forced=False):
    browser.execute_cdp_cmd('Emulation.setEmulatedMedia', {'features': [
        {'name': 'prefers-reduced-motion', 'value': 'reduce'},      # what scrolls by and by is not in its place yet
        {'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'},
        {'name': 'forced-colors', 'value': 'active' if forced else 'none'}]})


def become(browser, site, role, language):
    """The cookies of somebody; a page of the site must be open."""
    browser.delete_all_cookies()
    for cookie in site.browser(role).cookies:
        browser.add_cookie({'name': cookie.name, 'value': cookie.value})
    browser.add_cookie({'name': 'lang', 'value': language})


def speak(browser, base, language):
    browser.execute_cdp_cmd('Network.setCookie', {'name': 'lang', 'value': language, 'url': base})


def allow_script(browser, allowed):
    """Whether the pages that are loaded from now on may run script."""
    browser.execute_cdp_cmd('Emulation.setScriptExecutionDisabled', {'value': not allowed})


def bring_along(browser, source):
    """A script of the test's own in each page that may run script: half as dear as giving it to every page anew."""
    browser.execute_cdp_cmd('Page.addScriptToEvaluateOnNewDocument', {'source': source})


def await_next(browser, before):
    """Waits for the document after the one whose root is `before`. Between the two Chromium answers with errors of several kinds."""
    def has_come(_):
        try:
            return browser.find_element('tag name', 'html') != before and browser.find_element('tag name', 'body')
        except WebDriverException:
            return False
    WebDriverWait(browser, 10).until(has_come)


def press(browser, script):
    """Does something that leads to another page, and waits for it."""
    before = browser.find_element('tag name', 'html')
    browser.execute_script(script)
    await_next(browser, before)


def keep_picture(browser, name, width):
    """The whole page as a picture in KAIRAN_SHOTS, when that is set."""
    folder = os.environ.get('KAIRAN_SHOTS')
    if not folder:
        return
    os.makedirs(folder, exist_ok=True)
    size(browser, width, min(browser.execute_script('return document.documentElement.scrollHeight'), 3000))
    browser.save_screenshot(os.path.join(folder, name + '.png'))
    size(browser, width)
