import { expect, test } from "vitest";
import { clientAddress } from "./client-address";

const from = (socket: string, forwarded?: string) =>
  new Headers({ "x-socket-address": socket, ...(forwarded ? { "x-forwarded-for": forwarded } : {}) });

test("without proxies of our own, what a client writes into X-Forwarded-For is ignored", () => {
  expect(clientAddress(from("192.0.2.7", "203.0.113.9"), 0)).toBe("192.0.2.7");
});

test("behind proxies, the entry of the outermost one counts and not what came before it", () => {
  expect(clientAddress(from("10.0.0.1", "203.0.113.9"), 1)).toBe("203.0.113.9");
  expect(clientAddress(from("10.0.0.1", "198.51.100.66, 203.0.113.9"), 1)).toBe("203.0.113.9");
  expect(clientAddress(from("10.0.0.1", "198.51.100.66, 203.0.113.9, 10.0.0.2"), 2)).toBe("203.0.113.9");
  expect(clientAddress(from("10.0.0.1"), 1)).toBe("10.0.0.1");
});

test("IPv6 addresses of one household count as one, and IPv4 in IPv6 as IPv4", () => {
  expect(clientAddress(from("2001:db8:1:2:aaaa::1"), 0)).toBe(
    clientAddress(from("2001:db8:1:2:bbbb:1:2:3"), 0),
  );
  expect(clientAddress(from("2001:db8:1:2::1"), 0)).not.toBe(clientAddress(from("2001:db8:1:3::1"), 0));
  expect(clientAddress(from("::ffff:192.0.2.7"), 0)).toBe("192.0.2.7");
});
