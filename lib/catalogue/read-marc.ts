/** Turns a MARC 21 record into the catalogue's record, by the table in marc-fields.ts. */
import type { NewItem, NewRecord } from "@/db/catalogue-import";
import { foldText } from "@/db/search-words";
import { readFormat } from "./format";
import { normaliseIsbn, shortIsbn } from "./isbn";
import { authorRoles, type ItemField, marcFields } from "./marc-fields";
import type { MarcField, MarcRecord } from "./marc-record";
import { cleanText, trimPunctuation } from "./punctuation";

export type ReadCatalogueRecord = { ok: true; record: NewRecord } | { ok: false; why: "no-title" };

const mostValues = 60;
const longestText = 4000;

export function readCatalogueRecord(
  marc: MarcRecord,
  source: string,
  itemFields: ItemField[],
): ReadCatalogueRecord {
  const read = (specs: readonly string[]) => readValues(marc.fields, specs).map(trimPunctuation);
  const [title = read(marcFields.titleWithoutA)[0] ?? "", ...titlesAgain] = read(marcFields.title);
  if (foldText(title).trim() === "") return { ok: false, why: "no-title" };

  const linked = readLinked(marc);
  const readOriginal = (specs: readonly string[]) => readValues(linked, specs).map(trimPunctuation);
  const originalTitles = readOriginal(marcFields.title);
  const persons = marc.fields.filter((field) => field.tag === "700");
  const authors = distinct([
    ...read(marcFields.mainAuthor),
    ...readValues(persons.filter(isAuthor), marcFields.addedPersons).map(trimPunctuation),
  ]);
  const bodies = read(marcFields.addedBodies);
  const items = readItems(marc, itemFields);
  const numbers = readValues(marc.fields, marcFields.numbers);
  const isbns = distinct(read(marcFields.isbns).flatMap((written) => normaliseIsbn(written) ?? []));
  const year = readYear(marc);
  const format = readFormat(marc);

  return {
    ok: true,
    record: {
      source,
      controlNumber: readControlNumber(marc) ?? [title, authors[0], year, format].join("|").slice(0, 400),
      title: title.slice(0, longestText),
      subtitle: read(marcFields.subtitle)[0] ?? null,
      originalTitle: originalTitles[0] ?? null,
      responsibility: read(marcFields.responsibility)[0] ?? null,
      authors: (authors.length > 0 ? authors : bodies).slice(0, 12),
      isbns: isbns.slice(0, mostValues),
      format,
      language: readLanguage(marc),
      year,
      edition: read(marcFields.edition)[0] ?? null,
      publisher: readPublished(marc, marcFields.publisher).map(trimPunctuation)[0] ?? null,
      extent: read(marcFields.extent)[0] ?? null,
      series: distinct(read(marcFields.series)).slice(0, mostValues),
      subjects: distinct(readSubjects(marc)).slice(0, mostValues),
      callNumber: items.find((item) => item.callNumber !== null)?.callNumber ?? readCallNumber(marc),
      summary: readValues(marc.fields, marcFields.summary).join(" ").slice(0, longestText) || null,
      items,
      alsoFound: {
        titles: [...titlesAgain, ...read(marcFields.otherTitles), ...originalTitles]
          .concat(readOriginal(marcFields.subtitle), readOriginal(marcFields.otherTitles))
          .slice(0, mostValues),
        authors: [...read(marcFields.addedPersons), ...bodies]
          .concat(readOriginal(marcFields.mainAuthor), readOriginal(marcFields.addedPersons))
          .slice(0, mostValues),
        numbers: [...numbers.flatMap(readDigits), ...isbns.flatMap((isbn) => shortIsbn(isbn) ?? [])],
        notes: [
          ...readValues(marc.fields, marcFields.notes),
          ...readValues(linked, [...marcFields.summary, ...marcFields.notes, ...marcFields.series]),
          ...readValues(linked, marcFields.subjects),
        ],
      },
    },
  };
}

function readValues(fields: MarcField[], specs: readonly string[]): string[] {
  return specs.flatMap((spec) => {
    const codes = spec.slice(3);
    return fields
      .filter((field) => field.tag === spec.slice(0, 3))
      .map((field) => joinSubfields(field, codes, " "))
      .filter((value) => value !== "");
  });
}

function joinSubfields(field: MarcField, codes: string, between: string): string {
  const wanted = field.subfields.filter(([code]) => code !== "" && codes.includes(code));
  return cleanText(wanted.map(([, value]) => value).join(between));
}

/** 880 Alternate Graphic Representation: the same fields in their own script, under the tag that $6 names. */
function readLinked(marc: MarcRecord): MarcField[] {
  return marc.fields.flatMap((field) => {
    if (field.tag !== "880") return [];
    const link = field.subfields.find(([code]) => code === "6")?.[1].slice(0, 3);
    return link === undefined ? [] : [{ ...field, tag: link }];
  });
}

function readControl(marc: MarcRecord, tag: string): string {
  return marc.fields.find((field) => field.tag === tag)?.subfields[0]?.[1] ?? "";
}

function readControlNumber(marc: MarcRecord): string | null {
  return cleanText(readControl(marc, "001")).slice(0, 200) || null;
}

/** 700 with a role ($e term, $4 code) that is an author's, or with none. Entries for a work ($t) are not authors. */
function isAuthor(field: MarcField): boolean {
  if (field.subfields.some(([code]) => code === "t")) return false;
  const roles = field.subfields.filter(([code]) => code === "e" || code === "4");
  return roles.length === 0 || roles.some(([, role]) => authorRoles.test(role.trim()));
}

/** 264 with second indicator 1 is publication; 0, 2, 3 and 4 are production, distribution, manufacture, copyright. */
function readPublished(marc: MarcRecord, specs: readonly string[]): string[] {
  return readValues(
    marc.fields.filter((field) => field.tag !== "264" || field.indicators[1] === "1"),
    specs,
  );
}

/** 008/07-10, the first date; where it is not a year, the first year that 264 or 260 writes. */
function readYear(marc: MarcRecord): number | null {
  const written = [readControl(marc, "008").slice(7, 11), ...readPublished(marc, marcFields.publishedIn)];
  for (const text of written) {
    const year = /(?<!\d)(?:1[0-9]\d\d|20\d\d)(?!\d)/u.exec(text)?.[0];
    if (year !== undefined) return Number(year);
  }
  return null;
}

/** 008/35-37, else the first code of 041$a; "und", "mul" and "zxx" say nothing. */
function readLanguage(marc: MarcRecord): string | null {
  const codes = [readControl(marc, "008").slice(35, 38), ...readValues(marc.fields, marcFields.language)];
  const known = codes.map((code) => code.slice(0, 3).toLowerCase());
  return known.find((code) => /^[a-z]{3}$/u.test(code) && !/^(?:und|mul|zxx)$/u.test(code)) ?? null;
}

/** Subdivisions ($v form, $x topic, $y time, $z place) follow the heading after a dash. */
function readSubjects(marc: MarcRecord): string[] {
  return marcFields.subjects.flatMap((spec) =>
    marc.fields
      .filter((field) => field.tag === spec.slice(0, 3))
      .map((field) => {
        const heading = trimPunctuation(joinSubfields(field, spec.slice(3).replace(/[vxyz]/gu, ""), " "));
        const divisions = field.subfields.filter(([code]) => /^[vxyz]$/u.test(code));
        return [heading, ...divisions.map(([, value]) => trimPunctuation(cleanText(value)))]
          .filter((part) => part !== "")
          .join(" — ");
      })
      .filter((subject) => subject !== ""),
  );
}

/** Dewey numbers carry marks of segmentation ("813/.54", "[Fic]"). */
function readCallNumber(marc: MarcRecord): string | null {
  const [first] = readValues(marc.fields, marcFields.callNumber);
  return first?.replace(/[/']/gu, "").slice(0, 200) ?? null;
}

function readItems(marc: MarcRecord, itemFields: ItemField[]): NewItem[] {
  for (const where of itemFields) {
    const items = marc.fields
      .filter((field) => field.tag === where.tag)
      .flatMap((field) => {
        const first = (codes: string) =>
          [...codes].map((code) => joinSubfields(field, code, " ")).find((value) => value !== "") ?? null;
        const barcode = first(where.barcode);
        if (barcode === null) return [];
        return [
          {
            barcode: barcode.slice(0, 100),
            branch: first(where.branch) ?? "",
            callNumber: first(where.callNumber),
          },
        ];
      });
    if (items.length > 0) return items;
  }
  return [];
}

/** What a reader may type of a number: its digits, an X at the end. */
function readDigits(written: string): string[] {
  const digits = /^[\dXx\s\u2010-\u2015-]+/u.exec(written.trim())?.[0].replace(/[^\dXx]/gu, "") ?? "";
  return digits.length >= 8 ? [digits] : [];
}

/** Without values that differ in accents, case or punctuation only. */
function distinct(values: string[]): string[] {
  const known = new Map<string, string>();
  for (const value of values) {
    const key = foldText(value)
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    if (!known.has(key)) known.set(key, value);
  }
  return [...known.values()];
}
