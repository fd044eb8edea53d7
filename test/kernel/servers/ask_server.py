"""Asks a real FTP server what matters to a firewall. One JSON object as its argument; the answer is JSON."""

import json
import re
import socket
import ssl
import sys

REQUEST = json.loads(sys.argv[1])
PATIENCE = 6


class Session:
    """A control connection, raw."""

    def __init__(self):
        self.socket = socket.create_connection((REQUEST["host"], REQUEST["port"]), PATIENCE)
        if REQUEST.get("tls") == "implicit":
            self.encrypt()
        else:
            self.file = self.socket.makefile("r", encoding="utf-8", newline="\n")
        self.greeting = self.reply()
        if REQUEST.get("tls") == "explicit" and self.command("AUTH TLS").startswith("2"):
            self.encrypt()
        if self.greeting.startswith("220"):
            self.command("USER " + REQUEST["user"])
            self.welcome = self.command("PASS " + REQUEST["password"])
        else:
            self.welcome = self.greeting

    def encrypt(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket)
        self.file = self.socket.makefile("r", encoding="utf-8", newline="\n")

    def reply(self):
        line = self.file.readline().rstrip("\r\n")
        while line and not re.match(r"\d{3} ", line):
            line = self.file.readline().rstrip("\r\n")
        return line

    def command(self, text):
        self.socket.sendall((text + "\r\n").encode())
        return self.reply()

    def close(self):
        self.socket.close()


def listener(host, port=0):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.bind((host, port))
    found.listen(4)
    found.settimeout(2.5)
    return found


def port_command(host, port):
    return "PORT %s,%d,%d" % (host.replace(".", ","), port >> 8, port & 255)


def active(host):
    """PORT with this address: the server's reply, and where the connection comes from if one does."""
    session = Session()
    waiting = listener(host, REQUEST.get("listen", 0))
    replies = [session.command(port_command(host, waiting.getsockname()[1]))]
    source = None
    if replies[0].startswith("2"):
        session.socket.sendall(b"RETR small.txt\r\n")
        try:
            data, source = waiting.accept()
            data.close()
        except OSError:
            pass
        try:
            replies.append(session.reply())
        except OSError:
            replies.append("")
    waiting.close()
    session.close()
    return {"replies": replies, "from": list(source) if source else None}


def passive():
    """The replies to PASV and EPSV over IPv4, and who may open the connection."""
    session = Session()
    pasv = session.command("PASV")
    epsv = session.command("EPSV")
    session.close()
    session = Session()
    content = fetch(session, port_of(session.command("PASV")), REQUEST["stranger"])
    session.close()
    return {"pasv": pasv, "epsv": epsv, "strangerServed": bool(content)}


def port_of(reply):
    extended = re.search(r"\|\|\|(\d+)\|", reply)
    if extended:
        return int(extended.group(1))
    found = re.search(r"(\d+),(\d+)\)?\.?$", reply)
    return int(found.group(1)) * 256 + int(found.group(2)) if found else None


def passive_ports():
    """The ports that it names, one session after the other."""
    ports = []
    for _ in range(REQUEST["times"]):
        session = Session()
        for _ in range(10):
            ports.append(port_of(session.command(REQUEST["command"])))
        session.close()
    return {"ports": ports}


def exhausted():
    """One session more than there are ports, all of them waiting for a connection."""
    sessions, replies = [], []
    for _ in range(REQUEST["times"]):
        session = Session()
        if session.welcome.startswith("2"):
            replies.append(session.command("PASV"))
        else:
            replies.append(session.welcome)
        sessions.append(session)
    return {"replies": replies, "ports": [port_of(reply) for reply in replies]}


def clear_again():
    """The reply to CCC, which asks for a control connection in the clear again, and whether passive data arrives then."""
    session = Session()
    reply = session.command("CCC")
    content = b""
    if reply.startswith("2"):
        session.socket = session.socket.unwrap()
        session.file = session.socket.makefile("r", encoding="utf-8", newline="\n")
        session.command("TYPE I")
        content = fetch(session, port_of(session.command("PASV")))
    session.close()
    return {"reply": reply, "arrived": bool(content)}


def fetch(session, port, source=None):
    """What comes over a passive connection, which this address opens."""
    session.socket.sendall(b"RETR small.txt\r\n")
    try:
        data = socket.create_connection((REQUEST["host"], port), 2.5, source_address=source and (source, 0))
        data.settimeout(2.5)
        return data.recv(100)
    except OSError:
        return b""


ACTIONS = {
    "ccc": clear_again,
    "active": lambda: active(REQUEST["own"]),
    "foreign": lambda: active(REQUEST["stranger"]),
    "passive": passive,
    "ports": passive_ports,
    "exhausted": exhausted,
}
try:
    print(json.dumps(ACTIONS[REQUEST["do"]]()))
except (OSError, EOFError) as error:
    print(json.dumps({"failed": str(error)}))
