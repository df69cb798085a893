"""A private nginx in front of kairan-web."""
import os
import re
import shutil

from rig.process import answers_tcp, wait_until

CONFIG = """
{user}
worker_processes 1;
pid {home}/nginx.pid;
error_log {log} warn;
daemon off;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    access_log {access};
    client_body_temp_path {home}/body;
    fastcgi_temp_path {home}/fastcgi;
    proxy_temp_path {home}/proxy;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    client_max_body_size 10m;
    server_tokens off;
    server {{
        listen {listen};
        {tls}
        location /static/ {{
            alias {static}/;
            add_header Cache-Control "public, max-age=31536000, immutable";
        }}
        location /spool/ {{
            internal;
            alias {spool}/;
        }}
        location / {{
            fastcgi_pass unix:{socket};
            fastcgi_param REQUEST_METHOD $request_method;
            fastcgi_param SCRIPT_NAME "";
            fastcgi_param PATH_INFO $uri;
            fastcgi_param DOCUMENT_URI $document_uri;
            fastcgi_param REQUEST_URI $request_uri;
            fastcgi_param QUERY_STRING $query_string;
            fastcgi_param CONTENT_TYPE $content_type;
            fastcgi_param CONTENT_LENGTH $content_length;
            fastcgi_param SERVER_PROTOCOL $server_protocol;
            fastcgi_param REQUEST_SCHEME $scheme;
            fastcgi_param HTTPS $https if_not_empty;
            fastcgi_param REMOTE_ADDR $remote_addr;
            fastcgi_param REMOTE_PORT $remote_port;
            fastcgi_param SERVER_NAME $host;
            fastcgi_param SERVER_PORT $server_port;
            fastcgi_read_timeout 40s;
        }}
    }}
}}
"""


class Nginx:
    name = 'nginx'

    def __init__(self, keeper, folder, port, socket, static, listen=None, tls=None, spool='/nowhere'):
        self.keeper, self.folder, self.port, self.socket, self.static = keeper, folder, port, socket, static
        self.spool = spool
        self.listen, self.tls = listen or f'127.0.0.1:{port}', tls or ''

    def start(self):
        os.makedirs(self.folder, mode=0o755, exist_ok=True)
        path = os.path.join(self.folder, 'nginx.conf')
        with open(path, 'w') as file:
            file.write(CONFIG.format(home=self.folder, log=self.keeper.log('nginx-error'), access=self.keeper.log('nginx-access'),
                                     user='user nobody nogroup;' if os.getuid() == 0 else '', static=self.static, spool=self.spool,
                                     socket=self.socket, listen=self.listen, tls=self.tls))
        program = shutil.which('nginx') or '/usr/sbin/nginx'
        child = self.keeper.start(self.name, [program, '-c', path, '-p', self.folder, '-e', self.keeper.log('nginx-error')])
        wait_until(lambda: answers_tcp(self.port), 10, 'nginx', self.keeper.log('nginx-error'), lambda: child.poll() is None)

    def stop(self):
        return self.keeper.stop(self.name)


# What nginx-example says of the outside world, and what stands for it here.
EXAMPLE = """
{user}
worker_processes 1;
pid {home}/nginx.pid;
daemon off;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {home}/body;
    fastcgi_temp_path {home}/fastcgi;
    proxy_temp_path {home}/proxy;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
{site}
}}
"""


class Example(Nginx):
    """nginx-example itself, with its cache: without TLS (so cookies have no __Host-), at our paths, and with wide limits."""
    name = 'nginx-example'

    def __init__(self, other, folder, port, example):
        super().__init__(other.keeper, folder, port, other.socket, other.static, spool=other.spool)
        self.example = example

    def site(self):
        with open(self.example, encoding='utf-8') as file:
            text = file.read()
        plain = re.search(r'^server \{\n    listen 80;.*?^\}\n', text, re.M | re.S)
        text = text.replace(plain[0], '')
        text = re.sub(r'^\s*(ssl_\w+|listen \[::\]|add_header Strict).*\n', '', text, flags=re.M)
        for old, new in (('listen 443 ssl http2', f'listen {self.listen}'), ('/var/cache/nginx/kairan', self.folder + '/cache'),
                         ('/var/log/nginx/kairan.log', self.keeper.log('nginx-example-access')), ('__Host-lang=', '(?:__Host-)?lang='),
                         ('/usr/local/share/kairan/static/', self.static + '/'), ('/var/spool/kairan/', self.spool + '/'),
                         ('unix:/run/kairan-web/web.sock', 'unix:' + self.socket), ('rate=20r/s', 'rate=5000r/s'), ('rate=60r/m', 'rate=5000r/s')):
            assert old in text, old
            text = text.replace(old, new)
        return text

    def start(self):
        os.makedirs(self.folder, mode=0o755, exist_ok=True)
        path = os.path.join(self.folder, 'nginx.conf')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(EXAMPLE.format(home=self.folder, user='user nobody nogroup;' if os.getuid() == 0 else '', site=self.site()))
        program = shutil.which('nginx') or '/usr/sbin/nginx'
        child = self.keeper.start(self.name, [program, '-c', path, '-p', self.folder, '-e', self.keeper.log('nginx-example')])
        wait_until(lambda: answers_tcp(self.port), 10, self.name, self.keeper.log('nginx-example'), lambda: child.poll() is None)
