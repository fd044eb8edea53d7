/*
 * Names that nft resolves when it loads a file. Services: /etc/services of current distributions (IANA
 * names); protocols: /etc/protocols; the rest: nft(8).
 */

function table(text: string): ReadonlyMap<string, number> {
  const words = text.trim().split(/\s+/);
  const entries = new Map<string, number>();
  for (let i = 0; i + 1 < words.length; i += 2) entries.set(words[i]!, Number(words[i + 1]));
  return entries;
}

export const SERVICES = table(`
  tcpmux 1 echo 7 discard 9 systat 11 daytime 13 netstat 15
  qotd 17 chargen 19 ftp-data 20 ftp 21 ssh 22 telnet 23
  smtp 25 time 37 whois 43 tacacs 49 domain 53 bootps 67
  bootpc 68 tftp 69 gopher 70 finger 79 http 80 kerberos 88
  iso-tsap 102 acr-nema 104 pop3 110 sunrpc 111 auth 113 nntp 119
  ntp 123 epmap 135 netbios-ns 137 netbios-dgm 138 netbios-ssn 139 imap2 143
  snmp 161 snmp-trap 162 cmip-man 163 cmip-agent 164 mailq 174 xdmcp 177
  bgp 179 smux 199 qmtp 209 z3950 210 ipx 213 ptp-event 319
  ptp-general 320 pawserv 345 zserv 346 rpc2portmap 369 codaauth2 370 clearcase 371
  ldap 389 svrloc 427 https 443 snpp 444 microsoft-ds 445 kpasswd 464
  submissions 465 saft 487 isakmp 500 rtsp 554 nqs 607 asf-rmcp 623
  qmqp 628 ipp 631 ldp 646 exec 512 biff 512 login 513
  who 513 shell 514 syslog 514 printer 515 talk 517 ntalk 518
  route 520 gdomap 538 uucp 540 klogin 543 kshell 544 dhcpv6-client 546
  dhcpv6-server 547 afpovertcp 548 nntps 563 submission 587 ldaps 636 tinc 655
  silc 706 kerberos-adm 749 domain-s 853 rsync 873 ftps-data 989 ftps 990
  telnets 992 imaps 993 pop3s 995 socks 1080 proofd 1093 rootd 1094
  openvpn 1194 rmiregistry 1099 lotusnote 1352 ms-sql-s 1433 ms-sql-m 1434 ingreslock 1524
  datametrics 1645 sa-msg-port 1646 kermit 1649 groupwise 1677 l2f 1701 radius 1812
  radius-acct 1813 cisco-sccp 2000 nfs 2049 gnunet 2086 rtcm-sc104 2101 gsigatekeeper 2119
  gris 2135 cvspserver 2401 venus 2430 venus-se 2431 mon 2583 zebra 2600
  gsiftp 2811 gpsd 2947 gds-db 3050 icpv2 3130 isns 3205 iscsi-target 3260
  mysql 3306 ms-wbt-server 3389 nut 3493 distcc 3632 daap 3689 svn 3690
  suucp 4031 sysrqd 4094 sieve 4190 epmd 4369 remctl 4373 f5-iquery 4353
  ntske 4460 ipsec-nat-t 4500 iax 4569 mtn 4691 radmin-port 4899 sip 5060
  sip-tls 5061 xmpp-client 5222 xmpp-server 5269 cfengine 5308 mdns 5353 postgresql 5432
  freeciv 5556 amqps 5671 amqp 5672 x11 6000 gnutella-svc 6346 gnutella-rtr 6347
  redis 6379 sge-qmaster 6444 sge-execd 6445 babel 6696 ircs-u 6697 bbs 7000
  afs3-fileserver 7000 afs3-callback 7001 font-service 7100 zabbix-agent 10050 zabbix-trapper 10051 amanda 10080
  webcache 8080 http-alt 8080 puppet 8140 nbd 10809 git 9418 bacula-dir 9101
  bacula-fd 9102 bacula-sd 9103 dicom 11112 hkp 11371 kamanda 10081 amandaidx 10082
  amidxtape 10083 syslog-tls 6514
  imap 143 www 80 pop-3 110 snmptrap 162 ident 113 kerberos5 88
  krb5 88 smtps 465 ssmtp 465 urd 465 mail 25 nicname 43
  router 520 ircd 6667 dicom 104 sink 9 null 9 users 11
  quote 17 ttytst 19 source 19 fsp 21 fspd 21 timserver 37
  kerberos-sec 88 tsap 102 portmapper 111 authentication 113 tap 113 readnews 119
  untp 119 loc-srv 135 wais 210 Clearcase 371 comsat 512 whod 513
  cmd 514 spooler 515 routed 520 uucpd 540 krcmd 544 snntp 563
  lotusnotes 1352 old-radius 1645 old-radacct 1646 l2tp 1701 radacct 1813 codasrv 2432
  codasrv-se 2433 dict 2628 f5-globalsite 2792 gds_db 3050 icp 3130 subversion 3690
  jabber-client 5222 jabber-server 5269 postgres 5432 rptp 5556 x11-0 6000 x11-1 6001
  x11-2 6002 x11-3 6003 sge_qmaster 6444 sge_execd 6445 mysql-proxy 6446 xfs 7100
  db-lsp 17500 kerberos4 750 kerberos-iv 750 kdc 750 poppassd 106 spamd 783
  ripd 2602 ripngd 2603 ospfd 2604 bgpd 2605 ospf6d 2606 ospfapi 2607
  isisd 2608 fax 4557 hylafax 4559 munin 4949 lrrd 4949 rplay 5555
  nrpe 5666 nsca 5667 canna 5680 sane 6566 saned 6566 sane-port 6566
  zope-ftp 8021 tproxy 8081 xinetd 9098 zope 9673 webmin 10000 asp 27374
  csync2 30865
`);

export const PROTOCOLS = table(`
  ip 0 hopopt 0 icmp 1 igmp 2 ggp 3 ipencap 4 st 5 tcp 6 egp 8 igp 9 pup 12 udp 17 hmp 20 xns-idp 22
  rdp 27 iso-tp4 29 dccp 33 xtp 36 ddp 37 idpr-cmtp 38 ipv6 41 ipv6-route 43 ipv6-frag 44 idrp 45 rsvp 46
  gre 47 esp 50 ah 51 skip 57 ipv6-icmp 58 icmpv6 58 ipv6-nonxt 59 ipv6-opts 60 rspf 73 vmtp 81 eigrp 88
  ospf 89 ospfigp 89 ax.25 93 ipip 94 etherip 97 encap 98 pim 103 ipcomp 108 comp 108 vrrp 112 l2tp 115
  isis 124 sctp 132 fc 133 mobility-header 135 udplite 136 mpls-in-ip 137 manet 138 hip 139 shim6 140
  wesp 141 rohc 142 ethernet 143
`);

export const ICMP_TYPES = table(`
  echo-reply 0 destination-unreachable 3 source-quench 4 redirect 5 echo-request 8 router-advertisement 9
  router-solicitation 10 time-exceeded 11 parameter-problem 12 timestamp-request 13 timestamp-reply 14
  info-request 15 info-reply 16 address-mask-request 17 address-mask-reply 18
`);

export const ICMPV6_TYPES = table(`
  destination-unreachable 1 packet-too-big 2 time-exceeded 3 parameter-problem 4 echo-request 128
  echo-reply 129 mld-listener-query 130 mld-listener-report 131 mld-listener-done 132
  mld-listener-reduction 132 nd-router-solicit 133 nd-router-advert 134 nd-neighbor-solicit 135
  nd-neighbor-advert 136 nd-redirect 137 router-renumbering 138 ind-neighbor-solicit 141
  ind-neighbor-advert 142 mld2-listener-report 143
`);

export const TCP_FLAGS = table("fin 1 syn 2 rst 4 psh 8 ack 16 urg 32 ecn 64 cwr 128");

/** Bits of nft's `ct state`, in the kernel's order; not the values of the model's field. */
export const CT_STATE_BITS = table("invalid 1 established 2 related 4 new 8 untracked 64");

export const CT_STATUS_BITS = table(`
  expected 1 seen-reply 2 assured 4 confirmed 8 snat 16 dnat 32 dying 512
`);

export const CT_DIRECTIONS = table("original 0 reply 1");

export const PACKET_TYPES = table("host 0 unicast 0 broadcast 1 multicast 2 other 3");

/** RTN_* of linux/rtnetlink.h. */
export const ADDRESS_TYPES = table(`
  unspec 0 unicast 1 local 2 broadcast 3 anycast 4 multicast 5 blackhole 6 unreachable 7 prohibit 8
`);

/** As our field `nfproto` has it. */
export const NF_PROTOCOLS = table("ipv4 4 ipv6 6");

/** RFC 826, as nft names them. */
export const ARP_OPERATIONS = table("request 1 reply 2 rrequest 3 rreply 4 inrequest 8 inreply 9 nak 10");

export const BOOLEANS = table("exists 1 missing 0 true 1 false 0");
