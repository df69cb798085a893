"""kairan setup: what it refuses, in one sentence with what to do, and that it then has touched nothing. What it does is proved by
tests/install/prove, on a Debian of its own."""
import os
import pwd
import subprocess

import conftest
import pytest

GOOD = {'--domain': 'lists.example.org', '--admin': 'you@example.org'}
# (options that differ; None: left out), what the sentence says
REFUSED = (
    ({'--domain': None}, '--domain is missing'),
    ({'--admin': None}, '--admin is missing'),
    ({'--domain': 'lists'}, 'has no dot'),
    ({'--domain': 'lists example.org'}, 'is no domain name'),
    ({'--domain': '192.0.2.25'}, 'an address in numbers'),
    ({'--domain': 'リスト.example.org'}, 'xn--'),
    ({'--host': 'https://lists.example.org'}, '--host: "https://lists.example.org" is no domain name'),
    ({'--host': 'a;b.example.org'}, 'is no domain name'),
    ({'--admin': 'you'}, 'is not a mail address'),
    ({'--admin': 'you@example.org\nX: y'}, 'is to be one line'),
    ({'--language': 'fr'}, '--language: "fr" is not known here'),
    ({'--time-zone': 'Mars/Base'}, 'there is no time zone "Mars/Base"'),
    ({'--time-zone': '../../../etc/passwd'}, 'there is no time zone'),
    ({'--certificate': '/etc/a.pem'}, '--certificate and --key go together'),
    ({'--certificate': 'a.pem', '--key': 'a.key'}, 'whole paths'),
    ({'--certificate': '/etc/a;b.pem', '--key': '/etc/a.key'}, 'whole paths'),
    ({'--site-name': 'Lists # 1'}, 'without #'),
)
PLACES = ('/etc/kairan/setup', '/etc/nginx/sites-available/kairan')


def run_setup(options, *flags, **run):
    words = [f'{name}={value}' for name, value in options.items() if value is not None]
    environment = {name: value for name, value in os.environ.items() if name != 'KAIRAN_CONF'}
    return subprocess.run([os.path.join(conftest.BUILD, 'kairan'), 'setup', *words, '--yes', *flags], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, env=environment, check=False, **run)


def stamps():
    """When what setup would write was last changed; None: it is not there."""
    return [os.stat(path).st_mtime_ns if os.path.exists(path) else None for path in PLACES]


@pytest.mark.parametrize('options, sentence', REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_what_cannot_be_meant_is_refused_before_anything_is_done(options, sentence):
    before = stamps()
    answer = run_setup({**GOOD, **options})
    assert answer.returncode == 64, answer.stderr
    assert sentence in answer.stderr and answer.stdout == '', answer.stderr
    assert stamps() == before


def answer_questions(answers):
    """On a terminal, a line a question: the process that has ended, what it printed, what it said."""
    master, slave = os.openpty()
    environment = {name: value for name, value in os.environ.items() if name != 'KAIRAN_CONF'}
    process = subprocess.Popen([os.path.join(conftest.BUILD, 'kairan'), 'setup', '--dry-run'], stdin=slave, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env=environment)
    os.write(master, answers)
    out, said = process.communicate(timeout=30)
    os.close(slave)
    os.close(master)
    return process, out, said


def test_yes_and_no_are_understood_and_nothing_else_is_taken_for_no():
    before = stamps()
    process, out, said = answer_questions(b'lists.example.org\n\nyou@example.org\nOur lists\n\n\nyess\n')
    assert process.returncode == 64 and out == '' and '--certbot: "yess" is neither yes nor no' in said, said
    both = run_setup(GOOD, '--certbot', '--no-certbot')
    assert both.returncode == 64 and '--certbot and --no-certbot: say one of them' in both.stderr
    assert stamps() == before


def test_on_a_terminal_it_asks_and_offers_what_it_knows():
    process, out, said = answer_questions(b'lists.example.org\n\nyou@example\nOur lists\n\n\n\n')
    assert 'Domain of the lists, such as lists.example.org: ' in said
    assert 'people reach the pages [lists.example.org]: ' in said and '(en or ja) [en]: ' in said
    assert process.returncode == 64 and out == '' and '--admin: "example" has no dot' in said, said


@pytest.mark.skipif(os.getuid() != 0, reason='becomes another user')
def test_only_root_sets_up():
    nobody = pwd.getpwnam('nobody')
    answer = run_setup(GOOD, '--dry-run', user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[], cwd='/')
    assert answer.returncode == 77 and 'run it as root' in answer.stderr


@pytest.mark.skipif(os.getuid() != 0, reason='reads what belongs to the system')
def test_a_dry_run_changes_nothing_and_says_what_is_missing():
    """On this machine, whatever is installed here: either all that would be done, or the one thing that is missing."""
    before = stamps()
    answer = run_setup(GOOD, '--dry-run')
    assert stamps() == before
    assert ' done ' not in answer.stdout
    if answer.returncode:
        assert 'apt-get install' in answer.stderr or 'pg_' in answer.stderr or 'dpkg-reconfigure' in answer.stderr, answer.stderr
    else:
        assert 'Nothing was changed.' in answer.stdout and 'lists.example.org. IN MX 10' in answer.stdout
