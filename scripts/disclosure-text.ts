/** A disclosure in plain words, for the person who must answer an order or a patron's question. */
import type { CardHoldings, CountedAttempts, Disclosure, VaultHoldings } from "@/lib/audit/disclose";

export interface Heading {
  card: string;
  library: string;
  day: string;
}

export function disclosureText(disclosure: Disclosure, { card, library, day }: Heading): string {
  if (!disclosure.ok) {
    return {
      "unknown-card": `${library} holds nothing under card ${card}: no patron, no loan, no reading history.`,
      "library-unreachable":
        "The library system could not be reached, so its part cannot be told. Nothing was concluded.",
    }[disclosure.why];
  }
  const parts = [
    `What ${library} could hand over for card ${card}, on ${day}`,
    section("In the library system", libraryLines(disclosure.library)),
    section("Of a reading history", vaultLines(disclosure.vault)),
    section("Of attempts to sign in or unlock", attemptLines(disclosure.attempts)),
    section("What it could not hand over, because it does not have it", missingLines(disclosure.vault)),
  ];
  if (disclosure.vault) parts.push(section("What remains possible", remainingLines));
  return parts.join("\n\n");
}

function section(title: string, lines: string[]): string {
  return [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

function libraryLines(library: CardHoldings | null): string[] {
  if (!library) return ["No patron has this card."];
  return [
    `Name: ${library.name}`,
    "A salted hash of the PIN. The PIN itself is not stored.",
    ...list(
      "Loans out now",
      library.loans.map(
        (loan) =>
          `${loan.title}, item ${loan.barcode}, out ${loan.outOn}, due ${loan.dueOn}, renewed ${loan.renewals}×`,
      ),
    ),
    ...list(
      "Holds",
      library.holds.map(
        (hold) => `${hold.title}, placed ${hold.placedOn}${hold.readyOn ? `, ready ${hold.readyOn}` : ""}`,
      ),
    ),
    ...list(
      "Fines, with the late loan that each is for",
      library.fines.map(
        (fine) => `${fine.title}: ${(fine.cents / 100).toFixed(2)}${fine.returned ? "" : ", still out"}`,
      ),
    ),
    ...list(
      "Items that name this card as their last borrower",
      library.lastBorrowed.map((item) => `${item.title}, item ${item.barcode}, until ${item.clearOn}`),
    ),
    ...(library.wrongPins > 0 ? [`Wrong PINs since the last right one: ${library.wrongPins}`] : []),
    ...(library.lockedUntil ? [`Card locked until: ${library.lockedUntil.toISOString()}`] : []),
  ];
}

function list(title: string, lines: string[]): string[] {
  return [`${title}: ${lines.length === 0 ? "none" : lines.length}`, ...lines.map((line) => `  ${line}`)];
}

function vaultLines(vault: VaultHoldings | null): string[] {
  if (!vault) return ["There is none. Whether there ever was one is not recorded."];
  const ways = vault.slotKinds
    ? vault.slotKinds.join(", ") || "none that can be read"
    : `not to be told: the keyring opens none of it (${vault.keyringFault})`;
  return [
    vault.lastOpenedIn
      ? `There is one. It was last unlocked in ${vault.lastOpenedIn}: the month is kept, sealed, because the library deletes histories that nobody opens. When it was made is not recorded.`
      : "There is one. When it was made or last used is not recorded.",
    `Random id: ${vault.id}`,
    `Size: ${vault.blocks * 32} KiB in ${vault.chapters} sealed chapters, counted in steps of 32 KiB`,
    `Sealed entries waiting to be opened by the patron: ${vault.waitingEntries}`,
    `Ways to unlock it: ${ways}`,
    ...(vault.slotKinds?.includes("passkey")
      ? [
          "Of each passkey: the random identifier that its device knows it by, a salt, and the address it works at.",
        ]
      : []),
    `Keyed marks of loans that are out: ${vault.marksOfLoansOut}. With the keyring and a loan's number from the library system, one can tell whether the loan is among them.`,
    "The sealed bytes themselves, the public keys that seal to it, and its wrapped keys.",
  ];
}

function attemptLines({ signIn, passphraseGuess, historySetUp }: CountedAttempts): string[] {
  const told = [
    ["Last failed sign-in that still counts", signIn],
    ["Last try at the passphrase that still counts", passphraseGuess],
    ["Last beginning of a set-up that still counts", historySetUp],
  ] as const;
  const lines = told.flatMap(([title, at]) => (at ? [`${title}: ${at.toISOString()}`] : []));
  return lines.length > 0
    ? [
        ...lines,
        "Each is kept under a keyed hash, and goes with the first sweep after its count has run out.",
      ]
    : ["Nothing is counted at this time."];
}

function missingLines(vault: VaultHoldings | null): string[] {
  return [
    "Returned loans, apart from those named above: their rows are deleted on return. Until the next day's sweep their bytes may still lie in the database's files, and in its write-ahead log and older backups until those are overwritten; recovering them takes a forensic examination.",
    "Searches, records looked at, pages visited: they are never stored.",
    ...(vault
      ? [
          "What is in the reading history: titles, dates, how many entries. Only the patron's passphrase, recovery code or passkey opens it, and none of these is stored.",
          "The passphrase, the recovery code, what a passkey gives, or anything that could reset them.",
        ]
      : []),
  ];
}

const remainingLines = [
  "Whoever has the database and the keyring of the same day can guess at the passphrase, at the price of Argon2id (64 MiB, three passes) for each guess. Five random words withstand that; a weak passphrase of the patron's own may not.",
  "The recovery code has 130 random bits and cannot be guessed; no more can what a passkey gives. Whoever holds the device of a passkey, and can unlock it, can open the history with it.",
  "From the moment the patron deletes the history, the sealed bytes open for nobody; copies in backups follow at the next daily replacement of the master key.",
];
