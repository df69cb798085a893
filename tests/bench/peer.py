"""Mailman 3 beside us: the reference installation's own scripts, and what they found."""
import json
import os
import subprocess

# As recorded on a machine with 2 cores, for when the reference does not run beside us.
RECORDED = {'personal_per_s': 20.0, 'verp_per_s': 28.0, 'bulk_per_s': 240.0, 'first_copy_ms': 1600.0, 'members_10000_s': 219.0,
            'memory_mb': 1300.0}


class Peer:
    def __init__(self, folder):
        self.folder, self.home = folder, os.environ.get('PEER', '/tmp/peer')

    def run(self, script, *arguments):
        subprocess.run([os.path.join(self.folder, script), *arguments], check=True, stdout=subprocess.DEVNULL)

    def script(self, *arguments):
        subprocess.run(['/usr/bin/python3', '-B', *arguments], check=True, cwd=self.folder, stdout=subprocess.DEVNULL)

    def results(self, name):
        with open(os.path.join(self.home, 'results', name + '.json')) as file:
            return json.load(file)

    def measure(self):
        """Bulk (a) and one signed copy for each member (c), 1,000 members; 1,000 members added, times ten."""
        self.run('install.sh')
        self.run('start.sh')
        try:
            added = self.add_members()
            self.script(os.path.join(self.folder, 'bench-delivery.py'), '--variants', 'a,c', '--runs', '2', '--runs10k', '0',
                        '--nposts-runs', '0')
            delivery = self.results('delivery')
            with_memory = self.memory()
        finally:
            self.run('stop.sh')
        best = {variant: max(row['per_s'] for row in delivery[variant]['l1k']) for variant in 'ac'}
        return {'personal_per_s': best['c'], 'bulk_per_s': best['a'],
                'first_copy_ms': 1000 * min(row['first_s'] for row in delivery['a']['l1k']), 'members_10000_s': added,
                'memory_mb': with_memory}

    def add_members(self):
        """Seconds for 10,000, extrapolated from the 1,000 that bench-delivery needs on l1k."""
        code = ('import json, peerlib as p; r = p.Rest(); out = {n: p.mklist(r, n, k) for n, k in '
                '(("l1k", 1000), ("l100", 100), ("l100a", 0), ("l10k", 0))}; p.save("members", out)')
        self.script('-c', code)
        return 10 * self.results('members')['l1k']

    def memory(self):
        code = 'import peerlib as p; p.save("memory", p.mem())'
        self.script('-c', code)
        return sum(part['pss_mb'] for name, part in self.results('memory').items() if name != 'sink')
