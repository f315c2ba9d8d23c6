/* SPDX-License-Identifier: MIT */
/* The table of unit and feature formats. A format is one file here and one row in format_table.c;
   nothing outside this folder knows any of them by name. Write with unit_writer.h and
   feature_writer.h, read with unit_reader.h and feature_reader.h. */
#ifndef VOQ_TOOLS_FORMAT_H
#define VOQ_TOOLS_FORMAT_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

/* What is known about a sequence of units beside the units. 0 or "": unknown. */
struct unit_facts {
    uint32_t n_code;      /* ids are below it */
    uint32_t n_codebook;  /* ids a frame; at least 1 */
    uint32_t hop_samples; /* frame i starts at sample i*hop */
    uint32_t rate_hz;
    char model_hash[17]; /* 16 hex digits */
};

/* What a format keeps and needs; a set of bits. */
enum format_trait {
    FORMAT_NAMES = 1 << 0,          /* names of utterances, inside or as file names */
    FORMAT_DURATIONS = 1 << 1,      /* frames of each run */
    FORMAT_TIMES = 1 << 2,          /* times in seconds; it needs hop and rate to be written */
    FORMAT_GAPS = 1 << 3,           /* where audio was lost, or at least the hole */
    FORMAT_CODEBOOKS = 1 << 4,      /* several ids a frame */
    FORMAT_FRAME_RATE = 1 << 5,     /* hop and rate */
    FORMAT_CODES = 1 << 6,          /* the number of codes; it needs it to be written */
    FORMAT_MODEL = 1 << 7,          /* the model's hash */
    FORMAT_RUNS = 1 << 8,           /* always runs of equal units, never single frames */
    FORMAT_FILE_EACH = 1 << 9,      /* one file per utterance: OUT is a folder */
    FORMAT_ORDER = 1 << 10,         /* the order is the identity: a failed input stops the run */
    FORMAT_LENGTH_FIRST = 1 << 11,  /* a length stands before the units: pipes are spooled */
    FORMAT_LIVE = 1 << 12,          /* made for reading while it is written */
    FORMAT_TEXT = 1 << 13,          /* lines of text, or may be; read out of gzip too */
    FORMAT_BINARY = 1 << 14         /* nothing for a terminal, unless it is written as text */
};

/* Options that only some formats have; sets of bits. */
enum writer_option {
    WRITER_DURATIONS = 1,
    WRITER_TEXT = 2,
    WRITER_SCP = 4,
    WRITER_DICT = 8,
    WRITER_NPY_TYPE = 16,
    WRITER_TSV = 32,
    WRITER_SHARDS = 64 /* split, rank and nshard */
};
enum reader_option {
    READER_LENIENT = 1,
    READER_SPECIAL = 2,
    READER_DURATIONS = 4,
    READER_AXES = 8
};

/* Which names a format can hold. A name is never changed silently: others are refused, or with
   name_escape written with %XX. */
enum name_rule {
    NAME_ANY,    /* no name inside */
    NAME_BAR,    /* no '|', newline, CR */
    NAME_TABBED, /* no TAB, newline, CR */
    NAME_JSON,   /* valid UTF-8 */
    NAME_TOKEN,  /* Kaldi's: not empty, no ASCII space or control byte, no byte 0xFF */
    NAME_CTM,    /* a token that does not begin with ";;" */
    NAME_FILE,   /* becomes a file name: not empty, no '/', not "." or ".." */
    NAME_PATH    /* becomes a path below a folder: '/' between such names */
};

struct unit_writer_ops;
struct unit_reader_ops;

struct unit_format {
    const char *name;             /* of -f and --from */
    const char *suffix[3];        /* of files, with the dot, any case; NULL: no more */
    const char *about;            /* for --help: "NAME|id id id, one line an utterance" */
    unsigned traits;              /* enum format_trait */
    enum name_rule name_rule;
    uint64_t most_codes;          /* ids above cannot be held; 0: no limit */
    const struct unit_writer_ops *writer;
    const struct unit_reader_ops *reader;
};

struct feature_writer_ops;
struct feature_reader_ops;

struct feature_format {
    const char *name; /* of -f with --features */
    const char *suffix[3];
    const char *about;
    unsigned traits; /* enum format_trait */
    enum name_rule name_rule;
    const struct feature_writer_ops *writer;
    const struct feature_reader_ops *reader;
};

/* Row i, NULL past the last. The first unit format is the default of `voq encode`, the first
   feature format that of --features. */
const struct unit_format *unit_format_at(size_t i);
const struct feature_format *feature_format_at(size_t i);

/* Of enum writer_option and enum reader_option: the others have no effect. */
unsigned unit_format_writer_options(const struct unit_format *format);
unsigned unit_format_reader_options(const struct unit_format *format);
unsigned feature_format_writer_options(const struct feature_format *format);

/* By name. EXIT_USAGE lists the names. */
bool unit_format_find(const char *name, const struct unit_format **format,
                      struct failure *failure);
bool feature_format_find(const char *name, const struct feature_format **format,
                         struct failure *failure);

/* By the suffix of a path, the first one; NULL: none has it. */
const struct unit_format *unit_format_of_path(const char *path);
const struct feature_format *feature_format_of_path(const char *path);

/* The same for a file to be read, which may have ".gz" behind the suffix of a text format. */
const struct unit_format *unit_format_of_input(const char *path);
/* Whether files of the format are called like this. */
bool unit_format_has_suffix(const struct unit_format *format, const char *path);

/* Whether OUT is a folder: the format has a file per utterance, and OUT is not "-", nor one input
   with an extension on OUT. */
bool format_out_is_folder(unsigned traits, const char *out, bool one_input);

/* The name as it will be written: a copy of `name` (free it), or, with `escape`, one with each byte
   that the rule forbids as %XX. Never rewritten otherwise: EXIT_INPUT says which byte of which name
   offends which format, and what to do. */
bool format_name(enum name_rule rule, const char *format, const char *name, bool escape,
                 char **written, struct failure *failure);

/* Fills `text` with what is lost when units with `facts` and the given traits (those of the format
   they come from, that really occur) become `to` with `dedup`: "durations, times, names". Empty:
   nothing. */
void format_losses(const struct unit_facts *facts, unsigned from_traits,
                   const struct unit_format *to, bool dedup, bool durations, char *text,
                   size_t size);

/* Asked before a writer opens a file: whether the file may be replaced. */
struct format_guard {
    bool (*allows)(void *context, const char *path, struct failure *failure); /* NULL: any may */
    void *context;
};

/* Where a reader or writer says something that is no failure: once each, no newline. */
struct format_notes {
    void (*say)(void *context, const char *text); /* NULL: nobody listens */
    void *context;
};

void format_note(const struct format_notes *notes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
