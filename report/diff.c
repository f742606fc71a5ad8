/* SPDX-License-Identifier: MIT */
#include "report/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "base/hash.h"
#include "flow/rows/group.h"

struct totals {
	int64_t flows, failed, packets, bytes, retransmissions, missing;
	int64_t rtt_sum, rtt_count, answer_sum, answer_count, duration_sum;
};

struct subject {
	bool is_process;
	char key[DIFF_KEY_MAX];
	struct totals side[2];
};

struct scored {
	double score;
	struct diff_row row;
};

struct diff {
	uint64_t seed;
	struct hash_index index;
	struct subject *subjects; /* owned */
	unsigned count, room;
	struct scored *rows; /* owned */
	unsigned row_count, row_room;
};

/* --- the table of fields ---------------------------------------------------------------------- */

#define X(path, member, kind, columns, label, sentence)                                            \
	{.name = path,                                                                             \
	 .title = label,                                                                           \
	 .help = sentence,                                                                         \
	 .offset = offsetof(struct diff_row, member),                                              \
	 .type = FIELD_##kind,                                                                     \
	 .width = columns},
static const struct field diff_fields[] = {DIFF_FIELD_ROWS(X)};
#undef X
enum { DIFF_FIELDS = sizeof(diff_fields) / sizeof(diff_fields[0]) };

static const struct field *list_fields(unsigned *count)
{
	*count = DIFF_FIELDS;
	return diff_fields;
}

static const struct field *find_field(const char *name)
{
	return field_among(diff_fields, DIFF_FIELDS, name);
}

static const struct filter_alias no_aliases[] = {{0}};

const struct filter_table diff_table = {
	.fields = list_fields,
	.find = find_field,
	.aliases = no_aliases,
	.words = "key",
};

/* --- subjects --------------------------------------------------------------------------------- */

struct diff *diff_new(void)
{
	struct diff *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->seed = hash_random_seed();
	if (hash_index_init(&d->index, DIFF_SUBJECTS_MAX) == 0)
		return d;
	free(d);
	return NULL;
}

void diff_free(struct diff *d)
{
	if (!d)
		return;
	hash_index_done(&d->index);
	free(d->subjects);
	free(d->rows);
	free(d);
}

static bool has_key(const void *owner, uint32_t slot, const void *key)
{
	const struct diff *d = owner;

	return strcmp(d->subjects[slot].key, key) == 0;
}

static struct subject *subject_new(struct diff *d, const char *key, uint64_t hash)
{
	struct subject *more;

	if (d->count == d->room) {
		unsigned room = d->room ? d->room * 2 : 256;

		more = realloc(d->subjects, room * sizeof(*more));
		if (!more)
			return NULL;
		d->subjects = more;
		d->room = room;
	}
	if (hash_index_insert(&d->index, hash, d->count) < 0)
		return NULL;
	more = &d->subjects[d->count++];
	memset(more, 0, sizeof(*more));
	strcpy(more->key, key);
	return more;
}

/* Keys of conversations have a space, names of processes begin with one: they never meet. */
static struct subject *subject_of(struct diff *d, const char *key)
{
	uint64_t hash = hash_bytes(key, strlen(key), d->seed);
	uint32_t slot = hash_index_find(&d->index, hash, has_key, d, key);

	return slot == HASH_NONE ? subject_new(d, key, hash) : &d->subjects[slot];
}

static void add_flow(struct totals *t, const struct flow_row *row)
{
	const struct flow_end_row *ends[] = {&row->src, &row->dst};
	int64_t rtt = row->rtt_ns.avg != ROW_ABSENT ? row->rtt_ns.avg : row->rtt_ns.handshake;

	t->flows++;
	t->failed += flow_failed(row);
	for (int i = 0; i < 2; i++) {
		int64_t retx = ends[i]->tcp[TCP_COUNT_RETRANSMISSION];

		t->packets += ends[i]->packets;
		t->bytes += ends[i]->bytes;
		t->retransmissions += retx > 0 ? retx : 0;
		t->missing += ends[i]->missing_bytes > 0 ? ends[i]->missing_bytes : 0;
	}
	if (rtt != ROW_ABSENT) {
		t->rtt_sum += rtt;
		t->rtt_count++;
	}
	if (row->dns.delay_avg_ns != ROW_ABSENT) {
		t->answer_sum += row->dns.delay_avg_ns;
		t->answer_count++;
	}
	t->duration_sum += row->duration_ns;
}

static bool add_process(struct diff *d, enum diff_side side, const struct flow_row *row,
			const char *name)
{
	char key[DIFF_KEY_MAX];
	struct subject *s;

	if (!*name)
		return true;
	snprintf(key, sizeof(key), " %s", name);
	s = subject_of(d, key);
	if (!s)
		return false;
	s->is_process = true;
	add_flow(&s->side[side], row);
	return true;
}

/* "curl > 198.51.100.2:443 tcp": the port of the originator is another each time. */
static bool add_conversation(struct diff *d, enum diff_side side, const struct flow_row *row)
{
	char key[DIFF_KEY_MAX], src[ADDR_TEXT_MAX], dst[ENDPOINT_TEXT_MAX];
	struct endpoint e = {.addr = row->dst.addr, .port = (uint16_t)row->dst.port};
	const char *proto = proto_name(row->proto);
	struct subject *s;

	addr_format(src, &row->src.addr);
	if (row->dst.port == ROW_ABSENT)
		addr_format(dst, &row->dst.addr);
	else
		endpoint_format(dst, &e);
	snprintf(key, sizeof(key), "%s > %s %s",
		 *row->src.process.name ? row->src.process.name : src, dst, proto ? proto : "");
	s = subject_of(d, key);
	if (s)
		add_flow(&s->side[side], row);
	return s;
}

bool diff_add(struct diff *d, enum diff_side side, const struct flow_row *row)
{
	const char *src = row->src.process.name, *dst = row->dst.process.name;
	bool added = add_process(d, side, row, src);

	if (strcmp(src, dst) != 0)
		added &= add_process(d, side, row, dst);
	return add_conversation(d, side, row) && added;
}

/* --- what is compared ------------------------------------------------------------------------- */

static int64_t failed_share(const struct totals *t)
{
	return t->failed * 1000000 / t->flows;
}

static int64_t missing_bytes(const struct totals *t)
{
	return t->missing;
}

static int64_t retransmitted_share(const struct totals *t)
{
	return t->packets ? t->retransmissions * 1000000 / t->packets : 0;
}

static int64_t round_trip(const struct totals *t)
{
	return t->rtt_count ? t->rtt_sum / t->rtt_count : ROW_ABSENT;
}

static int64_t dns_delay(const struct totals *t)
{
	return t->answer_count ? t->answer_sum / t->answer_count : ROW_ABSENT;
}

static int64_t mean_duration(const struct totals *t)
{
	return t->duration_sum / t->flows;
}

static int64_t all_bytes(const struct totals *t)
{
	return t->bytes;
}

static int64_t all_flows(const struct totals *t)
{
	return t->flows;
}

static size_t fmt_share(char *out, uint64_t ppm)
{
	return (size_t)snprintf(out, FMT_MAX, "%.1f%%", (double)ppm / 1e4);
}

static size_t fmt_ns(char *out, uint64_t ns)
{
	return fmt_duration(out, (int64_t)ns);
}

/* The more it hurts, the more it weighs; less than `least` or `times` is noise. */
static const struct metric {
	const char *what, *unit;
	int64_t (*value)(const struct totals *t);
	size_t (*format)(char *out, uint64_t v);
	int64_t least;
	double times, weight;
	bool amount; /* more is neither worse nor better */
} metrics[] = {
	{"failed", "ppm", failed_share, fmt_share, 50000, 1.2, 100, false},
	{"bytes never seen", "bytes", missing_bytes, fmt_bytes, 1, 1.5, 60, false},
	{"sent again", "ppm", retransmitted_share, fmt_share, 5000, 1.5, 60, false},
	{"round trip", "ns", round_trip, fmt_ns, 1000000, 1.3, 50, false},
	{"DNS delay", "ns", dns_delay, fmt_ns, 2000000, 1.5, 40, false},
	{"duration", "ns", mean_duration, fmt_ns, 100000000, 2, 10, false},
	{"bytes", "bytes", all_bytes, fmt_bytes, 10000, 2, 3, true},
	{"flows", "flows", all_flows, fmt_count, 10, 2, 3, true},
};
enum { METRICS = sizeof(metrics) / sizeof(metrics[0]) };

/* Of one side only. */
enum { WEIGHT_NEW_PROCESS = 45, WEIGHT_GONE_PROCESS = 25, WEIGHT_NEW = 4, WEIGHT_GONE = 3 };
enum { WEIGHT_NEW_FAILED = 40 };

/* log2 of v >= 1, straight between powers of two: enough to weigh with. */
static double doublings(double v)
{
	double n = 0;

	for (; v >= 2; v /= 2)
		n++;
	return n + v - 1;
}

static struct diff_row *row_new(struct diff *d, double score)
{
	struct scored *s;

	if (d->row_count == d->row_room) {
		unsigned room = d->row_room ? d->row_room * 2 : 256;

		s = realloc(d->rows, room * sizeof(*s));
		if (!s)
			return NULL;
		d->rows = s;
		d->row_room = room;
	}
	s = &d->rows[d->row_count++];
	*s = (struct scored){.score = score};
	return &s->row;
}

static struct diff_row *row_of(struct diff *d, const struct subject *s, double score)
{
	struct diff_row *r = row_new(d, score);

	if (!r)
		return NULL;
	strcpy(r->subject, s->is_process ? "process" : "conversation");
	strcpy(r->key, s->key + s->is_process); /* without the space in front */
	r->flows_before = s->side[DIFF_BEFORE].flows;
	r->flows_after = s->side[DIFF_AFTER].flows;
	r->before = r->after = ROW_ABSENT;
	return r;
}

/* Values of different sides in one unit, so that a change from nothing has a ratio as well. */
static double times_of(const struct metric *m, int64_t before, int64_t after)
{
	double low = (double)(before < after ? before : after);
	double high = (double)(before < after ? after : before);

	return (high + (double)m->least) / (low + (double)m->least);
}

/* "6.0", "0.25", "12k" */
static size_t fmt_times(char *out, double times)
{
	unsigned hundredths = times < 10 ? (unsigned)(times * 100 + 0.5) : 0;
	size_t n;

	if (!hundredths)
		return fmt_count(out, (uint64_t)times);
	n = fmt_u64(out, hundredths / 100);
	out[n++] = '.';
	out[n++] = (char)('0' + hundredths / 10 % 10);
	if (hundredths < 100)
		out[n++] = (char)('0' + hundredths % 10);
	out[n] = '\0';
	return n;
}

static void put_change(struct diff_row *r, const struct metric *m)
{
	double times = r->before > 0 ? (double)r->after / (double)r->before : 0;
	char *w = r->change;

	w += m->format(w, (uint64_t)r->before);
	w = stpcpy(w, " -> ");
	w += m->format(w, (uint64_t)r->after);
	if (times < 0.01)
		return;
	w = stpcpy(w, ", ");
	w += fmt_times(w, times);
	strcpy(w, " times");
}

static bool compare_metric(struct diff *d, const struct subject *s, const struct metric *m)
{
	int64_t before = m->value(&s->side[DIFF_BEFORE]), after = m->value(&s->side[DIFF_AFTER]);
	bool better = after < before;
	struct diff_row *r;
	double times;

	if (before == ROW_ABSENT || after == ROW_ABSENT || llabs(after - before) < m->least)
		return true;
	times = times_of(m, before, after);
	if (times < 1 + (m->times - 1) / 2)
		return true;
	r = row_of(d, s, m->weight * (1 + doublings(times)) * (better && !m->amount ? 0.01 : 1));
	if (!r)
		return false;
	strcpy(r->what, m->what);
	strcpy(r->unit, m->unit);
	strcpy(r->verdict, m->amount ? "changed" : better ? "better" : "worse");
	r->before = before;
	r->after = after;
	put_change(r, m);
	return true;
}

/* There on one side only: its bytes tell how much it was. */
static bool note_presence(struct diff *d, const struct subject *s)
{
	bool is_new = !s->side[DIFF_BEFORE].flows;
	const struct totals *t = &s->side[is_new ? DIFF_AFTER : DIFF_BEFORE];
	double weight = is_new ? WEIGHT_NEW : WEIGHT_GONE;
	bool fails = is_new && t->failed > 0;
	char bytes[FMT_MAX];
	struct diff_row *r;

	if (s->is_process)
		weight = is_new ? WEIGHT_NEW_PROCESS : WEIGHT_GONE_PROCESS;
	else if (fails)
		weight = WEIGHT_NEW_FAILED;
	r = row_of(d, s, weight * (1 + doublings(1 + (double)t->bytes / 1e6) / 10));
	if (!r)
		return false;
	strcpy(r->what, fails ? "new, fails" : is_new ? "new" : "gone");
	strcpy(r->verdict, fails ? "worse" : "changed");
	strcpy(r->unit, "bytes");
	*(is_new ? &r->after : &r->before) = t->bytes;
	fmt_bytes(bytes, (uint64_t)t->bytes);
	snprintf(r->change, sizeof(r->change), "%s%lld flow%s, %s", is_new ? "+ " : "- ",
		 (long long)t->flows, t->flows == 1 ? "" : "s", bytes);
	return true;
}

static int worst_first(const void *a, const void *b)
{
	const struct scored *x = a, *y = b;
	int order = (x->score < y->score) - (x->score > y->score);

	if (!order)
		order = strcmp(x->row.key, y->row.key);
	return order ? order : strcmp(x->row.what, y->row.what);
}

bool diff_compare(struct diff *d)
{
	for (unsigned i = 0; i < d->count; i++) {
		const struct subject *s = &d->subjects[i];
		bool both = s->side[DIFF_BEFORE].flows && s->side[DIFF_AFTER].flows;

		if (!both && !note_presence(d, s))
			return false;
		for (unsigned m = 0; both && m < METRICS; m++)
			if (!compare_metric(d, s, &metrics[m]))
				return false;
	}
	if (d->row_count)
		qsort(d->rows, d->row_count, sizeof(d->rows[0]), worst_first);
	for (unsigned i = 0; i < d->row_count; i++)
		d->rows[i].row.id = i + 1;
	return true;
}

const struct diff_row *diff_get(const struct diff *d, unsigned i)
{
	return i < d->row_count ? &d->rows[i].row : NULL;
}
