/* SPDX-License-Identifier: MIT */
/* No output may replace an input: before anything is written, the outputs of a run are compared
   with its inputs by device and inode.

       option_guard_options(&guard, &table, &options, failure);   every option with a role
       option_guard_writes(&guard, "x.journal", failure);         files that have names of their own
       option_guard_reads(&guard, operand, failure);              operands, models
       option_guard_corpus(&guard, corpus, operand, n, failure);
       option_guard_check(&guard, failure);                       now compare
       ... the writers call option_guard_allows for each file that they open ...
       option_guard_free(&guard);

   The same folder may be read and written; only regular files collide. Failures are EXIT_USAGE and
   name both files, or report that memory ran out. */
#ifndef VOQ_TOOLS_OPTION_GUARD_H
#define VOQ_TOOLS_OPTION_GUARD_H

#include "tools/cli/options.h"

#include <sys/types.h>

struct guard_file;

struct option_guard {
    struct guard_file *write, *read;
    size_t n_write, n_read, write_capacity, read_capacity;
    struct guard_inode *inode; /* [n_inode] of the inputs, sorted; made when first needed */
    size_t n_inode;
    bool indexed;
};

/* A zeroed guard is valid and has no files. */
void option_guard_free(struct option_guard *guard);

/* Adds every option of the table that reads or writes a file; a name that is not a path is looked
   up among the models. */
bool option_guard_options(struct option_guard *guard, const struct option_table *table,
                          const void *values, struct failure *failure);

/* Adds an output; "-" is standard output. Fails if two outputs are the same file. */
bool option_guard_writes(struct option_guard *guard, const char *path, struct failure *failure);

/* Adds the output whose name is that of a file or folder plus `suffix`: OUT.journal. */
bool option_guard_writes_beside(struct option_guard *guard, const char *path, const char *suffix,
                                struct failure *failure);

/* Adds an input: a file, a folder whose files are read, a table (.scp) and the files that it lists,
   "-", or the name of a model. */
bool option_guard_reads(struct option_guard *guard, const char *path, struct failure *failure);

/* Adds the recordings and lists of a corpus, and the operands that it was opened with. All of them
   must outlive the guard. */
struct corpus;
bool option_guard_corpus(struct option_guard *guard, const struct corpus *corpus,
                         const char *const *operand, size_t n_operand, struct failure *failure);

/* Compares all outputs with all inputs. */
bool option_guard_check(struct option_guard *guard, struct failure *failure);

/* Whether a writer may open this file, which must not be an input or another output. `guard` is a
   struct option_guard; see struct format_guard. */
bool option_guard_allows(void *guard, const char *path, struct failure *failure);

/* Whether two outputs are the same file, or would be once they exist. */
bool option_guard_same_output(const char *a, const char *b);

/* For the other files of this module: adds an input as it is. A borrowed path must outlive the
   guard. `alone`: of the files beside it, only .gaps and .len files are read with it. */
bool option_guard_add(struct option_guard *guard, const char *path, bool borrowed, bool alone,
                      struct failure *failure);

#endif
