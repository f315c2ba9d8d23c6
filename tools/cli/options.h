/* SPDX-License-Identifier: MIT */
/* Options of a command: parsing, --help and shell completion use the same table, so they cannot
   differ. GNU syntax: -o FILE, --output=FILE, abbreviations, options after operands, `--`. Every
   command has --help, --version and --list-options (for completion) without rows for them. */
#ifndef VOQ_TOOLS_OPTIONS_H
#define VOQ_TOOLS_OPTIONS_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_kind {
    OPTION_HEADING, /* not an option: `help` is a heading of --help */
    OPTION_FLAG,    /* bool, set to true */
    OPTION_TEXT,    /* const char *, points into argv */
    OPTION_TEXTS,   /* struct option_texts: may be given several times */
    OPTION_CHOICE,  /* uint32_t, index into `choices` */
    OPTION_U32,     /* uint32_t */
    OPTION_U64,     /* uint64_t */
    OPTION_NUMBER   /* double */
};

/* What a command does with the file, folder or model that the option names. option_guard.h makes
   sure that no output replaces an input. */
enum option_role {
    OPTION_NO_FILE, /* the value is not a file name */
    OPTION_READS,
    OPTION_WRITES
};

/* The rows of a table that the command line used. */
enum { OPTIONS_MOST = 64 };
struct options_given {
    bool row[OPTIONS_MOST];
};

struct option_texts {
    const char **text; /* [n], points into argv; freed by options_free */
    size_t n, capacity;
};

/* One row. The value is stored in the member at `offset` of the command's struct of options, whose
   contents before parsing are the defaults. */
struct option_row {
    enum option_kind kind;
    char letter;          /* 0: none */
    const char *name;     /* "output": --output */
    const char *argument; /* "FILE" in --help; NULL for flags. Some complete: voq.bash */
    size_t offset;        /* offsetof(struct my_options, member) */
    const char *help;     /* wrapped by --help; "\n" breaks a line */
    const char *choices;  /* "auto|scalar|sse2" for OPTION_CHOICE; optional for OPTION_TEXT */
    double least, most;   /* limits of numbers, inclusive; both 0: unchecked */
    enum option_role role;
};

struct option_table {
    const char *command;  /* "encode"; "" for voq itself */
    const char *operands; /* "[OPTION]... INPUT..." */
    const char *about;    /* what the command does, in one or two sentences */
    const char *notes;    /* printed unchanged after the options; NULL: none */
    const struct option_row *row;
    size_t n_row;
    size_t given; /* offsetof(struct my_options, given), for option_fit.h; 0: not kept */
};

enum options_result {
    OPTIONS_RUN,   /* go on */
    OPTIONS_DONE,  /* --help or --version was answered: exit 0 */
    OPTIONS_FAILED /* *failure, EXIT_USAGE (or EXIT_OUTPUT: --help to a full disk) */
};

/* Skips argv[0] and reorders argv; *operand points to its *n_operand operands. Call it once, from
   the first thread. */
enum options_result options_parse(const struct option_table *table, int argc, char **argv,
                                  void *values, char ***operand, size_t *n_operand,
                                  struct failure *failure);

/* Frees the lists of OPTION_TEXTS. */
void options_free(const struct option_table *table, void *values);

/* --help and --list-options as text. */
void options_write_help(const struct option_table *table, FILE *file);
void options_write_list(const struct option_table *table, FILE *file);

/* The candidate[n] most similar to word, for "did you mean"; NULL when none is close. */
const char *options_nearest(const char *word, const char *const *candidate, size_t n);

#endif
