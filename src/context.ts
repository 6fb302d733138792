// What resolvers see of one operation. Made anew for each request, each message on a websocket and each batch of a
// subscription, so that rights and loaded rows are never older than the answer they are for.
import type DataLoader from 'dataloader'
import type { Viewer } from './access/viewer.ts'
import type { Core, Session } from './core.ts'
import type { SelectedFields } from './database/columns.ts'
import { Unauthenticated } from './errors.ts'

/** Makes a loader for one viewer; it must read nothing that the viewer may not see. */
// biome-ignore lint/suspicious/noExplicitAny: a loader's own types are kept by `loader` below.
type LoaderFactory<Loader extends DataLoader<any, any, any>> = (session: Session) => Loader

export class Context {
  readonly core: Core
  readonly requestId: string
  readonly #viewer: Viewer | Unauthenticated
  readonly #selected: SelectedFields | undefined
  readonly #loaders = new Map<unknown, unknown>()

  constructor(core: Core, viewer: Viewer | Unauthenticated, requestId: string, selected?: SelectedFields) {
    this.core = core
    this.#viewer = viewer
    this.requestId = requestId
    this.#selected = selected
  }

  /** A context for the same operation whose loaders read no more than these fields ask for. */
  narrowedTo(selected: SelectedFields): Context {
    return new Context(this.core, this.#viewer, this.requestId, selected)
  }

  /** Who asks. Throws Unauthenticated with the reason when nobody does. */
  get viewer(): Viewer {
    if (this.#viewer instanceof Unauthenticated) throw this.#viewer
    return this.#viewer
  }

  get session(): Session {
    return { core: this.core, viewer: this.viewer, selected: this.#selected }
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
