/** Recorded answers of real servers, where `CAPTURES_DIR` has them: each is read, and what it says of card and PIN agrees with the recording. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Frames } from "./frames";
import { readReply, readTail } from "./message";
import { readItemReply, readPatronReply } from "./replies";
import { decodeText } from "./text-encoding";

const folder = process.env.CAPTURES_DIR ?? "";
const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /sip.*\.txt$/.test(name))
  : [];

/** The bytes of `S< '…'`, a Python byte string, or of the raw form `< …`. */
function recorded(file: string): Uint8Array[] {
  const text = readFileSync(join(folder, file), "utf8");
  const quoted = [...text.matchAll(/^S< (['"])(\d\d.*)\1 {3}\(/gm)].map(([, , said = ""]) =>
    said
      .replace(/\\x([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
      .replaceAll("\\r", "\r")
      .replaceAll("\\n", "\n"),
  );
  const raw = [...text.matchAll(/^< (\d\d.*?) {2}\(cksum/gm)].map(([, said = ""]) =>
    Buffer.from(`${said}\r`).toString("latin1"),
  );
  return [...quoted, ...raw].map((said) => Buffer.from(said, "latin1"));
}

test.skipIf(files.length === 0)("every recorded answer is one message that is read whole", () => {
  let [patrons, items] = [0, 0];
  for (const bytes of files.flatMap(recorded)) {
    const frames = new Frames().take(bytes);
    expect(frames).toHaveLength(1);
    const frame = frames === "too-long" ? new Uint8Array() : (frames[0] ?? new Uint8Array());
    const text = decodeText(frame.subarray(0, readTail(frame).bodyLength), "utf-8");
    if (!/^(64|18|94)/.test(text)) continue;
    const reply = readReply(text);
    if (!reply) throw new Error(`Not read: ${text.slice(0, 2)}`);
    if (reply.code === "18") {
      items += 1;
      expect((readItemReply(reply, "America/New_York").title === null) === text.startsWith("1801")).toBe(
        true,
      );
    }
    if (reply.code !== "64") continue;
    patrons += 1;
    const patron = readPatronReply(reply);
    expect(patron.isKnown).toBe(text.includes("|BLY|"));
    expect(patron.pin).toBe(
      text.includes("|CQY|") ? "right" : text.includes("|CQN|") ? "wrong" : "not-judged",
    );
    expect(patron.counts.charged).not.toBeNull();
  }
  expect(patrons).toBeGreaterThan(30);
  expect(items).toBeGreaterThan(10);
});
