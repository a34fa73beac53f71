/** Packs a sealed copy into one zip file: the history, the waiting entries as they lie, and the page of instructions. */
import { downloadZip } from "client-zip";
import type { SealedCopy } from "@/lib/vault/unlocked-history";

export const bundleFolder = "reading-history-sealed";
export const bundleName = `${bundleFolder}.zip`;
export const historyName = "history.age";
export const waitingFolder = "waiting";

/** The names of the waiting entries, in the order in which they are given. They say nothing but their number. */
export function waitingNames(count: number): string[] {
  const digits = Math.max(3, `${count}`.length);
  return Array.from(
    { length: count },
    (_, index) => `${waitingFolder}/${`${index + 1}`.padStart(digits, "0")}.age`,
  );
}

/** No folder around the files: the systems' own unpackers make one, with the bundle's name. */
export async function packBundle(
  copy: SealedCopy,
  instructions: { name: string; text: string },
): Promise<Blob> {
  const names = waitingNames(copy.waiting.length);
  const waiting = copy.waiting.flatMap((input, index) => {
    const name = names[index];
    return name === undefined ? [] : [{ name, input }];
  });
  const files = [
    { name: instructions.name, input: instructions.text },
    { name: historyName, input: copy.history },
    ...waiting,
  ];
  return downloadZip(files).blob();
}
