"""An archive to measure with: the same each time, with threads of 50 and one of 180, Latin and Japanese text, some attachments.

    corpus.py FILE NUMBER [MONTHS]      writes an mbox, and FILE.json with what is in it

Of a hundred threads five are ISO-2022-JP, five UTF-8 in base64, eight Latin with accents in quoted-printable, eight have an HTML
part; six messages in a hundred carry a file. Texts are put together from paragraphs made once, so that a million messages are
written in minutes."""
import base64
import bisect
import calendar
import email.header
import email.utils
import itertools
import json
import math
import quopri
import random
import sys
import time

COMMON, RARE, JAPANESE = 'benchmark', 'zyzzyvaquux', '議事'
SYLLABLES = ('ba be bi bo ca co da de di do fa fe fi fo ga ge go la le li lo ma me mi mo na ne ni no pa pe pi po ra re ri ro sa se si so '
             'ta te ti to va ve vi za ze tion ment ing er al ous').split()
WORDS = ('the of and to in a is that for it with as on be this are by from at or not have we can if will which has they but all list '
         'message thread archive server patch release branch review test build package member digest header delivery query index').split()
NOUNS = ('会議 議事録 提案 配送 署名 検索 設定 一覧 投稿 返信 購読 管理者 承認 転送 障害 確認 更新 公開 予定 明日 資料 添付 東京 大阪 日本語 サーバー メール '
         'アーカイブ 性能 測定 結果 改善 問題 修正 手順 参加 連絡 変更 機能 利用 方法').split()
ENDINGS = 'です。 します。 について、 の件ですが、 を に は が と で から また、 ください。 ました。 と思います。'.split()
NAMES = 'Alice Bob Carol Dave Erin Frank Grace Heidi Ivan Judy Laura Yuki Hiroshi Kenji Sakura Taro Hanako Jürgen Søren Zoë François'.split()
KINDS = (('jis', 5), ('utf8', 5), ('qp', 8), ('html', 8), ('plain', 74))
CODES = {'jis': ('iso-2022-jp', '7bit'), 'utf8': ('utf-8', 'base64'), 'qp': ('utf-8', 'quoted-printable'), 'html': ('us-ascii', '7bit'),
         'plain': ('us-ascii', '7bit')}


class Texts:
    def __init__(self, chance):
        self.chance = chance
        self.words = WORDS + [''.join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3, 4)))) for _ in range(30000)]
        self.weights = list(itertools.accumulate(1 / (n + 5) for n in range(len(self.words))))
        self.latin = [self.paragraph(COMMON if n % 25 == 0 else None) for n in range(12000)]
        self.japanese = [self.sentences() for _ in range(3000)]

    def some(self, count):
        return self.chance.choices(self.words, cum_weights=self.weights, k=count)

    def paragraph(self, extra):
        words = self.some(self.chance.randint(20, 80)) + ([extra] if extra else [])
        lines, line = [], words[0].capitalize()
        for word in words[1:]:
            if len(line) + len(word) > 72:
                lines.append(line)
                line = word
            else:
                line += ' ' + word
        return lines + [line + '.']

    def sentences(self):
        return [''.join(self.chance.choice(NOUNS) + self.chance.choice(ENDINGS) for _ in range(5)) for _ in range(self.chance.randint(2, 4))]

    def body(self, kind, number, quoted):
        """Lines of one to eight KB."""
        chance, japanese = self.chance, kind in ('jis', 'utf8')
        lines, size, wanted = [], 0, int(1000 * math.exp(chance.random() * math.log(8)))
        if quoted:
            lines += ['Somebody wrote:'] + ['> ' + line for line in quoted[:chance.randint(3, 14)]] + ['']
        while size < wanted:
            paragraph = chance.choice(self.japanese if japanese else self.latin)
            size += sum(map(len, paragraph)) * (3 if japanese else 1)
            lines += paragraph + ['']
        if kind == 'qp':
            lines.insert(1, 'Voilà: le résumé naïf coûte 12 € - Grüße aus Köln.')
        if number % 4000 == 1234:
            lines.insert(1, RARE)
        return lines + ['-- ', chance.choice(NAMES)]

    def subject(self, kind):
        if kind in ('jis', 'utf8'):
            return self.chance.choice(NOUNS) + 'の' + self.chance.choice(NOUNS) + 'について'
        return ' '.join(self.some(self.chance.randint(3, 8))).capitalize()


def sizes(chance, number):
    """How many messages each thread has."""
    big, left = [50] * 12 + [180] if number >= 5000 else [], number
    while left > 0:
        size = big.pop() if big and chance.random() < 0.05 else min(40, int(chance.paretovariate(1.15)))
        size = min(size, left)
        left -= size
        yield size


def plan(chance, number, months):
    """(time, thread, place in it, place of what it answers), by time; the last month is December 2025, as an import takes no later times."""
    first = 12 * 2026 - months
    begin = calendar.timegm((first // 12, first % 12 + 1, 1, 0, 0, 0))
    end, rows, threads = calendar.timegm((2026, 1, 1, 0, 0, 0)) - 1, [], []
    for thread, size in enumerate(sizes(chance, number)):
        when = begin + chance.random() * (end - begin)
        threads.append(size)
        for place in range(size):
            when = min(end, when + (chance.expovariate(1 / 20000) if place else 0))
            rows.append((when, thread, place, None if place == 0 else place - 1 if chance.random() < 0.6 else chance.randrange(place)))
    rows.sort()
    return rows, threads


def encoded(kind, text):
    charset, encoding = CODES[kind]
    data = text.encode(charset, 'replace')
    if encoding == 'base64':
        return base64.encodebytes(data)
    return quopri.encodestring(data) if encoding == 'quoted-printable' else data


def in_header(kind, text):
    return text if text.isascii() else email.header.Header(text, CODES[kind][0] if kind == 'jis' else 'utf-8', maxlinelen=70).encode()


def with_parts(chance, texts, kind, number, text, fields):
    """The rest of the header, and the body."""
    charset, encoding = CODES[kind]
    part = f'Content-Type: text/plain; charset="{charset}"\nContent-Transfer-Encoding: {encoding}'
    data = encoded(kind, text)
    if chance.random() < 0.06:
        name = f'notes{number}.txt' if chance.random() < 0.5 else f'picture{number}.png'
        inside = ('\n'.join(' '.join(texts.some(10)) for _ in range(chance.randint(10, 100)))).encode() if name.endswith('txt') else \
            b'\x89PNG\r\n\x1a\n' + chance.randbytes(chance.randint(800, 20000))
        kind_of = 'text/plain' if name.endswith('txt') else 'image/png'
        fields.append(f'Content-Type: multipart/mixed; boundary="b{number}"')
        return (f'--b{number}\n{part}\n\n'.encode() + data + f'\n--b{number}\nContent-Type: {kind_of}; name="{name}"\nContent-Disposition: '
                f'attachment; filename="{name}"\nContent-Transfer-Encoding: base64\n\n'.encode() + base64.encodebytes(inside) + f'--b{number}--\n'.encode())
    if kind == 'html':
        page = '<html><body><p>' + text.replace('\n\n', '</p><p>') + '</p></body></html>'
        fields.append(f'Content-Type: multipart/alternative; boundary="a{number}"')
        return (f'--a{number}\n{part}\n\n'.encode() + data + f'\n--a{number}\nContent-Type: text/html; charset="us-ascii"\n\n{page}\n--a{number}--\n'.encode())
    fields.append(part)
    return data


class Writer:
    def __init__(self, number, months):
        self.chance = random.Random(20260101)
        self.texts = Texts(self.chance)
        self.rows, self.threads = plan(self.chance, number, months)
        bounds = list(itertools.accumulate(weight for _, weight in KINDS))
        self.kinds = [KINDS[bisect.bisect(bounds, self.chance.random() * 100)][0] for _ in self.threads]
        self.subjects = [self.texts.subject(kind) for kind in self.kinds]
        self.open = {}      # of threads that go on: what their messages said
        self.found = {COMMON: 0, RARE: 0, JAPANESE: 0}

    def message(self, number, row):
        when, thread, place, answered = row
        kind, chance, said = self.kinds[thread], self.chance, self.open.setdefault(thread, {})
        quoted, references = said[answered] if answered is not None else (None, [])
        lines = self.texts.body(kind, number, quoted)
        author = chance.randrange(1200)
        name = f'{NAMES[author % len(NAMES)]} {author}'
        identity = f'<t{thread}.{place}@host.example.org>'
        subject = ('Re: ' if place else '') + self.subjects[thread]
        fields = [f'From: {in_header("qp", name)} <user{author}@host{author % 97}.example.org>', 'To: bench@lists.example.jp',
                  f'Subject: {in_header(kind, subject)}', f'Date: {email.utils.formatdate(int(when))}', f'Message-ID: {identity}',
                  'MIME-Version: 1.0']
        if references:
            fields += [f'In-Reply-To: {references[-1]}', 'References: ' + '\n '.join(references[-12:])]
        text = '\n'.join(lines) + '\n'
        for word in self.found:
            self.found[word] += word in (subject + text).lower()
        said[place] = ([line for line in lines if line and line[0] not in '>-'][:14], references + [identity])
        if place + 1 == self.threads[thread]:
            del self.open[thread]
        body = with_parts(chance, self.texts, kind, number, text, fields)
        body = b'\n'.join(b'>' + line if line.startswith(b'From ') else line for line in body.split(b'\n'))
        return (f'From user{author}@host{author % 97}.example.org {time.asctime(time.gmtime(when))}\n' + '\n'.join(fields)).encode() + b'\n\n' + body + b'\n'


def write(path, number, months=36):
    writer, size, by_month = Writer(number, months), 0, {}
    with open(path, 'wb') as file:
        for n, row in enumerate(writer.rows):
            data = writer.message(n, row)
            size += len(data)
            month = time.strftime('%Y-%m', time.gmtime(row[0]))
            by_month[month] = by_month.get(month, 0) + 1
            file.write(data)
    made = {'messages': number, 'bytes': size, 'threads': len(writer.threads), 'months': by_month, 'words': writer.found,
            'probes': {'common': COMMON, 'rare': RARE, 'japanese': JAPANESE}}
    with open(path + '.json', 'w', encoding='utf-8') as file:
        json.dump(made, file, ensure_ascii=False, indent=1)
    return made


if __name__ == '__main__':
    write(sys.argv[1], *(int(word) for word in sys.argv[2:]))
