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

#define HTML_STYLE \
	":root{color-scheme:light dark;--bg:#fff;--fg:#1c2127;--dim:#636c76;--line:#e3e6ea;" \
	"--up:#3b6fa8;--down:#9dc0e3;--track:#f0f2f5;--bad:#b4261b;--head:#fff}\n" \
	"@media(prefers-color-scheme:dark){:root{--bg:#12161b;--fg:#dfe3e8;--dim:#8d97a3;" \
	"--line:#272e36;--up:#6ea8e0;--down:#36597d;--track:#1c222a;--bad:#ff8b7e;" \
	"--head:#12161b}}\n" \
	"@media print{:root{--bg:#fff;--fg:#000;--dim:#444;--line:#bbb;--up:#3b6fa8;" \
	"--down:#9dc0e3;--track:#eee;--bad:#b4261b;--head:#fff}body{padding:0;max-width:none;" \
	"font-size:11px}.charts section,figure,.cards,tr{break-inside:avoid}h2{" \
	"break-after:avoid}table{font-size:7px}th,td{padding:.15rem .25rem;max-width:9rem}" \
	".wide{overflow:visible;max-height:none}rect,.key{print-color-adjust:exact}}\n" \
	"*{box-sizing:border-box}\n" \
	"body{margin:0 auto;max-width:1160px;padding:2.5rem 1.5rem 4rem;background:var(--bg);" \
	"color:var(--fg);font:15px/1.5 system-ui,sans-serif}\n" \
	"h1{font-size:1.6rem;font-weight:600;letter-spacing:-.01em;margin:0}\n" \
	"h2{font-size:1rem;font-weight:600;margin:2.5rem 0 .6rem}\n" \
	"p,footer,figcaption{color:var(--dim);margin:.2rem 0 .6rem;font-size:.87rem}\n" \
	".cards{display:flex;flex-wrap:wrap;margin:1.6rem 0 0;" \
	"border-block:1px solid var(--line)}\n" \
	".card{flex:1 1 7rem;padding:.8rem 1rem .8rem 0;color:var(--dim);font-size:.87rem}\n" \
	".card strong{display:block;color:var(--fg);font-size:1.5rem;font-weight:600;" \
	"line-height:1.2;font-variant-numeric:tabular-nums}\n" \
	".card.bad strong,figcaption strong{color:var(--bad)}\n" \
	".charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));" \
	"gap:0 2.5rem}\n" \
	".ladders{display:grid;" \
	"grid-template-columns:repeat(auto-fill,minmax(min(480px,100%),1fr));" \
	"gap:1.5rem 2.5rem}\n" \
	"figure{margin:0}\n" \
	".key{display:inline-block;width:.7em;height:.7em;border-radius:2px;" \
	"margin:0 .35em 0 0}.key.down{margin-left:.8em}\n" \
	".key.up{background:var(--up)}.key.down{background:var(--down)}\n" \
	"svg{width:100%;height:auto;display:block;overflow:visible}\n" \
	"svg text{fill:var(--fg);font-size:12px;font-variant-numeric:tabular-nums}svg .dim{" \
	"fill:var(--dim)}\n" \
	"svg .up{fill:var(--up)}svg .down{fill:var(--down)}svg .track{fill:var(--track)}\n" \
	"svg .grid,svg .axis{stroke:var(--line)}svg .axis{stroke-width:2}\n" \
	"svg .rung line{stroke:var(--up)}svg .rung path{fill:var(--up)}svg .rung text{" \
	"font-size:11px}\n" \
	"svg .bad line{stroke:var(--bad)}svg .bad path,svg .bad text{fill:var(--bad)}\n" \
	".wide{overflow:auto;max-height:34rem}\n" \
	"table{border-collapse:collapse;width:100%;font-size:13px;" \
	"font-variant-numeric:tabular-nums}\n" \
	"th,td{padding:.3rem .6rem .3rem 0;text-align:left;white-space:nowrap;" \
	"max-width:22rem;overflow:hidden;text-overflow:ellipsis}\n" \
	"td{border-top:1px solid var(--line)}\n" \
	"th{position:sticky;top:0;background:var(--head);color:var(--dim);font-weight:500}\n" \
	"th.n,td.n{text-align:right}\n" \
	"th button{all:unset;cursor:pointer}th button:hover{color:var(--fg)}\n" \
	"th button:focus-visible{outline:2px solid var(--up);outline-offset:2px}\n" \
	"tbody tr:hover td{background:var(--track)}\n" \
	"th[aria-sort] button{color:var(--fg)}\n" \
	"th[aria-sort=ascending] button::after{content:\" \\25b2\"}" \
	"th[aria-sort=descending] button::after{content:\" \\25bc\"}\n" \
	"footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:1rem;" \
	"white-space:pre-line}\n"

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
