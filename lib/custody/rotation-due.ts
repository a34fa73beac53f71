/** Whether the master is due to be replaced, or a replacement begun earlier to be finished. Pure. */
import type { KeyringContents } from "./keyring-contents";

export type RotationDue = "begin" | "finish" | "not-due";

/** Daily: a master that became current before `today` (ISO day) is due. Older ones still in the file are to be destroyed. */
export function rotationDue(file: Pick<KeyringContents, "current" | "masters">, today: string): RotationDue {
  const current = file.masters.find(({ generation }) => generation === file.current);
  if (!current || current.since < today) return "begin";
  return file.masters.length > 1 ? "finish" : "not-due";
}
