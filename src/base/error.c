/* SPDX-License-Identifier: MIT */
#include "src/base/error.h"

#include "src/base/versioned.h"

#include <stdarg.h>
#include <stdio.h>

bool voq_is_asked(const voq_error *error)
{
    return error && error->struct_size >= FIRST_ERROR;
}

voq_status voq_refuse(voq_error *error, voq_status status, uint64_t offset, const char *format, ...)
{
    if (!voq_is_asked(error)) return status;
    va_list arguments;
    va_start(arguments, format);
    error->status = status;
    error->offset = offset;
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return status;
}

const char *voq_status_string(voq_status status)
{
    switch (status) {
    case VOQ_OK: return "ok";
    case VOQ_ERROR_ARGUMENT: return "bad argument";
    case VOQ_ERROR_MEMORY: return "out of memory";
    case VOQ_ERROR_IO: return "cannot read or write";
    case VOQ_ERROR_NOT_VOQ: return "not a voq model";
    case VOQ_ERROR_VERSION: return "the model needs a newer voq";
    case VOQ_ERROR_CORRUPT: return "the model is damaged";
    case VOQ_ERROR_LIMIT: return "beyond a limit";
    case VOQ_ERROR_CAPACITY: return "the output is too small";
    case VOQ_ERROR_UNSUPPORTED: return "not possible with this model";
    case VOQ_ERROR_CPU: return "this machine lacks the instruction set";
    case VOQ_ERROR_VALUE: return "a value is not finite";
    case VOQ_ERROR_STATE: return "after the end; reset first";
    }
    return "unknown status";
}
