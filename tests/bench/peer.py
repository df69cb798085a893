"""Mailman 3 beside us: the reference installation's own scripts, and what they found."""
import json
import os
import subprocess

import peer_archive

HERE = os.path.dirname(os.path.realpath(__file__))

# As recorded on a machine with 2 cores, for when the reference does not run beside us. Pages: milliseconds of CPU.
RECORDED = {'personal_per_s': 20.0, 'verp_per_s': 28.0, 'bulk_per_s': 240.0, 'first_copy_ms': 1600.0, 'members_10000_s': 219.0,
            'memory_mb': 1300.0, 'members_page_ms': 259.0, 'members_search_ms': None, 'settings_page_ms': 58.0, 'held_page_ms': 103.0,
            'accept_10_s': 3.6, 'members_1000_page_s': 28.6}

# Of our measures: which of them the scripts about delivery have figures beside, and which those about administration.
DELIVERY, ADMIN = {'memory', 'first', 'personal', 'bulk'}, {'members', 'members-page', 'settings', 'held'}


class Peer:
    def __init__(self, folder):
        self.folder, self.home = folder, os.environ.get('PEER', '/tmp/peer')

    def run(self, script, *arguments):
        subprocess.run([os.path.join(self.folder, script), *arguments], check=True, stdout=subprocess.DEVNULL)

    def python(self, *arguments):
        done = subprocess.run(['/usr/bin/python3', '-B', *arguments], check=True, cwd=self.folder, stdout=subprocess.PIPE,
                              env=dict(os.environ, PYTHONPATH=self.folder))
        return done.stdout

    def results(self, name):
        with open(os.path.join(self.home, 'results', name + '.json')) as file:
            return json.load(file)

    def measure(self, names):
        """What stands beside our measures of these names."""
        found = {}
        self.run('install.sh')
        self.run('start.sh')
        try:
            if DELIVERY & set(names):
                found.update(self.delivery())
            if ADMIN & set(names):
                found.update(self.admin())
            if 'archive' in names:
                found.update(peer_archive.measure(self))
        finally:
            self.run('stop.sh')
        return found

    def delivery(self):
        """Bulk (a) and one signed copy for each member (c), 1,000 members; the first copy; its memory."""
        found = json.loads(self.python(os.path.join(HERE, 'peer_lists.py')))
        found['memory_mb'] = self.memory()
        self.python(os.path.join(self.folder, 'bench-delivery.py'), '--variants', 'a,c', '--runs', '2', '--runs10k', '0', '--nposts-runs', '0')
        delivery = self.results('delivery')
        for name, variant in (('bulk_per_s', 'a'), ('personal_per_s', 'c')):
            found[name] = max(row['per_s'] for row in delivery[variant]['l1k'])
        return found

    def admin(self):
        """Postorius' pages of a list of 10,000 and of 200 held posts; accepting 10; 1,000 added on the page, 10,000 on the command line."""
        self.python(os.path.join(HERE, 'peer_admin.py'))
        self.python(os.path.join(self.folder, 'bench-admin.py'))
        rows = self.results('admin')
        pages = {'members_page_ms': 'Postorius members page (10,000 members, 25 shown)', 'members_search_ms': 'Postorius members search q=m0999',
                 'settings_page_ms': 'Postorius settings page', 'held_page_ms': 'Postorius held messages (200 held)'}
        found = {name: sum(rows[row]['cpu_ms_per_req'].values()) for name, row in pages.items()}
        return {**found, 'accept_10_s': rows['accept page of held']['s'], 'members_1000_page_s': rows['Postorius mass subscribe 1000']['s'],
                'members_10000_s': rows['mailman addmembers 10,000 (CLI)']['s']}

    def memory(self):
        parts = json.loads(self.python('-c', 'import json, peerlib; print(json.dumps(peerlib.mem()))'))
        return sum(part['pss_mb'] for name, part in parts.items() if name != 'sink')
