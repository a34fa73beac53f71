"use server";
/** What the desk's buttons do. It answers with a sentence, and reports each loan to the intake. */
import { refresh } from "next/cache";
import { notFound } from "next/navigation";
import { z } from "zod";
import type { LoanEvent } from "@/lib/circulation/intake/loan-event";
import { log } from "@/lib/log";
import { getFormat, getT, type Messages } from "../i18n";
import { formatCents, formatDay } from "../library-formats";
import { server } from "../server";
import { putDeskCard, readDeskCard, takeDeskCard } from "./desk-card";

export interface DeskAnswer {
  /** Tells an answer from the one before it, also when the words are the same. */
  turn: number;
  kind: "ok" | "warning";
  text: string;
  note: string | null;
}

const number = z
  .string()
  .max(64)
  .transform((text) => text.replace(/[\s\0]/g, ""))
  .catch("");

const stepSchema = z.discriminatedUnion("step", [
  z.object({ step: z.literal("card"), card: number }),
  z.object({ step: z.literal("finish") }),
  z.object({ step: z.enum(["check-out", "renew", "return"]), barcode: number }),
  z.object({ step: z.literal("pay"), loan: z.uuid() }),
]);

type Step = z.infer<typeof stepSchema>;
type Desk = NonNullable<ReturnType<typeof server>["desk"]>;
type Refusal = keyof Messages["desk"]["refusals"];
type Result = keyof Messages["desk"]["results"];

type Outcome =
  | { ok: true; result: Result; title?: string; dueOn?: string; cents?: number; event?: LoanEvent }
  | { ok: false; why: Refusal };

export async function operateDesk(previous: DeskAnswer | null, form: FormData): Promise<DeskAnswer> {
  const { desk } = server();
  if (desk === null) notFound();
  const step = stepSchema.safeParse(Object.fromEntries(form));
  const outcome = step.success ? await perform(desk, step.data).catch(fallen) : fallen(step.error);
  const isReported = outcome.ok && outcome.event ? await report(outcome.event) : true;
  refresh();
  return {
    turn: (previous?.turn ?? 0) + 1,
    kind: outcome.ok ? "ok" : "warning",
    text: await wordsOf(outcome),
    note: isReported ? null : (await getT())("desk.notReported"),
  };
}

async function perform(desk: Desk, step: Step): Promise<Outcome> {
  if (step.step === "card") return startCard(desk, step.card);
  if (step.step === "finish") {
    await takeDeskCard();
    return { ok: true, result: "finished" };
  }
  const card = await readDeskCard();
  if (card !== null) await putDeskCard(card);
  if (step.step === "pay") {
    if (card === null) return { ok: false, why: "missing-card" };
    const paid = await desk.takePayment(card, step.loan);
    return paid.ok ? { ...paid, result: "paid" } : paid;
  }
  if (step.barcode === "") return { ok: false, why: "missing-barcode" };
  if (step.step === "return") {
    const back = await desk.takeBack(step.barcode);
    if (!back.ok) return back;
    return { ...back, cents: back.fineCents, result: back.fineCents > 0 ? "returned-late" : "returned" };
  }
  if (card === null) return { ok: false, why: "missing-card" };
  if (step.step === "renew") {
    const renewed = await desk.renew(card, step.barcode);
    return renewed.ok ? { ...renewed, result: "renewed" } : renewed;
  }
  const lent = await desk.checkOut(card, step.barcode);
  return lent.ok ? { ...lent, result: "checked-out" } : lent;
}

async function startCard(desk: Desk, card: string): Promise<Outcome> {
  if (card === "") return { ok: false, why: "missing-card" };
  if (!(await desk.hasCard(card))) return { ok: false, why: "no-card" };
  await putDeskCard(card);
  return { ok: true, result: "card-ready" };
}

/** The loan stands whether or not the history can be told. It is not queued: a title may not wait unsealed anywhere. */
async function report(event: LoanEvent): Promise<boolean> {
  try {
    await server().intake.take([event]);
    return true;
  } catch (fault) {
    log().error("intake-failed", fault, { route: "/desk" });
    return false;
  }
}

function fallen(fault: unknown): Outcome {
  log().error("request-failed", fault, { route: "/desk" });
  return { ok: false, why: "unexpected" };
}

async function wordsOf(outcome: Outcome): Promise<string> {
  const [t, format] = [await getT(), await getFormat()];
  if (!outcome.ok) return t(`desk.refusals.${outcome.why}`);
  return t(`desk.results.${outcome.result}`, {
    title: outcome.title ?? "",
    day: outcome.dueOn ? formatDay(format, outcome.dueOn) : "",
    sum: formatCents(format, outcome.cents ?? 0),
  });
}
