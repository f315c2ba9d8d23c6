/* SPDX-License-Identifier: MIT */
/* No output replaces an input: what a run would write is compared with what it reads, by device and
   inode, before anything is written.

       option_guard_options(&guard, &table, &options, failure);   every option with a role
       option_guard_writes(&guard, "x.journal", failure);         files that have names of their own
       option_guard_reads(&guard, operand, failure);              operands, models
       option_guard_corpus(&guard, corpus, operand, n, failure);
       option_guard_check(&guard, failure);                       now compare
       ... the writers call option_guard_allows for each file that they open ...
       option_guard_free(&guard);

   Folders may be read and written at once; only regular files collide. All failures are EXIT_USAGE
   and name both files, or are about memory. */
#ifndef VOQ_TOOLS_OPTION_GUARD_H
#define VOQ_TOOLS_OPTION_GUARD_H

#include "tools/cli/options.h"

#include <sys/types.h>

struct guard_file;

struct option_guard {
    struct guard_file *write, *read;
    size_t n_write, n_read, write_capacity, read_capacity;
    struct guard_inode *inode; /* [n_inode], sorted: what the inputs are; made when first needed */
    size_t n_inode;
    bool indexed;
};

/* All zero is a guard without files. */
void option_guard_free(struct option_guard *guard);

/* Takes up every option of the table that reads or writes a file; a name that is no path is looked
   up among the models. */
bool option_guard_options(struct option_guard *guard, const struct option_table *table,
                          const void *values, struct failure *failure);

/* One more output; "-" is standard output. Fails where two outputs are one file. */
bool option_guard_writes(struct option_guard *guard, const char *path, struct failure *failure);

/* The output that is called as another one, with `suffix` added: OUT.journal, also of a folder. */
bool option_guard_writes_beside(struct option_guard *guard, const char *path, const char *suffix,
                                struct failure *failure);

/* One more input: a file, a folder whose files are read, a table (.scp) and what it lists, "-", or
   the name of a model. */
bool option_guard_reads(struct option_guard *guard, const char *path, struct failure *failure);

/* The recordings and lists of a corpus, and the operands that it was opened with; they outlive the
   guard. */
struct corpus;
bool option_guard_corpus(struct option_guard *guard, const struct corpus *corpus,
                         const char *const *operand, size_t n_operand, struct failure *failure);

/* Compares all outputs with all inputs. */
bool option_guard_check(struct option_guard *guard, struct failure *failure);

/* Whether a writer may open this file: it is no input, and no other output. `guard` is a struct
   option_guard; see struct format_guard. */
bool option_guard_allows(void *guard, const char *path, struct failure *failure);

/* Whether two outputs are one file, or would be. */
bool option_guard_same_output(const char *a, const char *b);

/* For the parts of this module: an input as it stands. A borrowed path outlives the guard; `alone`:
   no files beside it are read with it, but the gaps of a recording and the lengths of a shard. */
bool option_guard_add(struct option_guard *guard, const char *path, bool borrowed, bool alone,
                      struct failure *failure);

#endif
