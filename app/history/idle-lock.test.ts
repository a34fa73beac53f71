import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type LockReason, sharedComputer, watchForIdle } from "./idle-lock";

const page = new EventTarget();
let locks: LockReason[] = [];
let stop = () => {};

beforeEach(() => {
  vi.stubGlobal("window", page);
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  locks = [];
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function watch() {
  stop = watchForIdle(
    sharedComputer,
    () => {},
    (reason) => {
      locks.push(reason);
      stop();
    },
  ).stop;
}

/** What `performance.now()` does while a machine sleeps: nothing. */
function sleepFor(ms: number) {
  vi.setSystemTime(Date.now() + ms);
}

test("a machine that slept finds the history locked, although its ticks stood still", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
  watch();
  sleepFor(3 * 60_000);
  vi.advanceTimersByTime(1_000);
  expect(locks).toEqual(["idle"]);
});

test("the first touch after a long sleep locks, and does not count as a sign of the reader", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
  watch();
  sleepFor(3 * 60_000);
  page.dispatchEvent(new Event("pointermove"));
  expect(locks).toEqual(["idle"]);
});

test("a clock set back keeps nothing open", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date", "performance"] });
  watch();
  sleepFor(-3_600_000);
  vi.advanceTimersByTime(2 * 60_000);
  expect(locks).toEqual(["idle"]);
});

test("a reader who moves now and then is left in peace", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date", "performance"] });
  watch();
  for (let minute = 0; minute < 10; minute++) {
    vi.advanceTimersByTime(60_000);
    page.dispatchEvent(new Event("keydown"));
  }
  expect(locks).toEqual([]);
});
