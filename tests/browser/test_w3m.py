"""Pages as a text browser shows them: everything is there in words, in an order that makes sense read aloud.

EXPECTED stands in tests/browser/w3m/NAME.txt; KAIRAN_UPDATE=1 writes it anew, to be read before it is kept."""
import os
import re
import shutil
import subprocess

import pytest

from rig import kept
from rig.site import now

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'w3m')
# name: (path, role, language)
PAGES = {
    'home-ja': ('/', 'anonymous', 'ja'),
    'home-owner': ('/', 'other_owner', 'en'),
    'list': ('/lists/renraku/', 'anonymous', 'en'),
    'list-active-ja': ('/lists/renraku/?sort=active', 'anonymous', 'ja'),
    'thread-ja': ('/lists/renraku/thread/{hash}', 'anonymous', 'ja'),
    'thread-flat': ('/lists/renraku/thread/{hash}?view=flat', 'other_member', 'en'),
    'message': ('/lists/renraku/message/{hash}', 'other_member', 'en'),
    'month-ja': ('/lists/renraku/{month}/', 'anonymous', 'ja'),
    'keys': ('/keys', 'anonymous', 'en'),
    'files': ('/lists/test/files', 'anonymous', 'en'),
    'author': ('/lists/renraku/author/{hash}', 'anonymous', 'en'),
    'join-ja': ('/lists/renraku/join', 'anonymous', 'ja'),
    'leave': ('/lists/renraku/leave', 'anonymous', 'en'),
    'login': ('/login', 'anonymous', 'en'),
    'not-found': ('/lists/secret/', 'anonymous', 'en'),
    'held': ('/lists/renraku/held', 'other_owner', 'en'),
    'settings-ja': ('/lists/renraku/settings/message_acceptance', 'other_owner', 'ja'),
    'me': ('/me/', 'other_owner', 'en'),
    'members': ('/lists/renraku/members', 'other_owner', 'en'),
    'requests': ('/lists/renraku/requests', 'other_owner', 'en'),
    'admin-lists': ('/admin/lists', 'admin', 'en'),
    'bans-ja': ('/lists/renraku/bans', 'other_owner', 'ja'),
}
# What differs from run to run.
CHANGING = ((r'\b[A-Z2-7]{32}\b', 'HASH'), (r'\d{4}-\d\d-\d\d \d\d:\d\d( UTC)?', 'TIME'), (r'\d{1,2} [A-Z][a-z]{2} \d{4},? \d\d:\d\d( UTC)?', 'TIME'),
            (r'\d{4}年\d{1,2}月\d{1,2}日 \d\d:\d\d( UTC)?', 'TIME'), (r'\d{1,2} [A-Z][a-z]{2} \d{4}', 'DAY'), (r'\d{4}年\d{1,2}月\d{1,2}日', 'DAY'),
            (r'\d{1,2} [A-Z][a-z]{2}\b', 'DAY'), (r'\d{1,2}月\d{1,2}日', 'DAY'), (r'Year 20\d\d\b', 'YEAR'), (r'[A-Z][a-z]+ 20\d\d\b', 'MONTH'), (r'\d{4}年\d{1,2}月', 'MONTH'), (r'\d{4}年', 'YEAR'),
            (r'just now|\d+ (second|minute)s? ago|たった今|\d+(秒|分)前', 'AGO'), (r'AGO +', 'AGO '), (r'127\.0\.0\.1:\d+', 'SITE'), (r'[ \t]+$', ''))


# Tables in which a time or day would be broken over lines; how far apart their columns stand depends on the day, too.
WIDE = ('admin-lists', 'members')


def dump(site, path, role, language, is_wide):
    cookies = [f'{cookie.name}={cookie.value}' for cookie in site.browser(role).cookies] + [f'lang={language}']
    answer = subprocess.run(['w3m', '-dump', '-cols', '120' if is_wide else '78', '-O', 'UTF-8', '-no-cookie', '-o', 'user_agent=w3m', '-header',
                             'Cookie: ' + '; '.join(cookies), site.base + path], capture_output=True, text=True, timeout=60, check=True)
    text = answer.stdout
    for expression, word in CHANGING:
        text = re.sub(expression, word, text, flags=re.MULTILINE)
    if is_wide:
        text = re.sub(r'(?<=\S) {2,}', ' ', text)
    return text.rstrip() + '\n'


@pytest.mark.parametrize('name', PAGES)
def test_page_in_words(site, name):
    if shutil.which('w3m') is None:
        pytest.skip('there is no w3m')
    path, role, language = PAGES[name]
    path = path.replace('{hash}', site.hash).replace('{month}', f'{now():%Y/%m}')
    output = dump(site, path, role, language, name in WIDE)
    kept.compare(os.path.join(FOLDER, name + '.txt'), output)
