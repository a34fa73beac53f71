"use client";
/** Tells the browser's own rendering from the server's. */
import { useSyncExternalStore } from "react";

const neverChanges = () => () => {};

/**
 * False in the server's HTML and until the page's scripts have taken over.
 * [Note: secrets only in a live page] A form for a passphrase that is in the HTML can be sent by the browser itself
 * before the scripts run, and then the passphrase is in an address. So such forms wait for this.
 */
export function useInBrowser(): boolean {
  return useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  );
}
