"""Runs inside the reference installation before its own bench-admin.py: a list of 10,000, and none held from an earlier run."""
import os
import time

from peerlib import DOMAIN, PEER, Rest, mklist, sh

MEMBERS = 10000


def main():
    rest = Rest()
    rest('DELETE', f'/lists/held@{DOMAIN}', ok=False)
    mklist(rest, 'l10k', 0)
    if rest('GET', f'/lists/l10k@{DOMAIN}')[1]['member_count'] >= MEMBERS:
        return
    path = f'{PEER}/run/l10k.txt'
    with open(path, 'w') as file:
        file.writelines(f'Member {i} <m{i:05d}@l10k.example.org>\n' for i in range(MEMBERS))
    os.chmod(path, 0o644)
    begun = time.time()
    sh(['setpriv', '--reuid=list', '--regid=list', '--clear-groups', '--', 'env', f'HOME={PEER}/mm', 'mailman', '-C', f'{PEER}/etc/mailman.cfg',
        'addmembers', '-W', path, f'l10k.{DOMAIN}'])
    print(time.time() - begun)


if __name__ == '__main__':
    main()
