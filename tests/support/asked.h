/* SPDX-License-Identifier: MIT */
/* Constructs a voq_output in one line. */
#ifndef VOQ_TESTS_ASKED_H
#define VOQ_TESTS_ASKED_H

#include "voq.h"

#define CODES(ids, distances, codewords, rows)                                                     \
    (&(const voq_output){.struct_size = sizeof(voq_output),                                        \
                         .capacity = (rows),                                                       \
                         .id = (ids),                                                              \
                         .distance = (distances),                                                  \
                         .z_q = (codewords)})
#define UNITS(ids, distances, rows) CODES(ids, distances, NULL, rows)
#define FEATURES(features, rows)                                                                   \
    (&(const voq_output){                                                                          \
        .struct_size = sizeof(voq_output), .capacity = (rows), .feature = (features)})

#endif
