import { dataBlockedCheck } from "./data-blocked.ts";

/** The client's connection to the server's passive port does not pass. */
export const passiveDataBlocked = dataBlockedCheck("passive");
