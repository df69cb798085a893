"""What processes use, read from /proc: CPU of whole trees, memory shared out fairly, and what the machine is."""
import os
import re
import subprocess

TICK = os.sysconf('SC_CLK_TCK')


def processes():
    """pid -> (parent, CPU seconds of its own and of its ended children)."""
    found = {}
    for name in os.listdir('/proc'):
        if not name.isdigit():
            continue
        try:
            with open(f'/proc/{name}/stat') as file:
                fields = file.read().rpartition(')')[2].split()
        except OSError:
            continue
        found[int(name)] = (int(fields[1]), sum(int(field) for field in fields[11:15]) / TICK)
    return found


def tree(root, known=None):
    """root and all that descend from it."""
    known = known or processes()
    pids = {root} & known.keys()
    grown = True
    while grown:
        more = {pid for pid, (parent, _) in known.items() if parent in pids} - pids
        grown = bool(more)
        pids |= more
    return pids


def cpu(roots):
    """{name: pid} -> {name: CPU seconds of its tree}, and '' for the whole machine without its idle time."""
    known = processes()
    used = {name: sum(known[pid][1] for pid in tree(root, known)) for name, root in roots.items()}
    with open('/proc/stat') as file:
        fields = [int(field) for field in file.readline().split()[1:9]]
    used[''] = (sum(fields) - fields[3] - fields[4]) / TICK
    return used


def pss(root):
    """Memory of a tree in bytes: (number of processes, proportional share, private share)."""
    total = private = 0
    pids = tree(root)
    for pid in pids:
        try:
            with open(f'/proc/{pid}/smaps_rollup') as file:
                text = file.read()
        except OSError:
            continue
        total += int(re.search(r'^Pss:\s+(\d+)', text, re.M).group(1)) * 1024
        private += sum(int(kib) for kib in re.findall(r'^Private_\w+:\s+(\d+)', text, re.M)) * 1024
    return len(pids), total, private


def first_line(*command):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True).stdout.decode().splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return 'unknown'


def machine(postgres):
    """What a reader needs to know to judge the figures. No names of hosts."""
    with open('/proc/cpuinfo') as file:
        models = re.findall(r'^model name\s*:\s*(.*)$', file.read(), re.M)
    with open('/proc/meminfo') as file:
        kib = int(re.search(r'^MemTotal:\s+(\d+)', file.read(), re.M).group(1))
    return {'cores': os.cpu_count(), 'cpu': models[0] if models else 'unknown', 'memory_gib': round(kib / 2**20, 1),
            'kernel': os.uname().release, 'compiler': first_line(os.environ.get('CC', 'gcc'), '--version'),
            'postgresql': first_line(postgres, '--version')}
