/** The sample catalogue's works, read from the tables beside this file: facts about real, well-known works. */
import { readFile } from "node:fs/promises";

const kinds = [
  "novel",
  "picture",
  "children",
  "teen",
  "fact",
  "poetry",
  "graphic",
  "film",
  "music",
  "audiobook",
  "large",
] as const;

export type SampleKind = (typeof kinds)[number];

export interface SampleWork {
  /** Stable: control number and barcodes are made from it. A new work takes a new number. */
  number: string;
  kind: SampleKind;
  title: string;
  subtitle: string;
  /** Surname first; the first one leads the record unless a role says otherwise. */
  people: Array<{ name: string; role: string }>;
  year: string;
  language: string;
  dewey: string;
  subjects: string[];
  isbn: string;
  originalTitle: string;
  originalAuthor: string;
}

export const sampleTables = [
  "novels",
  "children-and-young-adults",
  "knowledge-poetry-comics",
  "films-music-sound-large-print",
  "other-languages",
];

export async function readSampleWorks(): Promise<SampleWork[]> {
  const tables = sampleTables.map((name) => readFile(new URL(`./${name}.tsv`, import.meta.url), "utf8"));
  return (await Promise.all(tables)).flatMap((table) =>
    table.split("\n").slice(1).filter(Boolean).map(readWork),
  );
}

function readWork(line: string): SampleWork {
  const cells = line.split("\t");
  const [number = "", kindName = "", title = "", subtitle = "", people = "", year = "", language = ""] =
    cells;
  const [dewey = "", subjects = "", isbn = "", originalTitle = "", originalAuthor = ""] = cells.slice(7);
  const kind = kinds.find((known) => known === kindName);
  if (kind === undefined || cells.length !== 12)
    throw new Error(`The sample's work ${number} is not well formed.`);
  return {
    number,
    kind,
    title,
    subtitle,
    people: people.split("; ").filter(Boolean).map(readPerson),
    year,
    language,
    dewey,
    subjects: subjects.split("; "),
    isbn,
    originalTitle,
    originalAuthor,
  };
}

function readPerson(written: string): SampleWork["people"][number] {
  const [name = "", role = "author"] = written.split("=");
  return { name, role };
}
