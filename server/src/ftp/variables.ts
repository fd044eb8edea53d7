/** Names of the session's variables. */
export const VARIABLES = {
  client: "client",
  dialed: "dialed",
  clientInterface: "client interface",
  serverInterface: "server interface",
  controlPort: "client control port",
  clientDataPort: "client data port",
  passivePort: "passive port",
  serverDataPort: "server data port",
} as const;
