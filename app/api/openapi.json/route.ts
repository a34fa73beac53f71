/** `GET /api/openapi.json`: the API description. */
import { json, openRoute } from "@/app/guarded-route";
import { apiDescription } from "./description";

export const GET = openRoute("/api/openapi.json", async () => json(apiDescription));
