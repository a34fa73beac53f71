/** The prompt for a test card: what is typed is never shown, and the terminal is given back. */
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { askUnseen } from "./unseen-prompt";

function terminal() {
  const raw: boolean[] = [];
  const stream = new PassThrough();
  return Object.assign(stream, {
    raw,
    setRawMode(mode: boolean) {
      raw.push(mode);
      return this;
    },
  });
}

async function type(keys: string[]) {
  const [input, shown] = [terminal(), [""]];
  const answer = askUnseen("PIN ", input, { write: (text) => shown.push(text) });
  for (const key of keys) input.write(key);
  return {
    answer: await answer,
    shown: shown.join(""),
    raw: input.raw,
    listeners: input.listenerCount("data"),
  };
}

test("what is typed comes back and is not shown, however it is cut into pieces", async () => {
  for (const keys of [["quiet-4321\r"], ["qui", "et-43", "21", "\r"], ["quiet-4321\nmore"]])
    expect(await type(keys)).toEqual({
      answer: "quiet-4321",
      shown: "PIN \n",
      raw: [true, false],
      listeners: 0,
    });
});

test("a typing mistake is taken back by the whole letter, and other keys count for nothing", async () => {
  expect((await type(["12😀\x7f3\b4\t\x1b\r"])).answer).toBe("124");
});

test("Ctrl-C and Ctrl-D give up", async () => {
  for (const key of ["\x03", "\x04"])
    expect(await type(["12", key])).toMatchObject({ answer: null, raw: [true, false] });
});
