/** The digest that Evergreen's login asks for. MD5 is that protocol's own: it hides nothing that https does not hide already. */
import { createHash } from "node:crypto";

/** `md5(seed + md5(pin))`, in hexadecimal. Used for this login and for nothing else. */
export function digestPin(seed: string, pin: string): string {
  return md5(`${seed}${md5(pin)}`);
}

const md5 = (text: string): string => createHash("md5").update(text, "utf8").digest("hex");
