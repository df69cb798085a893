#!/usr/bin/python3
"""Whoever is told to run a command must find it: each "kairan WORDS" in manuals, pages, hints and scripts is a row of commands.def."""
import re

import common

TABLE = 'core/cli/commands.def'
FOLDERS = (('doc', ('.md', '.8', '.c')), ('core', ('.c', '.h', '.def')), ('web', ('.c', '.def')), ('templates', ('.cs',)), ('po', ('.po',)),
           ('systemd', ('',)), ('postfix-example', ('',)), ('nginx-example', ('',)))
SINGLE = ('README', 'README.ja', 'HACKING', 'ARCHITECTURE', 'NEWS', 'quickstart')
# A command as it is typed: behind a blank, quote or prompt, in small letters; roff writes hyphens with a backslash.
TYPED = re.compile(r'(?<![\w./@-])kairan ((?:[a-z]+(?:-[a-z]+)*)(?: [a-z]+(?:-[a-z]+)*){0,2})(?!=)')


def known(root):
    return [tuple(words.split()) for words in re.findall(r'^COMMAND\("([^"]+)"', common.read(root, TABLE), re.MULTILINE)]


def is_command(words, commands):
    return any(words[:len(command)] == command for command in commands)


def check(root):
    commands = known(root)
    firsts = {command[0] for command in commands}
    paths = [path for folder, ends in FOLDERS for path in common.files(root, (folder,), ends)] + list(SINGLE)
    for path in paths:
        try:
            text = common.read(root, path).replace('\\-', '-')
            text = common.without_comments(text) if path.endswith(('.c', '.h', '.def')) else text
        except FileNotFoundError:
            continue
        for match in TYPED.finditer(text):
            words = tuple(match[1].split())
            # "kairan is ..." is a sentence, "kairan post" alone a family of commands
            if words[0] in firsts and len(words) > 1 and not is_command(words, commands):
                yield f'{path}:{common.line_of(text, match.start())}: there is no command "kairan {" ".join(words)}"'


if __name__ == '__main__':
    common.tell(check(common.top()))
