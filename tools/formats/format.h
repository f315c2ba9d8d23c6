/* SPDX-License-Identifier: MIT */
/* The table of unit and feature formats. A format is one file here and one row in format_table.c;
   no code outside this folder names one. Write with unit_writer.h and
   feature_writer.h, read with unit_reader.h and feature_reader.h. */
#ifndef VOQ_TOOLS_FORMAT_H
#define VOQ_TOOLS_FORMAT_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

/* What is known about a sequence of units besides the units. 0 or "": unknown. */
struct unit_facts {
    uint32_t n_code;      /* ids are below it */
    uint32_t n_codebook;  /* ids per frame; at least 1 */
    uint32_t hop_samples; /* frame i starts at sample i*hop */
    uint32_t rate_hz;
    char model_hash[17]; /* 16 hex digits */
};

/* What a format stores and needs; a set of bits. */
enum format_trait {
    FORMAT_NAMES = 1 << 0,          /* names of utterances, inside or as file names */
    FORMAT_DURATIONS = 1 << 1,      /* frames of each run */
    FORMAT_TIMES = 1 << 2,          /* times in seconds; writing needs hop and rate */
    FORMAT_GAPS = 1 << 3,           /* lost audio, at least as a hole in time */
    FORMAT_CODEBOOKS = 1 << 4,      /* several ids per frame */
    FORMAT_FRAME_RATE = 1 << 5,     /* hop and rate */
    FORMAT_CODES = 1 << 6,          /* the number of codes; writing needs it */
    FORMAT_MODEL = 1 << 7,          /* the model's hash */
    FORMAT_RUNS = 1 << 8,           /* always runs of equal units, never single frames */
    FORMAT_FILE_EACH = 1 << 9,      /* one file per utterance: OUT is a folder */
    FORMAT_ORDER = 1 << 10,         /* the order is the only name: a failed input stops the run */
    FORMAT_LENGTH_FIRST = 1 << 11,  /* a length precedes the units: pipes are spooled */
    FORMAT_LIVE = 1 << 12,          /* can be read while it is written */
    FORMAT_TEXT = 1 << 13,          /* lines of text, or may be; also read from gzip */
    FORMAT_BINARY = 1 << 14         /* not for a terminal, unless written as text */
};

/* Options that only some formats have; sets of bits. */
enum writer_option {
    WRITER_DURATIONS = 1,
    WRITER_TEXT = 2,
    WRITER_SCP = 4,
    WRITER_DICT = 8,
    WRITER_NPY_TYPE = 16,
    WRITER_TSV = 32,
    WRITER_SHARDS = 64, /* split, rank and nshard */
    WRITER_LABELS = 128,
    WRITER_DURATIONS_FILE = 256 /* durations are a file of their own */
};
enum reader_option {
    READER_LENIENT = 1,
    READER_SPECIAL = 2,
    READER_DURATIONS = 4,
    READER_AXES = 8
};

/* Which names a format can hold. No name is changed silently: others are rejected, or with
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

/* Return bits of enum writer_option and enum reader_option; other options have no effect. */
unsigned unit_format_writer_options(const struct unit_format *format);
unsigned unit_format_reader_options(const struct unit_format *format);
unsigned feature_format_writer_options(const struct feature_format *format);

/* Finds a format by name. EXIT_USAGE lists the names. */
bool unit_format_find(const char *name, const struct unit_format **format,
                      struct failure *failure);
bool feature_format_find(const char *name, const struct feature_format **format,
                         struct failure *failure);

/* Returns the first format that has the suffix of a path; NULL: none. */
const struct unit_format *unit_format_of_path(const char *path);
const struct feature_format *feature_format_of_path(const char *path);

/* The same for an input file, where ".gz" may follow the suffix of a text format. */
const struct unit_format *unit_format_of_input(const char *path);
/* Whether the path has a suffix of the format. */
bool unit_format_has_suffix(const struct unit_format *format, const char *path);

/* Whether OUT is a folder: the format has one file per utterance, and OUT is not "-", nor a name
   with an extension for one input. */
bool format_out_is_folder(unsigned traits, const char *out, bool one_input);

/* Returns the name as it will be written: a copy of `name`, which the caller frees; with `escape`,
   bytes that the rule forbids become %XX. Without it they are EXIT_INPUT, which names the byte, the
   name and the format, and what to do. */
bool format_name(enum name_rule rule, const char *format, const char *name, bool escape,
                 char **written, struct failure *failure);

/* Writes to `text` what is lost when units with `facts` and from_traits (those of the source format
   that really occur) are written as `to` with `dedup`: "durations, times, names". Empty:
   nothing. */
void format_losses(const struct unit_facts *facts, unsigned from_traits,
                   const struct unit_format *to, bool dedup, bool durations, char *text,
                   size_t size);

/* Decides, before a writer opens a file, whether it may be replaced. */
struct format_guard {
    bool (*allows)(void *context, const char *path, struct failure *failure); /* NULL: any may */
    void *context;
};

/* Receives what a reader or writer reports that is not a failure: once each, without newline. */
struct format_notes {
    void (*say)(void *context, const char *text); /* NULL: notes are dropped */
    void *context;
};

void format_note(const struct format_notes *notes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
