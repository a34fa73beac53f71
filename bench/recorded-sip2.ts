/** `npm run captures:sip2 -- FOLDER`: reads recorded answers of real SIP2 servers; what is read of card and PIN must agree with the recording. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Frames } from "@/lib/circulation/sip2/frames";
import { readReply, readTail } from "@/lib/circulation/sip2/message";
import { readItemReply, readPatronReply } from "@/lib/circulation/sip2/replies";
import { decodeText } from "@/lib/circulation/sip2/text-encoding";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Name the folder with the recordings (sip….txt): npm run captures:sip2 -- FOLDER");
  process.exit(1);
}

const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
  /sip.*\.txt$/.test(name),
);
let [patrons, items, others] = [0, 0, 0];
for (const file of files) {
  for (const [at, bytes] of recorded(readFileSync(join(folder, file), "utf8")).entries()) {
    try {
      readOne(bytes);
    } catch (fault) {
      throw new Error(`${file}, answer ${at + 1}: not read as it was recorded`, { cause: fault });
    }
  }
}
console.log(
  `${files.length} recordings: ${patrons} answers about patrons, ${items} about copies, ${others} others`,
);
if (patrons === 0) {
  console.error("No answer about a patron was found in them, so nothing was proven.");
  process.exitCode = 1;
}

/** The bytes of `S< '…'`, a Python byte string, or of the raw form `< …`. */
function recorded(text: string): Uint8Array[] {
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

function readOne(bytes: Uint8Array): void {
  const frames = new Frames().take(bytes);
  assert(frames !== "too-long");
  assert.equal(frames.length, 1);
  const [frame = new Uint8Array()] = frames;
  const text = decodeText(frame.subarray(0, readTail(frame).bodyLength), "utf-8");
  if (!/^(64|18|94)/.test(text)) {
    others += 1;
    return;
  }
  const reply = readReply(text);
  assert(reply);
  if (reply.code === "18") {
    items += 1;
    assert.equal(readItemReply(reply, "America/New_York").title === null, text.startsWith("1801"));
  } else if (reply.code === "64") {
    patrons += 1;
    const patron = readPatronReply(reply);
    assert.equal(patron.isKnown, text.includes("|BLY|"));
    const judged = text.includes("|CQY|") ? "right" : text.includes("|CQN|") ? "wrong" : "not-judged";
    assert.equal(patron.pin, judged);
    assert.notEqual(patron.counts.charged, null);
  } else others += 1;
}
