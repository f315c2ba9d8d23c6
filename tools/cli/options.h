/* SPDX-License-Identifier: MIT */
/* Options of a command: one table, from which the command line is parsed, --help is written and
   the shells complete, so that they cannot differ. GNU syntax: -o FILE, --output=FILE,
   abbreviations, options after operands, `--`. Every command has --help, --version and
   --list-options (what completion reads) without naming them. */
#ifndef VOQ_TOOLS_OPTIONS_H
#define VOQ_TOOLS_OPTIONS_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_kind {
    OPTION_HEADING, /* no option: `help` is a heading of --help */
    OPTION_FLAG,    /* bool, set to true */
    OPTION_TEXT,    /* const char *, points into argv */
    OPTION_TEXTS,   /* struct option_texts: may be given several times */
    OPTION_CHOICE,  /* uint32_t, index into `choices` */
    OPTION_U32,     /* uint32_t */
    OPTION_U64,     /* uint64_t */
    OPTION_NUMBER   /* double */
};

/* What a command does with the file, folder or model that the option names: option_guard.h keeps
   what is written apart from what is read. */
enum option_role {
    OPTION_NO_FILE, /* the value is no name of a file */
    OPTION_READS,
    OPTION_WRITES
};

/* Which rows of a table the command line named. */
enum { OPTIONS_MOST = 64 };
struct options_given {
    bool row[OPTIONS_MOST];
};

struct option_texts {
    const char **text; /* [n], points into argv; freed by options_free */
    size_t n, capacity;
};

/* One row. The value goes to the member at `offset` of the command's struct of options, whose
   contents before the parse are the defaults. */
struct option_row {
    enum option_kind kind;
    char letter;          /* 0: none */
    const char *name;     /* "output": --output */
    const char *argument; /* "FILE" in --help; NULL for flags. FILE, DIR, MODEL complete as such */
    size_t offset;        /* offsetof(struct my_options, member) */
    const char *help;     /* wrapped by --help; "\n" breaks a line */
    const char *choices;  /* "auto|scalar|sse2": of OPTION_CHOICE; OPTION_TEXT may have some */
    double least, most;   /* of numbers, inclusive; both 0: unchecked */
    enum option_role role;
};

struct option_table {
    const char *command;  /* "encode"; "" for voq itself */
    const char *operands; /* "[OPTION]... INPUT..." */
    const char *about;    /* what the command does: a sentence or two */
    const char *notes;    /* after the options, as it stands; NULL: none */
    const struct option_row *row;
    size_t n_row;
    size_t given; /* offsetof(struct my_options, given), for option_fit.h; 0: not kept */
};

enum options_result {
    OPTIONS_RUN,   /* go on */
    OPTIONS_DONE,  /* --help or --version was answered: exit 0 */
    OPTIONS_FAILED /* *failure, EXIT_USAGE (or EXIT_OUTPUT: --help to a full disk) */
};

/* argv[0] is skipped. *operand points into argv, which is reordered; *n_operand of them. Call it
   once, from the first thread. */
enum options_result options_parse(const struct option_table *table, int argc, char **argv,
                                  void *values, char ***operand, size_t *n_operand,
                                  struct failure *failure);

/* Frees the lists of OPTION_TEXTS. */
void options_free(const struct option_table *table, void *values);

/* --help and --list-options as text. */
void options_write_help(const struct option_table *table, FILE *file);
void options_write_list(const struct option_table *table, FILE *file);

/* The candidate[n] most like word, for "did you mean"; NULL when none is near. */
const char *options_nearest(const char *word, const char *const *candidate, size_t n);

#endif
