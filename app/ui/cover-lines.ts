/** Breaks a title into lines that fit a drawn cover, in any script, by words wherever the script has them. */

export interface TitleSetting {
  lines: string[];
  sizePx: number;
}

/** Advance of one character as a share of the type size: measured on Literata, generous for scripts it lacks. */
function advance(character: string): number {
  if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0;
  if (
    /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\p{Extended_Pictographic}]/u.test(
      character,
    )
  )
    return 1.02;
  if (/[ilj.,:;'’!|()[\]]/.test(character)) return 0.32;
  if (/[MW@—]/.test(character)) return 0.95;
  if (/[\p{Lu}\d&mw]/u.test(character)) return 0.7;
  return character === " " ? 0.26 : 0.54;
}

export function widthOf(text: string, sizePx: number): number {
  return [...text].reduce((sum, character) => sum + advance(character), 0) * sizePx;
}

/** The pieces between which a line may break. Punctuation stays with the word before it. */
function pieces(text: string): string[] {
  const segments = [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)];
  return segments.reduce<string[]>((done, { segment, isWordLike }) => {
    const last = done.at(-1);
    if (last !== undefined && !isWordLike) done[done.length - 1] = last + segment;
    else if (last !== undefined && !/[\s\p{Lo}\u2014-]$/u.test(last)) done[done.length - 1] = last + segment;
    else done.push(segment);
    return done;
  }, []);
}

function breakLines(text: string, sizePx: number, widthPx: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces(text)) {
    if (line !== "" && widthOf((line + piece).trimEnd(), sizePx) > widthPx) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  if (line.trim() !== "") lines.push(line.trimEnd());
  return lines;
}

function shorten(line: string, sizePx: number, widthPx: number): string {
  const characters = [...line];
  while (characters.length > 1 && widthOf(`${characters.join("")}…`, sizePx) > widthPx) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}

/** The largest of `sizesPx` (largest first) at which the text fits the box; cut with an ellipsis at the smallest. */
export function setTitle(
  text: string,
  sizesPx: readonly number[],
  widthPx: number,
  heightPx: number,
): TitleSetting {
  const tidy = text.replace(/\s+/g, " ").trim();
  let smallest: TitleSetting = { lines: [], sizePx: sizesPx[0] ?? 12 };
  for (const sizePx of sizesPx) {
    const lines = breakLines(tidy, sizePx, widthPx);
    const fits = lines.length * sizePx * 1.22 <= heightPx;
    if (fits && lines.every((line) => widthOf(line, sizePx) <= widthPx)) return { lines, sizePx };
    smallest = { lines, sizePx };
  }
  const room = Math.max(1, Math.floor(heightPx / (smallest.sizePx * 1.22)));
  const kept = smallest.lines.slice(0, room);
  const cut = smallest.lines.length > kept.length;
  return {
    sizePx: smallest.sizePx,
    lines: kept.map((line, index) =>
      (cut && index === kept.length - 1) || widthOf(line, smallest.sizePx) > widthPx
        ? shorten(line, smallest.sizePx, widthPx)
        : line,
    ),
  };
}
