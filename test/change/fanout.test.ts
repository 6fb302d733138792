import { expect, it } from 'vitest'
import { Fanout } from '../../src/change/fanout.ts'
import { Feed } from '../../src/change/feed.ts'
import type { Source } from '../../src/change/frame.ts'
import { startEmbedded } from '../kit/app.ts'
import { declare } from '../kit/seed.ts'

it('does not lose a subscriber who comes at the moment when the last other one goes', async () => {
  await using app = await startEmbedded()
  const { workspaceId } = app.workspace
  const { core } = app.app
  const feed = new Feed(core)
  const fanout = new Fanout(core, feed)
  const source: Source = {
    workspaceId,
    key: 'everything',
    resumeLimit: 100,
    produce: async ({ to, first }) => ({ text: first ? 'snapshot' : 'news', to }),
    isFinal: () => false
  }
  const news = Promise.withResolvers<void>()
  const gone = await fanout.enter(workspaceId, null, { write: () => true, fail: () => {} })
  await gone.join(source)
  const coming = fanout.enter(workspaceId, null, {
    write({ text }) {
      if (text === 'news') news.resolve()
      return true
    },
    fail: () => {}
  })
  gone.close()
  const subscriber = await coming
  await subscriber.join(source)
  await declare(app.admin)
  feed.poke(workspaceId)
  await news.promise
  expect(subscriber.isLive).toBe(true)
  subscriber.close()
})
