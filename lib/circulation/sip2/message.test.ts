import { expect, test } from "vitest";
import { Frames, longestMessageBytes } from "./frames";
import { checksum, isSendable, readReply, readTail, writeMessage } from "./message";
import { readCents, readDay, readPatronReply } from "./replies";
import { decodeText, encodeText } from "./text-encoding";

const bytes = (text: string) => Buffer.from(text, "latin1");
const zone = "America/New_York";

test("a message ends in its sequence number, the sum of its bytes and CR", () => {
  const message = writeMessage(
    "9300",
    [
      ["CN", "term1"],
      ["CO", "term1"],
      ["CP", "CPL"],
    ],
    0,
    "utf-8",
  );
  expect(Buffer.from(message).toString()).toBe("9300CNterm1|COterm1|CPCPL|AY0AZF5F4\r");
});

test("the sum is over bytes: the same text in two encodings has two sums", () => {
  const [utf8, latin1] = (["utf-8", "latin-1"] as const).map((encoding) =>
    Buffer.from(writeMessage("63", [["AD", "pässwörd"]], 2, encoding)).toString("latin1"),
  );
  expect(utf8?.slice(-5)).not.toBe(latin1?.slice(-5));
  for (const message of [utf8 ?? "", latin1 ?? ""])
    expect(readTail(bytes(message.slice(0, -1)))).toMatchObject({ sequence: 2, isSumRight: true });
});

test("sums wrap at 16 bits and keep their leading zeros", () => {
  expect(checksum(new Uint8Array(65_536).fill(1))).toBe("0000");
  expect(checksum(Uint8Array.from([0xff, 1]))).toBe("FF00");
});

test("a delimiter, a control character or what the encoding lacks is never sent", () => {
  for (const text of ["a|b", "a\rb", "a\nb", "\0", "\u0085", "\u2028", "\ud800"])
    expect(isSendable(text, "utf-8"), JSON.stringify(text)).toBe(false);
  expect(isSendable("猫", "latin-1")).toBe(false);
  expect(isSendable("é €", "cp850")).toBe(false);
  expect(isSendable("pass!’猫", "utf-8")).toBe(true);
  const message = writeMessage(
    "63",
    [
      ["AA", "1|AD0"],
      ["AO", "x"],
    ],
    0,
    "utf-8",
  );
  expect(Buffer.from(message).toString()).toMatch(/^63AA\|AOx\|AY0AZ/);
});

test("every byte of a one-byte encoding goes there and back", () => {
  for (const encoding of ["latin-1", "cp850"] as const)
    for (let byte = 0x80; byte <= 0xff; byte++) {
      const text = decodeText(Uint8Array.of(byte), encoding);
      expect(encodeText(text, encoding)).toEqual(Uint8Array.of(byte));
    }
  expect(decodeText(bytes("Zo\x89"), "cp850")).toBe("Zoë");
});

test("text is read as UTF-8 wherever it is UTF-8, else as configured, from one message to the next", () => {
  expect(decodeText(bytes("Mis\xe9rables"), "utf-8")).toBe("Misérables");
  expect(decodeText(new TextEncoder().encode("Misérables"), "latin-1")).toBe("Misérables");
});

test("messages end in CR, CR LF or LF, wherever the packets were cut", () => {
  const frames = new Frames();
  const text = (taken: Uint8Array[] | "too-long") =>
    taken === "too-long" ? taken : taken.map((one) => Buffer.from(one).toString());
  expect(text(frames.take(bytes("941AY0")))).toEqual([]);
  expect(frames.isPartial).toBe(true);
  expect(text(frames.take(bytes("AZFDFD\r")))).toEqual(["941AY0AZFDFD"]);
  expect(text(frames.take(bytes("\n98\r\n64\r18\n")))).toEqual(["98", "64", "18"]);
  expect(frames.isPartial).toBe(false);
  expect(text(frames.take(new Uint8Array(longestMessageBytes + 1)))).toBe("too-long");
});

test("sequence number and sum are found at the end alone, or not at all", () => {
  expect(readTail(bytes("1801AB1|AJAY1AZ0000 the title|AY3AZ1234"))).toMatchObject({
    sequence: 3,
    isSumRight: false,
  });
  expect(readTail(bytes("941"))).toEqual({ sequence: null, isSumRight: null, bodyLength: 3 });
  expect(readTail(bytes("96AZFEF6"))).toEqual({ sequence: null, isSumRight: true, bodyLength: 2 });
});

test("an answer that is shorter than it says is none", () => {
  for (const text of ["", "6", "64", "64  ", `64${" ".repeat(58)}`, "55xx", "94"])
    expect(readReply(text)).toBeNull();
  expect(readReply("941")).toMatchObject({ code: "94", fixed: "1" });
});

const patron = (fields: string, counts = "0000".repeat(6)) => {
  const reply = readReply(`64              00020261124    101500${counts}${fields}`);
  if (!reply) throw new Error("A reply was expected.");
  return readPatronReply(reply);
};

test("a card is valid when BL says so, a PIN when CQ says so, and never otherwise", () => {
  expect(patron("BLY|CQY|")).toMatchObject({ isKnown: true, pin: "right" });
  expect(patron("BLY|CQN|AFno|")).toMatchObject({ isKnown: true, pin: "wrong" });
  expect(patron("BLY|")).toMatchObject({ isKnown: true, pin: "not-judged" });
  expect(patron("BLY|CQ|")).toMatchObject({ pin: "not-judged" });
  expect(patron("BLN|CQY|")).toMatchObject({ isKnown: false });
  expect(patron("CQY|")).toMatchObject({ isKnown: false });
  expect(patron("BLY|BLN|CQN|CQY|")).toMatchObject({ isKnown: false, pin: "wrong" });
  expect(patron("BLy|CQ1|")).toMatchObject({ isKnown: false, pin: "wrong" });
});

test("counts stand in their places; a blank one is not told", () => {
  expect(patron("", "000100020003000400050006").counts).toEqual({ holds: 1, charged: 3, waiting: 6 });
  expect(patron("", "    00020150000000000000").counts).toEqual({ holds: null, charged: 150, waiting: 0 });
});

test("delimiters within a field come back, control characters do not", () => {
  expect(patron("AEA &#124; B\x01C|").name).toBe("A | B C");
  expect(patron("AU1|AU|AU2|").charged).toEqual(["1", "2"]);
});

test("a due day is read from the standard's form and from years first; UTC becomes the library's day; the rest is not told", () => {
  expect(readDay("20261214    235900", zone)).toBe("2026-12-14");
  expect(readDay("20261215   Z043000", zone)).toBe("2026-12-14");
  expect(readDay("2026-12-14 23:59:00", zone)).toBe("2026-12-14");
  expect(readDay("2026/12/14", zone)).toBe("2026-12-14");
  for (const text of [null, "", "03/04/2026", "20260230    235900", "soon", "20261214   Z999999"])
    expect(readDay(text, zone)).toBeNull();
});

test("what is owed is read with a point or a comma, and nonsense is nothing", () => {
  expect(readCents("12.5")).toBe(1250);
  expect(readCents("$12,50")).toBe(1250);
  expect(readCents("7")).toBe(700);
  expect(readCents("0.00")).toBe(0);
  for (const text of [null, "", "-3.00", "none", "1.2.3", "99999999999"]) expect(readCents(text)).toBeNull();
});
