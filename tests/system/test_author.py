"""What a list does with the author: kept, replaced, wrapped, hidden, refused; every choice of dmarc_mitigate_action and anonymous lists."""
import email
import email.policy

import pytest

from rig import judge
from rig.client import Author, address_of, message

MEMBERS = ['m1@members.example.org', 'm2@members.example.org']


def new_list(stack, name, author, post_footer=None, **settings):
    stack.new_list(name, addresses=[author.address, *MEMBERS])
    if post_footer is not None:
        stack.text(name, 'post_footer', post_footer)
    stack.set(name, require_explicit_destination='no', send_welcome_message='no', **settings)


def post(stack, name, data, author, copies=3):
    stack.mail(data, name, author.address)
    return stack.wait_copies(copies)


def the_from(row):
    return judge.from_addresses(row['message'])[0]


# policy of the author's domain, signed or not, how the list is set; whether the author's From stays
CHOICES = [
    ('by_proof', 'reject', True, {}, True), ('by_proof', 'none', False, {}, False),
    ('munge_from', 'reject', True, {}, False), ('munge_from', 'none', True, {}, True),
    ('no_mitigation', 'none', False, {}, True), ('no_mitigation', 'reject', True, {'post_footer': 'Below.'}, False),
    ('no_mitigation', 'reject', True, {}, True), ('no_mitigation', 'none', False, {'post_footer': 'Below.'}, True),
    ('wrap_message', 'reject', True, {}, True),
    ('by_proof', 'none', True, {'dmarc_addresses': '^anna@author.*'}, False),
    ('no_mitigation', 'none', True, {'dmarc_addresses': '^anna@author.*'}, True),
    ('by_proof', 'none', True, {'dmarc_mitigate_unconditionally': 'yes'}, False),
    ('by_proof', 'none', True, {'first_strip_reply_to': 'yes'}, True),
]


@pytest.mark.parametrize('action,policy,signed,settings,stays', CHOICES)
def test_from_stays_or_goes_as_the_list_chose(stack, action, policy, signed, settings, stays):
    author = Author(stack, policy=policy)
    if action == 'no_mitigation':       # receivers that go by the domain's policy; "strict" wants a pass of everybody
        stack.personality('members', 'accept')
    name = f'c{CHOICES.index((action, policy, signed, settings, stays))}'
    new_list(stack, name, author, dmarc_mitigate_action=action, **settings)
    data = message('Chosen', sender=f'Anna <{author.address}>')
    for row in post(stack, name, author.sign(data) if signed else data, author):
        assert the_from(row) == (author.address if stays else address_of(name))
    assert stack.refused() == []


def test_a_wrapped_post_is_inside_byte_for_byte(stack):
    author = Author(stack)
    new_list(stack, 'wrapping', author, dmarc_mitigate_action='wrap_message', post_footer='The footer.', subject_prefix='[W]',
             dmarc_wrapped_message_text='その投稿は下にあります。')
    data = author.sign(message('Wrapped', sender=f'Anna <{author.address}>', body='明日です。\r\n', extra='Approved: sesame\r\n'))
    for row in post(stack, 'wrapping', data, author):
        assert the_from(row) == address_of('wrapping') and row['dmarc']
        outer = email.message_from_bytes(row['message'], policy=email.policy.default)
        above, inner, below = outer.iter_parts()
        assert above.get_content().strip() == 'その投稿は下にあります。' and below.get_content().strip() == 'The footer.'
        assert inner.get_content_type() == 'message/rfc822' and outer['Subject'] == '[W] Wrapped'
        kept = data.replace(b'Approved: sesame\r\n', b'')
        assert row['message'].count(kept) == 1      # so that its own signature still verifies
        assert outer['Message-ID'] in data.decode()
    assert stack.refused() == []


def test_a_wrapped_post_without_texts_is_the_body(stack):
    author = Author(stack)
    new_list(stack, 'bare', author, dmarc_mitigate_action='wrap_message', subject_prefix='[B %d]')
    data = author.sign(message('Bare', sender=author.address))
    for row in post(stack, 'bare', data, author):
        assert row['message'].split(b'\r\n\r\n', 1)[1].endswith(data)
        assert b'\r\nContent-Type: message/rfc822' in row['message'].split(b'\r\n\r\n', 1)[0]


@pytest.mark.parametrize('settings,why', [({}, 'asks receivers to refuse'), ({'dmarc_moderation_notice': 'Please write from another address.'}, 'Please write from another')])
def test_refusing_authors_says_why(stack, settings, why):
    author = Author(stack)
    name = f'refusing{len(settings)}'
    new_list(stack, name, author, dmarc_mitigate_action='reject', **settings)
    stack.mail(author.sign(message('Refused', sender=author.address)), name, author.address)
    row = stack.wait_copies(1)[0]
    assert row['rcpts'] == [author.address]
    assert why in ' '.join(email.message_from_bytes(row['message'], policy=email.policy.default).get_content().split())
    assert stack.one("SELECT count(*) FROM post WHERE list_id = (SELECT id FROM list WHERE name = %s)", name) == 0


def test_named_addresses_are_discarded_whatever_their_domain_says(stack):
    author = Author(stack, policy='none')
    new_list(stack, 'named', author, dmarc_mitigate_action='discard', dmarc_addresses=author.address)
    stack.post(author.sign(message('Discarded', sender=author.address)), 'named', author.address)
    stack.quiet()
    assert stack.copies() == []
    assert stack.one("SELECT state FROM message WHERE list_id = (SELECT id FROM list WHERE name = 'named')") == 'discarded'


def test_an_anonymous_list_names_nobody(stack):
    author = Author(stack)
    new_list(stack, 'hidden', author, anonymous_list='yes', description='Hidden voices')
    extra = (f'Reply-To: anna@private.example\r\nSender: {author.address}\r\nX-Mailer: Anna 1.0\r\nReceived: from {author.domain}\r\n'
             f'Organization: Anna Ltd\r\n')
    data = author.sign(message('Anonymous', sender=f'Anna <{author.address}>', extra=extra, mid=f'one@{author.domain}'))
    first = post(stack, 'hidden', data, author)
    for row in first:
        head = row['message'].split(b'\r\n\r\n', 1)[0].decode().lower()
        assert the_from(row) == address_of('hidden') and row['dmarc']
        if row['rcpts'] != [author.address]:
            assert 'anna' not in head and author.domain not in head, head
    number, hash_, name, address, anonymous, rfc_id = stack.sql(
        'SELECT number, hash, from_name, from_address, anonymous, rfc_message_id FROM post ORDER BY id DESC LIMIT 1')[0]
    assert (name, address, anonymous) == ('Hidden', address_of('hidden'), True) and author.domain not in rfc_id
    # an answer to a copy finds the thread, though the copy's Message-ID is the list's
    stack.clear_sink()
    shown_id = email.message_from_bytes(first[0]['message'])['Message-ID']
    answer = message('Re: Anonymous', sender='m1@members.example.org', extra=f'In-Reply-To: {shown_id}\r\n')
    post(stack, 'hidden', answer, author)
    facts = stack.one('SELECT facts FROM judgement ORDER BY message_id DESC LIMIT 1')
    assert (facts['named'], facts['command']) == (False, False)     # what "what would this change?" is told from
    assert stack.one('SELECT p.hash FROM post a JOIN post p ON p.id = a.parent_id ORDER BY a.id DESC LIMIT 1') == hash_


# ---- where answers go, and the list's own fields ----

OWN = 'anna@home.example'
# how the list is set, the author's own Reply-To, what the copies' says
ANSWERS = (
    ({}, None, None), ({}, OWN, [OWN]),
    ({'reply_goes_to_list': 'point_to_list'}, None, ['answers@lists.example.jp']),
    ({'reply_goes_to_list': 'point_to_list'}, OWN, ['answers@lists.example.jp', OWN]),
    ({'reply_goes_to_list': 'point_to_list', 'first_strip_reply_to': 'yes'}, OWN, ['answers@lists.example.jp']),
    ({'first_strip_reply_to': 'yes'}, OWN, None),
    ({'reply_goes_to_list': 'explicit_header', 'reply_to_address': 'desk@club.example'}, OWN, ['desk@club.example', OWN]),
    ({'reply_goes_to_list': 'explicit_header_only', 'reply_to_address': 'desk@club.example'}, OWN, ['desk@club.example']),
    ({'reply_goes_to_list': 'explicit_header_only'}, OWN, [OWN]),       # nobody is named: the author's own stays
)


def test_answers_go_where_the_list_says(stack):
    stack.personality('members', 'accept')
    stack.new_list('answers', addresses=['m1@members.example.org'], dmarc_mitigate_action='no_mitigation', send_welcome_message='no')
    wrong = []
    for number, (settings, own, wanted) in enumerate(ANSWERS):
        if settings:
            stack.set('answers', **settings)
        stack.clear_sink()
        data = message(f'Answer {number}', to=address_of('answers'), extra=f'Reply-To: Anna <{own}>\r\n' if own else '')
        stack.post(data, 'answers')
        head = email.message_from_bytes(stack.wait_copies(1)[0]['message'], policy=email.policy.default)
        got = None if head['Reply-To'] is None else [one.addr_spec for one in head['Reply-To'].addresses]
        if got != wanted:
            wrong.append((number, settings, own, got))
        if settings:
            stack.kairan.command('list', 'set', address_of('answers'), *settings)
    assert wrong == []


def test_list_fields_say_what_the_list_is(stack):
    stack.new_list('fields', addresses=['m1@members.example.org'], description='春の合唱', send_welcome_message='no')

    def head():
        stack.clear_sink()
        stack.post(message('Fields', to=address_of('fields')), 'fields')
        return email.message_from_bytes(stack.wait_copies(1)[0]['message'], policy=email.policy.default)
    all_ = ('List-Post', 'List-Help', 'List-Subscribe', 'List-Owner')
    first = head()
    assert '春の合唱' in str(first['List-Id']) and '<fields.lists.example.jp>' in str(first['List-Id'])
    assert all(first[name] for name in all_) and address_of('fields') in first['List-Post']
    stack.set('fields', allow_list_posts='no')
    assert head()['List-Post'].startswith('NO')
    stack.set('fields', include_rfc2369_headers='no')
    last = head()
    assert last['List-Id'] and last['List-Unsubscribe'] and [name for name in all_ if last[name]] == []


def test_what_is_not_archived_is_sent_and_nowhere_else(stack):
    stack.new_list('spoken', addresses=['m1@members.example.org'], archive_policy='never', send_welcome_message='no')
    stack.clear_sink()
    stack.post(message('Said once', to=address_of('spoken')), 'spoken')
    copy = email.message_from_bytes(stack.wait_copies(1)[0]['message'])
    assert copy['Archived-At'] is None
    assert stack.one("SELECT archived FROM post WHERE subject = 'Said once'") is False
