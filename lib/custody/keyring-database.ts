/** The keyring that several machines share: the same document as the file, in a small PostgreSQL database of its own. */
import { openKeyringDatabase } from "@/db/keyring-database";
import { CustodyFault, type CustodyFaultCode } from "./custody-fault";
import { type KeyringContents, newKeyring, readContents, writeContents } from "./keyring-contents";
import type { KeyringStore } from "./keyring-store";

/** A keyring in the database at `url`, whose table is there already. Connects when it is first asked. */
export function databaseKeyring(url: string): KeyringStore {
  const database = openKeyringDatabase(url);
  const read = async () => parse(await reached("keyring-unreachable", () => database.readDocument()));
  return {
    read,
    async readOrMake(today) {
      const existing = await read();
      if (existing) return existing;
      await reached("keyring-unwritable", () =>
        database.exchangeDocument((found) => found === null, writeContents(newKeyring(today))),
      );
      const made = await read();
      if (!made) throw new CustodyFault("keyring-unwritable");
      return made;
    },
    async replace(next, seen) {
      const expected = writeContents(seen);
      const isSeen = (found: string | null) => {
        const contents = parse(found);
        return contents !== null && writeContents(contents) === expected;
      };
      const replaced = await reached("keyring-unwritable", () =>
        database.exchangeDocument(isSeen, writeContents(next)),
      );
      if (!replaced) throw new CustodyFault("keyring-changed");
    },
    close: () => database.close(),
  };
}

/** @throws CustodyFault `keyring-unreadable`, without quoting what is there. */
function parse(document: string | null): KeyringContents | null {
  if (document === null) return null;
  const contents = readContents(document);
  if (!contents) throw new CustodyFault("keyring-unreadable");
  return contents;
}

/** The driver's fault is told by its code alone: its message may quote the statement, and that the keys. */
async function reached<T>(code: CustodyFaultCode, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    if (fault instanceof CustodyFault) throw fault;
    throw new CustodyFault(code, { cause: withoutWords(fault) });
  }
}

function withoutWords(fault: unknown): Error {
  const cause = fault instanceof Error && fault.cause !== undefined ? fault.cause : fault;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  return Object.assign(new Error("keyring database"), { code });
}
