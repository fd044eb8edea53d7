# Runs one script where it can do no harm. Started by rig.ts as the first process of namespaces of its own (network,
# mounts, processes); takes the folder of this run and the shell with its arguments.
#
# The file system that the script sees is the machine's under a layer in memory, so that all it writes is gone with the
# namespaces. On top lie the stubs: programs that would reach the machine itself.
set -e
run=$1
shift
layer=/mnt
mount --make-rprivate /
mount -t tmpfs -o mode=755 ftpfw "$layer"
mkdir "$layer/stubs" "$layer/upper" "$layer/work" "$layer/tree" "$layer/net"
cp -R "$run/stubs/." "$layer/stubs"
mount -t overlay ftpfw -o "lowerdir=$layer/stubs:/,upperdir=$layer/upper,workdir=$layer/work" "$layer/tree"
mount -t proc ftpfw "$layer/tree/proc"
# What stands under net belongs to the network namespace; the rest of /proc/sys is the whole machine's.
mount --bind "$layer/tree/proc/sys/net" "$layer/net"
mount --bind "$layer/tree/proc/sys" "$layer/tree/proc/sys"
mount -o remount,bind,ro "$layer/tree/proc/sys"
mount --bind "$layer/net" "$layer/tree/proc/sys/net"
rm -rf "$layer/tree/dev"
mkdir -p "$layer/tree/dev" "$layer/tree/srv/firewall" "$layer/tree/run" "$layer/tree/tmp"
cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/fd /dev/stdin /dev/stdout /dev/stderr "$layer/tree/dev"
cp -R "$run/workspace/." "$layer/tree/srv/firewall"
if [ -d "$layer/stubs/recorded" ]; then mount --bind /usr/sbin "$layer/tree/recorded"; fi

# shellcheck disable=SC2016
exec chroot "$layer/tree" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
  sh -c '
    cd /srv/firewall
    "$@" </dev/null >/dev/null 2>/run/complaints && status=0 || status=$?
    [ ! -f /run/recorded ] || mv /run/recorded /run/calls
    printf "%s\0" "$status"
    head -c 20000 /run/complaints
    printf "\0"
    /usr/sbin/nft -s list ruleset 2>/dev/null
    printf "\0"
    /usr/sbin/iptables-save 2>/dev/null
    printf "\0"
    /usr/sbin/ip6tables-save 2>/dev/null
    printf "\0"
    [ ! -f /run/calls ] || cat /run/calls
  ' sh "$@"
