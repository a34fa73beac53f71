/** The web server's own process: the built application over HTTP, ended by its parent or when that is gone. */
import { hkdfSync } from "node:crypto";
import { createServer } from "node:http";
import next from "next";

const port = Number(process.env.PORT);
const patienceMs = 5_000;

// A terminal's Ctrl-C goes to the whole group; the parent decides when and in which order to stop.
process.on("SIGINT", () => {});

// The build's own key for server actions is public (see application-build.ts); the one in use is of this installation.
const actionsKey = hkdfSync("sha256", process.env.AUTH_SECRET ?? "", "", "commonplace/server-actions", 32);
process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = Buffer.from(actionsKey).toString("base64");

const app = next({ dev: false, dir: process.cwd(), port, hostname: "localhost" });
await app.prepare();
const handle = app.getRequestHandler();
const server = createServer((request, response) => void handle(request, response));

let stopping = false;
process.on("SIGTERM", stop);
process.on("disconnect", stop);
server.on("error", (fault) => {
  // Not by the console: in a running server that goes to the log, without its text.
  process.stderr.write(`${fault.message}\n`);
  process.exit(1);
});
server.listen({ port, host: process.env.HOST || "127.0.0.1" }, () => process.send?.("listening"));

/** Lets running requests finish, for a while. */
function stop() {
  if (stopping) return;
  stopping = true;
  setTimeout(() => server.closeAllConnections(), patienceMs).unref();
  setTimeout(() => process.exit(0), patienceMs + 2_000).unref();
  server.close(async () => {
    await app.close();
    process.exit(0);
  });
  server.closeIdleConnections();
}
