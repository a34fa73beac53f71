/** Shortens text to a number of bytes inside JSON, at the boundaries of what a reader sees as characters. */

const utf8 = new TextEncoder();
const ellipsis = "…";

/** How many bytes the text takes inside a JSON string, escapes included and quotes not. */
export function jsonTextBytes(text: string): number {
  return utf8.encode(JSON.stringify(text)).length - 2;
}

/** Well-formed, composed, control characters and runs of space as one space. */
export function tidyText(text: string): string {
  return text
    .toWellFormed()
    .normalize("NFC")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

/**
 * The whole text when it takes at most `maxBytes` inside JSON; else its beginning and an ellipsis within `maxBytes`.
 * A character whose combining marks alone are too long is cut between them. Empty when not even one character fits.
 */
export function cutText(text: string, maxBytes: number): string {
  if (jsonTextBytes(text) <= maxBytes) return text;
  const room = maxBytes - utf8.encode(ellipsis).length;
  const bySight = beginning(segments(text, room), room);
  const kept = bySight === "" ? beginning(text, room) : bySight;
  const trimmed = kept.trimEnd();
  return trimmed === "" ? "" : trimmed + ellipsis;
}

function* segments(text: string, room: number): Iterable<string> {
  // No character takes less than a byte, so what lies further than `room` units and one character need not be segmented.
  const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
  for (const { segment } of graphemes.segment(text.slice(0, 4 * room + 64))) yield segment;
}

function beginning(characters: Iterable<string>, room: number): string {
  let kept = "";
  let used = 0;
  for (const character of characters) {
    used += jsonTextBytes(character);
    if (used > room) break;
    kept += character;
  }
  return kept;
}
