#!/usr/bin/python3
"""Pictures of our mails as people see them: in a text reader of 80 columns, and in a mail app without HTML on a phone.

    tests/browser/notice-pictures.py FOLDER [KIND-LANGUAGE...]

The texts are those of tests/system/notices/*.txt, as tests/system/test_notices.py saw them arrive; without names it is ten of them."""
import base64
import html
import os
import re
import sys
import textwrap
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import chromium   # noqa: E402

TEXTS = os.path.join(os.path.dirname(HERE), 'system', 'notices')
TEN = ('join-en', 'welcome-ja', 'held-ja', 'rejected-en', 'things_wait-en', 'held_summary-ja', 'command_results-ja', 'goodbye-en', 'invite-ja', 'login-ja')
COLUMNS = 80
PAGES = {
    'reader': (COLUMNS * 10 + 40, 'body { font: 16px/1.35 "DejaVu Sans Mono", "Noto Sans Mono CJK JP", monospace; background: #111; color: #ddd; margin: 20px }'
               ' .head { color: #8cf }'),
    'phone': (360, 'body { font: 16px/1.5 "Noto Sans", "Noto Sans CJK JP", sans-serif; margin: 12px; color: #222 } .head { border-bottom: 1px solid #ccc;'
              ' padding-bottom: 8px; margin-bottom: 12px; color: #666; font-size: 13px } .subject { font-size: 20px; color: #111; display: block }'
              ' a { color: #06c; overflow-wrap: anywhere }'),
}


def letters(language):
    """{kind: (header lines, text)}"""
    with open(os.path.join(TEXTS, language + '.txt'), encoding='utf-8') as file:
        parts = re.split(r'^==== (\w+)\n', file.read(), flags=re.M)[1:]
    return {kind: tuple(page.split('\n\n', 1)) for kind, page in zip(parts[::2], parts[1::2])}


def columns(text):
    return sum(2 if unicodedata.east_asian_width(letter) in 'WF' else 1 for letter in text)


def folded(line):
    """A line as a text reader shows it: broken at blanks, and Japanese anywhere."""
    if columns(line) <= COLUMNS:
        return [line]
    if line.isascii():
        return textwrap.wrap(line, COLUMNS, break_long_words=True, break_on_hyphens=False)
    rows = ['']
    for letter in line:
        if columns(rows[-1] + letter) > COLUMNS and letter not in '、。」）':
            rows.append('')
        rows[-1] += letter
    return rows


def reader(head, text):
    lines = [row for line in text.rstrip('\n').split('\n') for row in folded(line)]
    head = '\n'.join(row for line in head.split('\n') if line.startswith(('From', 'To', 'Reply-To', 'Subject')) for row in folded(line))
    return f'<pre class="head">{html.escape(head)}</pre><pre>' + html.escape('\n'.join(lines)) + '</pre>'


def phone(head, text):
    fields = dict(line.split(': ', 1) for line in head.split('\n'))
    body = re.sub(r'https?://\S+', lambda found: f'<a href="#">{found[0]}</a>', html.escape(text.rstrip('\n'), quote=False))
    return (f'<div class="head"><span class="subject">{html.escape(fields["Subject"])}</span>{html.escape(fields["From"].split(" <")[0])}</div>'
            f'<div style="white-space: pre-wrap">{body}</div>')


def picture(browser, kind, page, path):
    width, style = PAGES[kind]
    chromium.size(browser, width, 300)
    browser.get('data:text/html;charset=utf-8;base64,' + base64.b64encode(
        f'<!doctype html><meta charset="utf-8"><style>{style}</style>{page}'.encode()).decode())
    chromium.size(browser, width, browser.execute_script('return document.documentElement.scrollHeight'))
    browser.save_screenshot(path)


def main(folder, *names):
    os.makedirs(folder, exist_ok=True)
    texts = {language: letters(language) for language in ('en', 'ja')}
    browser = chromium.open_browser(360)
    try:
        for name in names or TEN:
            kind, language = name.rsplit('-', 1)
            for look in (reader, phone):
                picture(browser, look.__name__, look(*texts[language][kind]), os.path.join(folder, f'{name}-{look.__name__}.png'))
    finally:
        browser.quit()


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
