/* SPDX-License-Identifier: MIT
 *
 * What stands in every page: its look in light, dark and on paper, and the script that sorts.
 */
#ifndef SOCKLENS_REPORT_HTML_PAGE_H
#define SOCKLENS_REPORT_HTML_PAGE_H

/* The policy forbids the page every request, whatever a name in it might contain. */
#define HTML_HEAD                                                                                  \
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"                     \
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "                 \
	"style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"                                  \
	"<meta name=\"viewport\" content=\"width=device-width\">\n"                                   \
	"<title>socklens report</title>\n<style>\n" HTML_STYLE "</style>\n</head>\n<body>\n"

#define HTML_STYLE                                                                                 \
	":root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;"          \
	"--bar:#2f6fb5;--bad:#b3261e;--card:#f6f8fa}\n"                                               \
	"@media(prefers-color-scheme:dark){:root{--bg:#0f1419;--fg:#e6e6e6;--dim:#9aa4af;"            \
	"--line:#30363d;--bar:#6cb0f5;--bad:#ff8a80;--card:#171d24}}\n"                               \
	"@media print{:root{--bg:#fff;--fg:#000;--dim:#444;--line:#bbb;--bar:#2f6fb5;--card:#fff}"    \
	"section{break-inside:avoid-page}table{font-size:8px}.wide{overflow:visible}}\n"              \
	"body{margin:0 auto;max-width:1200px;padding:1.5rem;background:var(--bg);color:var(--fg);"    \
	"font:15px/1.45 system-ui,sans-serif}\n"                                                      \
	"h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}\n"                     \
	"p{color:var(--dim);margin:.3rem 0}.bad{color:var(--bad)}\n"                                  \
	".totals{white-space:pre-line}.cards{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0}\n"                              \
	".card{background:var(--card);border:1px solid var(--line);border-radius:6px;"                \
	"padding:.5rem 1rem}.card strong{display:block;font-size:1.3rem}\n"                           \
	".charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:1rem}\n"   \
	"svg{width:100%;height:auto;display:block}svg text{fill:var(--fg);font-size:12px}\n"          \
	"svg .dim{fill:var(--dim)}svg .bar{fill:var(--bar)}svg .axis{stroke:var(--line)}\n"           \
	".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:13px;"             \
	"font-variant-numeric:tabular-nums}\n"                                                        \
	"th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line);text-align:left;"             \
	"white-space:nowrap;max-width:24rem;overflow:hidden;text-overflow:ellipsis}\n"                \
	"th.n,td.n{text-align:right}th button{all:unset;cursor:pointer;font-weight:600}\n"            \
	"th button:focus-visible{outline:2px solid var(--bar)}\n"                                     \
	"th[aria-sort=ascending] button::after{content:\" \\25b2\"}"                                  \
	"th[aria-sort=descending] button::after{content:\" \\25bc\"}\n"

#define HTML_SCRIPT                                                                                \
	"<script>\n\"use strict\";\n"                                                                 \
	"for (const b of document.querySelectorAll(\"th button\")) b.addEventListener(\"click\", "    \
	"() => {\n"                                                                                   \
	"  const th = b.parentElement, t = th.closest(\"table\"), i = th.cellIndex;\n"                \
	"  const up = th.getAttribute(\"aria-sort\") === \"descending\";\n"                           \
	"  for (const o of t.querySelectorAll(\"th\")) o.removeAttribute(\"aria-sort\");\n"           \
	"  th.setAttribute(\"aria-sort\", up ? \"ascending\" : \"descending\");\n"                    \
	"  const v = r => r.cells[i].dataset.v ?? r.cells[i].textContent;\n"                          \
	"  const n = th.classList.contains(\"n\");\n"                                                 \
	"  const rows = [...t.tBodies[0].rows].sort((x, y) => (up ? 1 : -1) * (n ?\n"                 \
	"    (v(x) === \"\" ? -1 : +v(x)) - (v(y) === \"\" ? -1 : +v(y)) : "                          \
	"v(x).localeCompare(v(y))));\n"                                                               \
	"  t.tBodies[0].append(...rows);\n"                                                           \
	"});\n</script>\n"

#endif
