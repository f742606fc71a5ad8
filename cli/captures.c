/* SPDX-License-Identifier: MIT */
#include "cli/captures.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static bool ends_as_captures_do(const char *word)
{
	static const char *const endings[] = {".pcap",	     ".pcapng",	   ".cap",
					      ".pcap.gz",    ".pcapng.gz", ".pcap.zst",
					      ".pcapng.zst", ".pcap.lz4"};
	size_t len = strlen(word);

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t n = strlen(endings[i]);

		if (len > n && strcmp(word + len - n, endings[i]) == 0)
			return true;
	}
	return false;
}

/* "10.0.0.0/8" is a network to libpcap and "tcp" a protocol, whatever the folder holds. */
bool captures_is_one(const char *word)
{
	struct stat st;

	if (!strpbrk(word, "./"))
		return false;
	return ends_as_captures_do(word) || (stat(word, &st) == 0 && !S_ISDIR(st.st_mode));
}

int captures_take(struct settings *s, char **words, struct err *e)
{
	int taken = 0;

	for (; words[taken] && captures_is_one(words[taken]); taken++) {
		if (s->file_count == SETTINGS_FILES_MAX)
			return err_set(e, -EINVAL, "at most %d captures", SETTINGS_FILES_MAX);
		s->files[s->file_count++] = words[taken];
	}
	return taken;
}
