/** What a reader's own device keeps of their vault between unlocks, and when it takes the server's state for the truth. */
import "./marker";
import type { DeviceMemory } from "../vault-contents";
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
  const copy = copies.copyOf(state.opened.hash);
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
  const copy = copies.copyOf(state.opened.hash);
  if (copy === null || copy === state.remembered) return;
  state.remembered = copy;
  await memory.update(copy);
}
