"""An authoritative DNS server for tests: zones from files that tests write, faults on demand.

Usage: python3 -m rig.dnsserver PORT ZONES FAULTS QUERYLOG [ADDRESS]

ZONES is a folder of NAME.zone files (the origin is the file's name), read again when they change. FAULTS is a file of lines
`PATTERN TYPE FAULT [ARG]`, the first match counts: PATTERN is a shell pattern for the name, TYPE a record type or *, FAULT one of
    silence | servfail | nxdomain | refused | truncate | wrongid | cnames [100] | delay MS | garbage
Every question is a line in QUERYLOG: `udp|tcp NAME TYPE RCODE`. A name in no zone does not exist.
"""
import asyncio
import fnmatch
import os
import sys

from dnslib import CNAME, QTYPE, RCODE, RR, DNSRecord


class Zones:
    """The records of all zone files, read again when a file appears, changes or goes."""

    def __init__(self, folder):
        self.folder, self.stamp, self.records = folder, None, {}

    def refresh(self):
        files = sorted(entry.path for entry in os.scandir(self.folder) if entry.name.endswith('.zone'))
        stamp = [(path, os.stat(path).st_mtime_ns, os.stat(path).st_size) for path in files]
        if stamp == self.stamp:
            return
        records = {}
        for path in files:
            self.load(path, records)
        self.stamp, self.records = stamp, records

    @staticmethod
    def load(path, records):
        origin = os.path.basename(path)[:-len('.zone')]
        try:
            with open(path, encoding='utf-8') as file:
                rows = list(RR.fromZone(file.read(), origin=origin, ttl=0))
        except Exception as problem:   # a half-written zone must not end the server
            print(f'{path}: {problem}', file=sys.stderr, flush=True)
            return
        for row in rows:
            records.setdefault(str(row.rname).rstrip('.').lower(), []).append(row)

    def rows(self, name):
        """All rows of a name, by wildcard if need be; None when the name does not exist."""
        if name in self.records:
            return self.records[name]
        if any(known.endswith('.' + name) for known in self.records):
            return []
        labels = name.split('.')
        for i in range(1, len(labels)):
            found = self.records.get('.'.join(['*'] + labels[i:]))
            if found is not None:
                return found
        return None


class Faults:
    def __init__(self, path):
        self.path, self.stamp, self.rows = path, None, []

    def find(self, name, kind):
        try:
            stat = os.stat(self.path)
        except FileNotFoundError:
            return None, None
        if (stat.st_mtime_ns, stat.st_size) != self.stamp:
            self.stamp = (stat.st_mtime_ns, stat.st_size)
            with open(self.path) as file:
                self.rows = [line.split() for line in file if line.strip() and not line.startswith('#')]
        for row in self.rows:
            if len(row) >= 3 and fnmatch.fnmatch(name, row[0].lower()) and row[1] in ('*', kind):
                return row[2], row[3] if len(row) > 3 else None
        return None, None


class Server:
    def __init__(self, zones, faults, log):
        self.zones, self.faults, self.log = zones, faults, log

    def lookup(self, request):
        """The honest answer."""
        self.zones.refresh()
        reply = request.reply(aa=1, ra=1)
        name, kind = str(request.q.qname).rstrip('.').lower(), request.q.qtype
        for _ in range(20):
            rows = self.zones.rows(name)
            if rows is None:
                reply.header.rcode = RCODE.NXDOMAIN
                break
            found = [row for row in rows if kind in (row.rtype, QTYPE.ANY)]
            aliases = [row for row in rows if row.rtype == QTYPE.CNAME]
            for row in found or aliases:
                reply.add_answer(RR(name, row.rtype, row.rclass, row.ttl, row.rdata))
            if found or not aliases:
                break
            name = str(aliases[0].rdata.label).rstrip('.').lower()
        return reply

    def spoil(self, fault, arg, request):
        """The packet that a fault makes of a question; None is silence."""
        reply = request.reply(aa=1, ra=1)
        if fault == 'silence':
            return None
        if fault == 'garbage':
            return request.header.id.to_bytes(2, 'big') + b'\x85\x80' + b'\xff' * 40
        if fault in ('servfail', 'nxdomain', 'refused'):
            reply.header.rcode = getattr(RCODE, fault.upper())
            return reply.pack()
        if fault == 'wrongid':
            reply = self.lookup(request)
            reply.header.id = (request.header.id + 1) % 65536
            return reply.pack()
        if fault == 'cnames':
            count = int(arg or 100)
            for i in range(count):
                owner = str(request.q.qname) if i == 0 else f'c{i}.{request.q.qname}'
                reply.add_answer(RR(owner, QTYPE.CNAME, ttl=5, rdata=CNAME(f'c{(i + 1) % count}.{request.q.qname}')))
            return reply.pack()
        raise ValueError(f'no fault is called {fault}')

    async def answer(self, data, transport):
        """One question's packet, or None when the questioner gets nothing."""
        try:
            request = DNSRecord.parse(data)
        except Exception:
            return None
        name, kind = str(request.q.qname).rstrip('.').lower(), QTYPE.get(request.q.qtype, str(request.q.qtype))
        fault, arg = self.faults.find(name, kind)
        if fault == 'delay':
            await asyncio.sleep(int(arg or 1000) / 1000)
            fault = None
        if fault is None or (fault == 'truncate' and transport == 'tcp'):
            reply = self.lookup(request)
            self.log.write(f'{transport} {name} {kind} {RCODE.get(reply.header.rcode, "?")}\n')
            packet = reply.pack()
            if transport == 'udp' and len(packet) > udp_room(request):
                packet = reply.truncate().pack()
            return packet
        self.log.write(f'{transport} {name} {kind} {fault}\n')
        return request.reply(aa=1, ra=1).truncate().pack() if fault == 'truncate' else self.spoil(fault, arg, request)


def udp_room(request):
    """How large an answer the questioner takes in one datagram."""
    return max([512] + [row.edns_len for row in request.ar if row.rtype == QTYPE.OPT])


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server):
        self.server, self.transport, self.tasks = server, None, set()

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        task = asyncio.ensure_future(self.reply(data, addr))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def reply(self, data, addr):
        packet = await self.server.answer(data, 'udp')
        if packet is not None:
            self.transport.sendto(packet, addr)


async def serve_stream(server, reader, writer):
    try:
        while True:
            size = int.from_bytes(await reader.readexactly(2), 'big')
            packet = await server.answer(await reader.readexactly(size), 'tcp')
            if packet is None:
                await asyncio.sleep(60)
                break
            writer.write(len(packet).to_bytes(2, 'big') + packet)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main(port, zones, faults, log_path, address='127.0.0.1'):
    with open(log_path, 'a', buffering=1) as log:
        server = Server(Zones(zones), Faults(faults), log)
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: Datagrams(server), local_addr=(address, port))
        stream = await asyncio.start_server(lambda r, w: serve_stream(server, r, w), address, port)
        async with stream:
            await stream.serve_forever()


if __name__ == '__main__':
    asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))
