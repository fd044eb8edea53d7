import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Replaces a file's content in one step: a reader sees the old file or the new one, never a part. Mode and owner
 * stay, and a symbolic link goes on pointing to the same file. Throws the file system's error, then the old file is
 * as it was.
 */
export function writeAtomically(path: string, bytes: Uint8Array): void {
  const target = realpathSync(path);
  const { mode, uid, gid } = statSync(target);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}`);
  const descriptor = openSync(temporary, "wx", 0o600);
  try {
    try {
      writeFileSync(descriptor, bytes);
      keepOwner(descriptor, uid, gid);
      fchmodSync(descriptor, mode & 0o7777);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Only root may give files away; whoever owns the file keeps it anyway. */
function keepOwner(descriptor: number, uid: number, gid: number): void {
  if (process.platform === "win32") return;
  if (uid === process.geteuid?.() && gid === process.getegid?.()) return;
  fchownSync(descriptor, uid, gid);
}
