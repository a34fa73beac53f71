/** Locks the history in every tab of this browser: after a sign-out or a deletion in one, none may stay open. */

const channelName = "commonplace-lock";

export function lockOtherTabs(): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage("lock");
  channel.close();
}

/** Calls back when another tab asks for it. Returns how to stop listening. */
export function whenLockedElsewhere(lock: () => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = lock;
  return () => channel.close();
}
