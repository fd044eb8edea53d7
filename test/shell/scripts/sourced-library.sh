#!/bin/bash
# Style: a library of functions in a folder of its own, found by the script's own place; settings override defaults.

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LIB=$HERE/lib
source "$LIB/common.sh"
for part in defaults site; do
    . "${LIB}/$part.conf"
done

fw_init
fw_open tcp $FTP_PORT
fw_open tcp "$PASSIVE"
if is_yes "$WITH_SSH"; then
    fw_open tcp 22 "$ADMIN_NET"
fi
fw_done
