// What resolvers see of one operation. Made anew for each request, each message on a websocket and each batch of a
// subscription, so that rights and loaded rows are never older than the answer they are for.
import type DataLoader from 'dataloader'
import type { Viewer } from './access/viewer.ts'
import type { Core, Session } from './core.ts'
import { Unauthenticated } from './errors.ts'

/** Makes a loader for one viewer; it must read nothing that the viewer may not see. */
// biome-ignore lint/suspicious/noExplicitAny: a loader's own types are kept by `loader` below.
type LoaderFactory<Loader extends DataLoader<any, any, any>> = (session: Session) => Loader

export class Context {
  readonly core: Core
  readonly requestId: string
  readonly #viewer: Viewer | Unauthenticated
  readonly #loaders = new Map<unknown, unknown>()

  constructor(core: Core, viewer: Viewer | Unauthenticated, requestId: string) {
    this.core = core
    this.#viewer = viewer
    this.requestId = requestId
  }

  /** Who asks. Throws Unauthenticated with the reason when nobody does. */
  get viewer(): Viewer {
    if (this.#viewer instanceof Unauthenticated) throw this.#viewer
    return this.#viewer
  }

  get session(): Session {
    return { core: this.core, viewer: this.viewer }
  }

  /** The loader that a factory makes, one for the whole operation. */
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
