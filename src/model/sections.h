/* SPDX-License-Identifier: MIT */
#ifndef VOQ_SECTIONS_H
#define VOQ_SECTIONS_H

#include "src/model/layout.h"

/* Reads what the sections hold and checks each part and that they fit together. */
voq_status voq_parse_sections(struct parsed *parsed, voq_error *error);

/* Their parts that have a file of their own: the layers of ENCD; NAME, PROV and LABL. */
voq_status voq_parse_encoder(struct parsed *parsed, voq_error *error);
voq_status voq_parse_texts(struct parsed *parsed, voq_error *error);

/* The u32 and f32 fields of a front end, in the order of the file. */
void voq_frontend_to_words(const voq_frontend *frontend, uint32_t words[FRNT_WORDS]);

#endif
