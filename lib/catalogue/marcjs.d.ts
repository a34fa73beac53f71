/** The part of marcjs that is used here; the package brings no types. */
declare module "marcjs" {
  /** `[tag, value]` for a control field, `[tag, indicators, code, value, code, value, …]` for a data field. */
  export type MarcjsField = string[];

  export class Record {
    leader: string;
    fields: MarcjsField[];
    append(...fields: MarcjsField[]): this;
  }

  export const Marc: {
    parse(raw: Uint8Array, type: "iso2709"): Record;
    format(record: Record, type: "iso2709"): string;
  };
}
