"""FTP servers and clients that choose their ports: hundreds of sessions at the same time, in one process.

Arguments: the namespace of the server, then those of the clients. Reads one JSON request per line from standard input
and answers each with one line of JSON:
  {"patience", "server": {"4", "6"}, "points": [{"mode", "family", "client", "serverPort", "clientPort"}]}
  -> {"results": [{"outcome", "detail", "controlPort", "dataPort"}]}, in the points' order
`client` counts the clients' namespaces. `serverPort` is the passive port, or in active mode the server's source port;
`clientPort` is the port that the client names in active mode. The user's name tells the server which point it is.
"""

import collections
import ctypes
import errno
import heapq
import json
import os
import re
import select
import socket
import struct
import sys
import time

CLONE_NEWNET = 0x40000000
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
FILE = b"a small file, whole\n" * 20
FIN_WAIT2, TIME_WAIT, CLOSE = 5, 6, 7
LIBC = ctypes.CDLL(None, use_errno=True)

READ, WRITE = select.EPOLLIN, select.EPOLLOUT


def open_namespace(name):
    return os.open("/run/netns/" + name, os.O_RDONLY)


def enter(namespace):
    if LIBC.setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def has_peer(sock):
    try:
        sock.getpeername()
        return True
    except OSError:
        return False


class Failed(Exception):
    """A session ends here."""


class Loop:
    """Runs generators. Each yields (socket, events, seconds) or (key, None, seconds), and gets what it waited for:
    True or the value that came with the key; None when the time was up."""

    def __init__(self):
        self.epoll = select.epoll()
        self.by_fd = {}
        self.by_key = {}
        self.timers = []
        self.runnable = collections.deque()
        self.turn = 0

    def start(self, task):
        self.runnable.append((task, None))

    def wake(self, key, value):
        """Hands the value to who waits for the key; False where nobody does."""
        waiting = self.by_key.pop(key, None)
        if waiting is None:
            return False
        self.runnable.append((waiting[0], value))
        return True

    def run(self, is_done):
        while not is_done():
            while self.runnable:
                self._resume(*self.runnable.popleft())
            if is_done():
                return
            self._expire()
            if not self.runnable:
                self._poll()

    def _resume(self, task, value):
        try:
            what, events, seconds = task.send(value)
        except StopIteration:
            return
        self.turn += 1
        waiting = (task, self.turn)
        if events is None:
            place = ("key", what)
            self.by_key[what] = waiting
        else:
            fd = what.fileno()
            place = ("fd", fd)
            if fd in self.by_fd:
                self.epoll.modify(fd, events | select.EPOLLONESHOT)
            else:
                self.epoll.register(fd, events | select.EPOLLONESHOT)
            self.by_fd[fd] = waiting
        if seconds is not None:
            heapq.heappush(self.timers, (time.monotonic() + seconds, self.turn, place))

    def _expire(self):
        now = time.monotonic()
        while self.timers and self.timers[0][0] <= now:
            _, turn, (kind, at) = heapq.heappop(self.timers)
            waiting = (self.by_key if kind == "key" else self.by_fd).get(at)
            if waiting is None or waiting[1] != turn:
                continue
            if kind == "key":
                del self.by_key[at]
            else:
                self.by_fd[at] = None
            self.runnable.append((waiting[0], None))

    def _poll(self):
        wait = max(0, self.timers[0][0] - time.monotonic()) if self.timers else 1
        for fd, _ in self.epoll.poll(wait):
            waiting = self.by_fd.get(fd)
            if waiting is not None:
                self.by_fd[fd] = None
                self.runnable.append((waiting[0], True))

    def forget(self, sock):
        """Before a socket is closed: its number will be another's."""
        fd = sock.fileno()
        if self.by_fd.pop(fd, self) is not self:
            self.epoll.unregister(fd)


class Round:
    """All sessions of one request."""

    def __init__(self, namespaces, request):
        self.server, *self.clients = namespaces
        self.patience = request["patience"]
        self.address = {4: request["server"]["4"], 6: request["server"]["6"]}
        self.points = request["points"]
        self.results = [None] * len(self.points)
        self.left = len(self.points)
        self.loop = Loop()
        self.sockets = set()
        # Data connections that came before the server asked for them.
        self.arrived = {}
        # The clients' listeners, by point.
        self.listeners = {}

    def socket(self, family):
        made = socket.socket(FAMILY[family], socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == 6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        self.sockets.add(made)
        return made

    def accept(self, listener):
        made, peer = listener.accept()
        made.setblocking(False)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sockets.add(made)
        return made, peer

    def listen(self, family, address, port):
        listener = self.socket(family)
        listener.bind((address, port))
        listener.listen(1024)
        return listener

    def close(self, sock):
        """With a reset: a socket that waits for somebody's answer would go on sending through the next ruleset."""
        if sock not in self.sockets:
            return
        self.sockets.discard(sock)
        self.loop.forget(sock)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        sock.close()

    def finish_sending(self, sock):
        """Sends the FIN that a close sends, where the other end has not reset the connection."""
        try:
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def play(self):
        self.open_listeners()
        enter(self.server)
        for index, point in enumerate(self.points):
            if self.results[index] is None:
                self.loop.start(self.client_session(index, point))
        self.loop.run(lambda: self.left == 0)
        for sock in list(self.sockets):
            self.close(sock)
        self.loop.epoll.close()
        return {"results": self.results}

    def open_listeners(self):
        """Before the first connection: the kernel then gives no connection a port that has a listener."""
        enter(self.server)
        passive = {}
        for index, point in enumerate(self.points):
            if point["mode"] == "passive":
                passive.setdefault((point["family"], point["serverPort"]), []).append(index)
        for (family, port), indexes in passive.items():
            try:
                listener = self.listen(family, self.address[family], port)
            except OSError as error:
                for index in indexes:
                    self.finish(index, "error", "the server's port %d: %s" % (port, error))
                continue
            self.loop.start(self.accept_data(listener, family, port))
        for family in (4, 6):
            self.loop.start(self.accept_control(self.listen(family, self.address[family], 21), family))
        for number, namespace in enumerate(self.clients):
            enter(namespace)
            for index, point in enumerate(self.points):
                if point["mode"] == "active" and point["client"] == number:
                    try:
                        listener = self.listen(point["family"], "", point["clientPort"])
                        self.listeners[index] = listener
                    except OSError as error:
                        self.finish(index, "error", "the client's port %d: %s" % (point["clientPort"], error))

    def finish(self, index, outcome, detail, control_port=None, data_port=None):
        if self.results[index] is None:
            self.left -= 1
            self.results[index] = {
                "outcome": outcome,
                "detail": detail,
                "controlPort": control_port,
                "dataPort": data_port,
            }

    # What both ends do.

    def send(self, sock, data):
        """In one segment; no window here is ever full."""
        try:
            sock.send(data)
        except OSError as error:
            raise Failed("sending: %s" % error) from error

    def receive(self, sock, what, patience):
        while True:
            try:
                return sock.recv(65536)
            except BlockingIOError:
                pass
            except OSError as error:
                raise Failed("%s: %s" % (what, error)) from error
            if (yield sock, READ, patience) is None:
                raise Failed("%s: timed out" % what)

    def connect(self, sock, address, what, patience):
        code = sock.connect_ex(address)
        if code == errno.EINPROGRESS:
            if (yield sock, WRITE, patience) is None:
                raise Failed("%s: timed out" % what)
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        # An ICMP error that comes after the handshake is told here, too, and does no harm: connect() of a blocking
        # socket, as FTP servers have it, never hears of it.
        if code != 0 and not has_peer(sock):
            raise Failed("%s: %s" % (what, os.strerror(code)))

    # The server.

    def accept_control(self, listener, family):
        while True:
            yield listener, READ, None
            try:
                while True:
                    sock, _ = self.accept(listener)
                    self.loop.start(self.server_session(sock, family))
            except OSError:
                pass

    def accept_data(self, listener, family, port):
        while True:
            yield listener, READ, None
            try:
                while True:
                    sock, peer = self.accept(listener)
                    key = (family, peer[0], port)
                    if not self.loop.wake(key, sock):
                        self.arrived[key] = sock
            except OSError:
                pass

    def server_session(self, control, family):
        opened = [control]
        try:
            yield from self.serve(control, family, opened)
        except Failed:
            pass
        for sock in opened:
            self.close(sock)

    def serve(self, control, family, opened):
        peer = control.getpeername()[0]
        point, named = None, None
        self.send(control, b"220 ready\r\n")
        while True:
            line = (yield from self.receive(control, "a command", None)).decode("latin-1").strip()
            if line == "":
                return
            command, _, argument = line.partition(" ")
            if command == "USER":
                point = self.points[int(argument[1:])]
                reply = "331 password, please"
            elif command == "PASS":
                reply = "230 logged in"
            elif command == "PASV":
                high, low = divmod(point["serverPort"], 256)
                numbers = self.address[4].split(".") + [str(high), str(low)]
                reply = "227 Entering Passive Mode (%s)." % ",".join(numbers)
            elif command == "EPSV":
                reply = "229 Entering Extended Passive Mode (|||%d|)" % point["serverPort"]
            elif command == "PORT":
                numbers = argument.split(",")
                named = (".".join(numbers[:4]), int(numbers[4]) * 256 + int(numbers[5]))
                reply = "200 will do"
            elif command == "EPRT":
                _, _, address, port, _ = argument.split("|")
                named = (address, int(port))
                reply = "200 will do"
            elif command == "RETR":
                try:
                    data = yield from self.open_data(family, peer, point, named)
                except Failed as error:
                    self.send(control, ("425 %s\r\n" % error).encode())
                    continue
                opened.append(data)
                self.send(control, b"150 here it comes\r\n")
                reply = yield from self.send_file(data)
            else:
                reply = "502 what"
            self.send(control, reply.encode() + b"\r\n")

    def open_data(self, family, peer, point, named):
        if named is None:
            key = (family, peer, point["serverPort"])
            data = self.arrived.pop(key, None) or (yield key, None, 2 * self.patience)
            if data is None:
                raise Failed("nobody connected")
            return data
        data = self.socket(family)
        try:
            data.bind((self.address[family], point["serverPort"]))
        except OSError as error:
            raise Failed("binding: %s" % error) from error
        try:
            yield from self.connect(data, named, "connecting", 2 * self.patience)
        except Failed:
            self.close(data)
            raise
        return data

    def send_file(self, data):
        """The file is sent when its end is acknowledged, as a close that lingers waits for it."""
        try:
            self.send(data, FILE)
        except Failed:
            return "426 lost"
        self.finish_sending(data)
        until = time.monotonic() + 2 * self.patience
        ended = False
        while time.monotonic() < until:
            state = data.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
            if state in (FIN_WAIT2, TIME_WAIT, CLOSE):
                break
            if ended:
                yield object(), None, 0.05
            elif (yield data, READ, 0.1):
                ended = True
        return "226 done" if time.monotonic() < until else "426 lost"

    # The client.

    def client_session(self, index, point):
        enter(self.clients[point["client"]])
        session = ClientSession(self, index, point)
        enter(self.server)
        detail = ""
        try:
            yield from session.run()
        except Failed as error:
            detail = str(error)
        session.end()
        self.finish(index, session.outcome, detail, session.control_port, session.data_port)


class ClientSession:
    """One client's session: logs in and fetches the file."""

    def __init__(self, its_round, index, point):
        self.round = its_round
        self.index = index
        self.point = point
        self.outcome = "no-control"
        family = point["family"]
        self.control = its_round.socket(family)
        self.data = its_round.socket(family) if point["mode"] == "passive" else None
        self.unread = ""
        self.control_port = None
        self.data_port = None

    def run(self):
        point = self.point
        family = point["family"]
        address = self.round.address[family]
        connecting = self.round.connect(self.control, (address, 21), "connecting", self.round.patience)
        try:
            yield from connecting
        finally:
            self.control_port = port_of(self.control)
        yield from self.reply("220")
        yield from self.command("USER p%d" % self.index, "331")
        yield from self.command("PASS x", "230")
        self.outcome = "blocked"
        if point["mode"] == "passive":
            yield from self.passive(family, address)
        else:
            yield from self.active(family)
        size = 0
        while True:
            block = yield from self.round.receive(self.data, "the file", self.round.patience)
            if block == b"":
                break
            size += len(block)
        self.round.finish_sending(self.data)
        if size != len(FILE):
            raise Failed("the file came cut: %d bytes" % size)
        yield from self.reply("226")
        self.outcome = "works"

    def passive(self, family, address):
        if family == 4:
            said = yield from self.command("PASV", "227")
            numbers = re.search(r"\(([\d,]+)\)", said).group(1).split(",")
            port = int(numbers[4]) * 256 + int(numbers[5])
        else:
            said = yield from self.command("EPSV", "229")
            port = int(re.search(r"\|\|\|(\d+)\|", said).group(1))
        connecting = self.round.connect(self.data, (address, port), "data connection", self.round.patience)
        try:
            yield from connecting
        finally:
            self.data_port = port_of(self.data)
        yield from self.command("RETR file", "150")

    def active(self, family):
        listener = self.round.listeners[self.index]
        own = self.control.getsockname()[0]
        self.data_port = self.point["clientPort"]
        if family == 4:
            high, low = divmod(self.data_port, 256)
            yield from self.command("PORT %s,%d,%d" % (own.replace(".", ","), high, low), "200")
        else:
            yield from self.command("EPRT |2|%s|%d|" % (own, self.data_port), "200")
        yield from self.command("RETR file", "150")
        while self.data is None:
            try:
                self.data, _ = self.round.accept(listener)
            except BlockingIOError:
                if (yield listener, READ, self.round.patience) is None:
                    raise Failed("the server's connection: timed out") from None

    def command(self, line, expected):
        self.round.send(self.control, line.encode() + b"\r\n")
        return (yield from self.reply(expected))

    def reply(self, expected):
        while "\n" not in self.unread:
            said = yield from self.round.receive(self.control, "reply %s" % expected, self.round.patience)
            if said == b"":
                raise Failed("expected %s: the server hung up" % expected)
            self.unread += said.decode("latin-1")
        text, _, self.unread = self.unread.partition("\n")
        if not text.startswith(expected):
            raise Failed("expected %s: %s" % (expected, text.strip()))
        return text

    def end(self):
        if self.data is not None:
            self.round.close(self.data)
        listener = self.round.listeners.get(self.index)
        if listener is not None:
            self.round.close(listener)
        self.round.close(self.control)


def port_of(sock):
    try:
        return sock.getsockname()[1] or None
    except OSError:
        return None


def main():
    namespaces = [open_namespace(name) for name in sys.argv[1:]]
    for line in sys.stdin:
        try:
            answer = Round(namespaces, json.loads(line)).play()
        except Exception as error:  # the rig must hear of it, whatever it is
            answer = {"failed": "%s: %s" % (type(error).__name__, error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


main()
