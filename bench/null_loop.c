/* SPDX-License-Identifier: MIT
 *
 * The floor of the benchmark: what libpcap takes to hand out every packet of a file to nobody.
 */
#include <pcap/pcap.h>
#include <stdio.h>

static void nothing(u_char *count, const struct pcap_pkthdr *h, const u_char *data)
{
	(void)h, (void)data;
	++*(unsigned long long *)(void *)count;
}

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE];
	unsigned long long count = 0;
	pcap_t *p = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;

	if (!p)
		return 2;
	pcap_loop(p, -1, nothing, (u_char *)&count);
	pcap_close(p);
	printf("%llu\n", count);
	return 0;
}
