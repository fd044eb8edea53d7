import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** A key and a certificate that the server signed itself; both live as long as the folder. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

export function makeCertificate(folder: string): Certificate {
  const certificate = join(folder, "certificate.pem");
  const key = join(folder, "key.pem");
  const subject = ["-subj", "/CN=ftp.test.invalid", "-days", "2"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const made = spawnSync(
    "openssl",
    ["req", "-x509", ...kind, ...subject, "-keyout", key, "-out", certificate],
    {
      encoding: "utf8",
    },
  );
  if (made.status !== 0) throw new Error(`openssl makes no certificate: ${made.stderr}`);
  return { certificate, key };
}
