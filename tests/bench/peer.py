"""Mailman 3 beside us: the reference installation's own scripts, and what they found."""
import json
import os
import subprocess

HERE = os.path.dirname(os.path.realpath(__file__))

# As recorded on a machine with 2 cores, for when the reference does not run beside us.
RECORDED = {'personal_per_s': 20.0, 'verp_per_s': 28.0, 'bulk_per_s': 240.0, 'first_copy_ms': 1600.0, 'members_10000_s': 219.0,
            'memory_mb': 1300.0, 'members_page_ms': 259.0, 'settings_page_ms': 58.0}


class Peer:
    def __init__(self, folder):
        self.folder, self.home = folder, os.environ.get('PEER', '/tmp/peer')

    def run(self, script, *arguments):
        subprocess.run([os.path.join(self.folder, script), *arguments], check=True, stdout=subprocess.DEVNULL)

    def python(self, *arguments):
        done = subprocess.run(['/usr/bin/python3', '-B', *arguments], check=True, cwd=self.folder, stdout=subprocess.PIPE,
                              env=dict(os.environ, PYTHONPATH=self.folder))
        return done.stdout

    def measure(self):
        """Bulk (a) and one signed copy for each member (c), 1,000 members; 10,000 added, extrapolated from 300; its memory."""
        self.run('install.sh')
        self.run('start.sh')
        try:
            found = json.loads(self.python(os.path.join(HERE, 'peer_lists.py')))
            found['memory_mb'] = self.memory()
            self.python(os.path.join(self.folder, 'bench-delivery.py'), '--variants', 'a,c', '--runs', '2', '--runs10k', '0',
                        '--nposts-runs', '0')
        finally:
            self.run('stop.sh')
        with open(os.path.join(self.home, 'results', 'delivery.json')) as file:
            delivery = json.load(file)
        for name, variant in (('bulk_per_s', 'a'), ('personal_per_s', 'c')):
            found[name] = max(row['per_s'] for row in delivery[variant]['l1k'])
        return found

    def memory(self):
        parts = json.loads(self.python('-c', 'import json, peerlib; print(json.dumps(peerlib.mem()))'))
        return sum(part['pss_mb'] for name, part in parts.items() if name != 'sink')
