#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""nginx from Debian with the shipped server file before a real allmended on its socket."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys

import hub

DATA = pathlib.Path(__file__).resolve().parents[2] / 'data'

SITE = '''
daemon off;
pid {dir}/nginx.pid;
error_log stderr error;
{user}
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi;
    uwsgi_temp_path {dir}/uwsgi; scgi_temp_path {dir}/scgi;
    upstream allmende {{ server unix:{dir}/http.sock; }}
    limit_req_zone $binary_remote_addr zone=allmende_login:1m rate=1r/s;
    limit_conn_zone $binary_remote_addr zone=allmende_addr:1m;
    server {{
        listen unix:{dir}/tls.sock ssl;
        server_name localhost;
        ssl_certificate {dir}/cert.pem;
        ssl_certificate_key {dir}/key.pem;
        ssl_certificate {dir}/rsa-cert.pem;
        ssl_certificate_key {dir}/rsa-key.pem;
        include {data}/nginx/allmende-server.conf;
    }}
}}
'''


def make_certificate(folder, prefix='', kind=('ec', 'ec_paramgen_curve:prime256v1')):
    subprocess.run(['openssl', 'req', '-x509', '-newkey', kind[0], '-pkeyopt', kind[1], '-nodes',
                    '-keyout', folder / f'{prefix}key.pem', '-out', folder / f'{prefix}cert.pem',
                    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
                    '-days', '2'], check=True, capture_output=True)


class Behind(hub.Server):
    """A server and its nginx; what is asked goes through TLS."""

    def __init__(self):
        super().__init__(listen=['unix:DIR/http.sock'])
        folder = self.folder
        make_certificate(folder)
        make_certificate(folder, 'rsa-', ('rsa', 'rsa_keygen_bits:3072'))
        user = 'user root;' if os.getuid() == 0 else ''
        (folder / 'nginx.conf').write_text(SITE.format(dir=folder, data=DATA, user=user))
        self.nginx = subprocess.Popen(['nginx', '-p', folder, '-c', folder / 'nginx.conf',
                                       '-e', 'stderr'], stderr=subprocess.PIPE)
        self.context = ssl.create_default_context(cafile=folder / 'cert.pem')
        self.context.set_alpn_protocols(['http/1.1'])
        hub.wait(self.answers, 'nginx to answer')

    def answers(self):
        assert self.nginx.poll() is None, self.nginx.stderr.read().decode()
        return (self.folder / 'tls.sock').exists() and self.ask('GET', '/healthz').status == 200

    def connect(self):
        plain = socket.socket(socket.AF_UNIX)
        plain.settimeout(hub.LIMIT_S)
        try:
            plain.connect(str(self.folder / 'tls.sock'))
        except ConnectionRefusedError:
            plain.close()
            raise AssertionError('nginx does not listen') from None
        return self.context.wrap_socket(plain, server_hostname='localhost')

    def close(self):
        self.nginx.send_signal(signal.SIGTERM)
        self.nginx.wait(hub.LIMIT_S)
        self.nginx.stderr.close()
        super().close()


def behind(case):
    """Gives the case a server behind nginx."""
    def run():
        server = Behind()
        try:
            case(server)
        finally:
            server.close()
    run.__name__ = case.__name__
    return run


@behind
def test_everything_through_it(server):
    tokens = server.city()
    assert server.push(tokens['anna'], hub.desk_id(1), 1, [hub.new_tree(1)]).lines()[0]['r'] == 'ok'
    assert len(server.feed(tokens['bert'], {hub.BAEUME: 0})) == 2
    reply = server.expect(404, 'GET', '/')
    assert 'strict-transport-security' in reply.headers
    assert not re.search('[0-9]', reply.headers['server']), reply.headers['server']
    server.expect(401, 'GET', '/v1/users')


def shake_hands(server, *words):
    """What openssl says of the handshake: (protocol, cipher, curve), or the server's refusal."""
    done = subprocess.run(['openssl', 's_client', '-unix', server.folder / 'tls.sock', '-servername',
                           'localhost', *words], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=hub.LIMIT_S)
    refusal = re.search(r'tlsv1 (alert .*?):', done.stderr) or \
        re.search(r'sslv3 (alert .*?):', done.stderr)
    if refusal:
        return refusal.group(1)
    shaken = re.search(r'New, (\S+), Cipher is (\S+)', done.stdout)
    curve = re.search(r'Server Temp Key: (?:ECDH, )?([^,]+)', done.stdout)
    assert shaken and curve and 'NONE' not in shaken.group(2), done.stdout + done.stderr
    return *shaken.groups(), curve.group(1)


@behind
def test_handshakes(server):
    """As the BSI's TR-02102-2 has it; what it does not name is refused by the server."""
    old = 'DEFAULT@SECLEVEL=0'
    for words, shaken in [
            (['-tls1_3'], ('TLSv1.3', 'TLS_AES_256_GCM_SHA384', 'prime256v1')),
            (['-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256', '-curves', 'P-384'],
             ('TLSv1.3', 'TLS_AES_128_GCM_SHA256', 'secp384r1')),
            (['-tls1_2'], ('TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'prime256v1')),
            (['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'],
             ('TLSv1.2', 'ECDHE-RSA-AES128-GCM-SHA256', 'prime256v1')),
            (['-tls1_2', '-cipher', 'aRSA', '-curves', 'brainpoolP384r1'],
             ('TLSv1.2', 'ECDHE-RSA-AES256-GCM-SHA384', 'brainpoolP384r1'))]:
        assert shake_hands(server, *words) == shaken, (words, shake_hands(server, *words))
    for words, refusal in [
            (['-tls1', '-cipher', old], 'alert protocol version'),
            (['-tls1_1', '-cipher', old], 'alert protocol version'),
            (['-tls1_2', '-cipher', 'ECDHE-ECDSA-CHACHA20-POLY1305'], 'alert handshake failure'),
            (['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-SHA384'], 'alert handshake failure'),
            (['-tls1_2', '-cipher', 'ECDHE-RSA-AES128-SHA'], 'alert handshake failure'),
            (['-tls1_2', '-cipher', 'AES256-GCM-SHA384'], 'alert handshake failure'),
            (['-tls1_2', '-cipher', 'DHE-RSA-AES256-GCM-SHA384'], 'alert handshake failure'),
            (['-tls1_2', '-cipher', 'aNULL:eNULL:@SECLEVEL=0'], 'alert handshake failure'),
            (['-tls1_2', '-curves', 'X25519'], 'alert handshake failure'),
            (['-tls1_3', '-curves', 'X25519'], 'alert handshake failure'),
            (['-tls1_3', '-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256'],
             'alert handshake failure')]:
        assert shake_hands(server, *words) == refusal, (words, shake_hands(server, *words))


@behind
def test_limits_of_the_front(server):
    """Refused by nginx, before the server proper hears of it."""
    for status, head in [(414, b'GET /' + b'a' * 9000 + b' HTTP/1.1\r\nHost: x\r\n\r\n'),
                         (400, b'GET / HTTP/1.1\r\nHost: x\r\nX: ' + b'a' * 9000 + b'\r\n\r\n'),
                         (400, b'GET / HTTP/1.1\r\n\r\n'), (400, b'nonsense\r\n\r\n')]:
        reply = server.raw(head)
        assert reply is not None and reply.status == status, (head[:20], reply and reply.status)
        assert reply.headers['content-type'] == 'text/html', reply.headers
    assert server.ask('GET', '/healthz').status == 200


@behind
def test_smuggling_ends_here(server):
    """Measured on libsoup alone: it takes some of these."""
    head = b'POST /v1/feed HTTP/1.1\r\nHost: localhost\r\n'
    inner = b'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
    for data in [head + b'Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
                 head + b'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
                 head + b'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
                 head + b'Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n',
                 head + b'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
                 head + b'Host: other\r\nContent-Length: 2\r\n\r\n{}',
                 head + b'Content-Length: -1\r\n\r\n{}',
                 head + b'Content-Length: 1e1\r\n\r\n{}']:
        with server.connect() as connection:
            connection.sendall(data + inner)
            with connection.makefile('rb') as stream:
                try:
                    everything = stream.read()
                except (ssl.SSLError, ConnectionResetError):
                    everything = b''
        first = everything.split(b'\r\n', 1)[0]
        assert re.match(rb'HTTP/1\.1 (400|501)|$', first), (data, first)
        assert b'"status":"ok"' not in everything, (data, everything)
    assert server.ask('GET', '/healthz').status == 200


@behind
def test_too_large(server):
    tokens = server.city()
    one = server.expect(413, 'POST', '/v1/push', b' ' * (8 * 1024 * 1024 + 1), tokens['anna'])
    assert one.json()['code'] == 'too-large'                  # the server's own words
    server.expect(413, 'POST', '/v1/push', b' ' * (9 * 1024 * 1024 + 1), tokens['anna'])


@behind
def test_a_long_poll_is_held(server):
    tokens = server.city()
    body = json.dumps({'epoch': server.epoch, 'cursors': {hub.BAEUME: 0}, 'wait': 30}).encode()
    with server.connect() as connection:
        connection.sendall(f'POST /v1/feed HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer '
                           f'{tokens["bert"]}\r\nContent-Length: {len(body)}\r\n\r\n'.encode() + body)
        server.push(tokens['anna'], hub.desk_id(1), 1, [hub.new_tree(1)])
        with connection.makefile('rb') as stream:
            lines = hub.read_reply(stream).lines()
    assert lines[0]['id'] == hub.desk_id(1001)


def test_the_site_file():
    """The whole site, with its own certificate lines pointed at ours, is one nginx understands."""
    server = hub.Server(found=False)
    folder = server.folder
    try:
        make_certificate(folder)
        site = (DATA / 'nginx' / 'allmende.conf').read_text()
        site = site.replace('/etc/ssl/certs/allmende.pem', str(folder / 'cert.pem'))
        site = site.replace('/etc/ssl/private/allmende.key', str(folder / 'key.pem'))
        site = re.sub(r'listen \S+80;|listen \S+443 ssl http2;', '', site)
        site = site.replace('listen 80;', f'listen unix:{folder}/a.sock;')
        site = site.replace('listen 443 ssl http2;', f'listen unix:{folder}/b.sock ssl http2;')
        (folder / 'site.conf').write_text(site)
        shutil.copy(DATA / 'nginx' / 'allmende-server.conf', folder)
        (folder / 'nginx.conf').write_text(
            f'pid {folder}/nginx.pid; error_log stderr;\nevents {{}}\nhttp {{ access_log off; '
            + ''.join(f'{kind}_temp_path {folder}/{kind}; ' for kind in
                      ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
            + f'include {folder}/site.conf; }}\n')
        done = subprocess.run(['nginx', '-t', '-q', '-p', folder, '-c', folder / 'nginx.conf', '-e',
                               'stderr'], capture_output=True, text=True)
        assert done.returncode == 0 and 'emerg' not in done.stderr, done.stderr
    finally:
        shutil.rmtree(folder)


def test_the_unit():
    """The sandbox is as tight as it says."""
    unit = DATA / 'systemd' / 'allmended.service'
    done = subprocess.run(['systemd-analyze', 'security', '--offline=true', '--threshold=20', unit],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr
    checked = subprocess.run(['systemd-analyze', 'verify', '--man=no', unit], capture_output=True,
                             text=True)
    lines = [line for line in checked.stderr.splitlines() if 'is not executable' not in line]
    assert not lines, lines


if __name__ == '__main__':
    hub.run(globals())
