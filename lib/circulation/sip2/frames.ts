/** Cuts a server's bytes into messages: each ends in CR, CR LF or LF, however the bytes were packed on their way. */

/** More than a thousand charged items with long titles. */
export const longestMessageBytes = 512 * 1024;

const [lineFeed, carriageReturn] = [0x0a, 0x0d];

export class Frames {
  private pieces: Uint8Array[] = [];
  private held = 0;

  /** The messages that these bytes complete, without their ends. `too-long`: no end is in sight. */
  take(bytes: Uint8Array): Uint8Array[] | "too-long" {
    const complete: Uint8Array[] = [];
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      if (bytes[at] !== carriageReturn && bytes[at] !== lineFeed) continue;
      this.hold(bytes.subarray(start, at));
      start = at + 1;
      if (this.held > longestMessageBytes) return "too-long";
      if (this.held > 0) complete.push(Buffer.concat(this.pieces));
      this.pieces = [];
      this.held = 0;
    }
    this.hold(bytes.subarray(start));
    return this.held > longestMessageBytes ? "too-long" : complete;
  }

  /** Bytes of a message that has not ended. */
  get isPartial(): boolean {
    return this.held > 0;
  }

  private hold(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.pieces.push(piece);
    this.held += piece.length;
  }
}
