import { area } from "./entry.ts";

/** Well-known ports, by number. */
export const PORTS = area("IANA service names and port numbers", {
  "20": [
    "**FTP data** (`ftp-data`). In active mode the server opens the data connection *from* its port 20 to the client. Nothing ever connects *to* port 20, and not every server uses it.",
    "RFC 959, section 3.2",
  ],
  "21": [
    "**FTP control** (`ftp`). Here the client logs in and sends its commands. Listings and files never go over it: each takes a data connection of its own.",
    "RFC 959",
  ],
  "22": [
    "**SSH** (`ssh`). SFTP and SCP run inside it over this one connection; they have nothing to do with FTP.",
    "RFC 4253",
  ],
  "23": "**Telnet** (`telnet`): unencrypted logins.",
  "25": ["**SMTP** (`smtp`): mail between servers.", "RFC 5321"],
  "53": ["**DNS** (`domain`): names and addresses, over UDP and TCP.", "RFC 1035"],
  "67": ["**DHCP server** (`bootps`).", "RFC 2131"],
  "68": ["**DHCP client** (`bootpc`).", "RFC 2131"],
  "69": ["**TFTP** (`tftp`), over UDP. Not FTP.", "RFC 1350"],
  "80": ["**HTTP** (`http`): the web, unencrypted.", "RFC 9110"],
  "110": "**POP3** (`pop3`): fetching mail.",
  "111": "**rpcbind** (`sunrpc`): where NFS and others listen.",
  "123": ["**NTP** (`ntp`): the time, over UDP.", "RFC 5905"],
  "143": "**IMAP** (`imap2`): reading mail.",
  "161": "**SNMP** (`snmp`): monitoring.",
  "389": "**LDAP** (`ldap`): directories.",
  "443": ["**HTTPS** (`https`): the web, encrypted; HTTP/3 over UDP.", "RFC 9110"],
  "445": "**SMB** (`microsoft-ds`): Windows file sharing.",
  "465": "**Submission over TLS** (`submissions`): mail from users.",
  "500": "**IKE** (`isakmp`): keys for IPsec.",
  "514": "**syslog** (`syslog`).",
  "587": "**Submission** (`submission`): mail from users.",
  "631": "**IPP** (`ipp`): printing.",
  "636": "**LDAP over TLS** (`ldaps`).",
  "873": "**rsync** (`rsync`).",
  "989": [
    "**FTPS data** (`ftps-data`): the server's source port for data connections in active mode with implicit TLS.",
    "IANA service names; implicit FTPS has no RFC",
  ],
  "990": [
    "**FTPS control** (`ftps`): FTP that is encrypted from the first byte (implicit TLS). No helper can read it, so the data ports have to be opened by number.",
    "IANA service names; implicit FTPS has no RFC",
  ],
  "993": "**IMAP over TLS** (`imaps`).",
  "995": "**POP3 over TLS** (`pop3s`).",
  "1194": "**OpenVPN** (`openvpn`).",
  "2049": "**NFS** (`nfs`).",
  "2121":
    "Often FTP on another port. The kernel's FTP helper finds it only when a rule assigns the helper there.",
  "3128": "Often the **Squid** web proxy.",
  "3306": "**MySQL** (`mysql`).",
  "3389": "**Remote Desktop** (`ms-wbt-server`).",
  "4500": "**IPsec through NAT** (`ipsec-nat-t`).",
  "5353": "**Multicast DNS** (`mdns`).",
  "5432": "**PostgreSQL** (`postgresql`).",
  "6379": "**Redis** (`redis`).",
  "8080": "Often a web server or proxy (`http-alt`).",
});

/** Short names of ports for sentences. */
export const PORT_NAMES: ReadonlyMap<number, string> = new Map([
  [20, "FTP data"],
  [21, "FTP control"],
  [22, "SSH"],
  [23, "Telnet"],
  [25, "SMTP"],
  [53, "DNS"],
  [67, "DHCP server"],
  [68, "DHCP client"],
  [69, "TFTP"],
  [80, "HTTP"],
  [110, "POP3"],
  [123, "NTP"],
  [143, "IMAP"],
  [161, "SNMP"],
  [389, "LDAP"],
  [443, "HTTPS"],
  [445, "SMB"],
  [465, "mail submission"],
  [587, "mail submission"],
  [631, "IPP"],
  [873, "rsync"],
  [989, "FTPS data"],
  [990, "FTPS control"],
  [993, "IMAPS"],
  [995, "POP3S"],
  [3306, "MySQL"],
  [5432, "PostgreSQL"],
]);

/** What ports above 1023 are, for a port or range without a name. */
export const PORT_RANGES = area("IANA service names and port numbers; RFC 6335", {
  unprivileged:
    "Ports 1024 to 65535 are unprivileged: any program may use them. Clients take their own port from here, and so does an FTP server for the data connections of passive mode.",
  passive:
    "A range of unprivileged ports that is opened towards an FTP server serves passive mode, if the server is told to use exactly this range: `pasv_min_port` and `pasv_max_port` (vsftpd), `PassivePorts` (ProFTPD), `PassivePortRange` (Pure-FTPd).",
});
