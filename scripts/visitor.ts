/** Asks a server as somebody without a card or a cookie would, and never asks any other server. */

export interface Answer {
  /** Where the answer came from, after redirects. */
  address: URL;
  status: number;
  headers: Headers;
  body: Buffer;
}

const patienceMs = 30_000;
const mostRedirects = 4;

/** Follows redirects within the server; one that leads elsewhere ends in an error. */
export async function fetchWithin(start: URL, headers: Record<string, string> = {}): Promise<Answer> {
  let address = start;
  for (let turn = 0; turn <= mostRedirects; turn++) {
    const answer = await ask(address, headers);
    const target = answer.headers.get("location");
    if (answer.status < 300 || answer.status > 399 || target === null) {
      const body = Buffer.from(await answer.arrayBuffer());
      return { address, status: answer.status, headers: answer.headers, body };
    }
    await answer.body?.cancel();
    const next = new URL(target, address);
    if (next.origin !== start.origin)
      throw new Error(`${address.pathname} leads to another server, ${next.origin}.`);
    address = next;
  }
  throw new Error(`${start.pathname} leads in circles.`);
}

async function ask(address: URL, headers: Record<string, string>): Promise<Response> {
  try {
    return await fetch(address, { headers, redirect: "manual", signal: AbortSignal.timeout(patienceMs) });
  } catch (cause) {
    throw new Error(`${address.origin} does not answer.`, { cause });
  }
}
