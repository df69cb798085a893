#!/usr/bin/python3
"""Each lint must be able to fail: gives it snippets that it must refuse, and their proper forms that it must not."""
import os
import sys
import tempfile

import book
import commands
import includes
import packages
import parity
import sources
import sql
import templates
import texts

# (lint, path, what must be refused, what must pass)
CASES = (
    (includes, 'core/mime/x.c', '#include "store/db.h"\n', '#include "util/mem.h"\n'),
    (includes, 'core/util/x.h', '#include "mime/header.h"\n', '#include <string.h>\n'),
    (includes, 'core/policy/x.c', '#include "delivery/token.h"\n', '#include "store/db.h"\n'),
    (includes, 'core/auth/x.c', '#include "policy/rules.h"\n', '#include "mime/header.h"\n'),
    (includes, 'core/mime/x.c', '#include <openssl/evp.h>\n', '#include <talloc.h>\n'),
    (includes, 'core/mime/x.h', '#include <gmime/gmime.h>\n', '#include <stdint.h>\n'),
    (includes, 'web/x.c', '#include <libpq-fe.h>\n', '#include "store/db.h"\n'),
    (sql, 'sql/statements/x.sql', '-- x :one\nSELECT now();\n', '-- x :one when timestamptz, no now() here\nSELECT $1;\n'),
    (sql, 'sql/statements/x.sql', '-- x :one\nSELECT CURRENT_DATE;\n', '-- x :one\nSELECT current_setting($1);\n'),
    (sql, 'sql/statements/x.sql', "-- x :one\nSELECT 'now'::timestamptz;\n", "-- x :one\nSELECT 'nowhere';\n"),
    (sql, 'sql/statements/x.sql', '-- x :one\nSELECT substring(m.bytes FOR 9);\n',
     '-- x :one\nSELECT message_seen(m.bytes, m.masks) WHERE m.bytes IS NOT NULL;\n'),
    (sql, 'core/store/x.c', 'run("SELECT id FROM list");\n', '/* "SELECT id FROM list" */ run(STATEMENT_LIST);\n'),
    (templates, 'templates/x.cs', '<?cs evar:Page.x ?>\n', '<?cs var:Page.x ?>\n'),
    (templates, 'templates/x.cs', '<?cs alt:Page.x ?>a<?cs /alt ?>\n', '<img alt="a">\n'),
    (templates, 'templates/x.cs', '<?cs var:_("Leave") ?>\n', '<?cs var:t("Leave") ?>\n'),
    (templates, 'templates/x.cs', '<a href=<?cs var:x ?>>\n', '<a href="/x?y=<?cs var:x ?>">\n'),
    (templates, 'templates/x.cs', '<?cs include:"a.cs" ?>\n', '<?cs include!"a.cs" ?>\n'),
    (templates, 'templates/x.cs', '<p onclick="x()">\n', '<p class="once">\n'),
    (templates, 'templates/x.cs', '<script>x()</script>\n', '<script src="/static/a.js"></script>\n'),
    (templates, 'templates/x.cs', '<<<<<<' + '< HEAD\n<p>a</p>\n', '<p>a &lt;&lt; b</p>\n'),
    (templates, 'templates/x.cs', '<p style="color: red">\n', '<p class="red">\n'),
    (templates, 'templates/x.cs', '<p>a</p>\n' + '=' * 7 + '\n<p>b</p>\n', '<p>=======</p>\n'),
    (templates, 'templates/x.cs', '<' * 7 + ' HEAD\n<p>a</p>\n', '<p>a</p>\n'),
    (templates, 'static/kairan.js', 'a();' * 1281, 'a();' * 1280),
    (sources, 'core/auth/x.c', 'n = dkim_ohdrs(a, b);\n', '/* dkim_ohdrs(a) is never called */\n'),
    (sources, 'core/worker/x.c', 'if (strcmp(given, row->token) == 0)\n', 'if (crypto_equal(given, row->token))\n'),
    (sources, 'web/x.c', 'log_event(EVENT_OTHER, "sender", "%l", a);\n', 'log_event(EVENT_OTHER, "list", "%l", a);\n'),
    (sources, 'web/x.c', 'system(line);\n', 'log_info("system(3) is not used");\n'),
    (sources, 'core/util/x.c', 'sprintf(a, "%s", b);\n', 'snprintf(a, sizeof a, "%s", b);\n'),
    (sources, 'tests/rig/x.py', 'fsync = ' + 'off\n', 'fsync = on\n'),
    (sources, 'sql/x.sql', 'SET synchronous_commit' + ' TO off;\n', 'SET synchronous_commit TO on;\n'),
    (parity, 'doc/mailman.tsv', '1.1\tx\tdone\troute:gone\ttests/gone.py::gone\t\n', '1.1\tx\tlater\t\t\twith digests\n'),
    (parity, 'doc/mailman.tsv', '1.1\tx\tlater\t\t\tyes\n1.1\tx\tlater\t\t\tyes\n', '1.1\tx\tlater\t\t\tyes\n1.2\tx\tlater\t\t\tyes\n'),
    (parity, 'doc/mailman.tsv', '1.1\tx\totherwise\t\t\t\n', '# a remark\n'),
    (parity, 'doc/mailman.tsv', ''.join(f'1.1\t{n}\tnot wanted\t\t\tno\n' for n in range(11)),
     ''.join(f'1.1\t{n}\tnot wanted\t\t\tno\n' for n in range(10))),
    (commands, 'doc/x.md', 'Run `kairan member dance`.\n', 'Run `kairan member add`, see kairan member, as kairan is yours.\n'),
    (commands, 'core/util/x.c', 'say("Run kairan member dance.");\n', 'say("Run kairan member add."); /* kairan member dance */\n'),
    (texts, 'web/x.c', 'a = tr(lang, "Leave the list");\n', 'a = tr(lang, "Join");\n'),
    (texts, 'core/util/x.def', 'STATUS(X, N_("One "\n  "two."))\n', 'STATUS(X, N_("Join"))\n'),
    (texts, 'templates/x.cs', '<?cs var:t("Write") ?>\n', '<?cs var:t("Join") ?>\n'),
)
ROW, THERE = '1.1\tx\tdone\tfile:doc/mailman.tsv\t{}\t\n', {'tests/system/test_x.py': 'def test_y():\n', 'tests/unit/x.c': 'y(void **state)\n'}
INVENTORY = {'reference/mailman3-features.md': '### 1.1 Entry\n\n| Point | Behaviour |\n|---|---|\n| x **[3.3.9]** | y |\n'}
SETTING = {'reference/mailman3-features.md': '### 2.1 List settings\n\n| Setting | Type | Default |\n|---|---|---|\n| size | i KB | 40 |\n',
           'core/policy/settings.def': 'INT(size, 41, 0, 100, group, 0, N_("Join"), N_("Join"))\n'}
DNS = '# DNS\n\nAll [pages](index.md).\n\n## MX\n\n```sh\nkairan check\n```\n'
BOOK = {'web/book.def': 'PART(N_("Join"))\nCHAPTER("dns")\n', 'doc/book/en/dns.md': DNS, 'doc/book/ja/dns.md': DNS.replace('All', '全部の'),
        'po/GLOSSARY': 'address                メールアドレス                       not: メアド\n'}
NEEDS = {'tests/packages': 'build\tgcc\nbuild\tzlib1g-dev\nrun\tnginx\n',
         'debian/control': 'Source: x\nBuild-Depends: debhelper-compat (= 13),\n               zlib1g-dev (>= 1)\nStandards-Version: 4\n'}
# Files that are wrong only together.
PAIRS = (
    (parity, {'doc/mailman.tsv': ROW.format('tests/system/test_x.py'), **THERE}),
    (parity, {'doc/mailman.tsv': ROW.format('tests/system/test_x.py::test_z'), **THERE}),
    (parity, {'doc/mailman.tsv': ROW.format('tests/unit/x.c::z'), **THERE}),
    (parity, {'doc/mailman.tsv': ROW.format(''), **THERE}),
    (parity, {'doc/mailman.tsv': '1.1\tz\tlater\t\t\tyes\n1.1\tx\tlater\t\t\tyes\n', **INVENTORY}),
    (parity, {'doc/mailman.tsv': '# empty\n', **INVENTORY}),
    (parity, {'doc/mailman.tsv': ROW.format('tests/system/test_x.py::test_y').replace('1.1\tx', '2.1\tsize'), **THERE, **SETTING}),
    (includes, {'core/mime/a.c': '#include <gmime/gmime.h>\n', 'core/mime/b.c': '#include <gmime/gmime.h>\n'}),
    (sql, {'sql/migrations/0002-a.sql': 'SELECT 1;\n', 'sql/migrations/0002-b.sql': 'SELECT 2;\n'}),
    (packages, {**NEEDS, 'tests/packages': 'build\tgcc\n'}),
    (packages, {**NEEDS, 'tests/packages': 'build\tzlib1g-dev\nbuild\tlibx-dev\n'}),
    (templates, {'templates/a.cs': '<?cs uvar:x ?>\n', 'templates/b.cs': '<?cs uvar:x ?>\n'}),
    (book, {**BOOK, 'doc/book/ja/dns.md': '# DNS\n\n## MX\n'}),
    (book, {**BOOK, 'doc/book/ja/dns.md': DNS.replace('kairan check', 'kairan log')}),
    (book, {**BOOK, 'doc/book/ja/dns.md': DNS.replace('(index.md)', '(postfix.md)')}),
    (book, {**BOOK, 'doc/book/ja/dns.md': DNS.replace('All', 'ユーザーのメアド')}),
    (book, {**{name: text for name, text in BOOK.items() if name != 'doc/book/ja/dns.md'}, 'doc/book/ja/index.md': '# X\n', 'doc/book/en/index.md': '# X\n'}),
    (book, {**BOOK, 'doc/book/en/index.md': 'X\n', 'doc/book/ja/index.md': 'X\n'}),
    (book, {**BOOK, 'doc/book/en/other.md': '# Other\n'}),
    (book, {**BOOK, 'doc/book/en/dns.md': DNS + '<b>bold</b>\n', 'doc/book/ja/dns.md': DNS + '<b>bold</b>\n'}),
)
# What is right together.
SOUND = (
    (book, BOOK),
    (packages, NEEDS),
    (parity, {'doc/mailman.tsv': ROW.format('tests/system/test_x.py::test_y; tests/unit/x.c::y'), **THERE, **INVENTORY}),
    (parity, {'doc/mailman.tsv': ROW.format('tests/system/test_x.py::test_y').replace('1.1\tx', '2.1\tsize'), **THERE, **SETTING,
              'core/policy/settings.def': 'INT(size, 40, 0, 100, group, 0, N_("Join"), N_("Join"))\n'}),
)
CATALOGUE = 'msgid ""\nmsgstr ""\n\nmsgid "Join"\nmsgstr "参加する"\n\n#, fuzzy\nmsgid "Write"\nmsgstr "書く"\n'
ALWAYS = {'po/ja.po': CATALOGUE, 'core/cli/commands.def': 'COMMAND("member add", "LIST", ADMIN, command_member_add, N_("Join"))\n'}


def findings(lint, contents):
    with tempfile.TemporaryDirectory() as root:
        for path, text in dict(contents, **ALWAYS).items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), 'w', encoding='utf-8') as file:
                file.write(text)
        os.environ['KAIRAN_REFERENCE'] = os.path.join(root, 'reference')
        return list(lint.check(root))


def check():
    for lint, path, refused, proper in CASES:
        if not findings(lint, {path: refused}):
            yield f'{lint.__name__} does not see: {refused!r}'
        for finding in findings(lint, {path: proper}):
            yield f'{lint.__name__} refuses {proper!r}: {finding}'
    for lint, contents in PAIRS:
        if not findings(lint, contents):
            yield f'{lint.__name__} does not see: {contents}'
    for lint, contents in SOUND:
        for finding in findings(lint, contents):
            yield f'{lint.__name__} refuses {contents}: {finding}'


if __name__ == '__main__':
    wrong = list(check())
    print('\n'.join(wrong) or f'{len(CASES) + len(PAIRS)} snippets judged')
    sys.exit(1 if wrong else 0)
