# functions of the firewall scripts; to be sourced
FW_TOOL=${FW_TOOL:-iptables}
is_yes() { [[ $1 == [yY]* ]]; }
fw_init() {
    $FW_TOOL -P INPUT DROP
    $FW_TOOL -A INPUT -i lo -j ACCEPT
}
fw_open() {
    local proto=$1 port=$2 from=${3:+-s $3}
    $FW_TOOL -A INPUT -p $proto $from --dport $port -j ACCEPT
}
fw_done() {
    $FW_TOOL -A INPUT -m comment --comment "set up with $# arguments, port ${FTP_PORT}" -j DROP
}
