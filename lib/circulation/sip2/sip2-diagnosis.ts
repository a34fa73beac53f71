/** Tries a SIP2 server below the port: the line, the account, the server's word on itself, its PINs, its lists and its text. */
import {
  attention,
  type Finding,
  fails,
  judgeClock,
  type OwnDiagnosis,
  type TestCard,
  works,
} from "../diagnosis";
import { keptElsewhere } from "../kept-elsewhere";
import { Sip2Connection, type Sip2Oddity } from "./connection";
import type { Asking } from "./patron-information";
import { askPatron } from "./patron-information";
import { type PatronReply, readServerMoment } from "./replies";
import { Sip2Fault } from "./sip2-fault";
import { openingFault } from "./sip2-fault-advice";
import { askItem, askingOn, type Sip2Options, usualPatience } from "./sip2-library";

const isLoopback = (host: string): boolean => /^(localhost|127\.[\d.]+|::1)$/.test(host);

export function diagnoseSip2(options: Sip2Options): OwnDiagnosis {
  const { host, port } = options.server;
  return {
    subject: `the SIP2 server at ${host}, port ${port}`,
    steps: (test) => steps(options, test),
    keeps: [keptElsewhere.koha, keptElsewhere.evergreen, keptElsewhere.folio],
    unseen: [
      "Whether the library system writes whole SIP2 messages to its log: each sign-in's message holds a PIN. Look at the SIP server's log and at the system log after this check; the test card's PIN must not be in them.",
      "Who else reaches that port, and who else knows the account: it reads any patron. Let only Commonplace's address in.",
    ],
  };
}

type Steps = AsyncGenerator<Finding, "go on" | "stop">;

async function* steps(options: Sip2Options, test: TestCard): Steps {
  const { server } = options;
  const oddities = new Set<Sip2Oddity>();
  const patience = options.patience ?? usualPatience;
  let connection: Sip2Connection;
  try {
    connection = await Sip2Connection.open(server, patience, (oddity) => oddities.add(oddity));
  } catch (fault) {
    if (!(fault instanceof Sip2Fault)) throw fault;
    yield* openingFault(fault, server);
    return "stop";
  }
  try {
    yield works("The server takes connections.");
    yield judgeLine(server);
    yield server.login
      ? works("It accepted the account in SIP2_LOGIN_USER.")
      : attention(
          "No account is set, and no login was sent.",
          "Whoever reaches that port is let in: see that nobody else does.",
        );
    const asking = askingOn(connection, options);
    yield* askStatus(connection, options);
    return yield* askAboutPatron(options, asking, test, oddities);
  } catch (fault) {
    if (!(fault instanceof Sip2Fault)) throw fault;
    yield fails(
      `It did not answer as a SIP2 server does (${fault.code}).`,
      "docs/library-systems.md says what the code means.",
    );
    return "stop";
  } finally {
    connection.close();
  }
}

function judgeLine({ host, tls }: Sip2Options["server"]): Finding {
  if (tls) return works("The line is encrypted, and the certificate is the one to trust.");
  if (isLoopback(host))
    return attention(
      "The line is not encrypted. It ends on this machine, as that of a tunnel does.",
      "See that the tunnel reaches to the library system's own machine.",
    );
  return fails(
    "The line is not encrypted: every card number and every PIN crosses the network in clear, and so does the account that reads any patron.",
    "Set SIP2_TLS=true, or put a tunnel (stunnel, WireGuard, SSH) between the machines and SIP2_HOST to its end here.",
  );
}

/** Messages 99 and 98. Some servers have no answer; nothing but this check needs one. */
async function* askStatus(
  connection: Sip2Connection,
  { timeZone, now }: Sip2Options,
): AsyncGenerator<Finding> {
  try {
    const reply = await connection.ask({ head: "9900302.00", fields: [], answer: "98" });
    const [supported = ""] = reply.fields.get("BX") ?? [];
    const lacking = [supported[7] === "N" ? "patrons" : "", supported[10] === "N" ? "copies" : ""].filter(
      Boolean,
    );
    yield lacking.length === 0
      ? works("It says that it answers about patrons and copies.")
      : attention(
          `It says that it does not answer about ${lacking.join(" and ")}.`,
          "Give the account that right.",
        );
    const moment = readServerMoment(reply.fixed.slice(12, 30), timeZone);
    if (moment === null) yield attention("It does not tell the time.", "Its clock cannot be compared.");
    else yield judgeClock(moment - now().getTime(), timeZone);
  } catch (fault) {
    if (!(fault instanceof Sip2Fault) || fault.code !== "not-understood") throw fault;
    yield attention(
      "It does not tell its status or the time.",
      "Its clock cannot be compared; see that it is right.",
    );
  }
}

async function* askAboutPatron(
  options: Sip2Options,
  asking: Asking,
  { card, pin }: TestCard,
  oddities: ReadonlySet<Sip2Oddity>,
): Steps {
  const signedIn = await askPatron(asking, { card, pin });
  if (!signedIn.isKnown) {
    yield fails(
      "It does not know the test card.",
      "Is the number typed as the library system has it? SIP2_INSTITUTION may have to name the library.",
    );
    return "stop";
  }
  if (signedIn.pin === "not-judged") {
    yield fails(
      "It calls the card valid and says nothing of the PIN (BLY without CQ): every card number would be let in.",
      "So Commonplace lets nobody in. Set the library system to check the patron's password in message 63.",
    );
    return "stop";
  }
  yield works("It judges PINs (CQ).");
  const open = await askPatron(asking, { card, list: "charged" });
  yield judgeOpenness(open, options.server);
  yield* judgeLists(options, asking, card, open);
  yield* judgeText(oddities, signedIn);
  return "go on";
}

function judgeOpenness(open: PatronReply, { host, tls }: Sip2Options["server"]): Finding {
  if (!open.isKnown)
    return fails(
      "Without a PIN it tells nothing of a patron: sign-in works, and the account page and an open history stay empty.",
      "Allow the account to read patrons without their PIN, on an encrypted line.",
    );
  if (tls || isLoopback(host))
    return attention(
      "The account reads any patron without a PIN, as SIP2 accounts do.",
      "Guard SIP2_LOGIN_PASSWORD, and let the account in from this machine's address only.",
    );
  return fails(
    "The account reads any patron without a PIN, and it is used over a line that is not encrypted: whoever listens can do the same.",
    "Encrypt the line first, then give the account a new password.",
  );
}

async function* judgeLists(
  options: Sip2Options,
  asking: Asking,
  card: string,
  { charged, counts }: PatronReply,
): AsyncGenerator<Finding> {
  const count = counts.charged ?? charged.length;
  if (counts.charged === null)
    yield attention("It does not count a patron's loans.", "Whether a list is whole cannot be told.");
  if (count >= 2) {
    const one = (await askPatron(asking, { card, list: "charged", range: [1, 1] })).charged.length;
    if (one === 1) yield works("Long lists come in pages.");
    else if (charged.length >= count) yield works("It ignores pages, and lists everything at once.");
    else
      yield attention(
        `It listed ${charged.length} of ${count} loans, and ignores pages.`,
        "Loans beyond that are not seen. Look for a limit on lists in the library system.",
      );
  }
  const [name] = charged;
  if (name === undefined) return;
  if (/\s/.test(name)) {
    yield attention(
      "It lists loans by title instead of by barcode.",
      "In Evergreen, set msg64_summary_datatype=barcode on the account.",
    );
    return;
  }
  const item = await askItem(options, asking, name);
  if (item?.title == null)
    yield attention(
      "It tells no title of a copy that is out.",
      "Give the account the right to item information, or import the catalogue with its barcodes.",
    );
}

function* judgeText(oddities: ReadonlySet<Sip2Oddity>, { name }: PatronReply): Generator<Finding> {
  const isOdd = oddities.has("not-utf-8") || oddities.has("checksum");
  if (oddities.has("not-utf-8"))
    yield attention(
      "Its text is not UTF-8.",
      "Set the account's encoding to UTF-8 there, or SIP2_ENCODING here; then look at an accent on the account page.",
    );
  if (oddities.has("checksum"))
    yield attention(
      "Some of its checksums are wrong. Its answers are taken all the same.",
      "Koha does so for an account without an encoding: set one.",
    );
  if (isOdd) return;
  yield /\P{ASCII}/u.test(name)
    ? works("Its text is UTF-8, with the checksums right.")
    : works(
        "Its checksums are right. Letters beyond A to Z are proven only by a name or a title that has some.",
      );
}
