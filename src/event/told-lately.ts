// What has been told of late, so that events that say the same again cost nothing. Bounded, and no more than a saving:
// whatever is forgotten is looked up, and then told again without harm. What somebody takes away meanwhile does not come
// back before it is forgotten here.

const mostFacts = 50_000
/** Also how long it takes until a dependency that is seen all the time is noted as seen. */
const rememberedMs = 3_600_000

export class ToldLately {
  readonly #facts = new Map<string, number>()

  knows(fact: string, now: Date): boolean {
    const since = this.#facts.get(fact)
    return since !== undefined && Math.abs(now.getTime() - since) < rememberedMs
  }

  remember(facts: Iterable<string>, now: Date): void {
    for (const fact of facts) {
      this.#facts.delete(fact)
      this.#facts.set(fact, now.getTime())
    }
    for (const [oldest] of this.#facts) {
      if (this.#facts.size <= mostFacts) return
      this.#facts.delete(oldest)
    }
  }
}
