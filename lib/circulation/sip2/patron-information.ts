/** Asks about a patron: message 63, and the pages of what is charged to them. */
import type { Question } from "./connection";
import type { Field, Reply } from "./message";
import { type PatronReply, readPatronReply } from "./replies";

/** Of the ten characters that say which list is wanted, the place of each. */
const lists = { holds: 0, charged: 2, waiting: 5 } as const;

/** One question of the port on its way: on one connection, with an end to the patience. */
export interface Asking {
  /** @throws Sip2Fault */
  ask(question: Question): Promise<Reply>;
  /** How long it has been under way. */
  elapsedMs(): number;
  institution: string;
  terminalPassword: string;
  /** This moment in the library's time zone, `YYYYMMDD    HHMMSS`. */
  moment: string;
}

export interface PatronQuestion {
  card: string;
  pin?: string;
  list?: keyof typeof lists;
  /** First and last place of the wanted part of the list, from 1. */
  range?: readonly [first: number, last: number];
}

/** @throws Sip2Fault */
export async function askPatron(asking: Asking, question: PatronQuestion): Promise<PatronReply> {
  const { institution, terminalPassword, moment } = asking;
  const { card, pin, list, range } = question;
  const wanted = [...Array(10).keys()].map((place) => (list && place === lists[list] ? "Y" : " ")).join("");
  const fields: Field[] = [
    ["AO", institution],
    ["AA", card],
    ["AC", terminalPassword],
  ];
  if (pin !== undefined) fields.push(["AD", pin]);
  if (range) fields.push(["BP", String(range[0])], ["BQ", String(range[1])]);
  return readPatronReply(await asking.ask({ head: `63000${moment}${wanted}`, fields, answer: "64" }));
}

const pageLength = 100;
const mostPages = 100;

/**
 * Everything charged to the patron of the first answer, each once, and how many the server counts beyond that. The first
 * question names no range: most servers then tell all. What is left is asked for in pages, which may overlap (Koha 19 tells
 * one too many), come back empty, or be the whole list again (one server ignores the range).
 */
export async function askCharged(
  asking: Asking,
  card: string,
  first: PatronReply,
): Promise<{ charged: string[]; unlisted: number }> {
  const charged = [...first.charged];
  const known = new Set(charged);
  const count = first.counts.charged ?? charged.length;
  for (let page = 0; charged.length < count && page < mostPages; page++) {
    const from = charged.length + 1;
    const range = [from, from + pageLength - 1] as const;
    const next = (await askPatron(asking, { card, list: "charged", range })).charged;
    const fresh = [...new Set(next)].filter((item) => !known.has(item));
    if (fresh.length === 0) break;
    for (const item of fresh) known.add(item);
    charged.push(...fresh);
  }
  return { charged, unlisted: Math.max(0, count - charged.length) };
}
