"""Helpers of the tests of `clipseek serve`: a server on a free port, and good and bad clients."""

import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time

from support import PROGRAM, TIMEOUT, CommandTest, clean_environment

CLIENT_TIMEOUT = 120  # seconds; long, because sanitizers are slow
HOST = b"Host: localhost\r\n"


class Server:
    """`clipseek serve` until stop()."""

    def __init__(self, folder, *arguments, **environment):
        self.process = subprocess.Popen([PROGRAM, "serve", "--port", "0", *map(os.fspath, arguments)], cwd=folder,
                                        env=clean_environment(**environment), stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.log = []
        self.reader = threading.Thread(target=self._read_log, daemon=True)
        self.reader.start()
        line = self.process.stdout.readline().decode()
        if " at http://" not in line:
            self.process.wait(TIMEOUT)
            raise AssertionError(f"the server did not start: {line} {self.log}")
        self.url = line.split(" at ")[1].split()[0]
        self.port = int(self.url.rstrip("/").rsplit(":", 1)[1])

    def _read_log(self):
        for line in self.process.stderr:
            self.log.append(line.decode(errors="replace"))

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=CLIENT_TIMEOUT)

    def raw(self, request):
        """Sends bytes and reads until the server closes."""
        with self.connect() as client:
            client.sendall(request)
            return read_all(client)

    def request(self, method, path, body=None, headers=None):
        """Sends a request and returns its response: (status, headers, body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=CLIENT_TIMEOUT)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def json(self, path, method="GET", body=None, headers=None, status=200):
        """Returns the JSON of a response, which must have this status."""
        if body is not None and not isinstance(body, bytes):
            body, headers = json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})}
        got, _, text = self.request(method, path, body, headers)
        assert got == status, f"{method} {path}: {got} {text[:500]}"
        return json.loads(text)

    def post_form(self, path, *parts):
        """Posts (name, content) fields and (name, file name, content) files. Returns the status and the JSON of the response."""
        body, content_type = form(*parts)
        status, _, text = self.request("POST", path, body, {"Content-Type": content_type})
        return status, json.loads(text)

    def memory(self):
        """Returns the server's resident memory in bytes."""
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def metric(self, name):
        """Returns the value of a metric without labels."""
        for line in self.get("/metrics")[2].decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        raise AssertionError(f"the metrics do not contain {name}")

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def stop(self, number=signal.SIGTERM):
        """Stops the server gracefully and returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(TIMEOUT)
        self.reader.join(CLIENT_TIMEOUT)
        self.process.stdout.close()
        self.process.stderr.close()
        return status


def read_all(client):
    received = b""
    try:
        while chunk := client.recv(65536):
            received += chunk
    except ConnectionResetError:
        pass
    return received


def form(*parts):
    """Returns a multipart body and its content type."""
    body = b""
    for part in parts:
        name = f'name="{part[0]}"' + (f'; filename="{part[1]}"' if len(part) == 3 else "")
        content = part[-1] if isinstance(part[-1], bytes) else part[-1].encode()
        body += b"--boundary-of-a-test\r\nContent-Disposition: form-data; " + name.encode() + b"\r\n\r\n" + content + b"\r\n"
    return body + b"--boundary-of-a-test--\r\n", "multipart/form-data; boundary=boundary-of-a-test"


def wait_for(condition, what):
    end = time.monotonic() + CLIENT_TIMEOUT
    while time.monotonic() < end:
        if result := condition():
            return result
        time.sleep(0.02)
    raise AssertionError(f"timeout while waiting for {what}")


class WebTest(CommandTest):
    """A test with servers, which are stopped at its end."""

    def serve(self, *arguments, **environment):
        server = Server(self.folder, *arguments, **environment)

        def end():
            status = server.stop()
            self.assertEqual(status, 0, "".join(server.log))

        self.addCleanup(end)
        return server

    def serve_with_held_decoder(self, *arguments):
        """A server that decodes no WebP picture before the file self.release exists; it creates self.held when it starts one."""
        self.held, self.release = self.folder / "held", self.folder / "held.release"
        options = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        return self.serve(*arguments, LD_PRELOAD=os.environ["CLIPSEEK_HELD_DECODER"], HELD_DECODER=str(self.held),
                          ASAN_OPTIONS=options)

    def finish_job(self, server, job):
        def ended():
            now = server.json(f"/api/jobs/{job}")["job"]
            return now if now["state"] != "running" else None
        return wait_for(ended, f"the end of job {job}")
