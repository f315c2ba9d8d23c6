/* SPDX-License-Identifier: MIT */
/* Reads the units of a TextGrid, long or short: the tier "units", the tiers "units1", "units2" ...,
   or the only tier. */
#ifndef VOQ_TOOLS_TEXTGRID_READER_H
#define VOQ_TOOLS_TEXTGRID_READER_H

#include "tools/formats/unit_reader_ops.h"

extern const struct unit_reader_ops textgrid_unit_reader;

#endif
