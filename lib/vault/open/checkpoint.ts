/** The checkpoint: four words that change with every save, so that a reader notices when a vault was turned back. */
import "./marker";
import { wordsOfHash } from "./passphrase-words";

/** Four words of the manifest's hash, the same on every device. */
export function checkpointWords(manifestHash: Uint8Array): string[] {
  return wordsOfHash(manifestHash, 4);
}
