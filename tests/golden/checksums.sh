#!/bin/bash
# As many bad checksums as tshark finds, but for those that a network card had not filled in yet. All captures that
# have some, and some that only seem to. Usage: tests/golden/checksums.sh BUILD. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/golden/lib.bash

# The second and third line: unfilled checksums, super-frames, cut frames and fragments.
captures="arkime__long-session arkime__nflog arkime__no-syn-ack arkime__quic34 arkime__bt-udp arkime__ipv6-gtp6
    arkime__gtp-iphone arkime__smb-smbclient ndpi__http_asymmetric ndpi__http2 ndpi__wechat libtrace__100_packetsns ipfixprobe__wg
    tcpdump__gso-ipv4 tcpdump__bigtcp-ipv6-hbh zeek__tcp_truncated-header zeek__ipv4_fragmented-3 zeek__chksums_localhost-bad-chksum
    filesamples__simple_http_tzsp mercury__capture2 ndpi__fuzz-2021-06-07-c6c72a0a56 ndpi__ossfuzz_seed_fake_traces_2
    ndpi__quic-fuzz-overflow ndpi__smtp-starttls suricata__detect-chksum-01_input tcpdump__heapoverflow-ip_demux_print
    tcpreplay__test_fragroute tcptrace__bad_tcp_checksum tcptrace__dsack zeek__dns_dns-corrupt zeek__ip-bogus-header-len
    zeek__quic_383379789-decrypt-crash zeek__quic_chromium-115.0.5790.110-google-de-fragmented zeek__tunnels_geneve-many-options
    sharppcap__ip_packet_bogus_length zeek__trunc_ip6-ext-trunc"

if [ ! -d $corpus ]; then
    skip "checksums" "no capture corpus at $corpus"
elif ! command -v tshark >/dev/null; then
    skip "checksums" "no tshark"
else
    for name in $captures; do
        for capture in $corpus/"$name".*; do
            oracle "bad checksums" tests/golden/checksums.py "$1/socklens" "$capture"
        done
    done
fi
tap_end
