#!/usr/bin/python3
"""The manual is the same in all languages: each chapter of web/book.def has the same headings, commands and links everywhere."""
import os
import re

import common

FOLDER = 'doc/book'
FENCE = re.compile(r'^```(\w*)\n(.*?)^```$', re.MULTILINE | re.DOTALL)
HTML = re.compile(r'<(?!!-- table: [a-z-]+ -->|https://)/?[A-Za-z!][^>]*>')


def chapters(root):
    return ['index'] + re.findall(r'^CHAPTER\("([^"]+)"\)', common.read(root, 'web/book.def'), re.MULTILINE)


def prose(text):
    """The chapter without its blocks and its code, lines kept."""
    text = FENCE.sub(lambda match: re.sub(r'[^\n]', '', match[0]), text)
    return re.sub(r'`[^`\n]*`', '', text)


def blocks(text, kind):
    return [body for word, body in FENCE.findall(text) if word == kind]


def shape(text):
    """What must be the same in every language, each with its name."""
    return {
        'headings': [len(marks) for marks in re.findall(r'^(#+) ', prose(text), re.MULTILINE)],
        'sh blocks': blocks(text, 'sh'),
        'made tables': re.findall(r'<!-- table: ([a-z-]+) -->', text),
        'links': sorted(re.findall(r'\]\(([^)]*)\)', prose(text))),
        'kinds of blocks': [word for word, _ in FENCE.findall(text)],
    }


def forbidden(root):
    """(word, what to say) of po/GLOSSARY."""
    for line in common.read(root, 'po/GLOSSARY').split('\n'):
        match = re.match(r'\S.*?\s{2,}(\S+).*\bnot: (.*)', line)
        for word in match[2].split() if match else ():
            yield word, match[1]


def check_one(path, text, words):
    if not text.startswith('# '):
        yield f'{path}:1: a chapter begins with "# Title"'
    if len(re.findall(r'^# ', prose(text), re.MULTILINE)) != 1:
        yield f'{path}:1: a chapter has one title'
    for match in FENCE.finditer(text):
        if match[1] not in ('sh', 'text'):
            yield f'{path}:{common.line_of(text, match.start())}: a block is "sh", commands, or "text", all else'
    for match in HTML.finditer(prose(text)):
        yield f'{path}:{common.line_of(prose(text), match.start())}: no HTML in the manual: {match[0]}'
    for number, line in enumerate(prose(text).split('\n'), 1):
        if re.match(r'#.*\]\(', line):
            yield f'{path}:{number}: a heading is no link'
        for word, better in words if '/ja/' in path else ():
            if word in line:
                yield f'{path}:{number}: {word}: po/GLOSSARY has {better}'


def check(root):
    if not os.path.isdir(os.path.join(root, FOLDER)):
        return
    languages = ['en'] + sorted(set(os.listdir(os.path.join(root, FOLDER))) - {'en'})
    names, words = chapters(root), list(forbidden(root))
    texts = {(language, name): common.read(root, f'{FOLDER}/{language}/{name}.md') for language in languages for name in names
             if os.path.exists(os.path.join(root, f'{FOLDER}/{language}/{name}.md'))}
    for path in common.files(root, (FOLDER,), ('.md',)):
        if os.path.basename(path)[:-3] not in names:
            yield f'{path}:1: web/book.def has no such chapter'
    for (language, name), text in texts.items():
        yield from check_one(f'{FOLDER}/{language}/{name}.md', text, words)
    for name in names:
        if not any((language, name) in texts for language in languages):
            continue
        for language in languages:
            path = f'{FOLDER}/{language}/{name}.md'
            if (language, name) not in texts:
                yield f'{path}:1: this chapter is there in another language only'
            elif ('en', name) in texts:
                ours, theirs = shape(texts[language, name]), shape(texts['en', name])
                yield from (f'{path}:1: other {what} than in English' for what in ours if ours[what] != theirs[what])


if __name__ == '__main__':
    common.tell(check(common.top()))
