/* SPDX-License-Identifier: MIT */
#ifndef VOQ_TOOLS_STANDARD_STREAMS_H
#define VOQ_TOOLS_STANDARD_STREAMS_H

/* First in every program. A standard stream that is closed would be the next file that is opened,
   and get what is meant for nobody. Afterwards reading or writing it fails. */
void standard_streams_hold(void);

#endif
