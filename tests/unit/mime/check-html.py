#!/usr/bin/python3
"""HTML judged by others: tokens by html5lib's cases, cleaned HTML by parsers that are not ours, the table of names by Python's.

The corpora's cases skip where those are not (KAIRAN_CORPORA); html5lib's own parser judges too where it is installed."""
import html.entities
import html.parser
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.path.insert(0, os.path.join(TOP, 'tests'))
from rig import attacks   # noqa: E402

try:
    import html5lib
except ImportError:
    html5lib = None

PASS = os.path.join(os.environ.get('builddir', '.'), 'tests/unit/mime/html-pass')
STATES = {'Data state': 'Data', 'RCDATA state': 'RCDATA', 'RAWTEXT state': 'RAWTEXT', 'Script data state': 'Script',
          'PLAINTEXT state': 'PLAINTEXT', 'CDATA section state': 'CDATA'}

# What may be in cleaned HTML, written here a second time by hand.
VOID = {'br', 'hr', 'img', 'col', 'wbr'}
ELEMENTS = VOID | set('''a abbr address article aside b bdi bdo big blockquote caption center cite code colgroup dd del dfn div dl dt em figcaption figure
    font footer h1 h2 h3 h4 h5 h6 header i ins kbd li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub sup table tbody td tfoot
    th thead time tr tt u ul var'''.split())
ANYWHERE = {'dir': 'ltr|rtl|auto', 'lang': '[A-Za-z0-9-]+', 'title': '(?s:.*)', 'style': '[a-z-]+:[a-z0-9#%., ()/-]+(;[a-z-]+:[a-z0-9#%., ()/-]+)*'}
WORD, NUMBER = '[a-z]+', r'\d{1,4}'
ALIGN = {'align': WORD, 'valign': WORD, 'bgcolor': r'[a-z]+|[0-9a-f]{6}|#[0-9a-f]+|rgba?\([0-9., %/]+\)', 'width': r'\d+(\.\d+)?%?', 'height': r'\d+(\.\d+)?%?'}
ATTRIBUTES = {'a': {'href': r'(https?://|mailto:)[^\x00-\x20]+', 'rel': 'nofollow noopener noreferrer'},
              'img': {'src': 'data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+', 'alt': '(?s:.*)', 'border': NUMBER, **ALIGN},
              'font': {'color': ALIGN['bgcolor'], 'size': '[+-]?[1-7]'}, 'hr': {'size': '[+-]?[1-7]', **ALIGN},
              'table': {'border': NUMBER, 'cellpadding': NUMBER, 'cellspacing': NUMBER, **ALIGN}, 'td': {'colspan': NUMBER, 'rowspan': NUMBER, **ALIGN},
              'th': {'colspan': NUMBER, 'rowspan': NUMBER, **ALIGN}, 'col': {'span': NUMBER, **ALIGN}, 'colgroup': {'span': NUMBER, **ALIGN},
              'ol': {'start': NUMBER, 'type': '[1aAiI]|' + WORD}, 'ul': {'type': '[1aAiI]|' + WORD}, 'li': {'value': NUMBER, 'type': '[1aAiI]|' + WORD}}
for name in 'tr tbody thead tfoot caption p div h1 h2 h3 h4 h5 h6'.split():
    ATTRIBUTES[name] = ALIGN


def ask(questions):
    """What html-pass says to (what, state, name, HTML) each."""
    lines = ''.join(f'{what} {state} {name} {text.encode("utf-8", "surrogatepass").hex() or "-"}\n' for what, state, name, text in questions)
    answer = subprocess.run([PASS], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout.decode('utf-8', 'replace')
    return [json.loads(line) for line in answer.split('\n') if line]


def clean(texts, what='clean'):
    return ask([(what, '-', '-', text) for text in texts])


# ---- tokens ----

def undone(value):
    """Of a "doubleEscaped" case: the escapes in its texts are characters."""
    if isinstance(value, str):
        return re.sub(r'\\u([0-9A-Fa-f]{4})', lambda match: chr(int(match[1], 16)), value)
    if isinstance(value, list):
        return [undone(one) for one in value]
    return {undone(key): undone(one) for key, one in value.items()} if isinstance(value, dict) else value


def joined(tokens):
    """Text in one piece, however many it came in."""
    out = []
    for token in tokens:
        if token[0] == 'Character' and out and out[-1][0] == 'Character':
            out[-1] = ['Character', out[-1][1] + token[1]]
        else:
            out.append(token)
    return out


def has_surrogate(value):
    return any('\ud800' <= c <= '\udfff' for c in json.dumps(value, ensure_ascii=False))


def why_not(case):
    """The classes of cases that are not ours."""
    if case['file'] == 'xmlViolation.test':
        return 'for trees that must be XML: what XML cannot hold is changed there'
    if has_surrogate(case['input']) or has_surrogate(case['output']):
        return 'a half of a surrogate pair alone is no UTF-8, so it cannot come here'
    return None


def check_tokens(folder):
    """Names of errors are not compared: nobody reads them."""
    path = os.path.join(folder, 'html5lib/tokenizer.json')
    if not os.path.exists(path):
        return
    cases, skipped, questions = [], {}, []
    with open(path, encoding='utf-8') as file:
        for case in json.load(file):
            if case.get('doubleEscaped'):
                case['input'], case['output'] = undone(case['input']), undone(case['output'])
            why = why_not(case)
            if why:
                skipped[why] = skipped.get(why, 0) + 1
                continue
            for state in case.get('initialStates') or ['Data state']:
                cases.append((case, state))
                questions.append(('tokens', STATES[state], case.get('lastStartTag') or '-', case['input']))
    wrong = 0
    for (case, state), said in zip(cases, ask(questions)):
        if joined(said) != joined(case['output']):
            wrong += 1
            if wrong <= 20:
                yield f'{case["file"]}: {case["description"]} ({state}): {case["input"]!r} gives {said}, not {case["output"]}'
    print(f'{len(cases)} tokenizer cases, {wrong} wrong; skipped: {skipped}')


# ---- cleaned HTML ----

class Judge(html.parser.HTMLParser):
    """Finds what is not listed, and what is not closed in order."""

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.open, self.wrong = [], []

    def handle_starttag(self, tag, attrs):
        judge_tag(tag, attrs, self.wrong)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.wrong.append(f'<{tag}/>')

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f'</{tag}> out of order')

    def handle_entityref(self, name):
        if name not in ('amp', 'lt', 'gt', 'quot'):
            self.wrong.append(f'&{name};')

    def handle_charref(self, name):
        self.wrong.append(f'&#{name};')

    def handle_data(self, data):
        if re.search(r'[<>"&\x00-\x08\x0b-\x1f\x7f-\x9f]', data):
            self.wrong.append(f'text {data!r}')

    def handle_comment(self, data):
        self.wrong.append('a comment')

    def handle_decl(self, decl):
        self.wrong.append('a declaration')

    unknown_decl = handle_pi = handle_decl


def judge_tag(tag, attrs, wrong):
    if tag not in ELEMENTS:
        wrong.append(f'<{tag}>')
    allowed = {**ANYWHERE, **ATTRIBUTES.get(tag, {})}
    for name, value in attrs:
        if name not in allowed or not re.fullmatch(allowed[name], value or ''):
            wrong.append(f'<{tag} {name}="{value}">')


def judged(text):
    """What is wrong with cleaned HTML."""
    judge = Judge()
    judge.feed(text)
    judge.close()
    if judge.open:
        judge.wrong.append(f'left open: {judge.open}')
    if html5lib is not None:
        implied = {'html', 'head', 'body', 'tbody', 'colgroup', 'tr'}
        for element in html5lib.parseFragment(text, treebuilder='etree', namespaceHTMLElements=False).iter():
            if not isinstance(element.tag, str) or element.tag == 'DOCUMENT_FRAGMENT' or element.tag in implied:
                continue
            judge_tag(element.tag, element.attrib.items(), judge.wrong)
    return judge.wrong


def check_attacks(folder):
    vectors = attacks.every()
    vectors += [vector * 3 for vector in vectors if len(vector) < 500] + ['<p title="' + vector for vector in vectors] + [f'<table><tr><td>{vector}' for vector in vectors]
    vectors.append('\n'.join(attacks.OWN))
    once = [one['html'] for one in clean(vectors)]
    twice = [one['html'] for one in clean(once)]
    guests = clean(vectors, 'guest')
    for vector, first, second, guest in zip(vectors, once, twice, guests):
        for wrong in judged(first) + judged(guest['html']):
            yield f'{vector[:300]!r} gives {first[:300]!r}: {wrong}'
        if first != second:
            yield f'{vector[:300]!r} gives {first[:300]!r}, and again {second[:300]!r}'
    again = [one['html'] for one in clean([one['html'] for one in guests], 'guest')]
    for vector, first, second in zip(vectors, guests, again):
        if first['html'] != second:
            yield f'for guests {vector[:300]!r} gives {first["html"][:300]!r}, and again {second[:300]!r}'
    print(f'{len(vectors)} attacks, html5lib {"judged, too" if html5lib else "is not here"}')


# ---- names ----

def check_names(folder):
    rows = ''.join('ENTITY("%s", "%s")\n' % (name, ''.join(f'\\x{byte:02x}' for byte in text.encode()))
                   for name, text in sorted(html.entities.html5.items(), key=lambda row: row[0].encode()))
    with open(os.path.join(TOP, 'core/mime/html-entities.def'), encoding='utf-8') as file:
        if not file.read().endswith('*/\n' + rows):
            yield 'core/mime/html-entities.def is not what html-entities.py prints'
    names = sorted(html.entities.html5)
    for name, said in zip(names, ask([('tokens', 'Data', '-', f'&{name}') for name in names])):
        if said != [['Character', html.entities.html5[name]]]:
            yield f'&{name} gives {said}'


def main():
    if not os.path.exists(PASS):
        return 77
    folder = os.path.join(attacks.CORPORA, 'html')
    wrong = [one for check in (check_names, check_tokens, check_attacks) for one in check(folder)]
    for one in wrong[:60]:
        print(one)
    print(f'{len(wrong)} wrong')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
