// A closed loop: each of a fixed number of connections sends its next request when it has the answer to the last.
import type { Measured } from '../child.ts'
import { type Operation, requestBody } from '../operations.ts'
import { type Figures, figuresOf } from '../statistics.ts'
import { Connection, requestBytes } from './connection.ts'

/** A server that answers operations: how to reach it, and what to say who one is. */
export interface Target {
  readonly url: string
  readonly path: (operation: Operation) => string
  readonly headers: Record<string, string>
}

export interface RequestLoad {
  connections: number
  warmUpSeconds: number
  seconds: number
}

export interface RequestFigures extends Figures {
  perSecond: number
  /** How many were answered for each second of processor time that the server used. */
  perCpuSecond: number
  /** The bytes of an answer's body, on average. */
  bytes: number
}

export async function loadRequests(measured: Measured, target: Target, operation: Operation, load: RequestLoad): Promise<RequestFigures> {
  const requests = operation.variables.map((variables) => requestBytes(target.url, target.path(operation), target.headers, requestBody(operation, variables)))
  const latencies: number[] = []
  let bytes = 0
  let next = 0
  const before = await measured.usage()
  const begin = performance.now() + load.warmUpSeconds * 1000
  const end = begin + load.seconds * 1000

  async function work(): Promise<void> {
    const connection = await Connection.open(target.url)
    for (;;) {
      const sent = performance.now()
      if (sent >= end) return connection.close()
      const answer = await connection.ask(requests[next++ % requests.length] as Buffer)
      const now = performance.now()
      assertSuccess(answer, operation)
      if (sent < begin || now > end) continue
      latencies.push(now - sent)
      bytes += answer.length - answer.indexOf('\r\n\r\n') - 4
    }
  }

  await Promise.all(Array.from({ length: load.connections }, work))
  const used = (await measured.usage()).cpu - before.cpu
  return { ...figuresOf(latencies), perSecond: latencies.length / load.seconds, perCpuSecond: next / used, bytes: bytes / latencies.length }
}

/** An answer that is no answer would be fast. */
export function assertSuccess(answer: Buffer, { name, proof }: Operation): void {
  const text = answer.toString('latin1', 0, 4_096)
  if (!text.startsWith('HTTP/1.1 200') || !text.includes(proof)) throw new Error(`No success of "${name}": ${text.slice(0, 1_000)}`)
}
