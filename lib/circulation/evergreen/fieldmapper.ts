/** Evergreen's objects as they cross the gateway, `{"__c": class, "__p": values}`, turned into plain ones by the server's field order. */
import { HttpFault } from "../http-fault";
import type { FieldOrder } from "./field-order";

const deepest = 12;

/**
 * `value` with each object in it by its field names; what the order does not name is left out.
 * @throws HttpFault `garbled` for an object of a class that the server's IDL lacks, or one that is too deep
 */
export function nameFields(value: unknown, order: FieldOrder, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > deepest) throw new HttpFault("garbled", "answer");
  if (Array.isArray(value)) return value.map((each) => nameFields(each, order, depth + 1));
  if (!("__c" in value)) {
    const named = Object.entries(value).map(([key, each]) => [key, nameFields(each, order, depth + 1)]);
    return Object.fromEntries(named);
  }
  const values = "__p" in value ? value.__p : undefined;
  const fields = typeof value.__c === "string" ? order.get(value.__c) : undefined;
  if (!fields || !Array.isArray(values)) throw new HttpFault("garbled", "answer");
  return Object.fromEntries(
    fields.map((field, place) => [field, nameFields(values[place], order, depth + 1)]),
  );
}
