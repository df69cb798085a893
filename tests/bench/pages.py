"""Page views of guests by FastCGI itself: what the pages cost without nginx and its cache before them."""
import socket
import struct

BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6


def record(kind, content):
    return struct.pack('>BBHHBB', 1, kind, 1, len(content), 0, 0) + content


def pair(name, value):
    name, value = name.encode(), value.encode()
    return struct.pack('>II', len(name) | 0x80000000, len(value) | 0x80000000) + name + value


def request(path):
    path_only, _, query = path.partition('?')
    params = {'REQUEST_METHOD': 'GET', 'SCRIPT_NAME': '', 'PATH_INFO': path_only, 'DOCUMENT_URI': path_only, 'REQUEST_URI': path,
              'QUERY_STRING': query, 'SERVER_PROTOCOL': 'HTTP/1.1', 'REQUEST_SCHEME': 'http', 'REMOTE_ADDR': '127.0.0.1',
              'REMOTE_PORT': '1', 'SERVER_NAME': '127.0.0.1', 'SERVER_PORT': '80', 'HTTP_HOST': '127.0.0.1'}
    packed = b''.join(pair(name, value) for name, value in params.items())
    return record(BEGIN, struct.pack('>HB5x', 1, 0)) + record(PARAMS, packed) + record(PARAMS, b'') + record(STDIN, b'')


def exactly(stream, length):
    data = stream.read(length)
    if len(data) != length:
        raise ConnectionError('the web application ended its answer early')
    return data


def view(path, socket_path):
    """The status of one page, as guests see it."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(30)
        connection.connect(socket_path)
        connection.sendall(request(path))
        answer = b''
        with connection.makefile('rb') as stream:
            while True:
                _, kind, _, length, padding, _ = struct.unpack('>BBHHBB', exactly(stream, 8))
                content = exactly(stream, length + padding)[:length]
                if kind == STDOUT:
                    answer += content
                elif kind == END:
                    break
    head = answer.split(b'\r\n\r\n', 1)[0].decode('latin-1')
    return int(next((line.split()[1] for line in head.split('\r\n') if line.lower().startswith('status:')), '200'))
