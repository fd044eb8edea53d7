/** What ends the program with exit status 2 and this one line on standard error. */
export class UsageError extends Error {}

/** Why a file could not be read or written, in a few words: "no such file", "permission denied". */
export function describeIoError(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  return IO_ERRORS[code] ?? (error instanceof Error ? oneLine(error.message) : oneLine(String(error)));
}

const IO_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder",
  ELOOP: "too many symbolic links",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the device",
  ERR_FS_FILE_TOO_LARGE: "it is too large",
  ERR_STRING_TOO_LONG: "it is too large",
};

export function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}
