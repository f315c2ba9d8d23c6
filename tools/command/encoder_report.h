/* SPDX-License-Identifier: MIT */
/* Describes the encoder of a model as text and as JSON. */
#ifndef VOQ_TOOLS_ENCODER_REPORT_H
#define VOQ_TOOLS_ENCODER_REPORT_H

#include "tools/base/json_writer.h"
#include "voq.h"

/* Writes nothing, or null, where encoder is NULL. The JSON holds every number of the layers. */
void encoder_report_text(FILE *file, const voq_encoder *encoder, const voq_info *info);
void encoder_report_json(struct json_writer *json, const voq_encoder *encoder,
                         const voq_info *info);

#endif
