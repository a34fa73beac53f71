/** `GET /api/health`: for load balancers and for `npm start` itself; says only whether the database answers. */
import { server } from "@/app/server";
import { databaseAnswers } from "@/db/health";

export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  const isUp = await databaseAnswers(server().db);
  return Response.json(
    { status: isUp ? "ok" : "database-down" },
    { status: isUp ? 200 : 503, headers: { "cache-control": "no-store" } },
  );
}
