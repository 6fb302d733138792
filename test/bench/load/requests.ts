// A closed loop: each of a fixed number of connections sends its next request when it has the answer to the last.
import type { Measured, Usage } from '../child.ts'
import { type Operation, requestBody } from '../operations.ts'
import { type Figures, figuresOf } from '../statistics.ts'
import type { Target } from '../target.ts'
import { Connection, requestBytes } from './connection.ts'

export interface RequestLoad {
  connections: number
  warmUpSeconds: number
  seconds: number
}

export interface RequestFigures extends Figures {
  /** Counted from the warm-up to the last answer, also one that comes when nothing more is sent. */
  perSecond: number
  /** How many were answered for each second of processor time that the server used. */
  perCpuSecond: number
  /** The bytes of an answer's body, on average. */
  bytes: number
}

/** The request of an operation with one of its variables. */
export function operationRequest(target: Target, operation: Operation, variables: Record<string, unknown>): Buffer {
  return requestBytes(target.url, target.path(operation), target.headers, requestBody(operation, variables))
}

export function loadRequests(measured: Pick<Measured, 'usage'>, target: Target, operation: Operation, load: RequestLoad): Promise<RequestFigures> {
  const requests = operation.variables.map((variables) => operationRequest(target, operation, variables))
  let next = 0
  const assert = successOf(operation)
  return closedLoop(measured, target.url, load, () => requests[next++ % requests.length] as Buffer, assert)
}

/** `requestOf` is asked for the next request of a connection, by its number; `assert` throws at an answer that is no success. */
export async function closedLoop(
  measured: Pick<Measured, 'usage'>,
  url: string,
  load: RequestLoad,
  requestOf: (connection: number) => Buffer,
  assert: (answer: Buffer) => void
): Promise<RequestFigures> {
  const connections = await Promise.all(Array.from({ length: load.connections }, () => Connection.open(url)))
  const latencies: number[] = []
  let bytes = 0
  let last = 0
  const begin = performance.now() + load.warmUpSeconds * 1000
  const end = begin + load.seconds * 1000

  async function usageAtBegin(): Promise<Usage> {
    await new Promise((resolve) => setTimeout(resolve, begin - performance.now()))
    return measured.usage()
  }

  async function work(connection: Connection, index: number): Promise<void> {
    for (;;) {
      const sent = performance.now()
      if (sent >= end) return connection.close()
      const answer = await connection.ask(requestOf(index))
      const now = performance.now()
      assert(answer)
      if (now < begin) continue
      latencies.push(now - sent)
      last = now
      bytes += answer.length - answer.indexOf('\r\n\r\n') - 4
    }
  }

  const [before] = await Promise.all([usageAtBegin(), ...connections.map(work)])
  const used = (await measured.usage()).cpu - before.cpu
  return {
    ...figuresOf(latencies),
    perSecond: latencies.length / ((last - begin) / 1000),
    perCpuSecond: latencies.length / used,
    bytes: bytes / latencies.length
  }
}

const ok = Buffer.from('HTTP/1.1 200')

/** An answer that is no answer would be fast: throws at one without the proof of success in it. */
export function successOf({ name, proof }: Pick<Operation, 'name' | 'proof'>): (answer: Buffer) => void {
  const wanted = Buffer.from(proof)
  return (answer) => {
    if (answer.subarray(0, ok.length).equals(ok) && answer.subarray(0, 4_096).includes(wanted)) return
    throw new Error(`No success of "${name}": ${answer.toString('utf8', 0, 1_000)}`)
  }
}
