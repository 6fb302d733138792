import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startEmbedded } from '../kit/app.ts'

// The timeout is below the time that the server gives to requests that run.
test('a connection on which nothing was asked, such as browsers open ahead of need, does not hold up a stop', { timeout: 6_000 }, async () => {
  const mayday = await startEmbedded()
  const unused = connect(Number(new URL(mayday.url).port), '127.0.0.1')
  const closed = once(unused, 'close')
  await once(unused, 'connect')
  // Once this is answered the server has taken the connection before it, too.
  expect((await fetch(`${mayday.url}/health/live`)).status).toBe(200)
  await mayday[Symbol.asyncDispose]()
  await closed
})
