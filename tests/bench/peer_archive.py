"""What Mailman's archive does with the same mails: its own scripts' figures under our names."""
import time

# page of ours -> page in bench-web.py
PAGES = {'thread_50': 'thread 50 messages', 'thread_180': 'thread 180 messages', 'month': 'month thread list', 'message': 'single message',
         'overview': 'list overview', 'month_mbox': 'export month mbox.gz', 'search_common': 'search common', 'search_rare': 'search rare',
         'search_japanese': 'search japanese'}

# As recorded on a machine with 2 cores, 20,000 messages, Xapian. Import and index are two runs: 58 and 47 messages a second.
RECORDED = {'import_per_s': 1 / (1 / 58 + 1 / 47), 'times_mail': 1.7 / 0.12, 'archive_thread_50_per_s': 6.5, 'archive_thread_180_per_s': 1.2,
            'archive_month_per_s': 22.0, 'archive_message_per_s': 70.0, 'archive_overview_per_s': 119.0, 'archive_month_mbox_per_s': 0.36,
            'archive_search_common_per_s': 17.0, 'archive_search_rare_per_s': None, 'archive_search_japanese_per_s': None,
            'archive_thread_50_kb': 450.0}


def measure(peer):
    """Takes the peer's own mails in, indexes them with Xapian, asks for the pages. Its script does not always note the time of the index."""
    peer.python(peer.folder + '/setup-lists.py')
    begun = time.time()
    peer.python(peer.folder + '/bench-import.py', '--engines', 'xapian')
    seconds = time.time() - begun
    peer.python(peer.folder + '/bench-web.py', '--engine', 'xapian')
    taken, pages = peer.results('import'), peer.results('web-xapian')
    found = {f'archive_{ours}_per_s': rate(pages[theirs]) for ours, theirs in PAGES.items() if theirs in pages}
    if 'xapian' in taken:
        found['times_mail'] = (taken['import']['db_bytes'] + taken['xapian']['index_bytes']) / taken['import']['mbox_bytes']
    return {**found, 'import_per_s': taken['import']['imported'] / seconds, 'archive_thread_50_kb': pages[PAGES['thread_50']]['bytes'] / 1024}


def rate(page):
    """From eight connections, or from one where that ended before the first answer."""
    return page['wrk_c8']['rps'] or page['wrk_c1']['rps']
