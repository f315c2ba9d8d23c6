/* SPDX-License-Identifier: MIT */
/* The files report.css and report.js, which the build puts into the program. */
#ifndef VOQ_TOOLS_PAGE_ASSETS_H
#define VOQ_TOOLS_PAGE_ASSETS_H

extern const char report_css[];
extern const char report_js[];

#endif
