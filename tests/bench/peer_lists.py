"""Runs inside the reference installation, bulk delivery configured: makes the lists, and times what its own benches do not."""
import json
import statistics
import sys
import time

from peerlib import DOMAIN, Lmtp, Rest, Sink, message, mklist


def first_copies(sink, posts=5):
    """Seconds from the 250 to the first of three copies."""
    waits = []
    for number in range(posts):
        sink.reset()
        client, data = Lmtp(), message('three', number)[0]
        client.send(f'three@{DOMAIN}', data)
        accepted = time.time()
        waits.append(sink.wait(3)['first_ns'] / 1e9 - accepted)
        client.close()
    return statistics.median(waits)


def main():
    rest = Rest()
    for name, members in (('l1k', 1000), ('l100', 100), ('l100a', 0), ('l10k', 0), ('three', 3)):
        mklist(rest, name, members)
    json.dump({'first_copy_ms': 1000 * first_copies(Sink())}, sys.stdout)


if __name__ == '__main__':
    main()
