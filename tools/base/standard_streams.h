/* SPDX-License-Identifier: MIT */
#ifndef VOQ_TOOLS_STANDARD_STREAMS_H
#define VOQ_TOOLS_STANDARD_STREAMS_H

/* First in every program. A standard stream that is closed would be the next file that is opened,
   and get what is meant for nobody. Afterwards reading or writing it fails. */
void standard_streams_hold(void);

/* A reader that went away is EPIPE, which ends quietly; a file that grows past the limit of the
   process is EFBIG, which is reported. */
void write_signals_ignore(void);

#endif
