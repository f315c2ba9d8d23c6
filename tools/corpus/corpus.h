/* SPDX-License-Identifier: MIT */
/* From the arguments of a command to an ordered list of utterances. No audio file is read here; a
   missing file is an utterance that fails when opened, and so is a folder that cannot be read or
   holds no audio.

   An argument is, in this order: "-" standard input; a folder (recursive, files with a known audio
   suffix, sorted by relative path in byte order, links followed, loops not, names that begin with
   a dot left out; tars, if there are no such files); by suffix, a tar; by suffix, which ".gz" may
   follow, a fairseq manifest `.tsv`, a list of paths `.txt` or `.lst`, a Kaldi table `.scp`, a
   JSON Lines manifest `.jsonl` or `.json` (the file under `audio_filepath`, `audio`, `path` or
   `wav`, then `offset`, `duration`, `id`, `speaker`; or Lhotse's recordings and cuts); vectors
   `.npy`; else an audio file. A relative path in a list is used as written, or, if nothing is
   there, from the folder of the list (a `.tsv` has its own root).

   A tar is read as the folder that it unpacks to, and "KEY.json" in it states the id and the
   speaker of "KEY.flac" (tar_sidecar.h, lhotse_shar.h).

   Names: the file's stem; in a table the key; in a line of JSON the `id`, else the stem and, with
   an offset, "-STARTMS-ENDMS". Speakers: the utt2spk file, else `speaker` of the `.jsonl` line,
   else the text before the first '-' of the file's stem (of the key, of the id), else the folder's
   name. */
#ifndef VOQ_TOOLS_CORPUS_H
#define VOQ_TOOLS_CORPUS_H

#include "tools/base/audio_request.h"
#include "tools/base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum corpus_kind { CORPUS_AUDIO, CORPUS_VECTORS };

/* Which files of a folder are taken. */
enum corpus_suffixes {
    CORPUS_SUFFIXES_AUDIO,  /* wav flac ogg opus mp3 ... */
    CORPUS_SUFFIXES_RAW,    /* raw pcm */
    CORPUS_SUFFIXES_VECTORS /* npy */
};

/* All zero: the default. */
struct corpus_options {
    enum corpus_suffixes suffixes;
    bool names_from_path;     /* --names path: the path below the folder, or as written in a
                                 list or argument; without suffix */
    const char *stdin_name;   /* --name; NULL: "stdin" */
    const char *segments;     /* --segments FILE, for the .scp; NULL: none */
    const char *speakers;     /* --speakers UTT2SPK; NULL: none */
    bool fixed; /* the command has no --names, --name and --allow-pipes: no advice names them */
    bool allow_pipes;         /* --allow-pipes: a .scp may run commands */
    bool allow_equal_names;   /* training does not need unique names */
};

struct utterance {
    const char *name;
    const char *path;    /* "-" is standard input; a shell command if is_command */
    const char *speaker; /* NULL: unknown */
    const char *list;    /* the file that names it; NULL: an argument, or found in a folder */
    double begin_s;      /* 0: the start */
    double end_s;        /* <= 0: to the end */
    uint64_t declared;   /* frames of the file, stated by a .tsv; 0: not stated */
    uint64_t offset;     /* byte where the WAV begins in an archive; 0: the file */
    const struct audio_member *member; /* path is a tar; NULL: the file itself */
    uint32_t line;       /* of list, from 1 */
    int16_t channel;     /* 0: not stated; from 1; -1: the file must have only one */
    uint8_t kind;        /* enum corpus_kind */
    bool is_command;
};

struct corpus;

/* Fails with EXIT_INPUT ("LIST:LINE: ...") at the first bad line or unreadable list, and
   with EXIT_USAGE where two inputs have one name (both are named) or options do not fit. */
bool corpus_open(struct corpus **corpus, const char *const *argument, size_t n_argument,
                 const struct corpus_options *options, struct failure *failure);

size_t corpus_size(const struct corpus *corpus);
const struct utterance *corpus_get(const struct corpus *corpus, size_t i);

/* Returns the request for an utterance's samples at a rate; 0: the rate of the file. */
struct audio_request audio_request_of(const struct utterance *utterance, uint32_t rate_hz);

/* Returns what messages call the file: its path, or "TAR: MEMBER". */
const char *utterance_label(const struct utterance *utterance);

/* Warnings, one sentence each. */
size_t corpus_n_warning(const struct corpus *corpus);
const char *corpus_warning(const struct corpus *corpus, size_t i);

void corpus_close(struct corpus *corpus); /* NULL is allowed */

#endif
