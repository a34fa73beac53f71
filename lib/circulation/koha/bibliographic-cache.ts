/** Remembers what items and records are, for a while and so many at most. Nothing in it tells who asked, or when. */

export class BibliographicCache<Told> {
  private readonly held = new Map<string, { told: Told; until: number }>();

  constructor(
    private readonly most: number,
    private readonly lifeMs: number,
    private readonly now: () => number,
  ) {}

  get(id: string): Told | undefined {
    const found = this.held.get(id);
    if (!found) return undefined;
    if (this.now() < found.until) return found.told;
    this.held.delete(id);
    return undefined;
  }

  /** The one that came first makes room. A reading does not move it: the order tells nothing about borrowing. */
  set(id: string, told: Told): void {
    this.held.delete(id);
    this.held.set(id, { told, until: this.now() + this.lifeMs });
    const [oldest] = this.held.keys();
    if (this.held.size > this.most && oldest !== undefined) this.held.delete(oldest);
  }

  get size(): number {
    return this.held.size;
  }
}
