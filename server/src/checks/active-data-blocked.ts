import { dataBlockedCheck } from "./data-blocked.ts";

/** The server's connection from port 20 to the client does not pass. */
export const activeDataBlocked = dataBlockedCheck("active");
