/* SPDX-License-Identifier: MIT
 *
 * socklens diff: what changed between two captures, worst first.
 */
#include <errno.h>
#include <langinfo.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/session.h"
#include "report/diff.h"
#include "report/sheet.h"

struct comparison {
	struct diff *diff;
	struct filter *filter; /* NULL = every flow */
	enum diff_side side;
	bool short_of_memory;
	bool damaged;
};

static void on_flow(void *ctx, const struct flow_row *row)
{
	struct comparison *c = ctx;

	if (!c->filter || filter_holds(c->filter, row))
		c->short_of_memory |= !diff_add(c->diff, c->side, row);
}

/* Both are opened before the privileges go, and read after. */
static int open_both(struct engine *engines[2], const struct settings *s, struct err *e)
{
	int status = 0;

	for (int i = 0; i < 2 && status == 0; i++) {
		struct session_options so = {.frames = true, .keep_privileges = i == 0};
		struct settings one = *s;

		one.files[0] = s->files[i];
		one.file_count = 1;
		status = session_open(&engines[i], &one, &so, e);
	}
	return status ? status : session_start(engines[0], e);
}

/* A damaged file is compared as far as it can be read. */
static int read_one(struct comparison *c, struct engine *en, struct summary_row *sum)
{
	struct err e;
	int status;

	session_signals(en);
	engine_on_flow(en, on_flow, c);
	status = engine_run(en, &e);
	engine_finish(en, sum);
	if (status < 0)
		message("%s", e.text);
	c->damaged |= status == -EBADMSG;
	return status == -EBADMSG ? 0 : status;
}

/* --- the table -------------------------------------------------------------------------------- */

static const char *const for_people[] = {"rank", "verdict", "what", "change", "subject", "key"};

static int choose_sheet(struct sheet *sheet, const char *format, struct err *e)
{
	bool people = !format || !strcmp(format, "text") || !strcmp(format, "markdown");
	unsigned count;
	const struct field *f = diff_table.fields(&count);

	sheet->record = "diff";
	sheet->format = sheet_format_find(format ? format : "text");
	if (!sheet->format)
		return err_set(e, -EINVAL, "--format %s: here there are %s", format,
			       sheet_format_names());
	for (size_t i = 0; people && i < sizeof(for_people) / sizeof(for_people[0]); i++)
		sheet->fields[sheet->count++] = diff_table.find(for_people[i]);
	for (unsigned i = 0; !people && i < count; i++)
		sheet->fields[sheet->count++] = &f[i];
	return 0;
}

static void print(const struct comparison *c, const struct settings *s, const struct sheet *sheet,
		  const struct summary_row *sum, struct output *out)
{
	struct exporter_options o = {
		.human = true,
		.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8"),
	};
	const struct diff_row *row;

	sheet_begin(&out->buf, &o, sheet);
	for (unsigned i = 0; (!s->top || i < s->top) && (row = diff_get(c->diff, i)); i++) {
		sheet_row(&out->buf, &o, sheet, row);
		if (!output_flush(out, false))
			break;
	}
	sheet_end(&out->buf, &o, sheet, sum);
	output_flush(out, true);
}

static int compare(struct comparison *c, struct engine *engines[2], struct summary_row *sum)
{
	for (int i = 0; i < 2; i++) {
		int status;

		c->side = i ? DIFF_AFTER : DIFF_BEFORE;
		status = read_one(c, engines[i], sum);
		if (status < 0)
			return status;
	}
	if (!diff_compare(c->diff) || c->short_of_memory) {
		message("out of memory: not every change is told");
		return -ENOMEM;
	}
	return 0;
}

int cmd_diff(const struct settings *s)
{
	struct engine *engines[2] = {NULL, NULL};
	struct comparison c = {.diff = diff_new()};
	struct sheet sheet = {.count = 0};
	struct summary_row sum;
	struct output out;
	struct err e = {"out of memory"};
	int status = c.diff ? choose_sheet(&sheet, s->format, &e) : -ENOMEM;
	int code = EXIT_FAILED;

	if (status == 0 && s->row_filter)
		status = filter_compile(&c.filter, &flow_filter_table, s->row_filter, NULL, &e);
	if (status == 0)
		status = open_both(engines, s, &e);
	if (status < 0) {
		message("%s", e.text);
		code = session_exit_code(status);
	} else if (compare(&c, engines, &sum) == 0) {
		output_init(&out, STDOUT_FILENO);
		print(&c, s, &sheet, &sum, &out);
		output_done(&out);
		code = c.damaged ? EXIT_DAMAGED : EXIT_DONE;
	}
	filter_free(c.filter);
	diff_free(c.diff);
	engine_free(engines[0]);
	engine_free(engines[1]);
	return code;
}
