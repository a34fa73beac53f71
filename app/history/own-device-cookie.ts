/** Tells the server's sign-out, and nothing else, that this device keeps sealed copies which are not to be cleared. */
import { ownDeviceCookie } from "@/lib/auth/own-device-cookie";
import { hasAnyCopy } from "./device-copies";

const yearSeconds = 31_536_000;

/** It names nobody, and stays as long as any reader's copy is here. */
export async function matchOwnDeviceCookie(): Promise<void> {
  const maxAge = (await hasAnyCopy()) ? yearSeconds : 0;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs https, and Firefox lacked it for long
  document.cookie = `${ownDeviceCookie}=1; Path=/; Max-Age=${maxAge}; SameSite=Lax${secure}`;
}
