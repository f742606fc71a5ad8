/* SPDX-License-Identifier: MIT */
#include "flow/join/match.h"

#include <netinet/in.h>
#include <sys/socket.h>

/*
 * Frames and events are stamped by different hands a few microseconds apart; a frame may also sit
 * in a queue of the device for a while. Much longer, and a quickly reused port could be confused.
 */
#define SLACK_NS 50000000ll
/* A passive socket is born when the handshake ends, which retries of SYN and SYN-ACK may delay. */
#define HANDSHAKE_NS 130000000000ll

/* What may have been sent and read before a connection with TCP Fast Open (RFC 7413) was made. */
enum { FAST_OPEN_BYTES = 16384 };

enum { CANDIDATES_MAX = 16 };

struct candidate {
	struct socket *s;
	struct slab_id id;
	uint8_t limit; /* the best enum match_quality that the evidence allows */
};

struct candidates {
	struct candidate list[CANDIDATES_MAX];
	unsigned count;
	bool too_many;
};

/* --- numbers ---------------------------------------------------------------------------------- */

/* Each connection begins with numbers of its own (RFC 9293 3.4.1), also one that follows at once. */
enum numbers { NUMBERS_UNKNOWN, NUMBERS_SAME, NUMBERS_OTHER };

static enum numbers compare_number(const struct first_seq *seen, uint32_t of_socket)
{
	if (!seen->known)
		return NUMBERS_UNKNOWN;
	if (seen->seq == of_socket)
		return NUMBERS_SAME;
	return of_socket - seen->seq < FAST_OPEN_BYTES ? NUMBERS_UNKNOWN : NUMBERS_OTHER;
}

/* One is enough: a proxy between wire and socket may change the other (netfilter's SYNPROXY). */
static enum numbers compare_numbers(const struct socket *s, const struct match_query *q)
{
	enum numbers sent, read;

	if (!s->info.has_first)
		return NUMBERS_UNKNOWN;
	sent = compare_number(&q->local_first, s->info.first_sent);
	read = compare_number(&q->remote_first, s->info.first_read);
	if (sent == NUMBERS_SAME || read == NUMBERS_SAME)
		return NUMBERS_SAME;
	return sent == NUMBERS_OTHER || read == NUMBERS_OTHER ? NUMBERS_OTHER : NUMBERS_UNKNOWN;
}

/* --- time ------------------------------------------------------------------------------------- */

static bool is_in_time(const struct socket *s, const struct match_query *q)
{
	if (s->death_ns && q->start_ns > s->death_ns + SLACK_NS)
		return false;
	/* The event of its birth was lost: the flow of a former socket must not become its own. */
	if (!s->birth_ns && !s->older)
		return q->last_ns >= s->seen_ns - SLACK_NS;
	if (!s->birth_ns || q->start_ns >= s->birth_ns - SLACK_NS)
		return true;
	/* The frames of a handshake precede the socket, and go on after its birth. */
	return s->passive && q->start_ns >= s->birth_ns - HANDSHAKE_NS &&
	       q->last_ns >= s->birth_ns - SLACK_NS;
}

/*
 * How far outside the socket's life the flow began. Of passive sockets the next to be born after a
 * SYN is the most likely one, however long others live that had the addresses before.
 */
static int64_t gap_ns(const struct socket *s, const struct match_query *q)
{
	if (s->passive && q->remote_first.known && s->birth_ns && q->start_ns > s->birth_ns)
		return HANDSHAKE_NS;
	if (q->start_ns < s->birth_ns)
		return s->birth_ns - q->start_ns;
	if (s->death_ns && q->start_ns > s->death_ns)
		return q->start_ns - s->death_ns;
	return 0;
}

bool match_is_possible(const struct socket *s, const struct match_query *q)
{
	return is_in_time(s, q) && compare_numbers(s, q) != NUMBERS_OTHER;
}

/* --- place ------------------------------------------------------------------------------------ */

static bool family_fits(const struct socket *s, const struct addr *a)
{
	return s->family == AF_INET6 || addr_is_v4(a);
}

/* Loopback traffic never leaves its namespace. */
static bool netns_possible(const struct socket *s, const struct match_query *q)
{
	return !addr_is_loopback(&q->local.addr) || !q->netns || !s->netns || q->netns == s->netns;
}

/*
 * How much does a socket bound to every address say about this one? Nothing, unless the address is
 * of the socket's namespace. When no address of that namespace is known, a matching remote end
 * still makes it likely, and the quality says so.
 */
static enum match_quality limit_of_wildcard(const struct local_addrs *local, const struct socket *s,
					    const struct match_query *q)
{
	const struct addr *a = &q->local.addr;
	bool here = addr_is_loopback(a) || local_addrs_in(local, s->netns, a) ||
		    local_addrs_in(local, 0, a);

	if (here)
		return q->remote.port ? MATCH_EXACT : MATCH_WILDCARD;
	return q->remote.port && !local_addrs_known(local, s->netns, a) ? MATCH_WILDCARD
									: MATCH_NONE;
}

static void add(struct candidates *c, struct socket *s, struct slab_id id, uint8_t limit)
{
	for (unsigned i = 0; i < c->count; i++) {
		if (c->list[i].s == s) {
			if (c->list[i].limit < limit)
				c->list[i].limit = limit;
			return;
		}
	}
	if (c->count == CANDIDATES_MAX)
		c->too_many = true;
	else
		c->list[c->count++] = (struct candidate){s, id, limit};
}

/* Sockets of the query's own address, and datagram sockets of every address. */
static void gather(struct candidates *c, struct socket_table *t, const struct local_addrs *local,
		   const struct match_query *q)
{
	struct endpoint any = {.port = q->local.port};
	uint8_t own = q->remote.port ? MATCH_EXACT : MATCH_WILDCARD, limit;
	struct slab_id id;
	struct socket *s;
	size_t pos = 0;

	while ((s = socket_table_lookup(t, q->proto, &q->local, &q->remote, &pos, &id))) {
		if (match_is_possible(s, q) && netns_possible(s, q))
			add(c, s, id, own);
	}
	pos = 0;
	while ((s = socket_table_lookup(t, q->proto, &any, &q->remote, &pos, &id))) {
		limit = limit_of_wildcard(local, s, q);
		if (limit && socket_is_datagram(s) && family_fits(s, &q->local.addr) &&
		    match_is_possible(s, q) && netns_possible(s, q))
			add(c, s, id, limit);
	}
}

static void keep_same_numbers(struct candidates *c, const struct match_query *q)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < c->count; i++) {
		if (compare_numbers(c->list[i].s, q) == NUMBERS_SAME)
			c->list[kept++] = c->list[i];
	}
	if (kept)
		c->count = kept;
}

static void keep_netns(struct candidates *c, uint32_t netns)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < c->count; i++) {
		if (c->list[i].s->netns == netns)
			c->list[kept++] = c->list[i];
	}
	/* None there: the capture sees the traffic of other namespaces pass by. */
	if (kept)
		c->count = kept;
}

/* The usual pair on one port, 0.0.0.0 and an IPv6-only ::, shares no IPv4 traffic. */
static void keep_v4(struct candidates *c)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < c->count; i++) {
		if (c->list[i].s->family == AF_INET)
			c->list[kept++] = c->list[i];
	}
	if (kept)
		c->count = kept;
}

/* > 0 when a fits better than b, < 0 when worse, 0 when nobody can tell. */
static int compare(const struct candidate *a, const struct candidate *b,
		   const struct match_query *q)
{
	int64_t gap_a = gap_ns(a->s, q), gap_b = gap_ns(b->s, q);

	if (a->s->netns != b->s->netns)
		return 0;
	if (gap_a != gap_b)
		return gap_a < gap_b ? 1 : -1;
	/* Only one TCP socket can have a tuple at a time: the later has replaced the other. */
	if (socket_is_datagram(a->s) || a->s->birth_ns == b->s->birth_ns)
		return 0;
	return a->s->birth_ns > b->s->birth_ns ? 1 : -1;
}

/* The one that fits better than every other, or NULL. */
static const struct candidate *only_one(const struct candidates *c, const struct match_query *q)
{
	const struct candidate *best = &c->list[0];

	for (unsigned i = 1; i < c->count; i++) {
		if (compare(&c->list[i], best, q) > 0)
			best = &c->list[i];
	}
	for (unsigned i = 0; i < c->count; i++) {
		if (&c->list[i] != best && compare(best, &c->list[i], q) <= 0)
			return NULL;
	}
	return c->too_many ? NULL : best;
}

static struct binding unbound(uint8_t reason)
{
	return (struct binding){.match = MATCH_NONE, .reason = reason};
}

static struct binding decide(struct candidates *c, const struct match_query *q)
{
	const struct candidate *one;
	const struct socket_owner *user;

	if (!c->count)
		return unbound(UNBOUND_NO_SOCKET);
	keep_same_numbers(c, q);
	if (q->netns)
		keep_netns(c, q->netns);
	if (!q->remote.port && addr_is_v4(&q->local.addr))
		keep_v4(c);
	one = only_one(c, q);
	if (!one)
		return unbound(UNBOUND_AMBIGUOUS);
	user = socket_user(one->s, q->last_ns);
	/* A listener's process may hand the connection to another: not its flow until accept. */
	if (!user || user->provisional)
		return unbound(UNBOUND_NO_OWNER);
	return (struct binding){
		.socket = one->id,
		.match =
			user->existing && one->limit > MATCH_SNAPSHOT ? MATCH_SNAPSHOT : one->limit,
	};
}

struct binding match_find(struct socket_table *t, const struct local_addrs *local,
			  const struct match_query *q)
{
	struct match_query unconnected = *q;
	struct candidates c = {0};

	/* A host without an address yet (DHCP) may be any host. */
	if (addr_is_any(&q->local.addr))
		return unbound(UNBOUND_NO_SOCKET);
	gather(&c, t, local, q);
	if (c.count)
		return decide(&c, q);
	if (q->proto != IPPROTO_UDP && q->proto != IPPROTO_UDPLITE)
		return unbound(UNBOUND_NO_SOCKET);
	unconnected.remote = (struct endpoint){0};
	gather(&c, t, local, &unconnected);
	return decide(&c, &unconnected);
}
