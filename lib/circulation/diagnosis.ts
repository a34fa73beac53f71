/**
 * Tries a library system step by step with a test card, and says what works, what is missing and what is unsafe, in
 * sentences for whoever sets it up. No sentence holds a card, a PIN, a name or a title.
 */
import type { Capabilities, LibrarySystem, PatronAccount, Unavailable } from "./port";

/** `works`; `attention`: it can be used, and something is odd, unsafe or unproven; `fails`: not to be used like this. */
export interface Finding {
  sign: "works" | "attention" | "fails";
  says: string;
  /** What to do about it. */
  advice?: string;
}

/** Of a patron made for testing. Held in memory for the time of the check alone. */
export interface TestCard {
  card: string;
  pin: string;
}

/** What a connector knows to try beyond the port. One per system, beside its connector, chosen in `chosen-system.ts`. */
export interface OwnDiagnosis {
  /** What is tried, as in "the SIP2 server at sip.example.org, port 6001". */
  subject: string;
  /**
   * The steps below the port, such as line, account and clock, each told when it is done. Never throws for what a system may
   * do. `stop`: what failed leaves nothing more to try.
   */
  steps(test: TestCard): AsyncGenerator<Finding, "go on" | "stop">;
  /** Where that system keeps loans on its own, as far as it is known which it is. */
  keeps: readonly string[];
  /** What is unsafe, or wants care, and cannot be seen from here. */
  unseen: readonly string[];
}

export const works = (says: string): Finding => ({ sign: "works", says });
export const attention = (says: string, advice: string): Finding => ({ sign: "attention", says, advice });
export const fails = (says: string, advice: string): Finding => ({ sign: "fails", says, advice });

/** The connector's own steps, then what the port promises. */
export async function* diagnose(
  library: LibrarySystem,
  own: OwnDiagnosis | null,
  test: TestCard,
): AsyncGenerator<Finding> {
  if (own && (yield* own.steps(test)) === "stop") return;
  yield* tryPort(library, test);
}

/** Right, wrong, and right again: so that a system which counts wrong PINs has nothing left to count. */
async function* tryPort(library: LibrarySystem, { card, pin }: TestCard): AsyncGenerator<Finding> {
  const first = await library.authenticate(card, pin);
  if (!first.ok) {
    yield refusal(first.why);
    return;
  }
  yield works("The test card signs in with its PIN.");
  const wrong = await library.authenticate(card, otherPin(pin));
  if (wrong.ok) {
    yield fails(
      "The test card signs in with a wrong PIN as well: anybody with a card number would be let in.",
      "Do not open this to patrons. The library system must judge the PIN.",
    );
    return;
  }
  yield wrong.why === "wrong-credentials"
    ? works("A wrong PIN is refused.")
    : attention(
        `A wrong PIN got another answer than "wrong" (${wrong.why}).`,
        "Try again in a minute. If it stays so, patrons who mistype are told that the library system is away or the card locked.",
      );
  const again = await library.authenticate(card, pin);
  if (!again.ok) {
    yield attention(
      "After one wrong PIN the right one was refused.",
      "Look up after how many wrong PINs the library system locks a card; one is too few.",
    );
    return;
  }
  yield works("The right PIN is accepted again after the wrong one.");
  const read = await library.readAccount({ id: again.patron.id, pass: again.pass });
  if (!read.ok) {
    yield read.why === "sign-in-again"
      ? fails(
          "The account of the patron who just signed in cannot be read.",
          "Look at what the library system's account for Commonplace may read.",
        )
      : refusal(read.why);
    return;
  }
  yield* judgeAccount(read.account, library.capabilities);
  const barcode = read.account.loans.find((loan) => loan.barcode !== null)?.barcode;
  if (barcode) yield* tryItem(library, barcode);
}

function* judgeAccount(
  { loans, unlistedLoans, holds }: PatronAccount,
  can: Capabilities,
): Generator<Finding> {
  const told = `${loans.length} out${can.holds ? `, ${holds.length} on hold` : ""}`;
  yield works(`The account is read: ${told}. Compare that with what the library system shows.`);
  if (unlistedLoans > 0)
    yield attention(
      `The system counts ${unlistedLoans} more loans than it lists.`,
      "Those loans do not reach an open history by a visit. Look for a limit on lists in the library system.",
    );
  if (loans.length === 0) {
    yield attention(
      "The test card has nothing out, so nothing is proven about loans.",
      "Lend it two copies, one with an accent in its title, and check again.",
    );
    return;
  }
  if (loans.some(({ barcode }) => barcode === null))
    yield attention(
      "Some loans are told by title, without the copy's barcode.",
      "Set the library system to list barcodes; otherwise such loans have no due day, and two loans of one title are one.",
    );
  else yield works("Every loan names its copy.");
  if (loans.every(({ dueOn }) => dueOn === null))
    yield attention("No loan has a due day.", "The account page then says nothing of when to return things.");
  if (can.daysOut && loans.some(({ outOn }) => outOn === null))
    yield attention(
      "Some loans lack the day of their check-out.",
      "The history then has the day when they were first seen.",
    );
}

async function* tryItem(library: LibrarySystem, barcode: string): AsyncGenerator<Finding> {
  const answer = await library.readItem(barcode);
  if (!answer.ok) yield refusal(answer.why);
  else if (answer.item === null)
    yield attention(
      "A copy that is out is not known by its barcode.",
      "Titles then come from Commonplace's own catalogue alone: import it.",
    );
  else yield works("A copy is told by its barcode.");
}

function refusal(why: "wrong-credentials" | "locked" | Unavailable["why"]): Finding {
  switch (why) {
    case "wrong-credentials":
      return fails(
        "The test card and PIN were refused.",
        "Sign in with them in the library system itself. If that works, the two systems disagree on what a card number or PIN is.",
      );
    case "locked":
      return fails("The test card is locked in the library system.", "Unlock it there, and check again.");
    case "unreachable":
      return fails(
        "The library system did not answer in time.",
        "Look at its load and its limit of connections.",
      );
    case "misconfigured":
      return fails(
        "The library system refuses the account that Commonplace uses.",
        "Compare its name, secret and rights with the settings.",
      );
    case "protocol":
      return fails(
        "The library system gave an answer that cannot be understood.",
        "Is it the right port and address? docs/library-systems.md says what each setting is for.",
      );
  }
}

/** As long and of the same letters, so that it is refused for what it is and not for its form. */
export function otherPin(pin: string): string {
  const letters = [...pin];
  const last = letters.pop() ?? "";
  const other = /\d/.test(last) ? String((Number(last) + 1) % 10) : last.toLowerCase() === "k" ? "m" : "k";
  return letters.join("") + other;
}

const closeMs = 5 * 60_000;

/** The system's clock beside ours: `aheadMs` as the system's local time reads in the library's time zone. */
export function judgeClock(aheadMs: number, timeZone: string): Finding {
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  if (Math.abs(aheadMs) <= closeMs)
    return works(`Its clock agrees with this machine's, read in ${timeZone}.`);
  const way = aheadMs > 0 ? "ahead of" : "behind";
  return attention(
    `Its clock is ${minutes} minutes ${way} this machine's, read in ${timeZone}.`,
    minutes > 10 && Math.abs(minutes - Math.round(minutes / 15) * 15) <= 2
      ? "That looks like another time zone: compare LIBRARY_TIME_ZONE with the library system's. Due days may be a day off."
      : "Set both clocks by the network. Due days may be a day off.",
  );
}

/** What the connector's capabilities mean for a reading history. */
export function meaningFor({ events, visits, loanIds, daysOut }: Capabilities): string[] {
  return [
    events
      ? "Every check-out, renewal and return reaches a history by itself, also while nobody looks."
      : "This system reports nothing by itself. Where it can also send events to POST /api/loans/events (docs/loan-events.md), nothing is missed.",
    visits
      ? "An open history also asks for what is out at that moment. What is borrowed and returned between two openings is not seen that way."
      : "An open history asks the library system for nothing.",
    loanIds
      ? "Each loan has an id: told in two ways, it is one line in the history."
      : "Loans have no ids here: a copy borrowed twice on one day is one line, and events need `item`, the copy's barcode.",
    daysOut
      ? "The day of check-out is told."
      : "The day of check-out is not told: the history says “borrowed by” the day on which it first saw the loan.",
  ];
}
