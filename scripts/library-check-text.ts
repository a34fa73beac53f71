/** How `npm run library:check` prints what it found. */
import type { Finding } from "@/lib/circulation/diagnosis";

const signs: Record<Finding["sign"], string> = { works: "✓", attention: "!", fails: "✗" };

export function findingText({ sign, says, advice }: Finding): string {
  return `  ${signs[sign]} ${says}${advice === undefined ? "" : `\n    → ${advice}`}`;
}

/** A heading with a line each; nothing where there is none. */
export function listText(heading: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `\n${heading}\n${lines.map((line) => `  - ${line}`).join("\n")}`;
}

export function closingSentence(findings: readonly Finding[]): string {
  const count = (sign: Finding["sign"]) => findings.filter((finding) => finding.sign === sign).length;
  const [broken, odd] = [count("fails"), count("attention")];
  if (broken > 0)
    return `Do not open it to patrons like this: ${broken === 1 ? "one point" : `${broken} points`} above ${broken === 1 ? "is" : "are"} marked ✗.`;
  if (odd > 0)
    return `It can be used. ${odd === 1 ? "One point" : `${odd} points`} above, marked !, ${odd === 1 ? "wants" : "want"} a look.`;
  return "It works, as far as can be seen from here.";
}
