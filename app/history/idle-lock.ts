/** Decides when an open vault locks by itself: after a while without a sign of the reader, or out of sight. */

export interface LockTimes {
  idleMs: number;
  /** How long before the idle lock the reader is warned (WCAG 2.2, 2.2.1: at least 20 seconds). */
  warningMs: number;
  /** How long the page may be hidden, so that a look at another tab costs nothing. */
  hiddenMs: number;
}

const minuteMs = 60_000;

export const sharedComputer: LockTimes = { idleMs: 2 * minuteMs, warningMs: 30_000, hiddenMs: minuteMs };
export const ownDevice: LockTimes = { idleMs: 5 * minuteMs, warningMs: 30_000, hiddenMs: 5 * minuteMs };

/** Longer, because a code is copied to paper meanwhile; and nothing is stored until that is done. */
export const settingUp: LockTimes = { idleMs: 10 * minuteMs, warningMs: minuteMs, hiddenMs: 10 * minuteMs };

export type LockReason = "asked" | "idle" | "hidden" | "elsewhere" | "started-afresh";
export type Watch = { stay: () => void; stop: () => void };

const signsOfLife = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

export interface Moment {
  ticks: number;
  wall: number;
}

export const momentNow = (): Moment => ({ ticks: performance.now(), wall: Date.now() });

/** By whichever clock says more: the one stands still while a machine sleeps, the other can be set back. */
export const msSince = (moment: Moment): number =>
  Math.max(performance.now() - moment.ticks, Date.now() - moment.wall);

/** Watches the page. `onWarning` is told when the warning appears and when it is over. */
export function watchForIdle(
  times: LockTimes,
  onWarning: (warned: boolean) => void,
  onLock: (reason: LockReason) => void,
): Watch {
  let lastSign = momentNow();
  let hiddenSince: Moment | null = null;
  let warned = false;

  const stay = () => {
    // A touch after a long sleep must not keep open what should have locked in it.
    if (msSince(lastSign) >= times.idleMs) return onLock("idle");
    lastSign = momentNow();
    if (warned) onWarning(false);
    warned = false;
  };
  // The clock is read rather than trusted to tick: hidden pages' timers are slowed, sleeping machines' stop.
  const check = () => {
    if (hiddenSince !== null && msSince(hiddenSince) >= times.hiddenMs) return onLock("hidden");
    if (msSince(lastSign) >= times.idleMs) return onLock("idle");
    if (!warned && msSince(lastSign) >= times.idleMs - times.warningMs) {
      warned = true;
      onWarning(true);
    }
  };
  const onVisibility = () => {
    check();
    hiddenSince = document.visibilityState === "hidden" ? momentNow() : null;
  };
  // A page put aside for "back" would come back open.
  const onPageHide = () => onLock("hidden");

  const timer = setInterval(check, 1000);
  for (const sign of signsOfLife) window.addEventListener(sign, stay, { passive: true });
  document.addEventListener("visibilitychange", onVisibility);
  window.addEventListener("pagehide", onPageHide);
  return {
    stay,
    stop() {
      clearInterval(timer);
      for (const sign of signsOfLife) window.removeEventListener(sign, stay);
      document.removeEventListener("visibilitychange", onVisibility);
      window.removeEventListener("pagehide", onPageHide);
    },
  };
}
