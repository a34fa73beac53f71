/** The order of the fields in Evergreen's objects, as the server's own IDL has it: the same class differs between versions. */
import { createHash } from "node:crypto";
import sax from "sax";
import { HttpFault } from "../http-fault";
import type { HttpLine } from "../http-line";

/** Field names in order, by class. */
export type FieldOrder = ReadonlyMap<string, readonly string[]>;

const path = "reports/fm_IDL.xml";
/** The stock file is about 1 MiB. */
const longestBytes = 8 * 2 ** 20;
const freshMs = 3_600_000;

/** The order that a server tells, asked for at most once an hour, read only when it is another one. */
export class ServerFieldOrder {
  private hash = "";
  private order: Promise<FieldOrder> | undefined;
  private last: FieldOrder | undefined;
  private staleAt = 0;

  constructor(
    private readonly line: HttpLine,
    private readonly now: () => number,
  ) {}

  /** @throws HttpFault */
  read(): Promise<FieldOrder> {
    if (this.order && this.now() < this.staleAt) return this.order;
    const asked = this.fetch();
    this.order = asked;
    this.staleAt = this.now() + freshMs;
    asked.catch(() => {
      if (this.order === asked) this.order = undefined;
    });
    return asked;
  }

  private async fetch(): Promise<FieldOrder> {
    const headers = { accept: "application/xml, text/xml" };
    const answer = await this.line.ask({ step: "idl", method: "GET", path, headers, longestBytes });
    if (answer.status !== 200) throw new HttpFault("not-there", "idl");
    const hash = createHash("sha256").update(answer.text).digest("hex");
    if (hash !== this.hash || !this.last) this.last = readFieldOrder(answer.text);
    this.hash = hash;
    return this.last;
  }
}

/**
 * The classes of an IDL. Fields stand in the document's order, unless `array_position` says otherwise (before Evergreen 2.0).
 * @throws HttpFault `garbled`
 */
export function readFieldOrder(xml: string): FieldOrder {
  const order = new Map<string, string[]>();
  const reader = sax.parser(true, { position: false });
  let current: string[] | null = null;
  reader.onerror = () => {
    throw new HttpFault("garbled", "idl");
  };
  reader.onopentag = ({ name, attributes }) => {
    const attribute = (key: string) => {
      const value = attributes[key];
      return typeof value === "string" ? value : "";
    };
    const tag = name.replace(/^.*:/, "");
    if (tag === "class") {
      current = [];
      order.set(attribute("id"), current);
    }
    if (tag !== "field" || !current || !attribute("name")) return;
    const place = attribute("oils_obj:array_position");
    if (/^\d{1,4}$/.test(place)) current[Number(place)] = attribute("name");
    else current.push(attribute("name"));
  };
  reader.onclosetag = (name) => {
    if (name.replace(/^.*:/, "") === "class") current = null;
  };
  reader.write(xml).close();
  if (order.size === 0) throw new HttpFault("garbled", "idl");
  return order;
}
