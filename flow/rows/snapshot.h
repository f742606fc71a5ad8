/* SPDX-License-Identifier: MIT
 *
 * The engine's answer to one view's question: immutable, self-contained, owned by the reader.
 */
#ifndef SOCKLENS_FLOW_SNAPSHOT_H
#define SOCKLENS_FLOW_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "flow/rows/group.h"
#include "flow/rows/id_set.h"
#include "flow/past.h"
#include "flow/recent.h"
#include "flow/recorder.h"
#include "flow/rows/row.h"
#include "flow/rows/socket_row.h"
#include "flow/rows/sums.h"
#include "flow/time_axis.h"

enum query_rows { QUERY_FLOWS, QUERY_SOCKETS, QUERY_PROCESSES, QUERY_GROUPS, QUERY_KINDS };

enum { QUERY_FILTER_MAX = 512 /* bytes, with the NUL */ };

/* What a view wants to know. A plain value: the engine copies it. */
struct query {
	enum query_rows of; /* flow, socket, usage or group rows; their fields sort and filter */
	char group[32];	    /* groups: what flows are added up by (flow/rows/group.h); "host" */
	uint32_t pid;	    /* flows or sockets of this process only; 0 = all */
	char sort[48];	    /* field name; "" = newest first */
	bool descending;
	char filter[QUERY_FILTER_MAX]; /* an expression (flow/rows/filter.h); "" = all */
	char flows[QUERY_FILTER_MAX];  /* groups: of which flows; "" = of all */
	struct id_set only;	       /* these rows alone; empty = all */
	bool tree;		       /* processes: parents before their children, siblings sorted */
	struct id_set folded;	       /* tree: without what is below these */
	const char *sums[SUMS_MAX]; /* names of fields to be added up; NULL ends; live for ever */
	char find[QUERY_FILTER_MAX]; /* an expression; a row is looked for that it holds for */
	uint32_t find_from;	     /* from this position on, */
	int8_t find_step;	     /* or the next (1) or the one before (-1); round the ends */
	uint32_t find_ticket;	     /* comes back with the answer */
	uint32_t offset, limit;	       /* window of the sorted rows */
	uint64_t follow_id;	       /* a row whose position is asked for; 0 = none */
	int64_t fade_ns;	       /* closed flows and sockets stay this long; < 0 = for ever */
	uint64_t open_id;	       /* the flow that is open; 0 = none */
	bool frames;		       /* its frames are wanted */
	int64_t bytes_ns;	       /* the bytes of its frame of this time; 0 = of none */
	uint8_t bytes_end;	       /* which 0 = src sent, 1 = dst */
	uint32_t ticket;	       /* comes back with the answer */
	uint8_t errand;		       /* the same: what the rows are for, 0 = the screen */
	int64_t at_ns;		       /* as it was known at this time of the data; 0 = now */
	bool axis;		       /* how much came when is wanted */
	bool urgent;		       /* somebody pressed a key and looks */
};

/*
 * What is remembered of a flow's frames, oldest first; some in the middle may be missing. Calls are among
 * them where they are told, as they became known: later than frames of the same time.
 */
struct flow_frames {
	uint64_t id; /* of the flow */
	uint32_t count;
	uint32_t calls; /* there were so many, kept or not */
	struct recent_note notes[]; /* `end` is 0 for src, 1 for dst */
};

/* A frame as it was captured. */
struct frame_bytes {
	int64_t time_ns; /* of the query */
	uint32_t caplen, wirelen; /* caplen 0: it is not kept any more */
	uint8_t data[];
};

struct snapshot {
	enum query_rows of;
	uint32_t ticket; /* of the query */
	uint8_t errand;	 /* of the query */
	/* Owned; the window [offset, offset + row_count) of what was asked for, the others NULL. */
	struct flow_row *rows;
	struct socket_row *sockets;
	struct usage_row *processes;
	struct group_row *groups;
	uint64_t open_id;	    /* of the query */
	struct flow_row *open;	    /* owned; that flow; NULL when it is gone */
	struct flow_frames *frames; /* owned; NULL when they were not wanted, or it is gone */
	struct frame_bytes *bytes;  /* owned; the same of one frame */
	uint32_t row_count;
	uint32_t offset;
	uint32_t matched;     /* rows that pass the filter */
	uint32_t total;	      /* rows there are */
	int64_t follow_index; /* position of follow_id among the matched; -1 = not there */
	void *sums;	      /* owned; a row of which nothing but the query's sums means anything */
	int64_t found;	      /* position of the row that was looked for; -1 = none, or nothing was */
	uint32_t find_ticket; /* of the query */
	uint32_t finds;	      /* rows among the matched that `find` holds for */
	int64_t now_ns;	      /* time of the data */
	int64_t asked_ns;     /* at_ns of the query */
	int64_t at_ns;	      /* the time that this is of, at most asked_ns; 0 = now */
	/* The next times to look at; before 0 = this is the first, after 0 = after this comes now. */
	int64_t before_ns, after_ns;
	struct time_axis *axis; /* owned; NULL when it was not wanted */
	struct past_extent past; /* what is kept to look back at; all zero of a file */
	int64_t packets_per_s, bits_per_s; /* over the last second of the data */
	bool finished;			   /* the source has ended */
	bool live;
	char source[64]; /* interface or file, printable */
	char error[320]; /* the source's last error; "" when none */
	struct summary_row summary;
	struct record_row record;
};

void snapshot_free(struct snapshot *s); /* accepts NULL */

struct filter_table;
/* What the filter of a question about such rows is written in. */
const struct filter_table *filter_table_of(enum query_rows of);

/* Row i of what was asked for, which is less than row_count; of the struct that `of` names. */
const void *snapshot_row(const struct snapshot *s, uint32_t i);

#endif
