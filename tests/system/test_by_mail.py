"""Mail to sub-addresses: commands in two languages, joining and leaving by writing, the owners' address, automatic answers; and who gets nothing."""
import email
import email.policy

import pytest

import conftest
from rig import judge, kairan
from rig.client import Author, address_of, message

MEMBER = ("SELECT count(*) FROM member m JOIN address a ON a.id = m.address_id JOIN list l ON l.id = m.list_id"
          " WHERE a.key = %s AND l.name = %s AND m.role = 'member' AND m.left_at IS NULL")


@pytest.fixture(scope='module')
def stack():
    stack = conftest.start(direct=True)
    conftest.need(stack, 'kairan', 'kairan-worker')
    yield stack
    conftest.finish(stack)


@pytest.fixture(autouse=True)
def fresh(stack):
    stack.quiet()
    for table in ('rate', 'budget', 'template', 'autoresponse'):
        stack.sql(f'DELETE FROM {table}')
    stack.clear_sink()


def to(list_, word):
    return f'{list_}-{word}@{kairan.DOMAIN}'


def write(stack, author, address, subject='', body='\r\n', signed=True, extra='', sender=None, **options):
    """A mail of the author's to a sub-address; returns its bytes."""
    data = message(subject, sender=author.address, to=address, body=body, extra=extra)
    data = author.sign(data) if signed else data
    stack.post(data, address, author.address if sender is None else sender, **options)
    return data


def sent(stack, to_, count=1):
    """The mails that reached somebody, when all is quiet."""
    stack.quiet()
    rows = [row for row in stack.copies() if row['rcpts'] == [to_]]
    assert len(rows) == count, [judge.values(row['message'], 'subject') for row in stack.copies()]
    return [row['message'] for row in rows]


def read(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def text(data):
    return read(data).get_content().replace('\r\n', '\n')


def is_member(stack, author, list_='test'):
    return stack.one(MEMBER, author.address, list_) == 1


def member(stack, author, list_='test', role='member'):
    stack.kairan.command('member', 'add', address_of(list_), author.address, '--role', role)
    return author


# ---- answers ----

@pytest.mark.parametrize('subject, charset, words', [
    ('help', 'utf-8', ['Done:', '> help', 'set NAME VALUE', 'test-request@']),
    ('Re: ＨＥＬＰ', 'utf-8', ['Done:', '> HELP']),
    ('ヘルプ', 'iso-2022-jp', ['完了:', '> ヘルプ', 'set 項目 値', '参加']),
    ('Re: 使い方', 'utf-8', ['完了:', '> 使い方']),
    ('案内', 'cp932', ['完了:', '<test@lists.example.jp>']),
])
def test_an_answer_is_a_good_mail_in_the_writers_language(stack, subject, charset, words):
    author = Author(stack)
    encoded = subject if subject.isascii() else email.header.Header(subject, charset).encode()
    data = write(stack, author, to('test', 'request'), encoded)
    answer = sent(stack, author.address)[0]
    mail = read(answer)
    assert judge.faults(answer, utf8=False) == [] and mail.defects == []
    assert judge.dmarc_passes(answer, judge.signatures(answer, judge.Resolver(stack.state['ports']['dns'])))
    assert mail['Auto-Submitted'] == 'auto-replied' and mail['In-Reply-To'] == read(data)['Message-ID']
    assert str(mail['Subject']) == 'Re: ' + subject.removeprefix('Re: ')
    assert [word for word in words if word not in text(answer)] == []
    assert stack.copies()[0]['from'] in ('', '<>', None)


def test_done_not_done_and_ignored_are_told_apart(stack):
    author = member(stack, Author(stack))
    write(stack, author, to('test', 'request'), 'hello',
          'echo here I am\r\nwho\r\nset nothing off\r\nset hide no\r\nplease be so kind\r\n> leave\r\nend\r\nleave\r\n')
    answer = text(sent(stack, author.address)[0])
    done, rest = answer.split('Not done:')
    not_done, ignored = rest.split('Not understood, and ignored:')
    assert 'here I am' in done and '> set hide no' in done and '> end' in done
    assert '> who' in not_done and 'does not show you its members' in not_done and '> set nothing off' in not_done
    assert '> please be so kind' in ignored and 'leave' not in ignored
    assert is_member(stack, author)
    assert stack.one("SELECT m.hide_address FROM member m JOIN address a ON a.id = m.address_id WHERE a.key = %s", author.address) is False


def test_a_text_of_the_owners_is_used(stack):
    author = Author(stack)
    stack.text('test', 'command_results', 'Hello from $display_name.\n\n$results', subject='We read it')
    write(stack, author, to('test', 'request'), 'lists')
    answer = sent(stack, author.address)[0]
    assert read(answer)['Subject'] == 'We read it' and text(answer).startswith('Hello from Test list.') and 'test@lists.example.jp' in text(answer)


# ---- joining and leaving ----

@pytest.mark.parametrize('word, subject', [('join', ''), ('subscribe', 'anything'), ('request', 'subscribe'), ('request', '参加希望です')])
def test_who_is_proved_joins_and_leaves_by_writing(stack, word, subject):
    author = Author(stack)
    write(stack, author, to('test', word), email.header.Header(subject, 'iso-2022-jp').encode() if not subject.isascii() else subject)
    stack.quiet()
    assert is_member(stack, author)
    kinds = [row[0] for row in stack.sql('SELECT kind FROM notice WHERE recipient = %s ORDER BY id', author.address)]
    assert kinds == (['welcome'] if word != 'request' else ['welcome', 'command_results'])
    assert stack.one("SELECT count(*) FROM audit WHERE actor = %s", author.address) > 0
    leave = {'join': ('leave', ''), 'subscribe': ('unsubscribe', '')}.get(word, ('request', email.header.Header('退会します', 'utf-8').encode()))
    write(stack, author, to('test', leave[0]), leave[1])
    stack.quiet()
    assert not is_member(stack, author)


def test_who_is_not_proved_is_asked_by_mail_and_a_plain_reply_will_do(stack):
    author = Author(stack, domain='nosignature.example', policy=None)
    write(stack, author, to('test', 'join'), signed=False)
    question = read(sent(stack, author.address)[0])
    assert not is_member(stack, author) and 'confirm' in str(question['Reply-To'] or question['From'])
    stack.clear_sink()
    reply = message('Re: ' + str(question['Subject']), sender=author.address, to=str(question['Reply-To']), body='Yes please.\r\n')
    stack.post(reply, email.utils.parseaddr(str(question['Reply-To']))[1], author.address)
    stack.quiet()
    assert is_member(stack, author)


def test_an_automatic_reply_confirms_nothing(stack):
    author = Author(stack, domain='vacation.example', policy=None)
    write(stack, author, to('test', 'join'), signed=False)
    question = read(sent(stack, author.address)[0])
    for extra, sender in (('Auto-Submitted: auto-replied\r\n', author.address), ('Precedence: bulk\r\n', author.address), ('', '')):
        write(stack, author, email.utils.parseaddr(str(question['Reply-To']))[1], 'I am away', signed=False, extra=extra, sender=sender)
    stack.quiet()
    assert not is_member(stack, author)


def test_a_mail_that_was_submitted_with_a_password_is_proof(stack):
    author = Author(stack, domain='submitter.example', policy=None)
    write(stack, author, to('test', 'request'), '参加'.encode().decode(), signed=False, submission=True)
    stack.quiet()
    assert is_member(stack, author)
    other = Author(stack, domain='other-submitter.example', policy=None)
    write(stack, other, to('test', 'leave'), signed=False, submission=True, sender=author.address)     # another one's From
    stack.quiet()
    assert is_member(stack, author) and stack.one("SELECT count(*) FROM notice WHERE kind = 'goodbye' AND recipient = %s", author.address) == 0


def test_another_address_is_asked_itself(stack):
    author = Author(stack)
    write(stack, author, to('test', 'request'), '', 'join address=other@members.example.org\r\nhelp leave\r\n')
    question = read(sent(stack, 'other@members.example.org')[0])
    assert 'confirm' in str(question['Reply-To']) and not is_member(stack, author)
    answer = text(sent(stack, author.address)[0])
    assert 'End the membership.' in answer and 'The members, as far' not in answer


@pytest.mark.parametrize('line, joins, words', [
    ('join digest=no', True, 'You are a member of the list now.'), ('subscribe digest=mime', True, 'Digests come with a later version.'),
    ('subscribe test', True, 'You are a member'), ('参加　お願いします', True, '参加'),
    ('join us on Sunday', False, 'ignored'), ('join us', False, 'address=ANOTHER'), ('join digest=yes', False, 'address=ANOTHER'),
    ('join digest=plain address=other-box@members.example.org', False, 'has to be answered from there')])
def test_what_may_stand_behind_join(stack, line, joins, words):
    author = Author(stack)
    write(stack, author, to('test', 'request'), '', line + '\r\n')
    answer = [text(mail) for mail in sent(stack, author.address, 2 if joins else 1) if 'request@' in str(read(mail)) or '> ' in text(mail)]
    assert is_member(stack, author) == joins and any(words in one for one in answer), answer
    other = stack.one("SELECT count(*) FROM notice WHERE kind = 'join' AND recipient = 'other-box@members.example.org'")
    assert other == ('address=other' in line)


# ---- who gets nothing ----

WORDS = ('request', 'join', 'subscribe', 'leave', 'unsubscribe', 'confirm')


@pytest.mark.parametrize('word', WORDS)
def test_a_forged_command_sends_nothing_and_changes_nothing(stack, word):
    author = member(stack, Author(stack))
    stack.quiet()
    before, _ = stack.one('SELECT count(*) FROM notice'), stack.clear_sink()
    for subject in ('unsubscribe', 'help', 'set delivery off', '退会', 'who', 'confirm ' + 'a' * 32):
        write(stack, author, to('test', word), subject, subject + '\r\n', signed=False)
    stack.quiet()
    assert is_member(stack, author) and stack.one('SELECT count(*) FROM notice') == before and stack.copies() == []
    assert stack.one("SELECT count(*) FROM message WHERE state NOT IN ('discarded', 'accepted') AND kind <> 'post'") == 0


@pytest.mark.parametrize('extra, sender', [('Auto-Submitted: auto-generated\r\n', None), ('Precedence: bulk\r\n', None), ('Precedence: list\r\n', None),
                                           ('List-Id: <a.b.example>\r\n', None), ('X-Auto-Response-Suppress: All\r\n', None), ('', '')])
def test_automatic_mail_is_not_answered(stack, extra, sender):
    author = Author(stack)
    for word in ('request', 'join'):
        write(stack, author, to('test', word), 'help', extra=extra, sender=sender)
    stack.quiet()
    assert stack.copies() == [] and not is_member(stack, author)


def test_somebody_banned_is_not_answered(stack):
    author = Author(stack)
    stack.kairan.command('ban', 'add', author.address)
    for word in ('request', 'join', 'owner'):
        write(stack, author, to('test', word), 'help')
    stack.quiet()
    assert stack.copies() == []


def test_ten_answers_a_day_and_one_that_says_so(stack):
    author = Author(stack)
    for _ in range(13):
        write(stack, author, to('test', 'request'), 'help')
    mails = sent(stack, author.address, 11)
    assert [read(mail)['Subject'] for mail in mails].count('Test list: no more automatic answers today') == 1


# ---- what members see and set ----

def test_who_shows_what_the_list_allows(stack):
    stack.new_list('choir', addresses=[])
    anna, ben, owner = member(stack, Author(stack), 'choir'), member(stack, Author(stack), 'choir'), member(stack, Author(stack), 'choir', 'owner')
    stranger = Author(stack)
    stack.quiet()
    stack.clear_sink()

    def who(author, words='who'):
        write(stack, author, to('choir', 'request'), words)
        answer = text(sent(stack, author.address)[0])
        stack.clear_sink()
        return answer
    assert anna.address in who(owner) and ben.address in who(owner)
    assert 'does not show' in who(anna)
    stack.set('choir', member_roster_visibility='members')
    write(stack, ben, to('choir', 'request'), 'set hide off')
    stack.quiet()
    stack.clear_sink()
    assert ben.address in who(anna) and anna.address not in who(anna).replace('> who', '') and '(address not shown)' in who(anna)
    assert 'does not show' in who(stranger)
    stack.sql("UPDATE member SET delivery_status = 'by_user' WHERE address_id = (SELECT id FROM address WHERE key = %s)", ben.address)
    assert ben.address in who(owner, 'who delivery=disabled') and ben.address not in who(owner, 'who delivery=enabled mode=regular')
    assert 'Not done:' in who(owner, 'who are you')


def test_set_changes_how_mail_comes(stack):
    author = member(stack, Author(stack))
    write(stack, author, to('test', 'request'), '', '設定 配送 停止\r\nset myposts off\r\nset language ja\r\nset vacation 2020-01-01\r\nset\r\n')
    answer = text(sent(stack, author.address)[0])
    assert 'set delivery: ' in answer and 'set vacation 2020-01-01' in answer.split('できなかったこと:')[1]
    row = stack.sql('SELECT m.delivery_status, m.receive_own_postings, m.preferred_language FROM member m JOIN address a ON a.id = m.address_id'
                    " WHERE a.key = %s AND role = 'member'", author.address)[0]
    assert row == ('by_user', False, 'ja')
    assert stack.one("SELECT count(*) FROM audit WHERE actor = %s", author.address) >= 3


# ---- the owners' address ----

def test_mail_to_the_owners_reaches_them_in_our_name(stack):
    stack.new_list('ask', 1)
    owner, moderator, author = (member(stack, Author(stack), 'ask', 'owner'), member(stack, Author(stack), 'ask', 'moderator'), Author(stack))
    data = write(stack, author, to('ask', 'owner'), '=?utf-8?b?44GU55u46KuH?=', 'こんにちは。\r\n')
    for one in (owner, moderator):
        copy = sent(stack, one.address)[0]
        mail = read(copy)
        assert judge.faults(copy, eight_bit=False, utf8=False) == []
        assert judge.from_addresses(copy) == [to('ask', 'owner')] and author.address in str(mail['Reply-To'])
        assert str(mail['Subject']) == 'ご相談' and 'こんにちは' in text(copy) and mail['Message-ID'] == read(data)['Message-ID']
        assert judge.dmarc_passes(copy, judge.signatures(copy, judge.Resolver(stack.state['ports']['dns'])))
    assert {row['from'] for row in stack.copies()} <= {'', '<>', None} and len(stack.copies()) == 2
    again = sent(stack, owner.address)[0]
    stack.clear_sink()
    stack.post(again, to('ask', 'owner'), owner.address)      # what was handed on comes back
    stack.quiet()
    assert stack.copies() == []


@pytest.mark.parametrize('extra, sender, signed', [('Auto-Submitted: auto-replied\r\n', None, True), ('', '', True), ('', None, False)])
def test_automatic_and_forged_mail_does_not_reach_the_owners(stack, extra, sender, signed):
    stack.kairan.command('member', 'add', address_of('test'), 'boss@members.example.org', '--role', 'owner')
    stack.quiet()
    stack.clear_sink()
    write(stack, Author(stack), to('test', 'owner'), 'Hello', extra=extra, sender=sender, signed=signed)
    stack.quiet()
    assert stack.copies() == []


def test_a_list_without_owners_reaches_the_sites_contact(stack):
    stack.new_list('orphan', 1)
    write(stack, Author(stack), to('orphan', 'owner'), 'Anybody there?')
    stack.quiet()
    contact = stack.one("SELECT recipient FROM notice WHERE kind = 'owner_mail' ORDER BY id DESC LIMIT 1")
    assert contact == 'operator@lists.example.jp'


# ---- automatic answers ----

def test_the_autoresponder_answers_once_in_a_while(stack):
    stack.new_list('away', 1, autorespond_owner='respond_and_continue', autoresponse_owner_text='$display_name is on holiday.', display_name='Club',
                   autorespond_postings='respond_and_discard', autoresponse_postings_text='Closed.', require_explicit_destination='no',
                   autorespond_requests='respond_and_discard', autoresponse_request_text='Ask later.')
    author, owner = Author(stack), member(stack, Author(stack), 'away', 'owner')
    stack.quiet()
    stack.clear_sink()
    for _ in range(2):
        write(stack, author, to('away', 'owner'), 'A question')
    assert 'Club is on holiday.' in text(sent(stack, author.address)[0]) and len(sent(stack, owner.address, 2)) == 2
    stack.clear_sink()
    write(stack, author, address_of('away'), 'A post', 'Some text.\r\n')
    write(stack, author, to('away', 'request'), 'help')
    assert sorted(text(mail).split('\n')[0] for mail in sent(stack, author.address, 2)) == ['Ask later.', 'Closed.']
    assert stack.one("SELECT count(*) FROM post p JOIN list l ON l.id = p.list_id WHERE l.name = 'away'") == 0
    stack.sql("UPDATE autoresponse SET sent_at = sent_at - interval '91 days'")
    stack.clear_sink()
    write(stack, author, to('away', 'owner'), 'Still there?')
    sent(stack, author.address)
    write(stack, author, to('away', 'owner'), 'Forged?', signed=False)
    sent(stack, author.address)
    stack.set('away', autoresponse_grace_period=0)
    stack.clear_sink()
    write(stack, author, to('away', 'owner'), 'No answer, please', extra='X-Ack: No\r\n')
    sent(stack, author.address, 0)
    for count in (1, 2):
        write(stack, author, to('away', 'owner'), 'And now?')
        sent(stack, author.address, count)
