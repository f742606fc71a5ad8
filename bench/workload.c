/* SPDX-License-Identifier: MIT
 *
 * Writes a deterministic capture for the benchmark. Usage: workload small|churn|elephant|mix SCALE FILE
 *
 * Every flow is a valid TCP conversation (handshake with options, data both ways, FIN) with the share of
 * retransmission, reordering and gaps of its row; flows are interleaved at random, with a fixed seed,
 * so that the same row and scale give the same bytes everywhere. SCALE 1 is the size in the row.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct workload {
	const char *name;
	uint64_t packets;    /* at scale 1 */
	uint32_t per_flow;   /* packets a flow, handshake and FIN included */
	uint32_t concurrent; /* flows open at once, at scale 1 */
	uint32_t data_min, data_max; /* payload bytes of a data segment */
	uint32_t odd_per_mille; /* segments sent again, swapped or missing */
};

static const struct workload rows[] = {
	{"small", 10000000, 10, 1000000, 0, 36, 10},
	{"churn", 5000000, 2, 2500000, 0, 20, 0},
	{"elephant", 1900000, 100000, 8, 1300, 1448, 5},
	{"mix", 2800000, 50, 50000, 0, 660, 10},
};

struct conversation {
	uint32_t client, server, seq[2], sent;
	uint16_t port;
};

struct generator {
	const struct workload *w;
	FILE *out;
	struct conversation *open;
	uint32_t concurrent;
	uint64_t random, written, wanted, flows;
};

enum { FIN = 1, SYN = 2, PSH = 8, ACK = 16, FRAME_MAX = 2048 };

/* xorshift64*: any fixed generator will do. */
static uint32_t next_random(struct generator *g)
{
	g->random ^= g->random >> 12;
	g->random ^= g->random << 25;
	g->random ^= g->random >> 27;
	return (uint32_t)(g->random * 2685821657736338717ull >> 32);
}

static uint32_t below(struct generator *g, uint32_t n)
{
	return (uint32_t)((uint64_t)next_random(g) * n >> 32);
}

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static uint32_t sum16(const uint8_t *p, size_t n, uint32_t sum)
{
	for (size_t i = 0; i + 1 < n; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	return n % 2 ? sum + ((uint32_t)p[n - 1] << 8) : sum;
}

static uint32_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

static void write_frame(struct generator *g, const uint8_t *frame, uint32_t len)
{
	uint64_t time_us = 1700000000000000ull + g->written * 2;
	uint32_t head[4] = {(uint32_t)(time_us / 1000000), (uint32_t)(time_us % 1000000), len, len};

	fwrite(head, sizeof(head), 1, g->out);
	fwrite(frame, len, 1, g->out);
	g->written++;
}

/* One segment from end `who`, at sequence number seq[who] - back. */
static void segment(struct generator *g, struct conversation *c, int who, int flags, uint32_t data,
		    uint32_t back, bool drop)
{
	uint8_t f[FRAME_MAX] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45};
	uint32_t options = flags & SYN ? 8 : 12, tcp_len = 20 + options + data;
	uint8_t *ip = f + 14, *tcp = f + 34;

	put16(ip + 2, 20 + tcp_len);
	ip[8] = 64;
	ip[9] = 6;
	put32(ip + 12, who ? c->server : c->client);
	put32(ip + 16, who ? c->client : c->server);
	put16(ip + 10, fold(sum16(ip, 20, 0)));
	put16(tcp, who ? 443 : c->port);
	put16(tcp + 2, who ? c->port : 443);
	put32(tcp + 4, c->seq[who] - back);
	put32(tcp + 8, flags & ACK ? c->seq[!who] : 0);
	tcp[12] = (uint8_t)((20 + options) / 4 << 4);
	tcp[13] = (uint8_t)flags;
	put16(tcp + 14, 501);
	memcpy(tcp + 20, flags & SYN ? "\2\4\5\xb4\1\3\3\7" : "\1\1\10\12\0\0\0\1\0\0\0\1", options);
	memset(tcp + 20 + options, 'd', data);
	put16(tcp + 16, fold(sum16(tcp, tcp_len, sum16(ip + 12, 8, 6 + tcp_len))));
	if (!drop)
		write_frame(g, f, 34 + tcp_len < 60 ? 60 : 34 + tcp_len);
	if (!back)
		c->seq[who] += data + !!(flags & (SYN | FIN));
}

static void open_conversation(struct generator *g, struct conversation *c)
{
	uint64_t n = g->flows++;

	*c = (struct conversation){
		.client = 0x0a000000u + (uint32_t)(n / 50000),
		.server = 0xc6336400u + below(g, 200),
		.port = (uint16_t)(10000 + n % 50000),
		.seq = {next_random(g), next_random(g)},
	};
}

static void data_step(struct generator *g, struct conversation *c)
{
	const struct workload *w = g->w;
	int who = below(g, 3) == 0;
	uint32_t data = w->data_min + below(g, w->data_max - w->data_min + 1);
	bool odd = below(g, 1000) < w->odd_per_mille;

	segment(g, c, who, data ? PSH | ACK : ACK, data, 0, odd && below(g, 2));
	if (odd && data)
		segment(g, c, who, PSH | ACK, data, data, false);
}

/* The next packet of a conversation; true when it was the last. */
static bool step(struct generator *g, struct conversation *c)
{
	uint32_t n = c->sent++, last = g->w->per_flow;

	if (n == 0)
		segment(g, c, 0, SYN, 0, 0, false);
	else if (n == 1)
		segment(g, c, 1, SYN | ACK, 0, 0, false);
	else if (n == 2)
		segment(g, c, 0, ACK, 0, 0, false);
	else if (n + 3 == last || n + 2 == last)
		segment(g, c, n + 2 == last, FIN | ACK, 0, 0, false);
	else if (n + 1 >= last)
		segment(g, c, 0, ACK, 0, 0, false);
	else
		data_step(g, c);
	return c->sent >= last;
}

static void generate(struct generator *g)
{
	static const uint32_t head[6] = {0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 1};

	fwrite(head, sizeof(head), 1, g->out);
	for (uint32_t i = 0; i < g->concurrent; i++)
		open_conversation(g, &g->open[i]);
	while (g->written < g->wanted) {
		struct conversation *c = &g->open[below(g, g->concurrent)];

		if (step(g, c))
			open_conversation(g, c);
	}
}

static const struct workload *find(const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

int main(int argc, char **argv)
{
	struct generator g = {.random = 88172645463325252ull};
	double scale = argc == 4 ? strtod(argv[2], NULL) : 0;

	g.w = argc == 4 ? find(argv[1]) : NULL;
	if (!g.w || scale <= 0 || scale > 10) {
		fprintf(stderr, "usage: workload small|churn|elephant|mix SCALE FILE\n");
		return 2;
	}
	g.wanted = (uint64_t)((double)g.w->packets * scale);
	g.concurrent = (uint32_t)(g.w->concurrent * scale);
	if (g.concurrent < 8)
		g.concurrent = 8;
	g.open = calloc(g.concurrent, sizeof(*g.open));
	g.out = fopen(argv[3], "we");
	if (!g.open || !g.out) {
		perror(argv[3]);
		return 1;
	}
	generate(&g);
	free(g.open);
	return fclose(g.out) == 0 ? 0 : 1;
}
