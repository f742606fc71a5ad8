/* SPDX-License-Identifier: MIT
 *
 * A SQLite database: every report is a run in it, and appends. Tables flows and sockets have the
 * fields of their records, dots made underscores; processes, losses and runs say the rest.
 *
 * Write-ahead log, one transaction a batch, and a writer that finds another one waits for it: so
 * batches are short in time as well. What is opened before privileges are dropped stays open.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "flow/rows/socket_field.h"
#include "report/formats.h"

enum { BATCH = 5000, BUSY_MS = 60000, SQL_MAX = 64 << 10 };
#define BATCH_NS 1000000000LL

struct sqlite {
	sqlite3 *db;
	sqlite3_stmt *flow, *socket;
	sqlite3_int64 run;
	unsigned waiting; /* rows of the open transaction */
	int64_t began_ns; /* when it was opened */
	bool open;
	struct err error; /* the first; nothing is written after it */
};

/* --- SQL -------------------------------------------------------------------------------------- */

static bool failed(struct sqlite *s)
{
	if (!*s->error.text)
		err_set(&s->error, -EIO, "sqlite: %s", sqlite3_errmsg(s->db));
	return false;
}

static bool run_sql(struct sqlite *s, const char *sql)
{
	if (*s->error.text)
		return false;
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK || failed(s);
}

static const char *column_type(const struct field *f)
{
	return field_is_integer(f) || f->type == FIELD_VERSION ? "INTEGER" : "TEXT";
}

static void put_column(struct buf *sql, const struct field *f)
{
	buf_putc(sql, '"');
	for (const char *c = f->name; *c; c++)
		buf_putc(sql, *c == '.' ? '_' : *c);
	buf_putc(sql, '"');
}

static bool run_buf(struct sqlite *s, struct buf *sql)
{
	bool done = run_sql(s, buf_text(sql));

	buf_reset(sql);
	return done;
}

static bool has_column(struct sqlite *s, const char *table, const struct field *f)
{
	char column[128], *w = column;

	for (const char *c = f->name; *c && w < column + sizeof(column) - 1; c++)
		*w++ = *c == '.' ? '_' : *c;
	*w = '\0';
	return sqlite3_table_column_metadata(s->db, NULL, table, column, NULL, NULL, NULL, NULL,
					     NULL) == SQLITE_OK;
}

/* The table, and the columns that a file of an older version lacks. */
static bool make_table(struct sqlite *s, const char *table, const struct field *f, unsigned n)
{
	struct buf sql;
	bool done;

	buf_init(&sql, SQL_MAX);
	buf_printf(&sql, "CREATE TABLE IF NOT EXISTS %s(run INTEGER NOT NULL REFERENCES runs(run)",
		   table);
	for (unsigned i = 0; i < n; i++) {
		buf_putc(&sql, ',');
		put_column(&sql, &f[i]);
		buf_printf(&sql, " %s", column_type(&f[i]));
	}
	buf_puts(&sql, ")");
	done = run_buf(s, &sql);
	for (unsigned i = 0; done && i < n; i++) {
		if (has_column(s, table, &f[i]))
			continue;
		buf_printf(&sql, "ALTER TABLE %s ADD COLUMN ", table);
		put_column(&sql, &f[i]);
		buf_printf(&sql, " %s", column_type(&f[i]));
		done = run_buf(s, &sql);
	}
	buf_done(&sql);
	return done;
}

static bool prepare_insert(struct sqlite *s, sqlite3_stmt **out, const char *table,
			   const struct field *f, unsigned n)
{
	struct buf sql;
	bool done;

	buf_init(&sql, SQL_MAX);
	buf_printf(&sql, "INSERT INTO %s(run", table);
	for (unsigned i = 0; i < n; i++) {
		buf_putc(&sql, ',');
		put_column(&sql, &f[i]);
	}
	buf_puts(&sql, ") VALUES(?");
	for (unsigned i = 0; i < n; i++)
		buf_puts(&sql, ",?");
	buf_puts(&sql, ")");
	done = sqlite3_prepare_v2(s->db, buf_text(&sql), -1, out, NULL) == SQLITE_OK || failed(s);
	buf_done(&sql);
	return done;
}

/* --- the file --------------------------------------------------------------------------------- */

static const char other_tables[] =
	"CREATE TABLE IF NOT EXISTS runs(run INTEGER PRIMARY KEY, version TEXT, packets INTEGER,"
	" flow_packets INTEGER, bytes INTEGER, flows INTEGER, first_ns INTEGER, last_ns INTEGER,"
	" probe TEXT);"
	"CREATE TABLE IF NOT EXISTS losses(run INTEGER NOT NULL REFERENCES runs(run), stage TEXT,"
	" count INTEGER, help TEXT);"
	"CREATE TABLE IF NOT EXISTS processes(run INTEGER NOT NULL REFERENCES runs(run),"
	" pid INTEGER, name TEXT, exe TEXT, uid INTEGER, user TEXT, container TEXT, flows INTEGER,"
	" sent_bytes INTEGER, received_bytes INTEGER);";

static const char indexes_and_views[] =
	"CREATE INDEX IF NOT EXISTS flows_start ON flows(start_ns);"
	"CREATE INDEX IF NOT EXISTS flows_community ON flows(community_id);"
	"CREATE INDEX IF NOT EXISTS flows_dst ON flows(dst_ip, dst_port);"
	"CREATE INDEX IF NOT EXISTS flows_process ON flows(src_process_name, src_process_pid);"
	"CREATE VIEW IF NOT EXISTS by_process AS SELECT name, count(DISTINCT pid) AS pids,"
	" sum(flows) AS flows, sum(sent_bytes) AS sent_bytes, sum(received_bytes) AS received_bytes"
	" FROM processes GROUP BY name ORDER BY sum(sent_bytes) + sum(received_bytes) DESC;"
	"CREATE VIEW IF NOT EXISTS by_host AS SELECT ip, count(*) AS flows, sum(sent) AS "
	"sent_bytes,"
	" sum(received) AS received_bytes FROM (SELECT src_ip AS ip, src_bytes AS sent,"
	" dst_bytes AS received FROM flows UNION ALL SELECT dst_ip, dst_bytes, src_bytes FROM "
	"flows)"
	" GROUP BY ip ORDER BY sum(sent) + sum(received) DESC;"
	"CREATE VIEW IF NOT EXISTS by_service AS SELECT proto, dst_port AS port, app,"
	" count(*) AS flows, sum(src_bytes) + sum(dst_bytes) AS bytes FROM flows"
	" GROUP BY proto, dst_port, app ORDER BY bytes DESC;"
	"CREATE VIEW IF NOT EXISTS lost AS SELECT * FROM losses WHERE count > 0;";

/* Two who make the same new file at once: changing the journal does not wait by itself. */
static bool use_wal(struct sqlite *s)
{
	int status = SQLITE_BUSY;

	for (int tries = 0; status == SQLITE_BUSY && tries < 200; tries++) {
		status = sqlite3_exec(s->db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
				      NULL, NULL, NULL);
		if (status == SQLITE_BUSY)
			sqlite3_sleep(50);
	}
	return status == SQLITE_OK || failed(s);
}

static bool begin(struct sqlite *s)
{
	if (s->open)
		return true;
	s->open = run_sql(s, "BEGIN IMMEDIATE");
	s->began_ns = clock_now_mono_ns();
	return s->open;
}

static bool commit(struct sqlite *s)
{
	if (!s->open)
		return !*s->error.text;
	s->open = false;
	s->waiting = 0;
	return run_sql(s, "COMMIT");
}

static bool make_schema(struct sqlite *s)
{
	unsigned flow_count, socket_count;
	const struct field *flow = fields(&flow_count), *socket = socket_fields(&socket_count);
	bool done = use_wal(s) && begin(s) && run_sql(s, other_tables) &&
		    make_table(s, "flows", flow, flow_count) &&
		    make_table(s, "sockets", socket, socket_count) &&
		    run_sql(s, indexes_and_views) &&
		    run_sql(s, "INSERT INTO runs(version) VALUES('" SOCKLENS_VERSION "')");

	s->run = sqlite3_last_insert_rowid(s->db);
	return commit(s) && done && prepare_insert(s, &s->flow, "flows", flow, flow_count) &&
	       prepare_insert(s, &s->socket, "sockets", socket, socket_count);
}

int sqlite_open(struct exporter_options *o, struct err *e)
{
	struct sqlite *s;
	int fd;

	if (!o->path)
		return err_set(e, -EINVAL, "--format sqlite writes a file: give --output FILE");
	fd = open(o->path, O_RDWR | O_CREAT | O_CLOEXEC,
		  0600); /* not as readable as SQLite's are */
	if (fd < 0)
		return err_set(e, -errno, "cannot write %s: %s", o->path, strerror(errno));
	close(fd);
	s = calloc(1, sizeof(*s));
	if (!s)
		return err_set(e, -ENOMEM, "out of memory");
	o->state = s;
	if (sqlite3_open_v2(o->path, &s->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		failed(s);
	sqlite3_busy_timeout(s->db, BUSY_MS);
	if (!*s->error.text)
		make_schema(s);
	return *s->error.text ? sqlite_close(o, e) : 0;
}

int sqlite_close(struct exporter_options *o, struct err *e)
{
	struct sqlite *s = o->state;
	int status = 0;

	commit(s);
	sqlite3_finalize(s->flow);
	sqlite3_finalize(s->socket);
	sqlite3_close(s->db);
	if (*s->error.text)
		status = err_set(e, -EIO, "cannot write %s: %s", o->path, s->error.text);
	free(s);
	o->state = NULL;
	return status;
}

/* --- rows ------------------------------------------------------------------------------------- */

static void bind(sqlite3_stmt *st, int at, const struct field *f, const void *row)
{
	char text[FIELD_TEXT_MAX];
	size_t n;

	if (!field_present(f, row)) {
		sqlite3_bind_null(st, at);
	} else if (field_is_integer(f) || f->type == FIELD_VERSION) {
		sqlite3_bind_int64(st, at, field_int(f, row));
	} else if (field_is_text(f) && f->type != FIELD_LIST) {
		sqlite3_bind_text(st, at, field_chars(f, row), -1, SQLITE_STATIC);
	} else {
		n = field_text(f, row, false, text, sizeof(text));
		sqlite3_bind_text(st, at, text, (int)n, SQLITE_TRANSIENT);
	}
}

static void insert(struct sqlite *s, sqlite3_stmt *st, const struct field *f, unsigned n,
		   const void *row)
{
	if (*s->error.text || !begin(s))
		return;
	sqlite3_bind_int64(st, 1, s->run);
	for (unsigned i = 0; i < n; i++)
		bind(st, (int)i + 2, &f[i], row);
	if (sqlite3_step(st) != SQLITE_DONE)
		failed(s);
	sqlite3_reset(st);
	if (++s->waiting >= BATCH)
		commit(s);
}

void sqlite_begin(struct buf *out, const struct exporter_options *o)
{
	(void)out;
	(void)o;
}

void sqlite_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	struct sqlite *s = o->state;
	unsigned count;
	const struct field *f = fields(&count);

	(void)out;
	insert(s, s->flow, f, count, row);
}

void sqlite_socket(struct buf *out, const struct exporter_options *o, const struct socket_row *row)
{
	struct sqlite *s = o->state;
	unsigned count;
	const struct field *f = socket_fields(&count);

	(void)out;
	insert(s, s->socket, f, count, row);
}

void sqlite_tick(const struct exporter_options *o)
{
	struct sqlite *s = o->state;

	if (s->open && clock_now_mono_ns() - s->began_ns >= BATCH_NS)
		commit(s);
}

/* --- the end ---------------------------------------------------------------------------------- */

/* Of both ends of each flow. */
#define PROCESS_OF(end, other)                                                                     \
	"SELECT run, " end "_process_pid AS pid, " end "_process_name AS name, " end               \
	"_process_exe AS exe, " end "_process_uid AS uid, " end "_process_user AS user, " end      \
	"_process_container AS container, " end "_bytes AS sent, " other                           \
	"_bytes AS received FROM flows WHERE run = %lld AND " end "_process_pid IS NOT NULL"

static void end_run(struct sqlite *s, const struct summary_row *sum)
{
	char *sql = sqlite3_mprintf(
		"INSERT INTO processes SELECT run, pid, name, exe, uid, user, container, count(*),"
		" sum(sent), sum(received) FROM (" PROCESS_OF(
			"src",
			"dst") " UNION ALL " PROCESS_OF("dst",
							"src") ") GROUP BY pid, name, exe, uid, "
							       "user, container;"
							       "UPDATE runs SET packets = %lld, "
							       "flow_packets = %lld, bytes = %lld, "
							       "flows = %lld,"
							       " first_ns = nullif(%lld, %lld), "
							       "last_ns = nullif(%lld, %lld), "
							       "probe = %Q"
							       " WHERE run = %lld;",
		s->run, s->run, sum->packets, sum->flow_packets, sum->bytes, sum->flows,
		sum->first_ns, ROW_ABSENT, sum->last_ns, ROW_ABSENT, sum->probe, s->run);

	if (sql)
		run_sql(s, sql);
	sqlite3_free(sql);
}

static void put_losses(struct sqlite *s, const struct loss *loss)
{
	for (unsigned i = 0; i < LOSS_STAGES; i++) {
		char *sql =
			sqlite3_mprintf("INSERT INTO losses VALUES(%lld, %Q, %lld, %Q)", s->run,
					loss_name(i), (sqlite3_int64)loss->count[i], loss_help(i));

		if (sql)
			run_sql(s, sql);
		sqlite3_free(sql);
	}
}

void sqlite_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum)
{
	struct sqlite *s = o->state;

	(void)out;
	if (*s->error.text || !begin(s))
		return;
	end_run(s, sum);
	put_losses(s, &sum->loss);
	commit(s);
}
