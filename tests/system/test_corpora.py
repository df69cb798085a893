"""Mail that nobody here wrote: each ends in a named state, is kept as it came, and goes out as it was kept."""
import hashlib

import pytest

from rig import corpus
from rig.client import address_of, message

ENDS = {'accepted', 'held', 'refused', 'discarded'}


@pytest.fixture(scope='module')
def offered(shared, corpora):
    """Offers the whole corpus to a list that takes everything; returns [(name, bytes, reply)]."""
    from conftest import need
    need(shared, 'kairan', 'kairan-worker')
    shared.personality('members', 'strict')
    shared.new_list('corpus', 1, default_nonmember_action='accept', require_explicit_destination='no', administrivia='no',
                    max_message_size='0', max_num_recipients='0', no_subject_action='accept')
    shared.quiet()
    shared.clear_sink()
    rows = []
    lmtp = shared.lmtp(timeout=60)
    lmtp.hello()
    for name, data in corpus.messages(corpora, ['mime', 'threading']):
        replies = lmtp.deliver('somebody@elsewhere.example', [address_of('corpus')], data)
        rows.append((name, data, replies[0]))
        if not replies[0]:
            lmtp = shared.lmtp(timeout=60)
            lmtp.hello()
    lmtp.close()
    shared.quiet(300)
    # What Postfix took is not yet at the MX.
    handed_on = shared.one("SELECT count(*) FROM outcome o JOIN post p ON p.id = o.post_id JOIN list l ON l.id = p.list_id "
                           "WHERE l.name = 'corpus' AND o.result = 'handed_on'")
    shared.until(lambda: len(shared.jsonl('log.jsonl')) >= handed_on, 60, f'{handed_on} copies at the MX')
    yield rows
    shared.clear_sink()


def kept(shared):
    """sha256 of the kept bytes -> (state, bytes) of the corpus list's messages."""
    rows = shared.sql("SELECT m.sha256, m.state, m.bytes FROM message m JOIN list l ON l.id = m.list_id WHERE l.name = 'corpus'")
    return {bytes(digest): (state, bytes(data) if data is not None else None) for digest, state, data in rows}


def test_every_message_is_taken(offered):
    assert len(offered) > 500
    assert [(name, reply) for name, _, reply in offered if not reply.startswith('250')] == []


def test_every_message_ends_in_a_named_state(shared, offered):
    states = shared.sql("SELECT state, count(*) FROM message m JOIN list l ON l.id = m.list_id WHERE l.name = 'corpus' GROUP BY 1")
    assert set(dict(states)) <= ENDS, (states, shared.sql("SELECT message_id, trouble FROM incoming"))


def test_kept_is_what_was_sent_in_normal_form(shared, offered):
    """Our MTA's fields may stand above it; here there is none, so the bytes are equal."""
    found = kept(shared)
    wrong = []
    for name, data, _ in offered:
        # What does not end in CR LF has one put behind it on the wire.
        normal = corpus.normal(data if data.endswith(b'\r\n') else data + b'\r\n')
        state, stored = found.get(hashlib.sha256(normal).digest(), ('not there', None))
        if state not in ENDS or (stored is not None and stored != normal):
            wrong.append((name, state))
    assert wrong == []


def test_every_copy_satisfies_the_strict_mx(shared, offered):
    assert [(row['refused'], row['file']) for row in shared.refused()] == []


def test_the_body_goes_out_as_it_was_kept(shared, offered):
    """In a list that changes nothing, but for lines that SMTP does not carry."""
    bodies = {data.split(b'\r\n\r\n', 1)[1] for _, data in kept(shared).values() if data is not None and b'\r\n\r\n' in data}
    changed = 0
    for row in shared.copies():
        body = row['message'].split(b'\r\n\r\n', 1)[1]
        changed += body not in bodies
    too_long = sum(any(len(line) > 998 for line in body.split(b'\r\n')) for body in bodies)
    assert changed <= too_long


def test_the_list_works_afterwards(shared, offered):
    shared.clear_sink()
    assert shared.post(message('Still here', to=address_of('corpus')), 'corpus').startswith('250')
    assert shared.wait_copies(1)
    assert shared.breaches() == []
