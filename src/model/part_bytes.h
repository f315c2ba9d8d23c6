/* SPDX-License-Identifier: MIT */
/* The sections whose content is put together from many pieces: ENCD and LABL. */
#ifndef VOQ_PART_BYTES_H
#define VOQ_PART_BYTES_H

#include "src/model/layout.h"

/* Checks what the size of the section depends on; the rest is checked by reading it back. */
voq_status voq_check_encoder_parts(const voq_encoder *encoder, voq_error *error);
voq_status voq_check_label_parts(const voq_parts *parts, voq_error *error);

voq_status voq_check_section_parts(const voq_parts *parts, voq_error *error);

/* The size of a section, and its bytes, of which *bytes are zero before. */
uint64_t voq_encoder_section_size(const voq_encoder *encoder);
void voq_write_encoder_section(const voq_encoder *encoder, unsigned char *bytes);
uint64_t voq_label_section_size(const voq_parts *parts);
void voq_write_label_section(const voq_parts *parts, unsigned char *bytes);

#endif
