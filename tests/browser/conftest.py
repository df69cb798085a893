"""The site that all stories of this folder look at."""
import importlib.util
import os
import sys
import tempfile

import pytest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [TESTS, os.path.dirname(os.path.abspath(__file__))]
spec = importlib.util.spec_from_file_location('stories', os.path.join(TESTS, 'system/conftest.py'))
stories = importlib.util.module_from_spec(spec)
spec.loader.exec_module(stories)

from rig.site import Site   # noqa: E402

TEXT = ('皆さま\n\n来週の練習は市民会館ではなく、中央公民館の大ホールで行います。詳しくは https://example.jp/practice/2026-11（案内）をどうぞ。\n\n'
        + ''.join(f'> 引用 {n}\n' for n in range(7)) + '\nよろしくお願いします。\n-- \n佐藤 花子\n')


@pytest.fixture(scope='module')
def demo():
    """The folder of the demo's mailbox with one mail; a module with HAS_DEMO shows it."""
    with tempfile.TemporaryDirectory(prefix='kairan-demo-') as folder:
        os.chmod(folder, 0o755)
        with open(os.path.join(folder, '000001.eml'), 'w', encoding='utf-8') as file:
            file.write('From: 佐藤 花子 <hanako@people.example.org>\nTo: m1@members.example.org\nSubject: 練習会場の変更について\n'
                       'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n' + TEXT)
        yield folder


@pytest.fixture(scope='module')
def site(request):
    import chromium
    chromium.need()
    settings = {'web.demo_mailbox': request.getfixturevalue('demo')} if getattr(request.module, 'HAS_DEMO', False) else None
    stack = stories.start(web=True, postfix=False, only=('postgres', 'web', 'nginx'), settings=settings)
    stories.need(stack, 'kairan', 'kairan-web')
    site = Site(stack)
    site.hash = site.post('renraku', '練習会場の変更について', TEXT, '佐藤 花子')
    site.post('renraku', 'Re: 練習会場の変更について', '承知しました。\n', '鈴木 一郎', 'ichiro@people.example.org', answers=site.hash)
    site.post('renraku', '<script>alert(1)</script>' + 'averylongword' * 20, '<img src=x onerror=alert(1)> ' + 'x' * 300, 'W' * 120)
    site.hold('renraku', '団費のお知らせ（訂正）', '先日のお知らせに誤りがありました。', '山田')
    yield site
    stories.finish(stack)
