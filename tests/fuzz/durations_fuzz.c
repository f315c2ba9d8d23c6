/* SPDX-License-Identifier: MIT */
/* Any bytes as units of textlesslib with, behind a line of "%", the durations beside them. The
   first byte chooses names or none. */
#define _GNU_SOURCE
#include "tests/fuzz/unit_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct unit_reader_options options = {.facts = {.n_code = 100}};
    struct failure failure;
    if (n < 1) return 0;
    options.allow_special = data[0] & 2;
    const char *name = data[0] & 1 ? "units-names" : "units";
    if (!unit_format_find(name, &options.format, &failure)) abort();
    data++;
    n--;
    struct memory_file units = memory_file_part(&data, &n);
    struct memory_file durations = memory_file_part(&data, &n);
    options.durations_path = durations.path;
    read_units(units.path, &options);
    memory_file_close(&units);
    memory_file_close(&durations);
    return 0;
}
