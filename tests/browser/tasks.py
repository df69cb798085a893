"""The tasks of test_tasks.py: (name, who, steps). 連絡 is a list of other_owner's; what is held there is put in place by the test."""
from rig.site import now

HELD = ('May I come?', 'Lost umbrella', 'Cheap watches', 'Buy now', 'Please wait', 'New score')

TASKS = [
    # anybody
    ('read a thread', 'anonymous', ['click 連絡', 'click 練習会場の変更について', 'see 中央公民館の大ホール']),
    ('read what came in a month', 'anonymous', ['click Test list', f'click {now():%B}', 'see Post on test']),
    ('see a message as it came', 'anonymous', ['click Test list', 'click Post on test', 'click Raw']),
    ('join a list', 'anonymous', ['click 連絡', 'click Join', 'fill Your mail address: new.member@people.example.org', 'click Join',
                                  'see new.member@people.example.org']),
    ('leave a list', 'anonymous', ['click Test list', 'click Leave this list', 'fill Your mail address: member@people.example.org',
                                   'click Send me the link', 'see member@people.example.org']),
    ('sign in by mail', 'anonymous', ['click Sign in', 'fill Your mail address: owner@people.example.org', 'click Send the mail',
                                      'see look into your mail']),
    ('read the pages in Japanese', 'anonymous', ['click 日本語', 'click 日本語', 'see メーリングリスト']),
    # moderators and owners
    ('see what is held', 'other_owner', ['click 連絡', 'click Held', 'see Held for you']),
    ('let a held post pass', 'other_owner', ['click 連絡', 'click Held', 'click May I come?', 'click Accept', 'see Undo']),
    ('refuse a held post with a reason', 'other_owner', ['click 連絡', 'click Held', 'click Lost umbrella', 'click Refuse with a reason',
                                                         'fill Or in your own words: Please ask the hall.', 'click Refuse', 'see refused']),
    ('discard a held post', 'other_owner', ['click 連絡', 'click Held', 'click Cheap watches', 'click Discard …', 'click Discard', 'see discarded']),
    ('ban somebody who sends advertising', 'other_owner', ['click 連絡', 'click Held', 'click Buy now', 'click Discard and ban …',
                                                           'click Discard', 'see Held']),
    ('find a held post', 'other_owner', ['click 連絡', 'click Held', 'fill Search among the held posts: New score', 'click Search', 'see New score']),
    ('find a member', 'other_owner', ['click 連絡', 'click Members', 'fill Find by the beginning: m2', 'click Find', 'see m2@members.example.org']),
    ('add a member', 'other_owner', ['click 連絡', 'click Members', 'click Add or invite people', 'fill Addresses, one on each line: kei@people.example.org',
                                     'click Show what would happen', 'click Add', 'see kei@people.example.org']),
    ('remove a member', 'other_owner', ['click 連絡', 'click Members', 'click m3@members.example.org', 'click Remove', 'click Remove', 'see removed']),
    ('take the members as a table', 'other_owner', ['click 連絡', 'click Members', 'click Take as a table', 'see Shift_JIS']),
    ('see who waits to join', 'other_owner', ['click 連絡', 'click Requests', 'see Nobody waits for you']),
    ('say what the list is about', 'other_owner', ['click 連絡', 'click Settings', 'fill Description: For all who play', 'click Save', 'see Saved']),
    ('hold every post for a while', 'other_owner', ['click 連絡', 'click Settings', 'click Accepting posts', 'choose Hold every post', 'click Save', 'see Saved']),
    ('let people join at once', 'other_owner', ['click 連絡', 'click Settings', 'click Members', 'choose At once', 'click Save', 'see Saved']),
    ('find a setting', 'other_owner', ['click 連絡', 'click Settings', 'click Find a setting', 'fill A word of its name: subject', 'click Search', 'see Text before the subject']),
    ('take a change back', 'other_owner', ['click 連絡', 'click Settings', 'click What was changed', 'click Undo', 'click Take back what was set here', 'see Taken back']),
    ('see who did what', 'other_owner', ['click 連絡', 'click Log', 'see Member added']),
    ('change what is written to new members', 'other_owner', ['click 連絡', 'click Texts', 'click Welcome', 'fill Subject: Hello from $display_name',
                                                              'click Save', 'see Saved']),
    # members
    ('see where one is signed in', 'other_member', ['click other_member', 'click Signing in', 'see Where you are signed in']),
    ('sign out everywhere', 'other_member', ['click other_member', 'click Signing in', 'click Sign out everywhere', 'see Sign in']),
    # the administrator
    ('see all lists', 'admin', ['click Administration', 'click Find and change many lists', 'see renraku@lists.example.jp']),
    ('make a list', 'admin', ['click Administration', 'click New list', 'fill Address: strings@lists.example.jp', 'click Make', 'see strings@lists.example.jp']),
    ('see what a domain publishes', 'admin', ['click Administration', 'click Domains', 'click lists.example.jp', 'see _domainkey']),
]
