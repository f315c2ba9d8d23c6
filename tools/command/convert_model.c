/* SPDX-License-Identifier: MIT */
#include "tools/command/convert.h"

#include "tools/base/output_file.h"
#include "tools/base/path.h"

#include <stdlib.h>

bool convert_write_model(const voq_parts *parts, const char *output, struct failure *failure)
{
    char *name = path_stem_copy(output);
    if (!name) return fail_memory(failure);
    voq_parts named = *parts;
    named.name = name;
    voq_model *model;
    voq_error error = {.struct_size = sizeof error};
    voq_status status = voq_model_make(&named, NULL, &model, &error);
    bool ok = status == VOQ_OK ||
              fail(failure, EXIT_USAGE, "%s: %s", output,
                   error.text[0] ? error.text : voq_status_string(status));
    if (ok) {
        const void *bytes;
        size_t n;
        voq_model_bytes(model, &bytes, &n);
        ok = output_file_write(output, bytes, n, failure);
        voq_model_close(model);
    }
    free(name);
    return ok;
}
