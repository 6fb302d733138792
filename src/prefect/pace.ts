/** How often a server is looked at, in milliseconds; tests are less patient. */
export interface Pace {
  /** The whole catalogue, when no event tells of a change before; and at the latest, where reading it takes long. */
  readonly catalogueMs: number
  readonly mostCatalogueMs: number
  /** What runs now, what ended lately, and what is due within the hour. */
  readonly runsMs: number
  /** All upcoming runs within the horizon, where reading them takes long; elsewhere they are read with the others. */
  readonly mostAllRunsMs: number
  /** The events of late, for what the stream may have dropped. */
  readonly reconcileMs: number
  /** How soon events are looked for again after the stream has begun: by then the server has written down what it had in hand. */
  readonly settleMs: number
  /** Between failures: at first, and at most. */
  readonly retryMs: number
  readonly mostRetryMs: number
  /** A stream on which so long nothing is heard, not even the answer to a ping, is over. */
  readonly silenceMs: number
}

export const usualPace: Pace = {
  catalogueMs: 60_000,
  mostCatalogueMs: 300_000,
  runsMs: 60_000,
  mostAllRunsMs: 600_000,
  reconcileMs: 300_000,
  settleMs: 10_000,
  retryMs: 1_000,
  mostRetryMs: 30_000,
  silenceMs: 90_000
}
