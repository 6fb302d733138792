// A subscriber that stops reading costs bounded memory, and is brought up to date when it reads again.
import { expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { startEmbedded } from '../kit/app.ts'
import { Following } from '../kit/client.ts'
import { FollowWall } from '../kit/documents.ts'
import { comment, declare } from '../kit/seed.ts'

interface WallFrame {
  incidents: { reset: boolean; incidents: { comments: { nodes: { body: string }[] } }[] }
}

it('gets a reset when it reads again after missing more than the resume limit, and its neighbours never wait', { timeout: 120_000 }, async () => {
  await using app = await startEmbedded({ environment: { MAYDAY_RESUME_LIMIT: '20', MAYDAY_SLOW_SOCKET_BYTES: '2048' } })
  const { id } = await declare(app.admin)
  const opened = Promise.withResolvers<WebSocket>()
  const client = app.admin.connect({ on: { connected: (socket) => opened.resolve(socket as WebSocket) } })
  await using slow = new Following<WallFrame>(client, String(FollowWall))
  await using quick = app.admin.follow<WallFrame>(String(FollowWall))
  await Promise.all([slow.next(), quick.next()])

  const socket = await opened.promise
  socket.pause()
  // Far more than the system's own buffers between the two ends hold, so that the server's side fills up.
  const big = 'x'.repeat(19_000)
  const written = 400
  for (let index = 0; index < written; index++) await comment(app.admin, id, `${index} ${big}`)
  await quick.until(({ incidents }) => incidents.incidents[0]?.comments.nodes.at(-1)?.body.startsWith(`${written - 1} `) ?? false)
  socket.resume()

  const frames = await slow.until(({ incidents }) => incidents.incidents[0]?.comments.nodes.at(-1)?.body.startsWith(`${written - 1} `) ?? false)
  expect(frames.at(-1)?.incidents.reset).toBe(true)
  expect(frames.length).toBeLessThan(written)
})
