/** The mark of the opening half. The build looks for it: it must be in the browser's bundle and never in the server's. */

export const openingHalf = "commonplace-opening-half-5f3c9e0b71d24a86";

// A side effect, so that no bundler can drop the mark from any bundle that imports a file of this folder.
Reflect.set(globalThis, Symbol.for(openingHalf), true);
