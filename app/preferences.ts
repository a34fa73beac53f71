"use server";
/** Stores a patron's language or theme in a cookie, also for forms sent without JavaScript. */
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { env } from "@/lib/env";
import { locales } from "./locale";
import { themes } from "./theme";

const preferenceSchema = z.union([
  z.object({ locale: z.enum(locales) }),
  z.object({ theme: z.enum(themes) }),
]);

const yearSeconds = 31_536_000;

export async function storePreference(form: FormData): Promise<void> {
  const preference = preferenceSchema.safeParse(Object.fromEntries(form));
  if (!preference.success) return;
  const jar = await cookies();
  for (const [name, value] of Object.entries(preference.data)) {
    jar.set(name, value, {
      httpOnly: true,
      maxAge: yearSeconds,
      path: "/",
      sameSite: "lax",
      secure: env().PUBLIC_URL?.startsWith("https:") ?? false,
    });
  }
  const sent = await headers();
  if (!sent.has("next-action")) redirect(pathOf(sent.get("referer")) ?? "/");
}

/** The page a form was sent from, as a path of this site. */
function pathOf(referer: string | null): string | null {
  if (referer === null || !URL.canParse(referer)) return null;
  const { pathname, search } = new URL(referer);
  return `/${pathname.replace(/^\/+/, "")}${search}`;
}
