import type { Connection } from "vscode-languageserver";

/** Where defects of the server go: the editor's log of it. */
export type Log = Pick<Connection["console"], "error" | "info">;

/** Wraps a handler so that a defect in it is logged with what was asked for, and answered with `fallback`. */
export function guarded<Params, Result>(
  log: Log,
  what: string,
  fallback: Result,
  handler: (params: Params) => Result | Promise<Result>,
): (params: Params) => Promise<Result> {
  return async (params) => {
    try {
      return await handler(params);
    } catch (error) {
      log.error(`${what} failed${subject(params)}: ${describe(error)}`);
      return fallback;
    }
  };
}

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function subject(params: unknown): string {
  if (typeof params !== "object" || params === null || !("textDocument" in params)) return "";
  const { textDocument } = params;
  const uri = typeof textDocument === "object" && textDocument !== null && "uri" in textDocument;
  return uri ? ` for ${String(textDocument.uri)}` : "";
}
