/* SPDX-License-Identifier: MIT */
/* Rows of option tables that several commands share, so that their help is written once. `at` is
   the offsetof() of the member that receives the value. */
#ifndef VOQ_TOOLS_OPTION_ROWS_H
#define VOQ_TOOLS_OPTION_ROWS_H

#include "tools/base/parallel.h"
#include "tools/cli/model_lookup.h"
#include "tools/cli/options.h"

#define OPTION_ROW_HEADING(text) {OPTION_HEADING, 0, NULL, NULL, 0, text}

#define OPTION_ROW_MODEL(at)                                                                       \
    {OPTION_TEXT, 'm', "model", "MODEL", at,                                                       \
     "Path of the model, or its name, which is looked up in $VOQ_MODELS and among the shipped "    \
     "models (default: " MODEL_DEFAULT ").", .role = OPTION_READS}

#define OPTION_ROW_CPU(at)                                                                         \
    {OPTION_CHOICE, 0, "cpu", "NAME", at,                                                          \
     "Instruction set to use: auto (default), scalar, sse2, avx2, avx512 or neon. The result "     \
     "does not depend on it.", MODEL_CPU_CHOICES}

#define OPTION_ROW_JOBS(at)                                                                        \
    {OPTION_U32, 'j', "jobs", "N", at,                                                             \
     "Number of workers, each with memory of its own; 0 (default): one per processor that the "    \
     "process may use. The result does not depend on it.", NULL, 0, PARALLEL_MOST}

#define OPTION_ROW_QUIET(at) {OPTION_FLAG, 'q', "quiet", NULL, at, "Print errors only."}

#define OPTION_ROW_STRICT(at)                                                                      \
    {OPTION_FLAG, 0, "strict", NULL, at, "Stop at the first input that fails."}

/* `what` names what is printed: "the list". */
#define OPTION_ROW_JSON(at, what) {OPTION_FLAG, 0, "json", NULL, at, "Print JSON: " what "."}

/* `more`: what the command does with speakers. */
#define OPTION_ROW_SPEAKERS(at, more)                                                              \
    {OPTION_TEXT, 0, "speakers", "FILE", at,                                                       \
     "Speakers: lines \"UTTERANCE SPEAKER\", as in Kaldi's utt2spk. " more, .role = OPTION_READS}

#define OPTION_ROW_ALLOW_PIPES(at)                                                                 \
    {OPTION_FLAG, 0, "allow-pipes", NULL, at, "Run the shell commands that a wav.scp contains."}

#define OPTION_ROW_DEDUP(at)                                                                       \
    {OPTION_FLAG, 0, "dedup", NULL, at, "Write one unit for each run of equal units."}

#endif
