"""Hostile or faulty clients, files and other processes: `clipseek serve` answers, and keeps answering other clients."""

import concurrent.futures
import json
import shutil
import socket
import sqlite3
import struct
import unittest
import zlib

from support import SAMPLES, png, png_chunk, png_header
from web_support import HOST, WebTest, form, read_all, wait_for


class Hostile(WebTest):
    def setUp(self):
        super().setUp()
        (self.folder / "samples").mkdir()
        for name in ("rocket.jpg", "cat.png", "guitar.jpg"):
            shutil.copy2(SAMPLES / name, self.folder / "samples" / name)
        self.write("secret.txt", b"the secret")
        self.index("samples")

    def assert_works(self, server):
        answer = server.json("/api/search?q=a+rocket&limit=1")
        self.assertEqual(answer["hits"][0]["name"], "rocket.jpg")
        self.assertIsNone(server.process.poll())

    def test_path_tricks(self):
        server = self.serve()
        secret = str(self.folder / "secret.txt")
        for path in ("/../secret.txt", "/app/../secret.txt", "/app/../../secret.txt", "/app/%2e%2e/secret.txt",
                     "/app/..%2f..%2fsecret.txt", "/app/" + secret, "/app//etc/passwd", "/etc/passwd", "//etc/passwd",
                     "/app/%5c..%5csecret.txt", "/app/index.html%00.js", "/api/items/../../secret.txt",
                     "/api/items/1/../image", "/api/items/" + secret.replace("/", "%2f") + "/image",
                     "/api/items/1/image/../../../secret.txt", "/api/items/%2e%2e/image", "/api/items/1%2fimage%00",
                     "/api/folders?path=" + str(self.folder), "/api/folders?path=/", "/api/folders?path=../..",
                     "/api/results/../secret.txt", "file:///etc/passwd", "http://localhost" + secret):
            with self.subTest(path):
                response = server.raw(b"GET " + path.encode() + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
                status = int(response.split(b" ")[1])
                self.assertIn(status, (400, 403, 404), response)
                self.assertNotIn(b"the secret", response)
                self.assertNotIn(b"root:", response)
        for body in ({"path": str(self.folder)}, {"path": "/"}, {"paths": ["/etc"]}, {"path": "samples"}, {}):
            self.assertEqual(server.json("/api/index", "POST", body, status=403)["error"]["code"], "outside_roots")
        self.assert_works(server)

    def test_a_link_out_of_a_root_is_not_followed(self):
        (self.folder / "elsewhere").mkdir()
        (self.folder / "samples" / "out").symlink_to(self.folder / "elsewhere")
        server = self.serve("--root", "samples")
        root = server.json("/api/folders")["folders"][0]["path"]
        self.assertEqual(server.json("/api/index", "POST", {"path": root + "/out"}, status=403)["error"]["code"], "outside_roots")
        self.assertEqual(server.json(f"/api/folders?path={root}")["folders"], [])

    def test_a_content_length_of_ten_gigabytes(self):
        server = self.serve()
        before = server.memory()
        for path in (b"/api/search", b"/api/encode", b"/api/index", b"/api/login", b"/healthz", b"/nothing"):
            with server.connect() as client:
                client.sendall(b"POST " + path + b" HTTP/1.1\r\n" + HOST + b"Content-Length: 10737418240\r\n\r\n" + b"x" * 1000)
                response = read_all(client)
            self.assertIn(int(response.split(b" ")[1]), (404, 413), response)
        self.assertLess(server.memory() - before, 1 << 30)  # sanitizers need much memory themselves
        self.assert_works(server)

    def test_bodies_of_unknown_length(self):
        server = self.serve()
        for headers, status in ((b"Transfer-Encoding: chunked\r\n", b"411"), (b"", b"411"),
                                (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"400"),
                                (b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", b"400"),
                                (b"Content-Length: 5\r\nContent-Length: 6\r\n", b"400"),
                                (b"Content-Length: 5\r\nContent-Length: 5\r\n", b"400")):
            response = server.raw(b"POST /api/encode HTTP/1.1\r\n" + HOST + headers + b"\r\n5\r\nhello\r\n0\r\n\r\n")
            self.assertTrue(response.startswith(b"HTTP/1.1 " + status + b" "), (headers, response))
            self.assertEqual(response.count(b"\r\nDate: "), 1, response)  # what follows is not taken for a request
        for length in (b"-1", b"1e9", b"0x10", b"5, 5", b"", b"99999999999999999999999"):
            response = server.raw(b"POST /api/encode HTTP/1.1\r\n" + HOST + b"Content-Length: " + length + b"\r\n\r\nhello")
            self.assertIn(int(response.split(b" ")[1]), (400, 413), response)
        self.assert_works(server)

    def test_megabytes_of_empty_lines(self):
        server = self.serve("--token", "0123456789abcdef")
        for _ in range(5):
            response = server.raw(b"\r\n" * 1_000_000 + b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
            self.assertTrue(response.startswith(b"HTTP/1.1 400 "), response)
            self.assertEqual(response.count(b"\r\nDate: "), 1, response)
        self.assertEqual(server.get("/healthz")[0], 200)

    def test_thousands_of_refused_requests_at_once(self):
        server = self.serve()
        refused = b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"
        with server.connect() as client, concurrent.futures.ThreadPoolExecutor(1) as pool:
            sending = pool.submit(client.sendall, refused * 5000 + b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
            response = read_all(client)
            sending.result()
        self.assertEqual(response.count(b"HTTP/1.1 421 "), 5000)
        self.assertEqual(response.count(b"HTTP/1.1 200 "), 1)
        self.assert_works(server)

    def test_slow_clients_do_not_occupy_workers(self):
        """More clients than the server has threads; each sends a byte now and then or does not read."""
        server = self.serve()
        threads = server.threads()
        slow = [server.connect() for _ in range(120)]
        try:
            for number, client in enumerate(slow):
                if number % 3 == 0:
                    client.sendall(b"GET /api/search?q=a HTTP/1.1\r\n" + HOST)
                elif number % 3 == 1:
                    client.sendall(b"POST /api/encode HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
                                   b"Content-Length: 60000\r\n\r\n{")
                else:  # requests much data and does not read it
                    client.sendall((b"GET /api/search?q=a&limit=1000 HTTP/1.1\r\n" + HOST + b"\r\n") * 50)
            for _ in range(5):
                for number, client in enumerate(slow):
                    if number % 3 < 2:
                        client.sendall(b"x")
                self.assert_works(server)
            self.assertLess(server.threads(), threads + 10)
        finally:
            for client in slow:
                client.close()
        self.assert_works(server)

    def test_slow_headers_time_out_and_are_closed_for_others(self):
        server = self.serve()
        crowd = []
        try:
            for _ in range(300):  # more than the connection limit
                client = server.connect()
                client.sendall(b"GET /healthz HTTP/1.1\r\nX: ")
                crowd.append(client)
            self.assert_works(server)
            response = read_all(crowd[-1])  # fails if the server does not close it
            self.assertTrue(response == b"" or response.startswith(b"HTTP/1.1 408 "), response)
        finally:
            for client in crowd:
                client.close()

    def test_slow_bodies_are_closed_for_others(self):
        """More clients than the connection limit, which announce a body and send a byte of it now and then."""
        server = self.serve()
        crowd = []
        try:
            for _ in range(300):
                client = server.connect()
                client.sendall(b"POST /api/search HTTP/1.1\r\n" + HOST + b"Content-Type: multipart/form-data; boundary=x\r\n"
                               b"Content-Length: 1000000\r\n\r\n-")
                crowd.append(client)
            crowd[-1].sendall(b"-")
            self.assert_works(server)
            self.assertLessEqual(server.metric("clipseek_http_buffered_bytes"), 1000)
        finally:
            for client in crowd:
                client.close()
        self.assert_works(server)

    def test_clients_that_vanish(self):
        server = self.serve()
        rocket, content_type = form(("image", "rocket.jpg", (SAMPLES / "rocket.jpg").read_bytes()))
        headers = f"Content-Type: {content_type}\r\nContent-Length: {len(rocket)}\r\n\r\n"
        head = b"POST /api/search HTTP/1.1\r\n" + HOST + headers.encode()
        for cut in (10, len(head), len(head) + 500, len(head) + len(rocket)):
            for _ in range(20):
                client = server.connect()
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close() sends a reset
                client.sendall((head + rocket)[:cut])
                client.close()
        self.assert_works(server)

        def only_this_one():
            return b"clipseek_http_connections 1\n" in server.get("/metrics")[2]
        wait_for(only_this_one, "the end of the other connections")

    def test_decompression_bombs(self):
        server = self.serve()
        before = server.memory()
        rows = zlib.compress(bytes(1 << 20), 9)
        wide = png_header(60_000, 60_000) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")
        large = png_header(9_000, 9_000) + png_chunk(b"IDAT", zlib.compress(bytes(27_001) * 9_000, 9)) + png_chunk(b"IEND", b"")
        text = png_header(8, 8) + png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(100 << 20), 9)) + png()[33:]
        for name, bomb in (("wide", wide), ("large", large)):
            with self.subTest(name):
                self.assertLess(len(bomb), 1 << 20)
                for path in ("/api/search", "/api/encode"):
                    status, answer = server.post_form(path, ("image", "bomb.png", bomb))
                    self.assertEqual((status, answer["error"]["code"]), (413, "limit_exceeded"), answer)
        status, _ = server.post_form("/api/encode", ("image", "bomb.png", text))
        self.assertIn(status, (200, 413, 415, 422))
        self.assertLess(server.memory() - before, 1 << 30)
        self.assert_works(server)

    def test_a_hundred_uploads_at_once(self):
        server = self.serve()
        pictures = [png((number, 255 - number, 70), width=900, height=700, note=str(number)) for number in range(100)]

        def upload(picture):
            return server.post_form("/api/search", ("image", "x.png", picture), ("limit", "1"))
        with concurrent.futures.ThreadPoolExecutor(100) as pool:
            answers = list(pool.map(upload, pictures))
        for status, answer in answers:
            self.assertIn(status, (200, 503), answer)
            if status == 503:
                self.assertEqual(answer["error"]["code"], "busy")
        self.assertIn(200, [status for status, _ in answers])
        self.assert_works(server)

    def test_uploads_that_are_not_pictures(self):
        server = self.serve()
        for content in (b"", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b"<svg onload=alert(1)>", bytes(1000),
                        (SAMPLES / "rocket.jpg").read_bytes()[:2000]):
            status, answer = server.post_form("/api/search", ("image", "../../etc/passwd", content))
            self.assertIn(status, (415, 422), answer)
        self.assert_works(server)

    def test_an_upload_never_opens_a_file_by_its_name(self):
        server = self.serve()
        target = str(self.folder / "samples" / "rocket.jpg")
        status, answer = server.post_form("/api/search", ("image", target, b""))
        self.assertEqual((status, answer["error"]["code"]), (422, "corrupt"))
        status, answer = server.post_form("/api/search", ("q", target))
        self.assertEqual((status, answer["error"]["code"]), (404, "unknown_picture"))

    def test_invalid_utf_8(self):
        server = self.serve()
        for path in ("/api/search?q=%FF%FE", "/api/search?q=%C0%AF", "/api/search?q=%ED%A0%80", "/%FF", "/api/search?%FF=1",
                     "/api/search?q=a%00b", "/api/search?q=%"):
            self.assertEqual(server.json(path, status=400)["error"]["code"], "bad_request")
        status, answer = server.post_form("/api/search", ("q", b"\xff\xfe"))
        self.assertEqual((status, answer["error"]["code"]), (400, "bad_request"))
        status, _, _ = server.request("POST", "/api/encode", b'{"text":"\xff"}', {"Content-Type": "application/json"})
        self.assertIn(status, (200, 400))
        response = server.raw(b"GET /api/search?q=\xff\xfe HTTP/1.1\r\n" + HOST + b"\r\n")
        self.assertTrue(response.startswith(b"HTTP/1.1 400 "), response)
        self.assert_works(server)

    def test_a_query_of_a_megabyte(self):
        server = self.serve()
        response = server.raw(b"GET /api/search?q=" + b"a" * (1 << 20) + b" HTTP/1.1\r\n" + HOST + b"\r\n")
        self.assertTrue(response == b"" or response.startswith(b"HTTP/1.1 414 "), response[:200])
        response = server.raw(b"GET / HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 5000 + b"\r\n")
        self.assertTrue(response == b"" or response.startswith(b"HTTP/1.1 431 "), response[:200])
        status, answer = server.post_form("/api/search", ("q", "a" * (1 << 20)))
        self.assertEqual((status, answer["error"]["code"]), (400, "query_too_long"))
        self.assertEqual(server.json("/api/encode", "POST", {"text": "a" * (1 << 20)}, status=400)["error"]["code"],
                         "query_too_long")
        self.assertEqual(server.json("/api/search?q=" + "%2B+a+" * 500, status=400)["error"]["code"], "bad_query")
        deep = b"[" * 60_000
        self.assertEqual(server.json("/api/index", "POST", deep, {"Content-Type": "application/json"}, status=400)["error"]["code"],
                         "bad_request")
        self.assert_works(server)

    def test_an_id_that_does_not_exist(self):
        server = self.serve()
        for item in ("0", "999", "-1", "9223372036854775807", "9223372036854775808", "1e3", "0x1", "1.0", " 1", "", "'", "NaN"):
            for tail in ("", "/image", "/thumbnail"):
                answer = server.json(f"/api/items/{item}{tail}".replace(" ", "%20"), status=404)
                self.assertEqual(answer["error"]["code"], "not_found", item)
        for job in ("0", "1", "-1", "99999999999999999999"):
            for tail, method in (("", "GET"), ("", "DELETE"), ("/events", "GET")):
                self.assertEqual(server.json(f"/api/jobs/{job}{tail}", method, status=404)["error"]["code"], "not_found")

    def test_a_picture_that_vanished(self):
        server = self.serve()
        hit = server.json("/api/search?q=a+rocket&limit=1")["hits"][0]
        (self.folder / "samples" / "rocket.jpg").unlink()
        for tail in ("image", "thumbnail"):
            answer = server.json(f"/api/items/{hit['id']}/{tail}", status=404)
            self.assertEqual(answer["error"]["code"], "file_gone")
        self.assertEqual(server.json(f"/api/items/{hit['id']}")["format"], None)
        self.assert_works(server)  # the picture is still found in the database

    def test_a_picture_that_became_something_else(self):
        """The server sends only pictures, even if a picture's path leads to another file now."""
        server = self.serve()
        path = self.folder / "samples" / "rocket.jpg"
        item = server.json("/api/search?q=a+rocket&limit=1")["hits"][0]["id"]
        path.unlink()
        path.symlink_to(self.folder / "secret.txt")
        for tail in ("image", "thumbnail"):
            status, _, body = server.get(f"/api/items/{item}/{tail}")
            self.assertEqual(status, 415)
            self.assertNotIn(b"the secret", body)
        path.unlink()
        path.mkdir()
        self.assertEqual(server.get(f"/api/items/{item}/image")[0], 422)
        path.rmdir()
        self.assertEqual(server.get(f"/api/items/{item}/image")[0], 404)

    def test_a_database_locked_by_another_process(self):
        server = self.serve("--root", "samples")
        self.write("samples/new.png", png())
        other = sqlite3.connect(self.folder / "clip.db", isolation_level=None)
        try:
            other.execute("BEGIN EXCLUSIVE")
            self.assert_works(server)
            job = server.json("/api/index", "POST", {}, status=202)["job"]["id"]
            self.assert_works(server)
            job = self.finish_job(server, job)
            self.assertEqual((job["state"], job["error"]["code"]), ("failed", "storage"))
        finally:
            other.close()
        job = server.json("/api/index", "POST", {}, status=202)["job"]["id"]
        self.assertEqual(self.finish_job(server, job)["report"]["added"], 1)
        self.assert_works(server)

    def test_two_jobs_at_once(self):
        shutil.copy2(SAMPLES / "bus.webp", self.folder / "samples" / "bus.webp")
        server = self.serve_with_held_decoder("--root", "samples")
        job = server.json("/api/index", "POST", {}, status=202)["job"]["id"]
        wait_for(self.held.exists, "the run's decoder")
        answer = server.json("/api/index", "POST", {}, status=409)
        self.assertEqual((answer["error"]["code"], answer["job"]["id"]), ("index_running", job))
        self.assert_works(server)
        server.json(f"/api/jobs/{job}", "DELETE", status=202)
        self.release.touch()
        self.assertEqual(self.finish_job(server, job)["state"], "stopped")
        job = server.json("/api/index", "POST", {}, status=202)["job"]["id"]
        self.assertEqual(self.finish_job(server, job)["state"], "done")

    def test_requests_of_other_sites(self):
        server = self.serve("--root", "samples")
        for headers in ({"Host": "evil.example"}, {"Host": "localhost.evil.example:80"}, {"Host": ""}):
            for path in ("/", "/api/status", "/healthz"):
                self.assertEqual(server.request("GET", path, headers=headers)[0], 421)
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            for method, path in (("POST", "/api/index"), ("GET", "/api/search?q=a"), ("GET", "/api/items/1/image")):
                status, _, text = server.request(method, path, b"{}" if method == "POST" else None,
                                                 {"Content-Type": "application/json", **headers})
                self.assertEqual((status, json.loads(text)["error"]["code"]), (403, "cross_site"))
        # A form of another site can send this without Origin headers in an old browser, but it is not JSON.
        self.assertEqual(server.json("/api/index", "POST", b"{}", {"Content-Type": "text/plain"}, status=415)["error"]["code"],
                         "unsupported")
        self.assertEqual(server.json("/api/jobs")["jobs"], [])

    def test_other_addresses_need_a_token(self):
        for address in ("0.0.0.0", "::", "192.0.2.1"):
            self.refused("serve", "--port", "0", "--host", address, status=2, names=["token"])
        self.refused("serve", "--port", "0", "--token", "short", status=2, names=["token"])
        self.write("token", b"0123456789abcdef\n")
        for arguments, environment in ((("--token-file", "token"), {}), (("--token", "0123456789abcdef"), {}),
                                       ((), {"CLIPSEEK_TOKEN": "0123456789abcdef"})):
            server = self.serve("--host", "0.0.0.0", *arguments, **environment)
            self.assertEqual(server.get("/api/status")[0], 401)
            self.assertEqual(server.get("/metrics")[0], 401)
            self.assertEqual(server.get("/healthz")[0], 200)
            self.assertEqual(server.get("/")[0], 200)
            self.assertEqual(server.get("/api/status", Authorization="Bearer 0123456789abcdef")[0], 200)
            self.assertEqual(server.get("/api/status", Authorization="Bearer 0123456789abcdeF")[0], 401)
            status, headers, _ = server.get("/?token=0123456789abcdef")
            self.assertEqual((status, headers["Location"]), (303, "/"))
            cookie = headers["Set-Cookie"].split(";")[0]
            self.assertEqual(server.get("/api/status", Cookie=cookie)[0], 200)
            self.assertIsNone(server.get("/?token=wrong")[1]["Set-Cookie"])
            self.assertEqual(server.json("/api/login", "POST", {"token": "wrong"}, status=401)["error"]["code"], "unauthorized")
            status, headers, _ = server.request("POST", "/api/login", b'{"token":"0123456789abcdef"}',
                                                {"Content-Type": "application/json"})
            self.assertEqual((status, headers["Set-Cookie"].split(";")[0]), (204, cookie))

    def test_every_answer_has_security_headers(self):
        server = self.serve()
        for path in ("/", "/api/status", "/api/items/1/image", "/api/items/1/thumbnail", "/nothing", "/api/search"):
            headers = server.get(path)[1]
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"], path)
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(headers["Cross-Origin-Resource-Policy"], "same-origin")
            self.assertIsNone(headers["Access-Control-Allow-Origin"])

    def test_a_taken_port(self):
        server = self.serve()
        self.refused("serve", "--port", str(server.port), names=[str(server.port), "port"])


if __name__ == "__main__":
    unittest.main()
