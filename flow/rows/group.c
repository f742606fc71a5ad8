/* SPDX-License-Identifier: MIT */
#include "flow/rows/group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define ENDS(leaf) "src." leaf " dst." leaf

static const struct group_key keys[] = {
	{"process", ENDS("process.name"), "process name", true},
	{"pid", ENDS("process.pid"), "process id", true},
	{"user", ENDS("process.user"), "user who runs the process", true},
	{"container", ENDS("process.container"), "container of the process", true},
	{"pod", ENDS("process.pod"), "Kubernetes pod of the process", true},
	{"host", ENDS("ip"), "address", true},
	{"port", "dst.port", "port of the responder", false},
	{"name", "names.sni names.host dst.name names.dns", "name of the responder", false},
	{"app", "app proto", "application protocol, or else the transport", false},
};
enum { KEY_COUNT = sizeof(keys) / sizeof(keys[0]) };

const struct group_key *group_keys(unsigned *count)
{
	*count = KEY_COUNT;
	return keys;
}

/* --- the table of fields ---------------------------------------------------------------------- */

#define X(path, member, kind, columns, label, sentence)                                            \
	{.name = path,                                                                             \
	 .title = label,                                                                           \
	 .help = sentence,                                                                         \
	 .offset = offsetof(struct group_row, member),                                             \
	 .type = FIELD_##kind,                                                                     \
	 .width = columns},
static const struct field group_fields[] = {GROUP_FIELD_ROWS(X)};
#undef X
enum { GROUP_FIELDS = sizeof(group_fields) / sizeof(group_fields[0]) };

static const struct field *list_fields(unsigned *count)
{
	*count = GROUP_FIELDS;
	return group_fields;
}

const struct field *group_field_find(const char *name)
{
	return field_among(group_fields, GROUP_FIELDS, name);
}

static const struct filter_alias aliases[] = {
	{"rtt", "rtt_avg", "average round trip", ALIAS_ANY},
	{"retx", "retransmissions", "segments sent again", ALIAS_ANY},
	{0},
};

const struct filter_table group_table = {
	.fields = list_fields,
	.find = group_field_find,
	.aliases = aliases,
	.words = "key",
};

/* --- groups ----------------------------------------------------------------------------------- */

struct group {
	struct group_row row;
	int64_t rtt_sum, rtt_flows;
	uint64_t last_flow; /* counted already: both ends may have the same key */
};

struct groups {
	const struct field *fields[4];
	unsigned field_count;
	bool ends;
	uint64_t seed, flows; /* flows: added so far */
	struct hash_index index;
	struct group *all; /* owned */
	unsigned count, room;
	struct filter_number sorted_by;
};

static void choose_fields(struct groups *g, const struct group_key *k)
{
	char name[64];

	g->ends = k->ends;
	for (const char *at = k->fields; *at;) {
		size_t n = strcspn(at, " ");

		memcpy(name, at, n);
		name[n] = '\0';
		g->fields[g->field_count++] = field_find(name);
		at += n + (at[n] == ' ');
	}
}

static int choose_key(struct groups *g, const char *by, struct err *e)
{
	char names[128] = "", *w = names;

	for (unsigned i = 0; i < KEY_COUNT; i++) {
		if (strcmp(keys[i].name, by) != 0)
			continue;
		choose_fields(g, &keys[i]);
		return 0;
	}
	g->fields[0] = field_find(by);
	g->field_count = 1;
	if (g->fields[0])
		return 0;
	for (unsigned i = 0; i < KEY_COUNT; i++)
		w = stpcpy(stpcpy(w, " "), keys[i].name);
	return err_set(e, -EINVAL, "there are%s, and every field of socklens list fields", names);
}

int groups_new(struct groups **out, const char *by, uint64_t seed, struct err *e)
{
	struct groups *g = calloc(1, sizeof(*g));
	int status = g ? hash_index_init(&g->index, GROUPS_MAX + 1) : -ENOMEM;

	if (status < 0) {
		free(g);
		return err_set(e, -ENOMEM, "out of memory");
	}
	g->seed = seed;
	if (by)
		status = choose_key(g, by, e);
	if (status < 0)
		groups_free(g);
	else
		*out = g;
	return status;
}

void groups_free(struct groups *g)
{
	if (!g)
		return;
	hash_index_done(&g->index);
	free(g->all);
	free(g);
}

void groups_set_start(struct groups *g, int64_t start_ns)
{
	for (unsigned i = 0; i < g->count; i++)
		g->all[i].row.start_ns = start_ns;
}

void groups_clear(struct groups *g)
{
	for (unsigned i = 0; i < g->count; i++)
		hash_index_remove(&g->index, g->all[i].row.id, i);
	g->count = 0;
}

/* --- adding ----------------------------------------------------------------------------------- */

static bool has_key(const void *owner, uint32_t slot, const void *key)
{
	const struct groups *g = owner;

	return strcmp(g->all[slot].row.key, key) == 0;
}

static bool make_room(struct groups *g)
{
	unsigned room = g->room ? g->room * 2 : 64;
	struct group *more;

	if (g->count < g->room)
		return true;
	more = realloc(g->all, room * sizeof(*more));
	if (!more)
		return false;
	g->all = more;
	g->room = room;
	return true;
}

static struct group *group_new(struct groups *g, const char *key, uint64_t hash)
{
	struct group *n;

	if (!make_room(g) || hash_index_insert(&g->index, hash, g->count) < 0)
		return NULL;
	n = &g->all[g->count];
	*n = (struct group){.row = {.id = hash, .start_ns = ROW_ABSENT}};
	n->row.sent_bps = n->row.received_bps = ROW_ABSENT;
	strcpy(n->row.key, key);
	n->row.rtt_min = n->row.rtt_avg = n->row.rtt_max = ROW_ABSENT;
	n->row.first_ns = n->row.last_ns = ROW_ABSENT;
	g->count++;
	return n;
}

static struct group *group_of(struct groups *g, const char *key)
{
	uint64_t hash = hash_bytes(key, strlen(key), g->seed);
	uint32_t slot = hash_index_find(&g->index, hash, has_key, g, key);

	if (slot != HASH_NONE)
		return &g->all[slot];
	if (g->count < GROUPS_MAX || strcmp(key, "(others)") == 0)
		return group_new(g, key, hash);
	return group_of(g, "(others)");
}

struct amounts amounts_of(const struct flow_row *row)
{
	const struct flow_end_row *ends[2] = {&row->src, &row->dst};
	struct amounts a;

	for (int i = 0; i < 2; i++) {
		int64_t retransmissions = ends[i]->tcp[TCP_COUNT_RETRANSMISSION];

		a.packets[i] = ends[i]->packets;
		a.bytes[i] = ends[i]->bytes;
		a.payload[i] = ends[i]->payload_bytes;
		a.retransmissions[i] = retransmissions == ROW_ABSENT ? 0 : retransmissions;
	}
	return a;
}

/* Zeek's states of such. */
bool flow_failed(const struct flow_row *row)
{
	static const char *const states[] = {"S0", "REJ", "RSTOS0", "RSTRH", "SH", "SHR"};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(row->state, states[i]) == 0)
			return true;
	return false;
}

static void add_rtt(struct group *n, const struct flow_row *row)
{
	int64_t rtt = row->rtt_ns.avg != ROW_ABSENT ? row->rtt_ns.avg : row->rtt_ns.handshake;

	if (rtt == ROW_ABSENT)
		return;
	if (!n->rtt_flows++ || rtt < n->row.rtt_min)
		n->row.rtt_min = rtt;
	if (n->rtt_flows == 1 || rtt > n->row.rtt_max)
		n->row.rtt_max = rtt;
	n->rtt_sum += rtt;
	n->row.rtt_avg = n->rtt_sum / n->rtt_flows;
}

static void add_flow(struct group *n, const struct flow_row *row)
{
	struct group_row *r = &n->row;

	r->flows++;
	r->failed += flow_failed(row);
	if (r->first_ns == ROW_ABSENT || row->start_ns < r->first_ns)
		r->first_ns = row->start_ns;
	if (row->end_ns > r->last_ns)
		r->last_ns = row->end_ns;
	add_rtt(n, row);
}

static void add_rate(int64_t *sum, int64_t bps)
{
	if (bps != ROW_ABSENT)
		*sum = *sum == ROW_ABSENT ? bps : *sum + bps;
}

/* `end` sent a->...[end]; with both ends in one group, what one sent the other received. */
static void add_end(struct groups *g, struct group *n, const struct flow_row *row,
		    const struct amounts *a, int end)
{
	struct group_row *r = &n->row;

	r->sent_bytes += a->bytes[end];
	r->received_bytes += a->bytes[!end];
	add_rate(&r->sent_bps, end ? row->dst.rate_bps : row->src.rate_bps);
	add_rate(&r->received_bps, end ? row->src.rate_bps : row->dst.rate_bps);
	if (n->last_flow == g->flows)
		return;
	n->last_flow = g->flows;
	add_flow(n, row);
	r->packets += a->packets[0] + a->packets[1];
	r->bytes += a->bytes[0] + a->bytes[1];
	r->payload_bytes += a->payload[0] + a->payload[1];
	r->retransmissions += a->retransmissions[0] + a->retransmissions[1];
}

static bool add_key(struct groups *g, const char *key, const struct flow_row *row,
		    const struct amounts *a, int end)
{
	struct group *n = group_of(g, key);

	if (n)
		add_end(g, n, row, a, end);
	return n;
}

/* The first value of a field, cut at a whole character; false when the row does not know it. */
static bool key_of(char key[GROUP_KEY_MAX], const struct field *f, const struct flow_row *row)
{
	const char *text;
	size_t n;

	if (!field_present(f, row))
		return false;
	if (!field_is_text(f))
		return field_text(f, row, false, key, GROUP_KEY_MAX) > 0;
	text = field_chars(f, row);
	n = strcspn(text, (const char[]){FIELD_LIST_SEPARATOR, '\0'});
	if (n >= GROUP_KEY_MAX)
		for (n = GROUP_KEY_MAX - 1; n && ((uint8_t)text[n] & 0xc0) == 0x80;)
			n--;
	memcpy(key, text, n);
	key[n] = '\0';
	return true;
}

static bool add_ends(struct groups *g, const struct flow_row *row, const struct amounts *a)
{
	char key[GROUP_KEY_MAX];
	bool found = false, added = true;

	for (int end = 0; end < 2; end++) {
		if (!key_of(key, g->fields[end], row))
			continue;
		found = true;
		added &= add_key(g, key, row, a, end);
	}
	return found ? added : add_key(g, "(unknown)", row, a, 0);
}

static bool add_whole(struct groups *g, const struct flow_row *row, const struct amounts *a)
{
	char key[GROUP_KEY_MAX];

	for (unsigned i = 0; i < g->field_count; i++)
		if (key_of(key, g->fields[i], row))
			return add_key(g, key, row, a, 0);
	return add_key(g, g->field_count ? "(unknown)" : "", row, a, 0);
}

bool groups_add(struct groups *g, const struct flow_row *row, const struct amounts *before)
{
	struct amounts a = amounts_of(row);

	for (int i = 0; before && i < 2; i++) {
		a.packets[i] -= before->packets[i];
		a.bytes[i] -= before->bytes[i];
		a.payload[i] -= before->payload[i];
		a.retransmissions[i] -= before->retransmissions[i];
	}
	g->flows++;
	return g->ends ? add_ends(g, row, &a) : add_whole(g, row, &a);
}

/* --- sorted ----------------------------------------------------------------------------------- */

static int largest_first(const void *a, const void *b, void *by)
{
	const struct group *x = a, *y = b;
	int64_t vx = filter_number(by, &x->row), vy = filter_number(by, &y->row);

	if (vx != vy)
		return vx < vy ? 1 : -1;
	return strcmp(x->row.key, y->row.key);
}

/* The ids of the index no longer fit once rows have moved: it is rebuilt. */
static void sort(struct groups *g, const struct filter_number *by)
{
	unsigned count = g->count;

	groups_clear(g);
	g->sorted_by = *by;
	qsort_r(g->all, count, sizeof(g->all[0]), largest_first, &g->sorted_by);
	for (; g->count < count; g->count++)
		hash_index_insert(&g->index, g->all[g->count].row.id, g->count);
}

const struct group_row *groups_get(struct groups *g, const struct filter_number *by, unsigned i)
{
	if (i == 0 && g->count)
		sort(g, by);
	return i < g->count ? &g->all[i].row : NULL;
}

/* --- as they are ------------------------------------------------------------------------------ */

unsigned groups_count(const struct groups *g)
{
	return g->count;
}

const struct group_row *groups_at(const struct groups *g, unsigned i)
{
	return &g->all[i].row;
}

static bool has_id(const void *owner, uint32_t slot, const void *id)
{
	const struct groups *g = owner;

	return g->all[slot].row.id == *(const uint64_t *)id;
}

const struct group_row *groups_find(const struct groups *g, uint64_t id)
{
	uint32_t slot = hash_index_find(&g->index, id, has_id, g, &id);

	return slot == HASH_NONE ? NULL : &g->all[slot].row;
}
