"""A moderator's link on a phone: one sees who wrote what and why it waits, and decides with the thumb, without scrolling and without script."""
import datetime
import hashlib

import pytest

import chromium
from rig.site import now

BOXES = ('return Array.from(document.querySelector("article").querySelectorAll("button")).map('
         'function (b) { var r = b.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; })')


@pytest.fixture
def link(site):
    """A link of the list's moderator, as a notice carries it."""
    token = 'a2' * 16
    site.stack.sql('DELETE FROM moderator_link')
    site.stack.sql('INSERT INTO moderator_link (token_hash, member_id, epoch, created_at, expires_at) SELECT %s, m.id, m.epoch, %s, %s FROM member m'
                   " JOIN list l ON l.id = m.list_id WHERE l.name = 'renraku' AND m.role = 'owner' ORDER BY m.id LIMIT 1",
                   hashlib.sha256(token.encode()).digest(), now(), now() + datetime.timedelta(days=7))
    return f'/m/{token}'


@pytest.mark.parametrize('language', ['en', 'ja'])
def test_the_thumb_decides_without_scrolling(site, link, language):
    held = site.hold('renraku', '団費のお知らせと来週の練習会場の変更について' * 2, '先日のお知らせに誤りがありました。' * 8, '山田 太郎')
    browser = chromium.open_browser(360, script=False)
    try:
        browser.get(site.base + '/robots.txt')
        chromium.become(browser, site, 'anonymous', language)
        chromium.size(browser, 360, 640)
        browser.get(site.base + link)
        chromium.keep_picture(browser, f'moderate-360-{language}', 360)
        chromium.size(browser, 360, 640)
        boxes = browser.execute_script(BOXES)
        assert len(boxes) == 3 and max(box[3] for box in boxes) <= 640, boxes
        assert all(box[2] - box[0] >= 90 and box[3] - box[1] >= 44 for box in boxes), boxes
        chromium.size(browser, 320, 640)
        assert browser.execute_script('return document.documentElement.scrollWidth') <= 320
        count = site.stack.one('SELECT count(*) FROM held WHERE accept_at IS NULL')
        browser.find_element('css selector', 'article button[value=accept]').click()
        site.stack.until(lambda: site.stack.one('SELECT count(*) FROM held WHERE accept_at IS NULL') == count - 1, 10, 'the post to be accepted')
        browser.find_element('css selector', 'a[href="#undo"]').click()
        browser.find_element('css selector', 'button[value=undo]').send_keys('\n')
        site.stack.until(lambda: site.stack.one('SELECT count(*) FROM held WHERE accept_at IS NULL') == count, 10, 'the post to wait again')
        assert held
    finally:
        browser.quit()
