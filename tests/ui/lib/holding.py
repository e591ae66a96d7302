# SPDX-License-Identifier: EUPL-1.2
"""A server in front of the server, which keeps some requests waiting as a slow network would."""

import http.client
import http.server
import json
import threading

HOPS = {'connection', 'host', 'keep-alive', 'transfer-encoding'}


class Holding:
    """Hands requests on to @port, but holds those feeds of @scope that begin at @cursor or
    later until release()."""

    def __init__(self, port, scope, cursor):
        self.port, self.scope, self.cursor = port, scope, cursor
        self.released = threading.Event()
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), self.make_handler())
        self.server.daemon_threads = True
        self.urls = [f'http://127.0.0.1:{self.server.server_port}']
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def is_held(self, path, body):
        if path != '/v1/feed':
            return False
        return json.loads(body)['cursors'].get(self.scope, 0) >= self.cursor

    def hand_on(self, method, path, headers, body):
        connection = http.client.HTTPConnection('127.0.0.1', self.port)
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        data = reply.read()
        connection.close()
        return reply.status, reply.getheaders(), data

    def make_handler(self):
        holding = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def handle_one(self):
                body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
                if holding.is_held(self.path, body):
                    holding.released.wait()
                sent = {k: v for k, v in self.headers.items() if k.lower() not in HOPS}
                status, headers, data = holding.hand_on(self.command, self.path, sent, body)
                self.send_response_only(status)
                for key, value in headers:
                    if key.lower() not in HOPS | {'content-length'}:
                        self.send_header(key, value)
                self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                try:
                    self.wfile.write(data)
                except OSError:
                    pass   # the window was closed meanwhile

            do_GET = do_POST = handle_one

            def log_message(self, *arguments):
                pass

        return Handler

    def release(self):
        self.released.set()

    def close(self):
        self.release()
        self.server.shutdown()
        self.server.server_close()
