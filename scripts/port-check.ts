/** Whether a port can be served on, asked before the long work begins. */
import { createServer } from "node:net";

/** Resolves when the port is free; rejects with a sentence that names it and suggests another. */
export async function assertPortFree(port: number, command: string): Promise<void> {
  const fault = await portFault(port);
  if (!fault) return;
  const other = await freePortFrom(port < 1024 ? 3000 : port + 1);
  const advice = `Use another: PORT=${other} ${command}`;
  if (fault === "EACCES") throw new Error(`Port ${port} may not be used by this user. ${advice}`);
  if (fault === "EADDRINUSE") throw new Error(`Port ${port} is busy: another program is using it. ${advice}`);
  throw new Error(`Port ${port} cannot be used (${fault}). ${advice}`);
}

/** The first free port from this number on. */
export async function freePortFrom(first: number): Promise<number> {
  for (let port = first; port < 65_536; port++) if (!(await portFault(port))) return port;
  throw new Error("No port is free.");
}

/** The code of what keeps us from the port, both on all addresses and on the loopback's own. */
async function portFault(port: number): Promise<string | undefined> {
  return (await listenFault(port)) ?? (await listenFault(port, "127.0.0.1"));
}

function listenFault(port: number, host?: string): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", (fault: NodeJS.ErrnoException) => resolve(fault.code ?? fault.message));
    server.listen({ port, host }, () => server.close(() => resolve(undefined)));
  });
}
