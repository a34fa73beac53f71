/** Where a keyring lies: a file of one machine, or a small database that several machines share. */
import type { KeyringContents } from "./keyring-contents";

export interface KeyringStore {
  /**
   * Null when there is none.
   * @throws CustodyFault `keyring-unreadable`, `keyring-unreachable`
   */
  read(): Promise<KeyringContents | null>;
  /**
   * The keyring, made on first use with `today` as its first master's day. Of processes that start together all end with
   * the same one.
   * @throws CustodyFault `keyring-unreadable`, `keyring-unwritable`, `keyring-unreachable`
   */
  readOrMake(today: string): Promise<KeyringContents>;
  /**
   * Puts `next` in place of `seen`: a crash leaves either of them whole. When it returns, `next` is on disk, and what
   * `seen` held has been overwritten or unlinked as far as a program can do that.
   * @throws CustodyFault `keyring-changed` when another process has replaced it since it was seen: nothing was written;
   * `keyring-unwritable`, `keyring-unreachable`.
   */
  replace(next: KeyringContents, seen: KeyringContents): Promise<void>;
  close(): Promise<void>;
}
