/* SPDX-License-Identifier: MIT
 *
 * Zeroed memory for tables. A large table lives in anonymous pages that start on a huge-page
 * boundary and ask for huge pages: first touch of 4 KiB pages and TLB misses cost several times
 * more than the table's own work. A small one lives on the heap.
 */
#ifndef SOCKLENS_BASE_PAGES_H
#define SOCKLENS_BASE_PAGES_H

#include <stddef.h>

enum { PAGES_HUGE = 2 << 20, PAGES_ALIGN = 64 };

/* `bytes` (> 0) of zeroed memory, aligned to a cache line at least; NULL when there is none. */
void *pages_new(size_t bytes);

/* Free what pages_new gave for the same `bytes`; NULL is accepted. */
void pages_free(void *p, size_t bytes);

#endif
