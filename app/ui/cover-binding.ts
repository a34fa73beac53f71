/** Chooses a binding for a drawn cover: the same work always gets the same cloth, foil and ornament. */

export interface Binding {
  cloth: string;
  foil: string;
  ornament: "label" | "frame" | "bands" | "initial" | "panel";
}

/** Book cloths and the foil stamped on each, at 7:1 or better. */
export const cloths: readonly { cloth: string; foil: string }[] = [
  { cloth: "#1f3b2f", foil: "#efe3bd" },
  { cloth: "#5b1d22", foil: "#f5e2c4" },
  { cloth: "#1d2f52", foil: "#e9e3cf" },
  { cloth: "#4a2c45", foil: "#f3dfe0" },
  { cloth: "#123f4a", foil: "#dff0e8" },
  { cloth: "#5a3411", foil: "#f8e6c3" },
  { cloth: "#30343b", foil: "#f0e9da" },
  { cloth: "#3c4320", foil: "#f3edc8" },
  { cloth: "#e3d3ab", foil: "#43210f" },
  { cloth: "#cfd9d2", foil: "#18352c" },
  { cloth: "#e6c9bd", foil: "#561a18" },
];

const ornaments = ["label", "frame", "bands", "initial", "panel"] as const;

/** FNV-1a, 32 bits: spreads titles over cloths; nothing secret depends on it. */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** `hasInitial` is false for a title that begins with no letter: a large "1" says nothing. */
export function chooseBinding(title: string, author: string, hasInitial: boolean): Binding {
  const colour = cloths[spread(`${author}/${title}`) % cloths.length] ?? {
    cloth: "#30343b",
    foil: "#f0e9da",
  };
  const ornament = ornaments[spread(`${title}/${author}`) % ornaments.length] ?? "frame";
  return { ...colour, ornament: ornament === "initial" && !hasInitial ? "frame" : ornament };
}
