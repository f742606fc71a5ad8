/* SPDX-License-Identifier: MIT */
#include "base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* The largest page of any machine that Linux runs on: lengths to unmap must be whole pages. */
enum { PAGE_LARGEST = 64 << 10 };

static size_t round_up(size_t n, size_t unit)
{
	return (n + unit - 1) / unit * unit;
}

/* Map a huge page too much, then give back both ends: mmap itself promises no such alignment. */
static void *map_aligned(size_t bytes)
{
	size_t room = bytes + PAGES_HUGE, head;
	char *p = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	head = round_up((uintptr_t)p, PAGES_HUGE) - (uintptr_t)p;
	if (head)
		munmap(p, head);
	if (room - head > bytes)
		munmap(p + head + bytes, room - head - bytes);
	/* Only advice: without huge pages the table is slower, not wrong. */
	(void)madvise(p + head, bytes, MADV_HUGEPAGE);
	return p + head;
}

void *pages_new(size_t bytes)
{
	void *p;

	if (bytes > SIZE_MAX / 2)
		return NULL;
	if (bytes >= PAGES_HUGE)
		return map_aligned(round_up(bytes, PAGE_LARGEST));
	bytes = round_up(bytes, PAGES_ALIGN);
	p = aligned_alloc(PAGES_ALIGN, bytes);
	if (p)
		memset(p, 0, bytes);
	return p;
}

void pages_free(void *p, size_t bytes)
{
	if (!p)
		return;
	if (bytes >= PAGES_HUGE)
		munmap(p, round_up(bytes, PAGE_LARGEST));
	else
		free(p);
}
