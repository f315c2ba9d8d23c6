/* SPDX-License-Identifier: MIT */
#include "voq.h"

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

uint32_t voq_version(void)
{
    return VOQ_VERSION_MAJOR << 16 | VOQ_VERSION_MINOR << 8 | VOQ_VERSION_PATCH;
}

const char *voq_version_string(void)
{
    return TEXT(VOQ_VERSION_MAJOR) "." TEXT(VOQ_VERSION_MINOR) "." TEXT(VOQ_VERSION_PATCH);
}
