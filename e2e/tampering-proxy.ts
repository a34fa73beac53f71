/** A server between a visitor and the library that may change each answer on its way. */
import { createServer, request } from "node:http";
import { freePortFrom } from "../scripts/port-check";

export interface Passing {
  /** Path and query that were asked for. */
  path: string;
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface TamperingProxy {
  url: string;
  close(): Promise<void>;
}

export async function startTamperingProxy(
  library: string,
  tamper: (passing: Passing) => void,
): Promise<TamperingProxy> {
  const server = createServer((asked, answer) => {
    const path = asked.url ?? "/";
    const { "accept-encoding": _, ...headers } = asked.headers;
    const onward = request(new URL(path, library), { method: asked.method, headers }, async (came) => {
      const pieces: Buffer[] = [];
      for await (const piece of came) pieces.push(piece);
      const { "transfer-encoding": _chunked, "content-length": _length, ...kept } = came.headers;
      const passing = { path, status: came.statusCode ?? 502, headers: kept, body: Buffer.concat(pieces) };
      tamper(passing);
      const given = Object.entries(passing.headers).filter(([, value]) => value !== undefined);
      answer.writeHead(passing.status, Object.fromEntries(given)).end(passing.body);
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  });
  const port = await freePortFrom(40_000 + Math.floor(Math.random() * 10_000));
  await new Promise<void>((resolve) => server.listen(port, "localhost", resolve));
  return {
    url: `http://localhost:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
