/** Looks for texts in whole folders, in every way that a program might have written them down. */
import { createReadStream } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** One way in which a text could stand in a file. */
export interface Spelling {
  text: string;
  way: string;
  bytes: Buffer;
}

/** UTF-8, UTF-16LE, hex, base64 and base64url at each of the three alignments, JSON's and an address's escapes. */
export function spellingsOf(text: string): Spelling[] {
  const utf8 = Buffer.from(text);
  const ways: Record<string, string | Buffer> = {
    "UTF-8": utf8,
    "UTF-16LE": Buffer.from(text, "utf16le"),
    hex: utf8.toString("hex"),
    HEX: utf8.toString("hex").toUpperCase(),
    "JSON escapes": text.replace(
      /[^ -~]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
    "percent escapes": encodeURIComponent(text),
    "form escapes": new URLSearchParams({ q: text }).toString().slice(2),
    "lower case": text.toLowerCase(),
  };
  for (const alignment of [0, 1, 2]) {
    for (const encoding of ["base64", "base64url"] as const)
      ways[`${encoding}, alignment ${alignment}`] = inBase64(utf8, alignment, encoding);
  }
  const spellings = Object.entries(ways).map(([way, written]) => ({
    text,
    way,
    bytes: Buffer.from(written),
  }));
  return spellings.filter(
    ({ bytes }, index) => !spellings.slice(0, index).some((earlier) => earlier.bytes.equals(bytes)),
  );
}

/** The characters that are the same whatever stands before and after the text. */
function inBase64(bytes: Buffer, alignment: number, encoding: "base64" | "base64url"): string {
  const written = Buffer.concat([Buffer.alloc(alignment), bytes]).toString(encoding);
  return written.slice(Math.ceil((alignment * 8) / 6), Math.floor(((alignment + bytes.length) * 8) / 6));
}

export interface Hit {
  file: string;
  text: string;
  way: string;
}

export interface FolderSearch {
  hits: Hit[];
  files: string[];
  bytes: number;
}

/** Reads every file under these paths to its end. A file that vanishes meanwhile is left out. */
export async function searchFiles(paths: string[], spellings: Spelling[]): Promise<FolderSearch> {
  const found: FolderSearch = { hits: [], files: [], bytes: 0 };
  for (const path of paths) {
    for (const file of await filesUnder(path)) {
      try {
        found.bytes += await searchFile(file, spellings, found.hits);
        found.files.push(file);
      } catch (fault) {
        if (!isMissing(fault)) throw fault;
      }
    }
  }
  return found;
}

export function searchText(name: string, text: string, spellings: Spelling[]): Hit[] {
  return hitsIn(name, Buffer.from(text), spellings);
}

async function filesUnder(path: string): Promise<string[]> {
  const kind = await lstat(path);
  if (kind.isFile()) return [path];
  if (!kind.isDirectory()) return [];
  const below = (await readdir(path)).map((name) => filesUnder(join(path, name)));
  const settled = await Promise.allSettled(below);
  return settled.flatMap((one) => {
    if (one.status === "fulfilled") return one.value;
    if (isMissing(one.reason)) return [];
    throw one.reason;
  });
}

const isMissing = (fault: unknown) => fault instanceof Error && "code" in fault && fault.code === "ENOENT";

const pieceBytes = 8 * 1024 * 1024;

/** Piece by piece, each with the end of the one before it, so that no border hides a text. */
async function searchFile(file: string, spellings: Spelling[], hits: Hit[]): Promise<number> {
  const overlap = Math.max(...spellings.map(({ bytes }) => bytes.length)) - 1;
  let tail = Buffer.alloc(0);
  let size = 0;
  for await (const piece of createReadStream(file, { highWaterMark: pieceBytes })) {
    const window = Buffer.concat([tail, piece]);
    hits.push(...hitsIn(file, window, spellings));
    size += piece.length;
    tail = window.subarray(Math.max(0, window.length - overlap));
  }
  return size;
}

function hitsIn(file: string, window: Buffer, spellings: Spelling[]): Hit[] {
  return spellings
    .filter(({ bytes }) => window.includes(bytes))
    .map(({ text, way }) => ({ file, text, way }));
}
