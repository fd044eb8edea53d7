"""One worker per network namespace: makes FTP sessions, opens listeners, probes ports.

Reads one JSON request per line from standard input and answers each with one line of JSON.
Requests:
  {"do": "sessions", "sessions": [{"name", "host", "port", "mode", "tls", "follow", "extended"}],
    "file", "digest", "size", "upload", "patience"}
  {"do": "listen", "ports": [22, 80]}        -> {"ports": [those that could be opened]}
  {"do": "unlisten"}
  {"do": "probe", "targets": [{"family", "source", "sourcePort", "host", "port"}], "patience"}
It ends when standard input is closed.
"""

import errno
import ftplib
import hashlib
import json
import selectors
import socket
import ssl
import struct
import sys
import threading
import time

LISTENERS = []
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class RecordingClient(ftplib.FTP):
    """ftplib's client, which remembers the server's last reply and how far it got."""

    last_reply = ""
    # RFC 2428's commands over IPv4, too.
    extended = False

    def getmultiline(self):
        line = super().getmultiline()
        self.last_reply = line
        return line


    def makepasv(self):
        if not self.extended:
            return super().makepasv()
        peer = self.sock.getpeername()
        return ftplib.parse229(self.sendcmd("EPSV"), peer)

    def sendport(self, host, port):
        return self.sendeprt(host, port) if self.extended else super().sendport(host, port)


class TlsClient(RecordingClient, ftplib.FTP_TLS):
    """Encrypts both connections; the data connection resumes the session of the control connection, as servers ask."""

    def __init__(self, implicit):
        # The certificate was made a moment ago by the server itself.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.implicit = implicit
        super().__init__(context=context)

    def connect(self, host, port, timeout):
        if not self.implicit:
            return super().connect(host, port, timeout)
        # ftplib's own reads the greeting first, which comes encrypted here.
        self.host, self.port, self.timeout = host, port, timeout
        self.sock = socket.create_connection((host, port), timeout)
        self.af = self.sock.family
        self.sock = self.context.wrap_socket(self.sock)
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome

    def ntransfercmd(self, cmd, rest=None):
        data, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        return self.context.wrap_socket(data, session=self.sock.session), size


def client_for(wanted):
    tls = wanted["tls"]
    client = RecordingClient() if tls == "none" else TlsClient(tls == "implicit")
    client.set_pasv(wanted["mode"] == "passive")
    client.trust_server_pasv_ipv4_address = wanted["follow"]
    client.extended = wanted["extended"]
    return client


def log_in(client, wanted, patience):
    client.connect(wanted["host"], wanted["port"], timeout=patience)
    client.login("anonymous", "kernel@test.invalid")
    if wanted["tls"] != "none":
        client.prot_p()
    client.voidcmd("TYPE I")


def retrieve(client, _wanted, request):
    """Fetches the file, gives up when a whole session has had `patience` seconds of silence."""
    digest = hashlib.sha256()
    size = 0
    with client.transfercmd("RETR " + request["file"]) as data:
        data.settimeout(request["patience"])
        while True:
            block = data.recv(65536)
            if not block:
                break
            size += len(block)
            digest.update(block)
        if isinstance(data, ssl.SSLSocket):
            data.unwrap()
    if digest.hexdigest() != request["digest"]:
        raise OSError("the file came cut: %d bytes" % size)
    client.voidresp()


def store(client, wanted, request):
    """Sends as many bytes as the file has; the server says whether all of them came."""
    with client.transfercmd("STOR upload/" + wanted["name"]) as data:
        data.settimeout(request["patience"])
        for start in range(0, request["size"], 65536):
            data.sendall(b"." * min(65536, request["size"] - start))
        data.shutdown(socket.SHUT_WR)
        client.voidresp()


def why(error, client):
    text = "%s: %s" % (type(error).__name__, error)
    return text + (" (last reply: %s)" % client.last_reply if client.last_reply else "")


def session(wanted, request, results):
    client = client_for(wanted)
    started = time.monotonic()
    outcome, detail = "no-control", ""
    try:
        log_in(client, wanted, request["patience"])
        outcome = "blocked"
        transfer = store if request["upload"] else retrieve
        transfer(client, wanted, request)
        outcome, detail = "works", client.last_reply
    except (OSError, EOFError, ftplib.Error) as error:
        detail = why(error, client)
    finally:
        if client.sock is not None:
            client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        client.close()
    results[wanted["name"]] = {
        "outcome": outcome,
        "detail": detail,
        "seconds": round(time.monotonic() - started, 2),
    }


def sessions(request):
    results = {}
    threads = [
        threading.Thread(target=session, args=(wanted, request, results), daemon=True)
        for wanted in request["sessions"]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"results": results}


def listen(request):
    opened = []
    for port in request["ports"]:
        listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        try:
            listener.bind(("::", port))
            listener.listen(64)
        except OSError:
            listener.close()
            continue
        LISTENERS.append(listener)
        opened.append(port)
    return {"ports": opened}


def unlisten(_request):
    while LISTENERS:
        LISTENERS.pop().close()
    return {}


def start_probe(target):
    """A connection attempt under way, or None where it was refused at once."""
    family = socket.AF_INET6 if target["family"] == "ipv6" else socket.AF_INET
    probe = socket.socket(family, socket.SOCK_STREAM)
    # Many attempts share source port 20, and a listener of this host may have it, too.
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    probe.setblocking(False)
    probe.bind((target["source"], target["sourcePort"]))
    code = probe.connect_ex((target["host"], target["port"]))
    if code in (0, errno.EINPROGRESS):
        return probe
    probe.close()
    return None


def probe(request):
    selector = selectors.DefaultSelector()
    reached, errors = [], []
    for index, target in enumerate(request["targets"]):
        try:
            attempt = start_probe(target)
        except OSError as error:
            errors.append("%s: %s" % (target, error))
            continue
        if attempt is not None:
            selector.register(attempt, selectors.EVENT_WRITE, index)
    deadline = time.monotonic() + request["patience"]
    while selector.get_map() and time.monotonic() < deadline:
        for key, _ in selector.select(deadline - time.monotonic()):
            if key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                reached.append(key.data)
            selector.unregister(key.fileobj)
            key.fileobj.close()
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    return {"reached": reached, "errors": errors}


ACTIONS = {"sessions": sessions, "listen": listen, "unlisten": unlisten, "probe": probe}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = ACTIONS[request["do"]](request)
        except Exception as error:  # the rig must hear of it, whatever it is
            answer = {"failed": "%s: %s" % (type(error).__name__, error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


main()
