/** Asks at a terminal for a text that is not shown while it is typed, and is kept nowhere. */
/** What is used of `process.stdin` where it is a terminal. */
export interface Terminal {
  setRawMode(isRaw: boolean): unknown;
  setEncoding(encoding: "utf8"): unknown;
  resume(): unknown;
  pause(): unknown;
  on(event: "data", take: (text: string) => void): unknown;
  off(event: "data", take: (text: string) => void): unknown;
}

const [enter, newLine, interrupt, endOfInput, backspace, del] = ["\r", "\n", "\x03", "\x04", "\b", "\x7f"];

/** Null when it was given up with Ctrl-C or Ctrl-D. */
export function askUnseen(
  question: string,
  terminal: Terminal,
  output: { write(text: string): unknown },
): Promise<string | null> {
  output.write(question);
  terminal.setRawMode(true);
  terminal.setEncoding("utf8");
  terminal.resume();
  return new Promise((resolve) => {
    let typed: string[] = [];
    const end = (answer: string | null) => {
      terminal.off("data", take);
      terminal.setRawMode(false);
      terminal.pause();
      output.write("\n");
      resolve(answer);
    };
    const take = (text: string) => {
      for (const key of text) {
        if (key === enter || key === newLine) return end(typed.join(""));
        if (key === interrupt || key === endOfInput) return end(null);
        if (key === backspace || key === del) typed = typed.slice(0, -1);
        else if (!/\p{Cc}/u.test(key)) typed.push(key);
      }
    };
    terminal.on("data", take);
  });
}
