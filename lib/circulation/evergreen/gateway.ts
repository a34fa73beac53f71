/** Evergreen's OpenSRF gateway: one method is called by a form, and answers with a list of values or with an event. */
import { z } from "zod";
import { HttpFault } from "../http-fault";
import { type HttpLine, readBody } from "../http-line";
import type { ServerFieldOrder } from "./field-order";
import { nameFields } from "./fieldmapper";

const envelopeSchema = z.object({ status: z.coerce.number(), payload: z.array(z.unknown()).nullish() });
/** What a method says in place of its answer, and what a login says in any case. */
const eventSchema = z.object({ textcode: z.string(), payload: z.unknown().optional() });

export type GatewayAnswer =
  | { kind: "values"; values: unknown[] }
  /** Its textcode, such as NO_SESSION. */
  | { kind: "event"; event: z.infer<typeof eventSchema> };

export class Gateway {
  constructor(
    private readonly line: HttpLine,
    private readonly order: ServerFieldOrder,
  ) {}

  /**
   * The values of `method`, its objects by field names. A list sent whole or value by value is the same list.
   * @throws HttpFault
   */
  async call(method: string, parameters: unknown[], deadline: number): Promise<GatewayAnswer> {
    const service = method.split(".").slice(0, 2).join(".");
    const form = new URLSearchParams({ service, method });
    for (const parameter of parameters) form.append("param", JSON.stringify(parameter));
    const answer = await this.line.ask({
      step: method,
      method: "POST",
      path: "osrf-gateway-v1",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
      deadline,
    });
    if (answer.status === 404) throw new HttpFault("not-there", method);
    const { status, payload } = readBody(answer, envelopeSchema, method);
    // The gateway says in the body what HTTP would say in the status. 404: the service has no such method.
    if (status === 404) throw new HttpFault("not-there", method);
    if (status !== 200) throw new HttpFault(status >= 500 ? "failing" : "garbled", method);
    const values = payload ?? [];
    const [first] = values;
    const event = eventSchema.safeParse(first);
    if (values.length === 1 && event.success) return { kind: "event", event: event.data };
    const flat = values.length === 1 && Array.isArray(first) ? first : values;
    return {
      kind: "values",
      values: hasObjects(flat) ? asList(nameFields(flat, await this.order.read())) : flat,
    };
  }
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

function hasObjects(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null || depth > 12) return false;
  return "__c" in value || Object.values(value).some((each) => hasObjects(each, depth + 1));
}
