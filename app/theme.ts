/** Light, dark, or whichever the device asks for: the reader's stored choice. */
import { cookies } from "next/headers";

export const themes = ["device", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export async function readTheme(): Promise<Theme> {
  const stored = (await cookies()).get("theme")?.value;
  return themes.find((theme) => theme === stored) ?? "device";
}
