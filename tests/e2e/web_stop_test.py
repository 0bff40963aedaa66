"""SIGINT and SIGTERM to `clipseek serve`: it always ends soon, answers waiting clients, and leaves a consistent database."""

import concurrent.futures
import json
import shutil
import signal
import sqlite3
import unittest

from support import SAMPLES, png
from web_support import HOST, WebTest, form, read_all, wait_for

PICTURES = 40


class Stop(WebTest):
    def setUp(self):
        super().setUp()
        (self.folder / "pictures").mkdir()
        shutil.copy2(SAMPLES / "rocket.jpg", self.folder / "pictures" / "rocket.jpg")
        self.index("pictures")

    def start_job(self, server):
        return server.json("/api/index", "POST", {}, status=202)["job"]["id"]

    def assert_refused_for_the_stop(self, response):
        head, body = response.split(b"\r\n\r\n", 1)
        self.assertTrue(head.startswith(b"HTTP/1.1 503 "), head)
        self.assertEqual(json.loads(body)["error"]["code"], "unavailable")

    def test_while_it_indexes(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                for index in range(PICTURES):
                    self.write(f"pictures/{number}-{index}.png", png((index, 10, 90), 1500, 1500, str(number)))
                server = self.serve("--root", "pictures")
                job = self.start_job(server)
                with server.connect() as idle, server.connect() as stream:
                    stream.sendall(f"GET /api/jobs/{job}/events HTTP/1.1\r\n".encode() + HOST + b"\r\n")
                    stream.recv(100)
                    self.assertEqual(server.stop(number), 0)
                    self.assertEqual(read_all(idle), b"")
                self.rows()  # checks the database's integrity
                with self.assertRaises(OSError):
                    server.connect()
        report = self.index("pictures")  # the next run indexes the remaining pictures
        self.assertEqual(report["total"], 2 * PICTURES + 1)

    def test_with_requests_in_progress(self):
        """Each request gets a complete answer: the result or, if there was no time for it, a 503."""
        server = self.serve()
        pictures = [png((number, 80, 10), 3000, 2500, str(number)) for number in range(30)]

        clients = [server.connect() for _ in pictures]
        try:
            with concurrent.futures.ThreadPoolExecutor(len(pictures)) as pool:
                asked = [pool.submit(ask, client, picture) for client, picture in zip(clients, pictures)]
                # A request whose body has arrived by now is answered; the others may find their connection closed.
                wait_for(lambda: any(one.done() for one in asked), "the first answer")
                self.assertEqual(server.stop(), 0)
                answers = [one.result() for one in asked]
        finally:
            for client in clients:
                client.close()
        for status, answer in answers:
            if status is not None:
                self.assertIn(status, (200, 503), answer)
                self.assertTrue("hits" in answer if status == 200 else answer["error"]["code"] == "unavailable", answer)
        self.assertIn(200, [status for status, _ in answers])

    def test_with_a_picture_whose_decoding_never_ends(self):
        """A decoder that never returns blocks an upload and an index run, but neither the stop nor an answer."""
        shutil.copy2(SAMPLES / "bus.webp", self.folder / "pictures" / "bus.webp")
        server = self.serve_with_held_decoder("--root", "pictures")
        job = self.start_job(server)
        wait_for(self.held.exists, "the run's decoder")
        self.held.unlink()
        body, content_type = form(("image", "x.webp", (SAMPLES / "three-balloons.webp").read_bytes()))
        clients = [server.connect() for _ in range(20)]  # more than the decoding workers, so that some are queued
        try:
            for client in clients:
                client.sendall(b"POST /api/encode HTTP/1.1\r\n" + HOST +
                               f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            wait_for(self.held.exists, "an upload's decoder")
            self.assertEqual(server.json("/api/search?q=a+rocket&limit=1")["hits"][0]["name"], "rocket.jpg")
            self.assertEqual(server.json(f"/api/jobs/{job}")["job"]["state"], "running")
            with server.connect() as half:
                half.sendall(b"POST /api/encode HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\nhalf of it")
                self.wait_for_connections(server, len(clients) + 1)
                self.assertEqual(server.stop(), 0)
                self.assert_refused_for_the_stop(read_all(half))
            for client in clients:
                self.assert_refused_for_the_stop(read_all(client))
        finally:
            for client in clients:
                client.close()
        self.assertIn("without waiting for unfinished work", "".join(server.log))
        self.rows()
        self.assertEqual(self.index("pictures")["added"], 1)

    def test_while_another_process_holds_the_database(self):
        server = self.serve("--root", "pictures")
        self.write("pictures/new.png", png())
        other = sqlite3.connect(self.folder / "clip.db", isolation_level=None)
        try:
            other.execute("BEGIN EXCLUSIVE")
            self.start_job(server)
            self.assertEqual(server.stop(), 0)
        finally:
            other.close()
        self.rows()
        self.assertEqual(self.index("pictures")["added"], 1)

    def wait_for_connections(self, server, number):
        line = f"clipseek_http_connections {number + 1}\n".encode()  # and the connection of this request
        wait_for(lambda: line in server.get("/metrics")[2], f"{number} connections")


def ask(client, picture):
    """Uploads the picture. Returns the status and the JSON of the complete response; (None, None) if there was none."""
    body, content_type = form(("image", "x.png", picture))
    received = b""
    try:
        client.sendall(b"POST /api/search HTTP/1.1\r\n" + HOST +
                       f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        while b"\r\n\r\n" not in received or len(received) < complete(received):
            chunk = client.recv(65536)
            if not chunk:
                break
            received += chunk
    except (ConnectionResetError, BrokenPipeError):
        pass
    if received == b"":
        return None, None
    assert len(received) == complete(received), received[:300]
    head, content = received.split(b"\r\n\r\n", 1)
    return int(head.split(b" ")[1]), json.loads(content)


def complete(received):
    """Returns the length of a response whose header section has arrived."""
    head, _ = received.split(b"\r\n\r\n", 1)
    return len(head) + 4 + int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])


if __name__ == "__main__":
    unittest.main()
