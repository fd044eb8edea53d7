"""pyftpdlib as it is by itself. One JSON object as its argument: host, port, root, and the passive ports if pinned."""

import json
import logging
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import MultiprocessFTPServer

options = json.loads(sys.argv[1])
logging.basicConfig(level=logging.CRITICAL)
FTPHandler.authorizer = DummyAuthorizer()
FTPHandler.authorizer.add_user("lab", "lab", options["root"])
if "passive" in options:
    first, last = options["passive"]
    FTPHandler.passive_ports = range(first, last + 1)
# With one loop for all, sessions side by side sometimes hang.
MultiprocessFTPServer((options["host"], options["port"]), FTPHandler).serve_forever()
