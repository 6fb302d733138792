// What resolvers see of one operation. Made anew for each request, each message on a websocket and each batch of a
// subscription, so that rights and loaded rows are never older than the answer they are for.
import type DataLoader from 'dataloader'
import type { Viewer } from './access/viewer.ts'
import type { Core, Session } from './core.ts'
import type { SelectedFields } from './database/columns.ts'
import { Unauthenticated } from './errors.ts'
import { AskedLast, ReadAhead } from './read-ahead.ts'

/** Makes a loader for one viewer; it must read nothing that the viewer may not see. */
// biome-ignore lint/suspicious/noExplicitAny: a loader's own types are kept by `loader` below.
type LoaderFactory<Loader extends DataLoader<any, any, any>> = (session: Session) => Loader

/** What an operation is, as far as reading is concerned: which fields it selects, and what it asked for before. */
export interface Reads {
  readonly selected?: SelectedFields
  readonly askedLast: AskedLast
}

/** Of operations that ask for the same, but need whole rows. */
export function wholeRows(): Reads {
  return { askedLast: new AskedLast() }
}

const known = new WeakMap<SelectedFields, Reads>()

export class Context {
  readonly core: Core
  readonly requestId: string
  readonly #viewer: Viewer | Unauthenticated
  readonly #reads: Pick<Session, 'selected' | 'ahead'>
  readonly #loaders = new Map<unknown, unknown>()

  constructor(core: Core, viewer: Viewer | Unauthenticated, requestId: string, reads?: Reads) {
    this.core = core
    this.#viewer = viewer
    this.requestId = requestId
    this.#reads = reads
      ? { ...(reads.selected && { selected: reads.selected }), ahead: new ReadAhead(reads.askedLast, (factory) => this.loader(factory as never)) }
      : {}
  }

  /** A context for the same operation whose loaders read no more than these fields ask for. */
  narrowedTo(selected: SelectedFields): Context {
    let reads = known.get(selected)
    if (!reads) {
      reads = { selected, askedLast: new AskedLast() }
      known.set(selected, reads)
    }
    return new Context(this.core, this.#viewer, this.requestId, reads)
  }

  /** Who asks. Throws Unauthenticated with the reason when nobody does. */
  get viewer(): Viewer {
    if (this.#viewer instanceof Unauthenticated) throw this.#viewer
    return this.#viewer
  }

  get session(): Session {
    return { core: this.core, viewer: this.viewer, ...this.#reads }
  }

  /** Whatever is loaded from now on is read anew. */
  forgetLoaded(): void {
    this.#loaders.clear()
  }

  /** The loader that a factory makes, one for the whole query, or for each of an operation's mutations. */
  // biome-ignore lint/suspicious/noExplicitAny: see LoaderFactory.
  loader<Loader extends DataLoader<any, any, any>>(factory: LoaderFactory<Loader>): Loader {
    let loader = this.#loaders.get(factory) as Loader | undefined
    if (!loader) {
      loader = factory(this.session)
      this.#loaders.set(factory, loader)
    }
    return loader
  }
}
