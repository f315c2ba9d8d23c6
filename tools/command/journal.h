/* SPDX-License-Identifier: MIT */
/* OUT.journal: the progress of a run, so that a killed run can be resumed. Its first line has the
   run's identity and the tag of its unfinished files (tools/base/part_file.h); then there is one
   line per finished utterance. A run locks its journal. A file of that name that is not a journal
   is never changed. */
#ifndef VOQ_TOOLS_JOURNAL_H
#define VOQ_TOOLS_JOURNAL_H

#include "tools/base/sink.h"
#include "tools/command/input_state.h"

#include <stddef.h>
#include <stdint.h>

#define JOURNAL_FILES 3 /* the most output files of a run */

/* One finished utterance, and the ends of the output files after it. */
struct journal_line {
    size_t item;
    bool failed;
    struct input_state input;
    struct sink_mark mark[JOURNAL_FILES];
};

struct journal;

struct journal_request {
    const char *output;
    const char *suffix; /* of the journal: ".journal" */
    uint64_t hash;      /* identifies the run */
    size_t n_item;      /* inputs of the run */
    bool resume;        /* read the lines of the existing journal */
    bool shared;        /* another process may do the same run at the same time */
};

/* Makes OUT.journal, or opens the existing one. If `shared` and another process has the journal of
   this run open, *journal is NULL, and the run goes on without one. EXIT_USAGE if the file is not a
   journal, belongs to a run with another hash, has an invalid line, or is in use by another run; it
   is then left unchanged. */
bool journal_open(struct journal **journal, const struct journal_request *request,
                  struct failure *failure);

const char *journal_tag(const struct journal *journal);
bool journal_is_old(const struct journal *journal); /* it existed before */

/* The lines that were read, in the order in which they were written. */
const struct journal_line *journal_lines(const struct journal *journal, size_t *n);

/* Reports that line i cannot come from these inputs. EXIT_USAGE. */
bool journal_fail_line(const struct journal *journal, size_t i, struct failure *failure);

/* Removes all but the first n lines. EXIT_OUTPUT. */
bool journal_cut(struct journal *journal, size_t n, struct failure *failure);

/* Adds a line; the output files must already contain the utterance. EXIT_OUTPUT. */
bool journal_add(struct journal *journal, const struct journal_line *line,
                 struct failure *failure);

void journal_keep(struct journal *journal);   /* closes it for --resume; NULL is allowed */
void journal_remove(struct journal *journal); /* closes and deletes it; NULL is allowed */

#endif
