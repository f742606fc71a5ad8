/* SPDX-License-Identifier: MIT
 *
 * Capture files as a whole: every capture of the corpus against what tshark counted in it, and what
 * is said about files that are damaged or no captures.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit/capture/memory_file.h"

#define CORPUS "../shared/corpus"

/* --- the corpus --------------------------------------------------------------------------------- */

/* Captures where tshark's view of the file is not what the file holds. */
static const struct {
	const char *name, *why;
	struct sums want;
	int end;
} exceptions[] = {
	/* tshark: "network type 285 unknown or unsupported"; tcpdump's own test prints 10 frames. */
	{"tcpdump__edsa.pcap", "tshark does not know the link type", {0}, 0},
};

static bool is_exception(const char *name)
{
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++) {
		if (!strcmp(exceptions[i].name, name))
			return true;
	}
	return false;
}

/* "1385482078.892062000", "0" or "" as tshark prints them. */
static int64_t epoch_ns(const char *text)
{
	char *end;
	int64_t s = strtoll(text, &end, 10);

	return s * 1000000000 + (*end == '.' ? strtoll(end + 1, NULL, 10) : 0);
}

static void read_expected(const char *name, struct sums *want)
{
	char path[512], line[4096], key[64], value[512];
	FILE *f;

	*want = (struct sums){0};
	snprintf(path, sizeof(path), CORPUS "/expected/%s.tsv", name);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		value[0] = '\0';
		if (sscanf(line, "meta\t%63[^\t\n]\t%511[^\n]", key, value) < 1)
			continue;
		if (!strcmp(key, "frames"))
			want->frames = strtoull(value, NULL, 10);
		else if (!strcmp(key, "cap_bytes"))
			want->captured = strtoull(value, NULL, 10);
		else if (!strcmp(key, "wire_bytes"))
			want->wire = strtoull(value, NULL, 10);
		else if (!strcmp(key, "first_epoch"))
			want->first_ns = epoch_ns(value);
		else if (!strcmp(key, "last_epoch"))
			want->last_ns = epoch_ns(value);
	}
	fclose(f);
}

static unsigned compare(const char *name)
{
	char path[512];
	struct sums want, got = {0};
	struct source *s;
	struct err e = {""};
	int rc;

	read_expected(name, &want);
	snprintf(path, sizeof(path), CORPUS "/%s", name);
	rc = source_open_file(&s, path, NULL, &e);
	assert_int_equal(rc, 0);
	rc = sum_all(s, &got, &e);
	source_free(s);
	if (rc != -ENODATA)
		print_message("%s: %s\n", name, e.text);
	if (is_exception(name) || !memcmp(&want, &got, sizeof(got)))
		return 0;
	print_message("%s: frames %" PRIu64 "/%" PRIu64 " captured %" PRIu64 "/%" PRIu64
		      " wire %" PRIu64 "/%" PRIu64 " first %" PRId64 "/%" PRId64 " last %" PRId64
		      "/%" PRId64 "\n",
		      name, got.frames, want.frames, got.captured, want.captured, got.wire, want.wire,
		      got.first_ns, want.first_ns, got.last_ns, want.last_ns);
	return 1;
}

static void test_corpus(void **state)
{
	unsigned files = 0, differ = 0;
	struct dirent *d;
	DIR *dir = opendir(CORPUS "/expected");

	(void)state;
	if (!dir) {
		print_message("skipped: no " CORPUS "\n");
		skip();
	}
	while ((d = readdir(dir))) {
		char *tsv = strstr(d->d_name, ".tsv");

		if (!tsv || tsv[4])
			continue;
		*tsv = '\0';
		files++;
		differ += compare(d->d_name);
	}
	closedir(dir);
	assert_true(files > 200);
	assert_int_equal(differ, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
