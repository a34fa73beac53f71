/** The page of instructions in a sealed copy: how to open it with the plain age program, and what is inside. */
import type { useTranslations } from "use-intl";
import type { HistoryRow, SealedCopy, SealedFor } from "@/lib/vault/unlocked-history";
import { bundleFolder, historyName, waitingFolder, waitingNames } from "./sealed-bundle";

const keyFile = "my-key.txt";
const plainFile = "history.json";
const home = "https://age-encryption.org";
const releases = "https://github.com/FiloSottile/age/releases";

/** Every field of an entry, so that a new one cannot go unexplained. */
const fields = {
  title: true,
  author: true,
  outOn: true,
  dueOn: true,
  returnedOn: true,
  renewals: true,
  isbn: true,
  format: true,
  callNumber: true,
  subjects: true,
  recordId: true,
  id: true,
  item: true,
  seenOn: true,
  goneOn: true,
} as const satisfies Record<keyof HistoryRow, true>;

type Words = ReturnType<typeof useTranslations<"portable.readme">>;

/** In the reader's language, with the line ends that Windows' editors want, and without a secret. */
export function writeInstructions(
  t: Words,
  copy: SealedCopy,
  sealedFor: SealedFor,
  made: { library: string; day: string },
): string {
  const typed = (line: string) => `      ${line}`;
  const opening = {
    own: [
      t("saveKey", { file: keyFile }),
      t("openOwn"),
      typed(`age -d -i ${keyFile} -o ${plainFile} ${historyName}`),
    ],
    passphrase: [t("openPassphrase"), typed(`age -d -o ${plainFile} ${historyName}`)],
    recipient: [
      t("openRecipient", { file: "identity.txt" }),
      typed(`age -d -i identity.txt -o ${plainFile} ${historyName}`),
    ],
  };
  const needed = {
    own: () => t("keyOwn", { start: "AGE-SECRET-KEY-PQ-1" }),
    passphrase: () => t("keyPassphrase"),
    recipient: () =>
      t("keyRecipient", { recipient: sealedFor.kind === "recipient" ? sealedFor.recipient.trim() : "" }),
  };
  const sections = [
    [t("title"), t("made", made)],
    [
      t("holdsHeading"),
      t("holdsHistory", { file: historyName, total: copy.total }),
      ...holdsWaiting(t, copy),
    ],
    [t("keyHeading"), needed[sealedFor.kind]()],
    [
      t("program", { address: home }),
      typed("macOS            brew install age"),
      typed("Windows          winget install --id FiloSottile.age"),
      typed("Debian, Ubuntu   sudo apt install age"),
      typed("Fedora           sudo dnf install age"),
      ...(sealedFor.kind === "own" ? [t("versionOwn", { address: releases })] : []),
    ],
    [t("openHeading"), t("unpack"), t("enter"), typed(`cd ~/Downloads/${bundleFolder}`)],
    opening[sealedFor.kind],
    [t("read", { file: plainFile }), t("tidy", { file: plainFile })],
    [t("formatHeading"), t("format"), ...fieldLines(t), t("days")],
    waitingLines(t, copy, typed),
  ];
  const lines = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\r\n"));
  return `${lines.join("\r\n\r\n")}\r\n`;
}

function holdsWaiting(t: Words, { waiting }: SealedCopy): string[] {
  return waiting.length === 0 ? [] : [t("holdsWaiting", { folder: waitingFolder, count: waiting.length })];
}

function fieldLines(t: Words): string[] {
  const names = Object.keys(fields).filter((name): name is keyof typeof fields => name in fields);
  return names.map((name) => `      ${name.padEnd(12)} ${t(`fields.${name}`)}`);
}

function waitingLines(t: Words, { waiting }: SealedCopy, typed: (line: string) => string): string[] {
  const [first] = waitingNames(waiting.length);
  if (first === undefined) return [];
  return [
    t("waitingHeading"),
    t("waiting"),
    typed(`age -d -i ${keyFile} -o entry.bin ${first}`),
    t("waitingNeedsOwn", { file: keyFile }),
    t("waitingFormat"),
  ];
}
