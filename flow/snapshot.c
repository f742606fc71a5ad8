/* SPDX-License-Identifier: MIT
 *
 * Answers to the screen: choose, sort and copy the rows that one view asks for.
 *
 * Sorting compares fixed-size binary keys taken once from each flow, and only the rows of the
 * window asked for are kept, so that an answer costs one row's work a flow and no more memory than
 * a key each.
 */
#include "flow/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/vis.h"
#include "flow/engine_private.h"
#include "flow/field.h"

enum { SORT_KEY = 40 };

struct candidate {
	unsigned char key[SORT_KEY]; /* memcmp order is the order of the rows */
	uint64_t id;
};

void snapshot_free(struct snapshot *s)
{
	if (!s)
		return;
	free(s->rows);
	free(s->sockets);
	free(s->processes);
	free(s);
}

const void *snapshot_row(const struct snapshot *s, uint32_t i)
{
	switch (s->of) {
	case QUERY_SOCKETS: return &s->sockets[i];
	case QUERY_PROCESSES: return &s->processes[i];
	default: return &s->rows[i];
	}
}

/* --- filter ----------------------------------------------------------------------------------- */

/* What a person sees of a flow; a substring of any of these finds it. */
static const char *const searched[] = {
	"src.process.name", "src.process.pid", "dst.process.name", "dst.process.pid",
	"proto",	    "src.ip",	       "src.port",	   "dst.ip",
	"dst.port",	    "state",	       "app",		   "names.dns",
	"names.sni",	    "names.host",      "src.name",	   "dst.name",
	"interface",
};
enum { SEARCHED = sizeof(searched) / sizeof(searched[0]) };

struct matcher {
	const char *needle; /* "" matches all */
	const struct field *fields[SEARCHED];
};

static void matcher_init(struct matcher *m, const char *needle)
{
	m->needle = needle;
	for (int i = 0; i < SEARCHED; i++)
		m->fields[i] = field_find(searched[i]);
}

/* "192.0.2.1:80" is one text on the screen, so it is one here. */
static bool matches(const struct matcher *m, const struct flow_row *row)
{
	char text[2048];
	size_t len = 0;

	if (!m->needle[0])
		return true;
	for (int i = 0; i < SEARCHED && len < sizeof(text) - 1; i++) {
		bool port = m->fields[i] && strstr(m->fields[i]->name, ".port");

		if (!m->fields[i] || !field_present(m->fields[i], row))
			continue;
		if (len)
			text[len++] = port ? ':' : ' ';
		len += field_text(m->fields[i], row, false, text + len, sizeof(text) - len);
	}
	text[len < sizeof(text) ? len : sizeof(text) - 1] = '\0';
	return strcasestr(text, m->needle) != NULL;
}

/* --- order ------------------------------------------------------------------------------------ */

static void put_be64(unsigned char *out, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		out[i] = (unsigned char)(v >> (56 - 8 * i));
}

/* Byte 0 keeps absent values last in either direction; the rest is inverted to descend. */
static void sort_key(unsigned char key[SORT_KEY], const struct field *f, bool descending,
		     const struct flow_row *row)
{
	memset(key, 0, SORT_KEY);
	key[0] = !field_present(f, row);
	if (f->type == FIELD_ADDR)
		memcpy(key + 1, (const char *)row + f->offset, sizeof(struct addr));
	else if (field_is_text(f))
		field_text(f, row, false, (char *)key + 1, SORT_KEY - 1);
	else
		put_be64(key + 1, (uint64_t)field_int(f, row) ^ (1ull << 63));
	if (descending)
		for (int i = 1; i < SORT_KEY; i++)
			key[i] = (unsigned char)~key[i];
}

static int compare(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = memcmp(x->key, y->key, SORT_KEY);

	return order ? order : (x->id > y->id) - (x->id < y->id);
}

/* --- the answer ------------------------------------------------------------------------------- */

static bool faded(const struct query *q, const struct flow_row *row, int64_t now_ns)
{
	return row->closed && q->fade_ns >= 0 && now_ns - row->end_ns > q->fade_ns;
}

static uint32_t choose(struct engine *en, const struct query *q, struct candidate *out,
		       uint32_t max)
{
	const struct field *sort = q->sort[0] ? field_find(q->sort) : NULL;
	bool descending = sort ? q->descending : true;
	int64_t now_ns = en->counts.last_ns;
	struct matcher m;
	struct flow_row row;
	uint32_t n = 0;

	if (!sort)
		sort = field_find("start_ns");
	matcher_init(&m, q->filter);
	for (struct flow *f = flow_table_next(en->flows, NULL); f && n < max;
	     f = flow_table_next(en->flows, f)) {
		engine_fill_row(en, &row, f);
		if (faded(q, &row, now_ns) || !matches(&m, &row))
			continue;
		sort_key(out[n].key, sort, descending, &row);
		out[n++].id = row.id;
	}
	qsort(out, n, sizeof(*out), compare);
	return n;
}

static int64_t position(const struct candidate *c, uint32_t n, uint64_t id)
{
	for (uint32_t i = 0; id && i < n; i++)
		if (c[i].id == id)
			return i;
	return -1;
}

static int copy_window(struct engine *en, struct snapshot *s, const struct candidate *c,
		       const struct query *q)
{
	uint32_t left;

	s->offset = q->offset < s->matched ? q->offset : s->matched;
	left = s->matched - s->offset;
	s->row_count = q->limit < left ? q->limit : left;
	s->rows = calloc(s->row_count ? s->row_count : 1, sizeof(*s->rows));
	if (!s->rows)
		return -1;
	for (uint32_t i = 0; i < s->row_count; i++)
		engine_fill_row(en, &s->rows[i],
				flow_table_get(en->flows, c[s->offset + i].id));
	return 0;
}

static void describe(struct engine *en, struct snapshot *s)
{
	const struct source *source =
		en->source_count
			? en->sources[en->file_index < en->source_count ? en->file_index
									: en->source_count - 1]
			: NULL;

	s->now_ns = en->counts.last_ns;
	s->packets_per_s = en->meter.packets_per_s;
	s->bits_per_s = en->meter.bits_per_s;
	s->finished = en->finished;
	s->live = source && source_is_live(source);
	if (source)
		vis_str(s->source, sizeof(s->source), source_name(source), 256);
	snprintf(s->error, sizeof(s->error), "%s", en->error.text);
	engine_summary(en, &s->summary);
}

struct snapshot *engine_snapshot(struct engine *en, const struct query *q)
{
	struct snapshot *s = calloc(1, sizeof(*s));
	uint32_t total = flow_table_count(en->flows);
	struct candidate *c = malloc((total ? total : 1) * sizeof(*c));

	if (!s || !c)
		goto out_free;
	s->of = q->of;
	s->ticket = q->ticket;
	s->total = total;
	s->matched = q->of == QUERY_FLOWS ? choose(en, q, c, total) : 0;
	s->follow_index = position(c, s->matched, q->follow_id);
	if (copy_window(en, s, c, q) < 0)
		goto out_free;
	describe(en, s);
	free(c);
	return s;

out_free:
	free(c);
	snapshot_free(s);
	return NULL;
}
