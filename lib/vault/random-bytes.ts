/** Where secret randomness comes from; passed in, so that tests can fix it. */

/** Returns that many fresh, unpredictable bytes. */
export type RandomBytes = (length: number) => Uint8Array;

/** The platform's cryptographically secure source, in Node and in browsers. */
export const secureRandom: RandomBytes = (length) =>
  globalThis.crypto.getRandomValues(new Uint8Array(length));
