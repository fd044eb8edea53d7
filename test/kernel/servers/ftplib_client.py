"""Python's ftplib as it is by itself: host, port, user, password, mode, patience (may be empty), and
whatever of its attributes are to be true. Writes the file to standard output."""

import ftplib
import sys

host, port, user, password, mode, patience, *settings = sys.argv[1:]
client = ftplib.FTP()
client.set_debuglevel(1)
for setting in settings:
    setattr(client, setting, True)
trace, sys.stdout = sys.stdout, sys.stderr
client.connect(host, int(port), **({"timeout": float(patience)} if patience else {}))
client.login(user, password)
client.set_pasv(mode == "passive")
client.retrbinary("RETR small.txt", trace.buffer.write)
trace.flush()
client.quit()
