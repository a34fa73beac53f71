/** Leaves a failing server in peace: for a short time at first, then twice as long each time, up to half a minute. */

const failuresBeforeRest = 3;
const longestRestMs = 30_000;

export class CircuitBreaker {
  private failures = 0;
  private restUntil = 0;
  private isTrying = false;

  constructor(
    private readonly now: () => number,
    private readonly firstRestMs: number,
  ) {}

  /** False while the server rests. After a rest one may try; the others wait for how that goes. */
  mayTry(): boolean {
    if (this.failures < failuresBeforeRest) return true;
    if (this.isTrying || this.now() < this.restUntil) return false;
    this.isTrying = true;
    return true;
  }

  succeeded(): void {
    this.failures = 0;
    this.isTrying = false;
  }

  failed(): void {
    this.failures += 1;
    this.isTrying = false;
    const rests = this.failures - failuresBeforeRest;
    if (rests >= 0)
      this.restUntil = this.now() + Math.min(longestRestMs, this.firstRestMs * 2 ** Math.min(rests, 10));
  }
}
