/** The secrets of one installation, made once and kept in `DATA_DIR/secrets.json`, readable by its owner only. */
import { randomBytes, randomUUID } from "node:crypto";
import { link, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const secretsSchema = z.object({ AUTH_SECRET: z.string().min(32), LOANS_TOKEN: z.string().min(32) });
export type Secrets = z.infer<typeof secretsSchema>;

/** Reads them, or makes them. What the environment gives goes first, and is not written down. */
export async function ensureSecrets(
  dataDir: string,
  given: Record<string, string | undefined>,
): Promise<Secrets> {
  const path = secretsPath(dataDir);
  if (!(await readFile(path).catch(() => undefined))) await makeSecrets(path);
  const kept = parseSecrets(path, await readFile(path, "utf8"));
  return {
    AUTH_SECRET: given.AUTH_SECRET || kept.AUTH_SECRET,
    LOANS_TOKEN: given.LOANS_TOKEN || kept.LOANS_TOKEN,
  };
}

export function secretsPath(dataDir: string): string {
  return join(dataDir, "secrets.json");
}

/** Whole or not at all; if another process was quicker, its secrets stand. */
async function makeSecrets(path: string): Promise<void> {
  const secrets: Secrets = { AUTH_SECRET: newSecret(), LOANS_TOKEN: newSecret() };
  const part = `${path}.${randomUUID()}.part`;
  const file = await open(part, "w", 0o600);
  await file.writeFile(`${JSON.stringify(secrets, null, 2)}\n`);
  await file.sync();
  await file.close();
  try {
    await link(part, path);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
  } finally {
    await rm(part, { force: true });
  }
}

function parseSecrets(path: string, text: string): Secrets {
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch {
    // Neither the text nor the parser's words about it: they hold the secrets.
    throw new Error(
      `${path} cannot be read as secrets. Restore it, or remove it to make new ones (all sign in again).`,
    );
  }
}

function newSecret(): string {
  return randomBytes(32).toString("base64url");
}
