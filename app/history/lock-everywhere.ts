/** Locks the history in every tab of this browser: after a sign-out, a deletion or a fresh start in one, none stays open as it was. */
import { z } from "./page-schemas";

const channelName = "commonplace-lock";

const messageSchema = z.object({ reason: z.enum(["elsewhere", "started-afresh"]), from: z.string() });
type Reason = z.infer<typeof messageSchema>["reason"];

/** A channel also reaches its own page's other listeners. */
const thisPage = typeof window === "undefined" ? "" : crypto.randomUUID();

export function lockOtherTabs(reason: Reason = "elsewhere"): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage({ reason, from: thisPage });
  channel.close();
}

/** Calls back when another tab asks for it. Returns how to stop listening. */
export function whenLockedElsewhere(lock: (reason: Reason) => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = ({ data }) => {
    const message = messageSchema.safeParse(data);
    if (message.success && message.data.from !== thisPage) lock(message.data.reason);
  };
  return () => channel.close();
}
