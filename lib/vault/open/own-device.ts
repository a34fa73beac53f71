/** What a reader's own device keeps of their vault between unlocks, and when it takes the server's state for the truth. */
import "./marker";
import { equalBytes } from "@noble/ciphers/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Chapter, DeviceCopy, DeviceMemory } from "../vault-contents";
import { needsSaving } from "./open-vault";
import type { UnlockedState } from "./saving";
import type { CopyingServer } from "./vault-copy";

/** The device of somebody who never said that it is theirs. */
export const noMemory: DeviceMemory = {
  recall: async () => null,
  keep: async () => false,
  update: async () => {},
  forget: async () => {},
};

interface Device {
  memory: DeviceMemory;
  copies: CopyingServer;
}

/** Keeps the present state on this device. False when it has no room, or the state's bytes are not at hand. */
export async function beginKeeping(state: UnlockedState, { memory, copies }: Device): Promise<boolean> {
  const copy = copyOfState(state, copies);
  if (copy === null || !(await memory.keep(copy))) return false;
  state.ownDevice = true;
  state.remembered = copy;
  return true;
}

export async function stopKeeping(state: UnlockedState, { memory }: Device): Promise<void> {
  state.ownDevice = false;
  state.remembered = null;
  state.rollback = null;
  await memory.forget(state.opened.manifest.vaultId);
}

/** Remembers the last state that was saved, unless a rollback waits for its reader: what it took away is kept until then. */
export async function rememberState(state: UnlockedState, { memory, copies }: Device): Promise<void> {
  if (!state.ownDevice || state.rollback !== null || needsSaving(state.opened)) return;
  const copy = copyOfState(state, copies);
  if (copy === null || isSame(copy, state.remembered)) return;
  state.remembered = copy;
  await memory.update(copy);
}

/**
 * Numbered by the manifest, never by what the server said beside it. A chapter that the server leaves out or shows otherwise
 * stays as this device has it: it may be the last copy. Null when the state's bytes are not at hand.
 */
function copyOfState({ opened, remembered }: UnlockedState, copies: CopyingServer): DeviceCopy | null {
  const copy = copies.copyOf(opened.hash);
  if (copy === null) return null;
  const { vaultId, epoch, sequence, chapters: listed } = opened.manifest;
  const atHand = [...copy.chapters, ...(remembered?.chapters ?? [])];
  const chapters = listed.flatMap(({ id, revision, hash }) => {
    const isListed = (one: Chapter) =>
      one.id === id && one.revision === revision && equalBytes(sha256(one.blob), hash);
    return atHand.find(isListed) ?? [];
  });
  return { ...copy, vaultId, epoch, sequence, chapters };
}

function isSame(copy: DeviceCopy, kept: DeviceCopy | null): boolean {
  return (
    kept !== null &&
    equalBytes(copy.manifestHash, kept.manifestHash) &&
    copy.sequence === kept.sequence &&
    copy.chapters.length === kept.chapters.length &&
    copy.chapters.every((chapter) => kept.chapters.includes(chapter))
  );
}
