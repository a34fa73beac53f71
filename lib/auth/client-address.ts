/** The address that a request came from: its socket's, or what the library's own proxies saw. */
import { subscribe } from "node:diagnostics_channel";
import { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";

const socketHeader = "x-socket-address";

/**
 * Writes the socket's address into a header of every request that this process receives, over whatever a client
 * sent under that name: Next tells its routes no other address than X-Forwarded-For, which a client can write.
 * Call once, before the server answers.
 */
export function stampSocketAddresses(): void {
  subscribe("http.server.request.start", (message) => {
    if (typeof message !== "object" || message === null || !("request" in message)) return;
    const { request } = message;
    if (request instanceof IncomingMessage)
      request.headers[socketHeader] = request.socket.remoteAddress ?? "";
  });
}

/**
 * The client's address as the unit of an allowance: IPv4 whole, IPv6 by its /64, which one household holds.
 * With `trustedProxies` n, the entry that the outermost of n proxies wrote into X-Forwarded-For.
 */
export function clientAddress(headers: Headers, trustedProxies: number): string {
  const socket = headers.get(socketHeader) ?? "";
  if (trustedProxies === 0) return addressBlock(socket);
  const forwarded = (headers.get("x-forwarded-for") ?? "").split(",").map((entry) => entry.trim());
  const hops = [...forwarded.filter((entry) => entry !== ""), socket];
  return addressBlock(hops[Math.max(0, hops.length - 1 - trustedProxies)] ?? "");
}

function addressBlock(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address || "unknown";
  const [head = "", tail] = address.toLowerCase().replace(/%.*$/, "").split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap: string[] = tail === undefined ? [] : Array(8 - front.length - back.length).fill("0");
  const groups = [...front, ...gap, ...back]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(":")}::/64`;
}
