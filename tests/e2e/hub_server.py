"""A fake Hugging Face hub: one HTTP server for the hub and one, on another port, for its content delivery network.

It answers as the hub does: large files (Git LFS) with a redirect to the other host and X-Linked-ETag, small ones with a
redirect on the same host. Tests inject errors with `faults`. Standard library only."""

import hashlib
import json
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def git_sha1(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class Repository:
    def __init__(self, files, large=("model.safetensors", "open_clip_model.safetensors", "pytorch_model.bin"),
                 commit="c" * 40, revisions=("main",)):
        self.files = dict(files)
        self.large = set(large)
        self.commit = commit
        self.revisions = {*revisions, commit}
        self.listing = None  # bytes that replace the real listing

    def digest(self, name):
        content = self.files[name]
        return hashlib.sha256(content).hexdigest() if name in self.large else git_sha1(content)

    def sibling(self, name):
        content = self.files[name]
        entry = {"rfilename": name, "size": len(content), "blobId": git_sha1(content)}
        if name in self.large:
            entry["blobId"] = git_sha1(b"the pointer of " + name.encode())
            entry["lfs"] = {"sha256": self.digest(name), "size": len(content), "pointerSize": 134}
        return entry

    def list_files(self, **changes):
        """Returns the listing as bytes, with `changes` to its members."""
        root = {"id": "owner/name", "sha": self.commit, "siblings": [self.sibling(name) for name in sorted(self.files)]}
        return json.dumps({**root, **changes}).encode()


class HubServer:
    """`faults["hub" or "cdn", file name or "listing"]` is a queue of functions. Each of the next requests calls one of them
    with the request handler; if it returns False, the request is answered normally."""

    def __init__(self):
        self.repositories = {}
        self.faults = {}
        self.requests = []  # (host, path, headers)
        self.token = None   # if set, a request without this bearer token gets 401
        self.released = threading.Event()
        self._servers = {host: self._start(host) for host in ["hub", "cdn"]}

    def _start(self, host):
        handler = type("Handler", (_Handler,), {"hub": self, "host": host})
        server = _Server(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return server

    def url(self, host="hub"):
        return f"http://127.0.0.1:{self._servers[host].server_address[1]}"

    def fail(self, host, name, *faults):
        self.faults.setdefault((host, name), []).extend(faults)

    def asked(self, host, ending):
        """Returns the headers of each request for a path with this ending."""
        return [headers for where, path, headers in self.requests if where == host and path.endswith(ending)]

    def close(self):
        self.released.set()
        for server in self._servers.values():
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Many tests close connections on purpose, so these errors are ignored."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub = None
    host = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        self.hub.requests.append((self.host, path, dict(self.headers)))
        name = "listing" if path.startswith("/api/models/") else path.rsplit("/", 1)[-1]
        waiting = self.hub.faults.get((self.host, name))
        try:
            if waiting and waiting.pop(0)(self) is not False:
                return
            self.answer(path)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def answer(self, path):
        if self.host == "hub" and self.hub.token and self.headers.get("Authorization") != f"Bearer {self.hub.token}":
            self.status(401, {"X-Error-Code": "RepoNotFound"})
        elif path.startswith("/api/models/"):
            self.answer_listing(path)
        elif self.host == "cdn" or path.startswith("/api/resolve-cache/"):
            self.send_file(*self.find(path.rsplit("/", 4)))
        else:
            self.redirect(path)

    def find(self, parts):
        repository = self.hub.repositories["/".join(parts[1:3])]
        return repository, parts[4]

    def answer_listing(self, path):
        _, _, _, owner, name, _, revision = path.split("/")
        repository = self.hub.repositories.get(f"{owner}/{name}")
        if repository is None:
            self.status(404, {"X-Error-Code": "RepoNotFound"})
        elif urllib.parse.unquote(revision) not in repository.revisions:
            self.status(404, {"X-Error-Code": "RevisionNotFound"})
        else:
            self.body(repository.listing or repository.list_files())

    def redirect(self, path):
        _, owner, name, resolve, revision, file = path.split("/")
        repository = self.hub.repositories[f"{owner}/{name}"]
        assert resolve == "resolve" and revision == repository.commit
        headers = {"X-Repo-Commit": repository.commit}
        if file in repository.large:
            headers["X-Linked-ETag"] = f'"{repository.digest(file)}"'
            headers["X-Linked-Size"] = str(len(repository.files[file]))
            self.status(302, {**headers, "Location": f"{self.hub.url('cdn')}/{owner}/{name}/blob/{file}"})
        else:
            self.status(307, {**headers, "Location": f"/api/resolve-cache/{owner}/{name}/blob/{file}"})

    def send_file(self, repository, name):
        content = repository.files[name]
        start = self.range_start()
        if start >= len(content) > 0 and start > 0:
            self.status(416)
            return
        headers = {"ETag": f'"{repository.digest(name)}"'}
        if start > 0:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self.body(content[start:], 206 if start > 0 else 200, headers)

    def range_start(self):
        text = self.headers.get("Range", "")
        return int(text[len("bytes="):-1]) if text else 0

    def status(self, code, headers=None):
        self.body(b"", code, headers)

    def body(self, content, code=200, headers=None, length=None):
        self.send_response(code)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)


def answer(code, **headers):
    """A fault that answers with this status. Retry_After=0 becomes the header Retry-After: 0."""
    return lambda handler: handler.status(code, {key.replace("_", "-"): str(value) for key, value in headers.items()})


def cut(content, size):
    """A fault that closes the connection after `size` bytes of the content."""
    def fault(handler):
        start = handler.range_start()
        headers = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if start else {}
        handler.body(content[start : start + size], 206 if start else 200, headers, len(content) - start)
        handler.close_connection = True
    return fault


def hang_up(handler):
    """A fault that closes the connection without an answer."""
    handler.close_connection = True


def stall(content, size):
    """A fault that pauses after `size` bytes until the server's `released` is set, and then sends the rest."""
    def fault(handler):
        handler.body(content[:size], length=len(content))
        handler.wfile.flush()
        handler.hub.released.wait()
        handler.wfile.write(content[size:])
    return fault


def send(content, code=200, length=None, **headers):
    """A fault that sends this body."""
    fixed = {key.replace("_", "-"): value for key, value in headers.items()}
    return lambda handler: handler.body(content, code, fixed, length)
