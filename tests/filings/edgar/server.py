"""A server of our own that can answer in every wrong way: it writes bytes, and of HTTP knows the request alone."""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

Handler = Callable[[socket.socket, str], None]


class Server:
    """Listens on a free port; `answers` maps a path to what writes its answer. `seen` is (time, path, head)."""

    def __init__(self) -> None:
        self.answers: dict[str, Handler] = {}
        self.otherwise: Handler | None = None
        self.seen: list[tuple[float, str, str]] = []
        self.connections = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.closing = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                piece = client.recv(65536)
                if not piece:
                    return
                head += piece
            text = head.decode("latin-1")
            path = text.split(" ", 2)[1]
            with self._lock:
                self.seen.append((time.monotonic(), path, text))
            handler = self.answers.get(path) or self.otherwise
            if handler is not None:
                handler(client, path)

    def times(self) -> list[float]:
        with self._lock:
            return sorted(at for at, _, _ in self.seen)

    def close(self) -> None:
        self.closing.set()
        self._listener.close()


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    try:
        yield server
    finally:
        server.close()


# --- answers -----------------------------------------------------------------------------------------------------


def raw(data: bytes) -> Handler:
    """These bytes, then the end of the connection."""
    return lambda client, path: client.sendall(data)


def head(status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


def whole(body: bytes, status: str = "200 OK", **headers: str) -> Handler:
    """A right answer of HTTP, as to its form."""
    return raw(head(status, Content_Length=str(len(body)), **headers) + body)


def zipped(body: bytes, status: str = "200 OK", **headers: str) -> Handler:
    return whole(gzip.compress(body, 1), status, Content_Encoding="gzip", **headers)


def chunked(body: bytes, size: int = 1000, end: bytes = b"0\r\n\r\n") -> Handler:
    chunks = (body[at : at + size] for at in range(0, len(body), size))
    return raw(
        head(Transfer_Encoding="chunked") + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in chunks) + end
    )


def in_turn(*handlers: Handler) -> Handler:
    """A different answer each time; the last one stays."""
    left = list(handlers)

    def answer(client: socket.socket, path: str) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(client, path)

    return answer


def dropped(after: bytes = b"") -> Handler:
    """The connection is reset, after these bytes."""

    def answer(client: socket.socket, path: str) -> None:
        client.sendall(after)
        time.sleep(0.05 if after else 0)  # a reset throws away what the other side has not read yet
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return answer


def dripping(first: bytes, drop: bytes, every: float) -> Handler:
    """These bytes, then a drop every so many seconds for as long as anybody listens."""

    def answer(client: socket.socket, path: str) -> None:
        client.sendall(first)
        while True:
            time.sleep(every)
            client.sendall(drop)

    return answer


def silent(client: socket.socket, path: str) -> None:
    """Nothing at all, until the other side leaves."""
    client.recv(1)


def flooding(first: bytes, piece: bytes) -> Handler:
    """These bytes, then a piece after another without end."""

    def answer(client: socket.socket, path: str) -> None:
        client.sendall(first)
        while True:
            client.sendall(piece)

    return answer
