/** `GET /api/search`: the catalogue's search for programs. The words of a search are kept nowhere and logged nowhere. */
import { z } from "zod";
import { json, openRoute, problem } from "@/app/guarded-route";
import { server } from "@/app/server";
import { searchCatalogue } from "@/db/catalogue";

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.int().min(least).max(most));

const searchParameters = z.object({
  q: z.string(),
  limit: whole(1, 100).default(20),
  page: whole(1, 100_000).default(1),
});

export const GET = openRoute("/api/search", async ({ request }) => {
  const given = searchParameters.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!given.success) return problem(400, "malformed");
  const { q, limit, page } = given.data;
  const { total, items } = await searchCatalogue(server().db, { q, limit, offset: (page - 1) * limit });
  return json({
    total,
    items: items.map(({ id, title, authors, year, isbn }) => ({ id, title, authors, year, isbn })),
  });
});
