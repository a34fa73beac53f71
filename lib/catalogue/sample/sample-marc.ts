/** Writes the sample catalogue's works as MARC 21 records, and loads them through the importer like any other catalogue. */
import { Marc, type MarcjsField, Record } from "marcjs";
import type { Queryable } from "@/db/connection";
import { type ImportCount, type ImportSummary, importRecords } from "../import-records";
import { readSampleWorks, type SampleKind, type SampleWork } from "./sample-works";

export const sampleSource = "sample";
export const sampleBranches = ["Main Library", "Riverside Branch", "Hill Branch"] as const;

/** Loads or refreshes the sample; ids and barcodes are the same each time. */
export async function loadSampleCatalogue(
  db: Queryable,
  onProgress?: (count: ImportCount) => void,
): Promise<ImportSummary> {
  const works = await readSampleWorks();
  return importRecords(db, marcOf(works), { source: sampleSource, ...(onProgress && { onProgress }) });
}

async function* marcOf(works: SampleWork[]): AsyncGenerator<Uint8Array> {
  for (const work of works) yield writeSampleRecord(work);
}

interface Shelving {
  /** Leader/06, type of record. */
  type: "a" | "g" | "i" | "j";
  /** 008/22, audience. */
  audience: " " | "d" | "j";
  /** Before the letters that a call number ends with; a number of Dewey's takes its place where there is none. */
  shelf: string;
  carrier: string;
}

const shelving: { [kind in SampleKind]: Shelving } = {
  novel: { type: "a", audience: " ", shelf: "FIC", carrier: "1 volume" },
  picture: { type: "a", audience: "j", shelf: "E", carrier: "1 volume : illustrations" },
  children: { type: "a", audience: "j", shelf: "J FIC", carrier: "1 volume" },
  teen: { type: "a", audience: "d", shelf: "YA FIC", carrier: "1 volume" },
  fact: { type: "a", audience: " ", shelf: "", carrier: "1 volume" },
  poetry: { type: "a", audience: " ", shelf: "", carrier: "1 volume" },
  graphic: { type: "a", audience: " ", shelf: "GRAPHIC", carrier: "1 volume : illustrations" },
  film: { type: "g", audience: " ", shelf: "DVD", carrier: "1 videodisc (DVD)" },
  music: { type: "j", audience: " ", shelf: "CD", carrier: "1 audio disc (CD)" },
  audiobook: { type: "i", audience: " ", shelf: "AUDIO", carrier: "audio discs (CD)" },
  large: { type: "a", audience: " ", shelf: "LARGE PRINT", carrier: "1 volume (large print)" },
};

/** One work as ISO 2709 bytes. */
export function writeSampleRecord(work: SampleWork): Uint8Array {
  const record = new Record();
  record.leader = `00000n${shelving[work.kind].type}m a2200000 i 4500`;
  record.append(...fieldsOf(work));
  return Buffer.from(Marc.format(record, "iso2709"));
}

function fieldsOf(work: SampleWork): MarcjsField[] {
  const [first, ...others] = work.people;
  const leads =
    first !== undefined && !/^(?:film director|translator)$/u.test(first.role) ? first : undefined;
  const added = leads === undefined ? work.people : others;
  const callNumber = callNumberOf(work);
  const mainTag = leads?.role === "group" ? "110" : "100";
  const linksAuthor = work.originalAuthor !== "" && leads !== undefined;
  return [
    ["001", `sample-${work.number}`],
    ["008", fixedField(work)],
    ...(work.isbn === "" ? [] : [["020", "  ", "a", work.isbn]]),
    ...(work.language === "" ? [] : [["041", "0 ", "a", work.language]]),
    ["082", "04", "a", work.dewey],
    ...(leads === undefined ? [] : [nameField(mainTag, leads, linksAuthor ? "880-02" : undefined)]),
    titleField(work, leads !== undefined),
    ...(work.year === "" ? [] : [["264", " 1", "c", `${work.year}.`]]),
    ["300", "  ", "a", shelving[work.kind].carrier],
    ...work.subjects.map((subject) => [subjectTag(subject), subjectIndicators(subject), "a", `${subject}.`]),
    ...added.map((person) => nameField(person.role === "group" ? "710" : "700", person)),
    ...(work.originalTitle === "" ? [] : [["880", "10", "6", "245-01", "a", work.originalTitle]]),
    ...(linksAuthor ? [["880", "1 ", "6", `${mainTag}-02`, "a", work.originalAuthor]] : []),
    ...itemFields(work, callNumber),
  ];
}

/** 008 for books; visual material (/33 "v", videorecording) and sound have their own letters at 18-34. */
function fixedField(work: SampleWork): string {
  const { type, audience } = shelving[work.kind];
  const form = work.kind === "large" ? "d" : " ";
  const material =
    type === "g"
      ? `--- ${audience}          vl`
      : type === "a"
        ? `    ${audience}${form}     000 ${work.kind === "fact" ? "0" : "1"} `
        : `    ${audience}            `;
  const year = work.year.padStart(4, "0");
  return `260101s${work.year === "" ? "uuuu" : year}    xx ${material.padEnd(17).slice(0, 17)}${work.language || "zxx"} d`;
}

function nameField(tag: string, person: { name: string; role: string }, link?: string): MarcjsField {
  const indicators = tag.endsWith("10") ? "2 " : person.name.includes(",") ? "1 " : "0 ";
  const role = person.role === "group" ? "performer" : person.role;
  return [
    tag,
    indicators,
    ...(link === undefined ? [] : ["6", link]),
    "a",
    `${person.name},`,
    "e",
    `${role}.`,
  ];
}

/** 245: first indicator says that there is a main entry, the second how many signs an article takes. */
function titleField(work: SampleWork, hasMainEntry: boolean): MarcjsField {
  const article = /^(?:(?:the|a|an|el|la|los|las|o|os|le|les|der|die|das|il) |l'|al-)/iu.exec(work.title);
  const indicators = `${hasMainEntry ? 1 : 0}${article?.[0].length ?? 0}`;
  const link = work.originalTitle === "" ? [] : ["6", "880-01"];
  if (work.subtitle === "") return ["245", indicators, ...link, "a", `${work.title}.`];
  return ["245", indicators, ...link, "a", `${work.title} :`, "b", `${work.subtitle}.`];
}

const place =
  /^(?:England|Scotland|Africa|India|Nigeria|Germany|Japan|China|Rome|Italy|Spain|Portugal|Mexico|Chile|Colombia|Argentina|Brazil|Cuba|Russia|Egypt|Israel|Sudan|Iran|Afghanistan|Alaska|Algeria|Botswana|Denmark|France|Netherlands|Sweden|Switzerland|United States|California|Alabama|Maine|Florida|Georgia|Idaho|Kansas|Ohio|Texas|Antarctica|Latin America|South Africa|Korea \(South\)|(?:New England|North Carolina|South Carolina|Massachusetts|Michigan|Mississippi|Missouri|Nebraska|New Jersey|Oklahoma|Virginia|Canada))$|\((?:[A-Z][a-z]*\.|N\.Y\.|New York, N\.Y\.|France|England|Romania|Germany|Italy|Japan|Morocco|Russia|Spain|Brazil|Mexico|Colombia|Peru|Portugal|Poland|Egypt|Greece|Ireland)\)$/u;
const person = /^[^,]+, [^,]+, \d{4}/u;
const genre =
  /(?:fiction|stories|films|novels|poetry|recordings|Biography|Diaries|Cookbooks|Drama|Essays|Satire|in verse)$/u;

function subjectTag(subject: string): string {
  if (genre.test(subject)) return "655";
  if (person.test(subject)) return "600";
  return place.test(subject) ? "651" : "650";
}

function subjectIndicators(subject: string): string {
  return genre.test(subject) ? " 4" : person.test(subject) ? "10" : " 0";
}

function callNumberOf(work: SampleWork): string {
  const { shelf } = shelving[work.kind];
  const [first] = work.people;
  const filed =
    work.kind === "film" || first === undefined ? work.title.replace(/^(?:the|a) /iu, "") : first.name;
  const letters = filed
    .normalize("NFD")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .slice(0, 3)
    .toUpperCase();
  const language = { spa: "SPANISH ", por: "PORTUGUESE " }[work.language] ?? "";
  return `${work.kind === "film" || work.kind === "music" ? "" : language}${shelf || work.dewey} ${letters}`;
}

/** One to four items, spread over the branches. */
function itemFields(work: SampleWork, callNumber: string): MarcjsField[] {
  const number = Number(work.number);
  const count = [2, 1, 3, 1, 2, 4, 1, 2][number % 8] ?? 1;
  return Array.from({ length: count }, (_, copy) => {
    const branch = sampleBranches[(number + copy) % sampleBranches.length] ?? sampleBranches[0];
    const barcode = `3952900${String(number * 10 + copy + 1).padStart(7, "0")}`;
    return ["952", "  ", "a", branch, "b", branch, "o", callNumber, "p", barcode];
  });
}
