"""An FTP server that does what it is told and writes down what the client does.

One JSON object as its argument:
  port       where it listens, on every address
  announces  the address in its 227 reply; unless given, the one that the client dialled
  passive    the port for passive data; unless given, any
  extended   whether it knows EPSV and EPRT
  features   what it answers to FEAT
  connects   whether it opens active data connections
Each event is a line of JSON on standard output: {"at": seconds since the start, "command" | "data" | "control": ...}.
"""

import json
import socket
import sys
import threading
import time

OPTIONS = json.loads(sys.argv[1])
CONTENT = b"a small file, whole\n" * 40
LOCK = threading.Lock()
STARTED = time.monotonic()


def address(pair):
    host = pair[0]
    return [host[7:] if host.startswith("::ffff:") else host, pair[1]]


def listener(port):
    found = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind(("::", port))
    found.listen(16)
    return found


class Session:
    def __init__(self, control):
        self.control = control
        self.passive = None
        self.active = None
        self.note(control=address(control.getpeername()), dialled=address(control.getsockname()))

    def note(self, **event):
        with LOCK:
            print(json.dumps({"at": round(time.monotonic() - STARTED, 2), **event}), flush=True)

    def say(self, text):
        self.control.sendall((text + "\r\n").encode())

    def run(self):
        self.say("220 ready")
        for line in self.control.makefile("r", encoding="latin-1", newline="\r\n"):
            name, _, argument = line.rstrip("\r\n").partition(" ")
            self.note(command=name.upper(), argument=argument)
            getattr(self, "do_" + name.lower(), self.unknown)(argument)

    def unknown(self, _argument):
        self.say("502 not here")

    def do_user(self, _argument):
        self.say("331 and the password")

    def do_pass(self, _argument):
        self.say("230 welcome")

    def do_feat(self, _argument):
        self.say("211-what there is")
        for feature in OPTIONS.get("features", []):
            self.say(" " + feature)
        self.say("211 end")

    def do_type(self, _argument):
        self.say("200 so be it")

    def do_pwd(self, _argument):
        self.say('257 "/"')

    def do_size(self, _argument):
        self.say("213 %d" % len(CONTENT))

    def do_quit(self, _argument):
        self.say("221 bye")

    def do_pasv(self, _argument):
        host = OPTIONS.get("announces") or address(self.control.getsockname())[0]
        port = self.listen()
        self.say("227 Entering Passive Mode (%s,%d,%d)" % (host.replace(".", ","), port >> 8, port & 255))

    def do_epsv(self, argument):
        if OPTIONS.get("extended", True):
            self.say("229 Entering Extended Passive Mode (|||%d|)" % self.listen())
        else:
            self.unknown(argument)

    def listen(self):
        if self.passive is not None:
            self.passive.close()
        self.passive, self.active = listener(OPTIONS.get("passive", 0)), None
        return self.passive.getsockname()[1]

    def do_port(self, argument):
        parts = argument.split(",")
        self.active, self.passive = (".".join(parts[:4]), int(parts[4]) * 256 + int(parts[5])), None
        self.note(listens=list(self.active))
        self.say("200 noted")

    def do_eprt(self, argument):
        if not OPTIONS.get("extended", True):
            self.unknown(argument)
            return
        _, _, host, port, _ = argument.split(argument[0])
        self.active, self.passive = (host, int(port)), None
        self.note(listens=list(self.active))
        self.say("200 noted")

    def do_retr(self, _argument):
        self.say("150 here it comes")
        if self.passive is not None:
            data, _ = self.passive.accept()
        elif OPTIONS.get("connects", True):
            data = socket.create_connection(self.active)
        else:
            return
        self.note(data=address(data.getpeername()), reached=address(data.getsockname()))
        data.sendall(CONTENT)
        data.close()
        self.say("226 done")


def serve(control):
    session = Session(control)
    try:
        session.run()
    except OSError:
        pass
    session.note(ended=True)


def main():
    server = listener(OPTIONS["port"])
    print(json.dumps({"ready": True}), flush=True)
    while True:
        control, _ = server.accept()
        threading.Thread(target=serve, args=(control,), daemon=True).start()


main()
