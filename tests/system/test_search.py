"""Search: what is found is what a plain scan of the texts finds, by whom it may be found, and that it can be made again."""
import base64
import email
import email.policy
import glob
import hashlib
import html
import json
import os
import random
import re
import unicodedata
import urllib.parse
import zoneinfo

import conftest
import pytest

from rig import kairan
from rig.site import Site, now
from rig.stack import SOURCE
from test_feeds import ATOM, messages_of, read_feed

MOST_TEXTS, MOST_LETTERS, DRAWN = 250, 3000, 400


# ---- the scan: folding rules of core/archive/search-fold.h in Python's own Unicode ----

BLANK = '\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000'
LINE_LETTER = re.compile('[\u3005-\u3007\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff'
                         '\uff66-\uff9f\U00020000-\U0003fffd]')
RUN_LETTER = re.compile('[\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0edf\u1000-\u109f\u1100-\u11ff\u1780-\u17d3\u3005-\u3007\u3041-\u3096\u3099\u309a'
                        '\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff'
                        '\ua000-\ua48c\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003fffd]')
IGNORABLE = re.compile('[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff'
                       '\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]')
with open(SOURCE + '/core/archive/search-variants.def', encoding='utf-8') as file:
    VARIANTS = {int(a, 16): int(b, 16) for a, b in re.findall(r'VARIANT\(0x(\w+), 0x(\w+)\)', file.read())}


def nfkc_casefold(text):
    for _ in range(2):
        text = unicodedata.normalize('NFKC', IGNORABLE.sub('', unicodedata.normalize('NFD', text).casefold()))
    return text


def fold(text):
    out, last, depth, at = [], '', 0, 0
    pieces = re.compile(f'(?P<blank>\\A[{BLANK}>]+|[{BLANK}]*\n[{BLANK}>]*|[{BLANK}]+)|[^{BLANK}]+')
    for match in pieces.finditer(text.replace('\r\n', '\n')):
        if match['blank'] is not None:
            lines, now = match[0].count('\n'), match[0].rpartition('\n')[2].count('>')
            joins = lines == 1 and now == depth and LINE_LETTER.match(last or ' ') and LINE_LETTER.match(text.replace('\r\n', '\n')[match.end():] or ' ')
            if lines or at == 0:
                depth = now
            letters = '' if joins else ' '
        else:
            letters = nfkc_casefold(match[0])
            letters = unicodedata.normalize('NFC', ''.join(c for c in unicodedata.normalize('NFD', letters) if not '\u0300' <= c <= '\u036f'))
        at = match.end()
        for letter in letters:
            if letter == ' ' and last in ('', ' '):
                continue
            if '\u3041' <= letter <= '\u3096' or letter in '\u309d\u309e':
                letter = chr(ord(letter) + 0x60)
            elif letter in '-~\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u301c\u3030':
                kana = '\u30a1' <= last <= '\u30fa' or last == 'ー'
                letter = 'ー' if kana else '~' if letter in '~\u301c\u3030' else '-'
            letter = chr(VARIANTS.get(ord(letter), ord(letter)))
            out.append(letter)
            last = letter
    return ''.join(out).rstrip(' ')


ADDRESS = re.compile(r"[a-z0-9._+\-!#$%&'*/=?^`{|}~]*@[a-z0-9](?:[a-z0-9]|[.-](?=[a-z0-9]))*")


def masked(folded):
    """Without the hosts of addresses, which are found by whole addresses alone."""
    def cut(match):
        before = folded[match.start() - 1:match.start()]
        return match[0].split('@')[0] + '@…' if match[0][0] != '@' or (before and ord(before) > 127) else match[0]
    return ADDRESS.sub(cut, folded)


def is_word(letter):
    return letter != '' and unicodedata.category(letter)[0] in 'LNM' and not RUN_LETTER.match(letter)


def stands_in(term, text, is_beginning=False):
    at = text.find(term)
    while at >= 0:
        before, after = text[at - 1:at] if at else '', text[at + len(term):at + len(term) + 1]
        if not (is_word(term[0]) and is_word(before)) and (is_beginning or not (is_word(term[-1]) and is_word(after))):
            return True
        at = text.find(term, at + 1)
    return False


class Text:
    """A post as its author wrote it, and folded."""

    def __init__(self, subject, name, body):
        self.subject, self.name, self.body = subject, name, body
        self.folded = {'subject': masked(fold(subject)), 'from': masked(fold(name)), 'body': masked(fold(body))}

    def has(self, term, field=None, is_beginning=False):
        return any(stands_in(term, text, is_beginning) for name, text in self.folded.items() if field in (None, name))


# ---- texts ----

def tidy(text):
    text = ''.join(c if c in '\n\t' or (c.isprintable() and unicodedata.category(c) != 'Co') else ' ' for c in text.replace('\r\n', '\n'))
    return text[:MOST_LETTERS].strip()


def corpus_texts():
    """Subjects and texts of the mails of the corpora, as Python reads them."""
    paths = sorted(path for where in ('mime', 'bounces', 'threading', 'text', 'migration') for path in glob.glob(
        f'{conftest.CORPORA}/{where}/**/*', recursive=True) if os.path.isfile(path) and os.path.getsize(path) < 200000)
    found, seen = [], set()
    for path in paths:
        with open(path, 'rb') as file:
            data = file.read()
        try:
            mail = email.message_from_bytes(data, policy=email.policy.default)
            subject, name = tidy(str(mail['Subject'] or '')), tidy(str(mail['From'] or ''))
            body = next(tidy(part.get_content()) for part in mail.walk() if part.get_content_type() == 'text/plain')
        except Exception:       # Python reads less than we do
            continue
        digest = hashlib.sha256(body[:200].encode()).digest()
        if len(body) > 40 and '\ufffd' not in body + subject and digest not in seen and not re.search(r'[bru]\.[a-z2-7]{26}', body, re.I):
            seen.add(digest)
            found.append(Text(subject.replace('\n', ' ')[:200], re.sub(r'[<>@"].*', '', name).strip()[:60], body))
    japanese = [text for text in found if re.search('[ぁ-んァ-ヶ]', text.body + text.subject)]
    others = [text for text in found if text not in japanese]
    random.Random(7).shuffle(others)
    return (japanese + others)[:MOST_TEXTS]


# ---- queries: (what is typed, what a scan answers) ----

def typed_otherwise(word, dice):
    """The same to a searcher."""
    ways = [str, str.upper, lambda s: ''.join(chr(ord(c) + 0xFEE0) if '!' < c <= '~' else c for c in s),
            lambda s: ''.join(chr(ord(c) + 0x60) if 'ぁ' <= c <= 'ゖ' else chr(ord(c) - 0x60) if 'ァ' <= c <= 'ヶ' else c for c in s)]
    return dice.choice(ways)(word)


def runs(text):
    return re.findall(f'(?:{RUN_LETTER.pattern})+', text)


def words(text):
    return [word for word in re.findall(r'[^\W_]+', text) if len(word) > 1 and all(is_word(c) for c in word)]


def draw_term(text, dice):
    """(typed, folded) of something that stands in a text."""
    some_runs, some_words = runs(text.body), words(text.body)
    if some_runs and (not some_words or dice.random() < 0.7):
        run = dice.choice(some_runs)
        start = dice.randrange(len(run))
        piece = run[start:start + dice.choice((1, 2, 2, 2, 3, 3, 4, 6))]
    elif some_words:
        piece = dice.choice(some_words)
    else:
        return None
    typed = typed_otherwise(piece, dice)
    return (typed, fold(typed)) if fold(typed) == fold(piece) and fold(piece) and not re.search(f'[{BLANK}]', typed) else None


def draw_queries(texts, count):
    dice = random.Random(11)
    while count > 0:
        text = dice.choice(texts)
        one, two = draw_term(text, dice), draw_term(dice.choice((text, dice.choice(texts))), dice)
        if one is None or two is None or one[0].startswith('-') or two[0].startswith('-') or {one[0], two[0]} & {'OR', 'AND', 'NOT', 'ＯＲ'}:
            continue
        kind = dice.choice(('one', 'one', 'one', 'all', 'not', 'or', 'phrase', 'subject', 'body', 'beginning'))
        if kind == 'one':
            yield one[0], lambda t, a=one[1]: t.has(a)
        elif kind == 'all':
            yield f'{one[0]} {two[0]}', lambda t, a=one[1], b=two[1]: t.has(a) and t.has(b)
        elif kind == 'not':
            yield f'{one[0]} -{two[0]}', lambda t, a=one[1], b=two[1]: t.has(a) and not t.has(b)
        elif kind == 'or':
            yield f'{one[0]} OR {two[0]}', lambda t, a=one[1], b=two[1]: t.has(a) or t.has(b)
        elif kind in ('subject', 'body'):
            yield f'{kind}:{one[0]}', lambda t, a=one[1], f=kind: t.has(a, f)
        elif kind == 'beginning' and one[1].isascii() and len(one[1]) > 3:
            yield one[0][:3] + '*', lambda t, a=fold(one[0][:3]): t.has(a, None, True)
        elif kind == 'phrase':
            line = dice.choice(text.body.split('\n'))
            start = dice.randrange(len(line) + 1)
            phrase = line[start:start + 25].strip().replace('"', '')
            if not any(is_word(c) or RUN_LETTER.match(c) for c in fold(phrase)) or '@' in phrase or len(phrase) < 3 or re.search('[“”„「」『』〝〟]', phrase):
                continue
            yield f'"{phrase}"', lambda t, a=masked(fold(phrase)): t.has(a)
        else:
            continue
        count -= 1


# ---- a hundred by hand: posts by letter, and which of them a query finds ----

POSTS = {
    'a': ('練習会場の変更について', '佐藤 花子', '来週の練習は東京都\n庁前の市民会館ではなく、文化センターで行います。\n持ち物：楽譜、譜面台。\n'),
    'b': ('Re: 練習会場の変更について', '鈴木 一郎', '> 文化センターで行い\n> ます。\n了解しました。駐車場はありますか？\n'),
    'c': ('Concert photos', 'M. Tanaka', 'The café was full. See https://photos.example.net/album?id=42 for C++ and foo_bar notes.\n'),
    'd': ('サーバーの移転', '髙橋 健', 'ｻｰﾊﾞｰを１２月３日に移します。PostgreSQLの設定も変わります。\n'),
    'e': ('Übung für Straßenmusik', 'Jürgen Groß', 'Die Übung beginnt um 19:30 Uhr. ÉTUDE no. 5, naïve Fassung.\n'),
    'f': ('らーめんの会', '渡邊 愛', 'ラ〜メンを食べに行きましょう。㈱麺屋で①番の席です。\n'),
    'g': ('안내: 연습 장소', '김민수', '연습 장소가 바뀌었습니다. 확인해 주세요.\n'),
    'h': ('จดหมายข่าว', 'Somchai', 'คุณอยากไปดูหนังกับเราไหม\n'),
    'i': ('Release 2.10.1', 'Build Robot', "It's don't-care: a one-line fix; e-mail, state-of-the-art. O'Neill wrote to hanako@people.example.net today.\n"),
    'j': ('Новости ёлки', 'Иван', 'Ёлка стоит в зале. Всем привет!\n'),
}
EXPECTED = '''
練習=ab | 会場=ab | 練習会場=ab | 練=ab | 変更=ab | 東京=a | 東京都=a | 東京都庁=a | 都庁=a | 京都=a | 庁前=a | 大阪= | 市民会館=a | 民会=a | 文化センター=ab
せんたー=ab | センタ=ab | ｾﾝﾀｰ=ab | 行います=ab | "行います"=ab | 「行います。了解」= | 楽譜=a | 楽=a | 譜面台。=a | 駐車場=b | 了解しました=b | 練習 -駐車場=a
練習 OR 移転=abd | 練習 駐車場=b | (駐車場 OR 楽譜) 練習=ab | from:佐藤=a | from:花子=a | 差出人:鈴木=b | subject:練習=ab | 件名：練習=ab | body:練習=a
body:会場= | subject:市民= | -練習 会=f | concert=c | CONCERT=c | ｃｏｎｃｅｒｔ=c | conc*=c | conc= | cafe=c | café=c | CAFÉ=c | photos=c | photo= | photo*=c
c++=c | C=c | foo_bar=c | "foo bar"= | foo=c | album=c | photos.example.net=c | "was full. see"=c | "was see"= | サーバー=d | ｻｰﾊﾞｰ=d | さーばー=d
サ－バ－=d | サーバ=d | 移転=d | 高橋=d | 髙橋=d | 12月=d | １２月３日=d | 12月3日=d | postgresql=d | postgresqlの設定=d | postgre= | 設定=d | ubung=e
übung=e | strassenmusik=e | STRASSENMUSIK=e | gross=e | etude=e | naive=e | 19:30=e | 19=e | らーめん=f | ラーメン=f | ラ～メン=f | ラーメン 会=f | 渡辺=f | 渡邊=f
株=f | (株)麺屋=f | ㈱麺屋=f | 1番=f | 연습=g | 장소=g | 연습장소= | "연습 장소"=g | 수=g | หนัง=h | ดูหนัง=h | 2.10.1=i | 2.10=i | "2.1"= | don't=i | don=i
one-line=i | "one line"= | e-mail=i | o'neill=i | hanako=i | example=c | елка=j | ёлка=j | елк*=j | привет=j | list:search=abcdefghij | list:nowhere= | -list:search=
has:attachment= | date:2001= | after:2001 練習=ab | before:2001 練習= | 練習 ( 駐車場 OR 文化 )=ab | NOT 練習 文化センター= | 会 AND 東京=a
'''


def expected():
    for row in EXPECTED.replace('\n', ' | ').split(' | '):
        if row.strip():
            query, _, letters = row.strip().rpartition('=')
            yield query, letters


# ---- the story ----

@pytest.fixture(scope='module')
def site():
    stack = conftest.start(web=True, postfix=False, only=('postgres', 'worker', 'web', 'nginx'))
    conftest.need(stack, 'kairan', 'kairan-web', 'kairan-worker')
    for name in ('search', 'corpora'):
        stack.kairan.command('list', 'create', f'{name}@{kairan.DOMAIN}')
    site = Site(stack)
    yield site
    conftest.finish(stack)


def settle(site):
    site.stack.until(lambda: site.stack.one('SELECT count(*) FROM post_stale') == 0, seconds=60)


def post_all(site, name, texts):
    """{hash: key} of posts with these texts, looked at by the indexer."""
    hashes = {site.post(name, text.subject, text.body + '\n', text.name or 'x', f'author{number}@hidden.example.org'): key
              for number, (key, text) in enumerate(texts.items())}
    settle(site)
    return hashes


HIT = re.compile(r'<p class="subject"><a href="[^"]*/message/([A-Z2-7]{32}(?:-\d+)?)"')
OLDER = re.compile(r'<a class="button" href="([^"]*before=[^"]*)"')


def ask(browser, path, query, **more):
    return browser.read(path, params={'q': query, **more})


def found(browser, path, query, **more):
    """The hashes of all pages of an answer, in their order."""
    answer, hashes = ask(browser, path, query, **more), []
    while True:
        assert answer.status_code == 200 and 'class="why"' not in answer.text, (query, answer.status_code)
        hashes += HIT.findall(answer.text)
        older = OLDER.search(answer.text)
        if older is None:
            return hashes
        answer = browser.read(html.unescape(older[1]))


def differences(browser, path, hashes, queries):
    wrong = []
    for query, wanted in queries:
        given = found(browser, path, query)
        if len(given) != len(set(given)) or {hashes[one] for one in given} != set(wanted):
            wrong.append(f'{query!r}: {"".join(sorted(str(hashes[one]) for one in given))}, not {"".join(sorted(map(str, wanted)))}')
    return wrong


def test_a_hundred_queries_find_what_is_written_here(site):
    hashes, rows = post_all(site, 'search', {key: Text(*text) for key, text in POSTS.items()}), list(expected())
    assert len(rows) >= 100
    assert differences(site.browser('admin'), '/lists/search/search', hashes, rows) == []


def test_the_scan_agrees_with_what_is_written_here():
    """The rules in this file are the same: it judges the others."""
    texts = {key: Text(*text) for key, text in POSTS.items()}
    simple = [(query, wanted) for query, wanted in expected() if not re.search(r'[ "「*:：(]|^c\+\+$', query)]
    assert len(simple) > 60
    assert [(query, wanted) for query, wanted in simple
            if {key for key, text in texts.items() if text.has(fold(query.rstrip('。')))} != set(wanted)] == []


def test_recall_and_precision_are_those_of_a_scan(site):
    if not os.path.isdir(conftest.CORPORA):
        pytest.skip('no corpora')
    texts = corpus_texts()
    assert len(texts) > 100
    hashes = post_all(site, 'corpora', dict(enumerate(texts)))
    queries = [(query, [n for n, text in enumerate(texts) if meets(text)]) for query, meets in draw_queries(texts, DRAWN)]
    assert sum(bool(wanted) for _, wanted in queries) > DRAWN // 2
    assert differences(site.browser('admin'), '/lists/corpora/search', hashes, queries) == []


def test_words_of_the_corpus_for_search_in_any_encoding(site):
    path = os.path.join(conftest.CORPORA, 'text/cjk-search/search.json')
    if not os.path.exists(path):
        pytest.skip('no corpora')
    with open(path, encoding='utf-8') as file:
        entries = json.load(file)
    browser = site.browser('admin')
    for entry in entries:
        for charset, (subject, body) in entry['encodings'].items():
            digest = site.post('search', 'x')
            settle(site)
            data = (f'From: x <x@people.example.org>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\n'
                    '\r\n').encode() + bytes.fromhex(body)
            site.stack.sql('UPDATE message SET bytes = %s, size = %s WHERE id = (SELECT message_id FROM post WHERE hash = %s)', data, len(data), digest)
            site.stack.sql('INSERT INTO post_stale (post_id, since) SELECT id, accepted_at FROM post WHERE hash = %s', digest)
            settle(site)
            for query, wanted in entry['searches']:
                assert (digest in found(browser, '/lists/search/search', query)) == wanted, (entry['name'], charset, query)
            site.stack.sql('UPDATE post SET archived = false WHERE hash = %s', digest)


# ---- who finds what ----

def test_what_one_may_not_read_is_neither_found_nor_counted(site):
    word = 'Zwischenruf'
    hashes = {name: site.post(name, f'{word} {name}', f'{word} 秘密の会議\n') for name in ('test', 'closed', 'secret')}
    settle(site)
    wanted = {'anonymous': {'test'}, 'other_member': {'test'}, 'member': {'test', 'closed', 'secret'}, 'owner': {'test', 'closed', 'secret'},
              'admin': {'test', 'closed', 'secret'}, 'domain_owner': {'test', 'closed', 'secret'}}
    for role, names in wanted.items():
        browser = site.browser(role)
        for query in (word, '秘密', '"秘密の会議"', f'list:secret {word} OR {word}', f'-list:test {word} OR list:test {word}'):
            assert set(found(browser, '/search', query)) == {hashes[name] for name in names}, (role, query)
        page = ask(browser, '/search', word).text
        assert f'{len(names)} post{"s" if len(names) > 1 else ""}</p>' in page
        best = ask(browser, '/search', word, sort='best').text
        assert [hashes[name] in best for name in hashes] == [name in names for name in hashes]
        assert ('secret' in page + best) == ('secret' in names)
    guest = site.browser()
    assert found(guest, '/search', 'list:secret') == found(guest, '/search', 'list:closed') == []
    for name in ('secret', 'closed'):
        there, absent = (re.sub(r'\d+', '', ask(guest, '/search', word, list=number).text) for number in (site.list_id(name), 999999))
        assert there == absent
    site.stack.kairan.command('list', 'set', f'test@{kairan.DOMAIN}', 'archive_policy=private')
    assert found(guest, '/search', word) == []
    site.stack.kairan.command('list', 'set', f'test@{kairan.DOMAIN}', 'archive_policy=public')


def test_addresses_are_found_by_those_to_whom_they_are_shown(site):
    digest = site.post('test', 'Kontaktadresse', 'Schreibt an vorstand@verein.example.net bitte.\n', 'Der Vorstand', 'kasse@verein.example.net')
    settle(site)
    guest, member = site.browser(), site.browser('member')
    for query in ('vorstand@verein.example.net', '@verein.example.net', 'from:kasse', 'from:kasse@verein.example.net', 'to:test', 'kasse@verein.example.net',
                  '"Schreibt an vorstand@verein.example.net"', 'from:verein', 'Kontaktadresse to:test OR from:verein'):
        for path in ('/search', '/lists/test/search'):
            assert digest in found(member, path, query), query
            assert found(guest, path, query) == [], query
    assert digest in found(guest, '/search', 'from:Vorstand') and digest in found(guest, '/search', 'vorstand')
    assert found(guest, '/search', 'verein') == found(member, '/search', 'verein') == []
    page = ask(guest, '/search', 'vorstand').text
    assert 'verein.example.net' not in page and '<mark>vorstand</mark>@…' in page
    assert 'are found on lists that show them to you' in ask(guest, '/search', 'to:test').text


def test_a_post_that_leaves_the_archive_is_found_no_more(site):
    digest = site.post('test', 'Widerruf')
    settle(site)
    guest = site.browser()
    assert found(guest, '/search', 'widerruf') == [digest]
    site.stack.sql('UPDATE post SET archived = false WHERE hash = %s', digest)
    assert found(guest, '/search', 'widerruf') == [] and site.stack.one("SELECT count(*) FROM post_search WHERE folded LIKE '%%widerruf%%'") == 0
    site.stack.sql('UPDATE post SET archived = true WHERE hash = %s', digest)
    settle(site)
    assert found(guest, '/search', 'widerruf') == [digest]


# ---- pages ----

def test_what_is_no_query_is_explained_in_words(site):
    answer = ask(site.browser(), '/search', '会場 OR')
    assert answer.status_code == 200 and 'A word is missing beside “OR” (at letter 4).' in html.unescape(answer.text)
    japanese = site.browser(language='ja').read('/search', params={'q': '「会場'})
    assert '1文字目で始まる引用符が閉じていません' in japanese.text
    assert 'value="「会場"' in japanese.text and japanese.headers['X-Robots-Tag'] == 'noindex'


def test_the_newest_stand_first_and_pages_follow_by_key(site):
    word, hashes = 'Reihenfolge', []
    for number in range(45):
        hashes.append(site.post('test', f'{word} {number}'))
    settle(site)
    browser = site.browser()
    assert found(browser, '/search', word) == hashes[::-1]
    assert found(browser, '/search', f'subject:"{word} 4"') == [hashes[4]]
    best = ask(browser, '/search', f'{word} OR 44', sort='best').text
    assert HIT.findall(best)[0] == hashes[44] and html.unescape(best).count('date:') > 0


def test_a_search_of_one_list_is_not_made_again_before_something_changes(site):
    guest, path, word = site.browser(), '/lists/test/search', 'Wiederholung'
    site.post('test', f'{word} 1')
    settle(site)
    for form in ('', '.json', '.atom'):
        first = guest.read(path + form, params={'q': word})
        again = guest.read(path + form, params={'q': word}, headers={'If-None-Match': first.headers['ETag']})
        assert (first.status_code, again.status_code) == (200, 304)
    second = site.post('test', f'{word} 2')
    settle(site)
    assert found(guest, path, word)[0] == second
    assert guest.read(path, params={'q': word}, headers={'If-None-Match': first.headers['ETag']}).status_code == 200
    assert 'ETag' not in site.browser('member').read(path, params={'q': word}).headers


def test_too_many_searches_are_refused(site):
    guest = site.browser()
    assert ask(guest, '/search', 'x1').status_code == 200
    site.stack.sql("UPDATE rate SET count = 1000000 WHERE key LIKE 'search:%%'")
    try:
        assert [ask(guest, '/search', f'x{n}').status_code for n in range(2)] == [429, 429] and guest.read('/search').status_code == 200
    finally:
        site.stack.sql('DELETE FROM rate')


def test_a_search_is_kept_and_read_by_feed(site):
    word = 'Merkzettel'
    hashes = {name: site.post(name, f'{word} {name}', 'Text mit hand@verein.example.net\n') for name in ('test', 'secret')}
    settle(site)
    member, guest = site.browser('member'), site.browser()
    assert 'action="/me/searches"' in ask(member, '/search', word).text and 'action="/me/searches"' not in ask(guest, '/search', word).text
    assert member.submit('/me/searches', {'q': '(', 'name': 'x'}).status_code == 422
    assert member.submit('/me/searches', {'q': word, 'name': 'x', 'list': '999999'}).status_code == 404
    assert member.submit('/me/searches', {'q': word, 'name': 'Theirs', 'list': site.list_id('secret')}).status_code == 200
    assert f'/lists/secret/search?q={word}' in member.read('/me/searches').text
    page = member.submit('/me/searches', {'q': word, 'name': '私のメモ'})
    feed = re.search(r'https?://[^/]+(/f/\w+\.atom)', page.text)[1]
    assert page.status_code == 200 and '私のメモ' in page.text
    answer = guest.read(feed)
    assert answer.headers['Content-Type'].startswith('application/atom+xml') and all(digest in answer.text for digest in hashes.values())
    assert 'hand@verein.example.net' in answer.text and answer.headers['Cache-Control'] == 'private, no-store'
    site.stack.sql("DELETE FROM member m USING list l, address a WHERE l.id = m.list_id AND a.id = m.address_id AND l.name = 'secret'"
                   " AND a.key = 'member@people.example.org'")
    after = guest.read(feed).text
    assert hashes['test'] in after and hashes['secret'] not in after
    # The search stays, without the list's title and path.
    page = member.read('/me/searches').text
    assert '<td><bdi>Theirs</bdi></td>' in page and 'A list that you may not see now' in page and '/lists/secret' not in page
    assert f'<a href="/search?q={word}"><bdi>私のメモ</bdi></a>' in page
    number = re.search(r'/me/searches/(\d+)/remove', page[page.index('<bdi>Theirs</bdi>'):])[1]
    assert member.submit(f'/me/searches/{number}/remove').status_code == 303
    number = re.search(r'/me/searches/(\d+)/remove', member.read('/me/searches').text)[1]
    assert site.browser('owner').submit(f'/me/searches/{number}/remove').status_code == 404
    assert member.submit(f'/me/searches/{number}/remove').status_code == 303 and guest.read(feed).status_code == 404


def test_what_is_found_is_taken_along_in_every_form(site, tmp_path):
    word, secret = 'Mitnehmsel', 'kasse@verein.example.net'
    hashes = [site.post(name, f'{word} {n}', f'Schreibt an {secret}\n', 'Die Kasse', secret) for n, name in enumerate(('test', 'secret', 'test'))]
    settle(site)
    member, guest = site.browser('owner'), site.browser()
    everywhere, here, far = {'q': word}, {'q': f'{word} date:{now():%Y}'}, {'q': f'{word} date:1999'}
    for browser, wanted in ((member, hashes), (guest, [hashes[0], hashes[2]])):
        for path, query, some in (('/search', everywhere, wanted), ('/lists/test/search', here, [hashes[0], hashes[2]]), ('/search', far, [])):
            tree = browser.read(path + '.json', params=query).json()['search']
            assert [hit['path'][-32:] for hit in tree.get('hits', [])] == some[::-1] and tree['total'] == len(some), (path, query)
            feed, tree = browser.read(path + '.atom', params=query), json.dumps(tree)
            links = [entry.find('a:link', ATOM).get('href')[-32:] for entry in read_feed(feed)[1]]
            assert links == some[::-1] and feed.headers['X-Robots-Tag'] == 'noindex', (path, query)
            answer = browser.read(path + '/mbox.gz', params=query)
            mails = messages_of(answer, tmp_path)
            assert answer.headers['Cache-Control'] == 'private, no-store' and answer.headers['X-Robots-Tag'] == 'noindex'
            is_open = browser is member and some != []
            assert is_open == (secret in feed.text) == (secret in tree) == (secret.encode() in b''.join(mails))
            if browser is member:
                assert mails == [bytes(site.stack.one('SELECT bytes FROM message m JOIN post p ON p.message_id = m.id WHERE p.hash = %s', digest)) for digest in some]
            else:
                assert [one.count(b'Reduced form: addresses are hidden from guests.') for one in mails] == [1] * len(some)
                assert [re.search(rb'Archived-At: <(\S+)>', one)[1].decode()[-32:] for one in mails] == some
    assert messages_of(guest.read('/search/mbox.gz', params={'q': 'from:kasse@verein.example.net'}), tmp_path) == []
    assert all(f'{form}?q={word}' in html.unescape(ask(guest, '/search', word).text) for form in ('/search.atom', '/search.json', '/search/mbox.gz'))
    # What has no room is left out, and the file's name says so.
    assert 'filename="search.mbox.gz"' in member.read('/search/mbox.gz', params=everywhere).headers['Content-Disposition']
    site.stack.sql('UPDATE message m SET size = 17000000 FROM post p WHERE p.message_id = m.id AND p.hash = %s', hashes[1])
    answer = member.read('/search/mbox.gz', params=everywhere)
    assert 'filename="search-newest.mbox.gz"' in answer.headers['Content-Disposition'] and len(messages_of(answer, tmp_path)) == 1
    site.stack.sql('UPDATE message m SET size = length(m.bytes) FROM post p WHERE p.message_id = m.id AND p.hash = %s', hashes[1])
    for path in ('/search', '/lists/test/search'):
        assert [guest.read(path + form, params={'q': '('}).status_code for form in ('.json', '.atom', '/mbox.gz')] == [422] * 3
        assert '"fault"' in guest.read(path + '.json', params={'q': '('}).text
    site.stack.sql("UPDATE rate SET count = 1000000 WHERE key LIKE 'search:%%'")
    try:
        assert [guest.read('/search' + form, params=everywhere).status_code for form in ('.json', '.atom', '/mbox.gz')] == [429] * 3
    finally:
        site.stack.sql('DELETE FROM rate')


# ---- made again ----

def made(site, *words):
    return json.loads(site.stack.kairan.command(*words, '--json'))


def dump(site):
    return {table: site.stack.sql(f'SELECT t::text FROM {table} t ORDER BY 1') for table in ('post_view', 'post_part', 'post_search')}


def test_all_is_made_again_the_same_to_the_byte(site):
    settle(site)
    before = dump(site)
    assert len(before['post_search']) > 50
    site.stack.sql('DELETE FROM post_view; DELETE FROM post_part; DELETE FROM post_search; DELETE FROM search_extent')
    answer = made(site, 'reindex')
    assert answer['done'] == site.stack.one('SELECT count(*) FROM post WHERE archived')
    assert dump(site) == before and site.stack.one('SELECT count(*) FROM post_stale') == 0
    one = made(site, 'reindex', f'search@{kairan.DOMAIN}')
    assert 0 < one['done'] < answer['done'] and dump(site) == before


def test_the_command_finds_what_the_page_finds(site):
    rows = made(site, 'search', f'search@{kairan.DOMAIN}', '楽譜')
    assert (rows['found'], [row['subject'] for row in rows['posts']]) == (1, ['練習会場の変更について'])
    assert made(site, 'search', '--all', '--best', '練習')['found'] >= 2


def test_days_of_the_command_are_the_lists(site):
    """In Kiritimati it is always another day than in Pago Pago."""
    at = site.stack.one("SELECT accepted_at FROM post WHERE subject = '練習会場の変更について'").astimezone(zoneinfo.ZoneInfo('Pacific/Kiritimati'))
    for zone, hits in (('Pacific/Kiritimati', 1), ('Pacific/Pago_Pago', 0)):
        site.stack.kairan.command('list', 'set', f'search@{kairan.DOMAIN}', f'time_zone={zone}')
        assert made(site, 'search', f'search@{kairan.DOMAIN}', f'楽譜 date:{at:%Y-%m-%d}')['found'] == hits, zone
