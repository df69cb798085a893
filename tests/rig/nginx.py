"""A private nginx in front of kairan-web."""
import os
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
