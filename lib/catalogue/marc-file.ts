/** Opens a file of MARC records, gzipped or not, and says why one cannot be used. */
import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { recordTerminator } from "./marc-frames";

export type MarcFile =
  | {
      ok: true;
      chunks: AsyncIterable<Uint8Array>;
      byteCount: number;
      /** How much of the file has been read so far, for a progress bar. */
      bytesRead(): number;
    }
  | {
      ok: false;
      why: "missing" | "no-file" | "unreadable" | "empty" | "marcxml" | "not-marc" | "damaged-gzip";
    };

const headBytes = 1024 * 1024;

export async function openMarcFile(path: string): Promise<MarcFile> {
  const found = await stat(path).catch(() => null);
  if (found === null) return { ok: false, why: "missing" };
  if (!found.isFile()) return { ok: false, why: "no-file" };
  const mayRead = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!mayRead) return { ok: false, why: "unreadable" };

  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  const plain = (await isGzip(path)) ? file.pipe(createGunzip({ chunkSize: 256 * 1024 })) : file;
  file.on("error", (fault) => plain.destroy(fault));
  const chunks: AsyncIterator<Buffer> = plain[Symbol.asyncIterator]();
  const head = await readHead(chunks).catch(() => null);
  const fault = head === null ? "damaged-gzip" : faultOf(head);
  if (head === null || fault !== null) {
    file.destroy();
    return { ok: false, why: fault ?? "damaged-gzip" };
  }
  return { ok: true, chunks: goOn(head, chunks), byteCount: found.size, bytesRead: () => file.bytesRead };
}

async function isGzip(path: string): Promise<boolean> {
  for await (const chunk of createReadStream(path, { start: 0, end: 1 })) {
    return chunk[0] === 0x1f && chunk[1] === 0x8b;
  }
  return false;
}

async function readHead(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  while (size < headBytes) {
    const next = await chunks.next();
    if (next.done) break;
    pieces.push(next.value);
    size += next.value.length;
    if (next.value.includes(recordTerminator)) break;
  }
  return Buffer.concat(pieces);
}

/** One record must end within the head: ISO 2709's longest is a tenth of it. */
function faultOf(head: Buffer): "empty" | "marcxml" | "not-marc" | null {
  if (head.length === 0) return "empty";
  const start = head.toString("latin1", 0, 2000);
  if (/^\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|[\w:]*(?:collection|record)\b)/u.test(start)) return "marcxml";
  return head.includes(recordTerminator) ? null : "not-marc";
}

async function* goOn(head: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  } finally {
    // Closes the file when the reader stops early.
    await chunks.return?.();
  }
}
