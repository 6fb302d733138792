// A measured process: Mayday itself, or a floor. One process, so one core for its JavaScript.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Usage {
  /** Seconds of processor time, of all threads. */
  cpu: number
  /** Of it, that of the threads in which its own code runs beside its main one: the embedded engine's. */
  workersCpu: number
  /** In bytes, as the process has it now. */
  memory: NodeJS.MemoryUsage
  /** The most resident memory that it ever had, in bytes. */
  peak: number
}

export interface Measured extends AsyncDisposable {
  readonly url: string
  usage(): Promise<Usage>
  /** The same, after a collection of garbage. */
  settled(): Promise<Usage>
  /** The same, after V8 has given back what it has spare as well. */
  shrunk(): Promise<Usage>
}

const probe = new URL('probe.ts', import.meta.url).href

/**
 * A process that has little to do after much is tidied up by V8, some seconds later: that would fall into one measurement
 * and not into another. Once V8 has begun it is too late to say so.
 */
const alike = '--no-memory-reducer'

/** Starts a script that prints where it is, with only these options set. A folder for profiles makes it write one when it ends. */
export async function startMeasured(script: URL, environment: Record<string, string>, profiles?: string): Promise<Measured> {
  const flags = [alike, '--import', probe, ...(profiles ? ['--cpu-prof', '--cpu-prof-dir', profiles] : [])]
  const child = spawn(process.execPath, [...flags, fileURLToPath(script)], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc']
  })
  const url = await address(child)
  async function ask(question: 'usage' | 'settled' | 'shrunk'): Promise<Usage> {
    child.send(question)
    const [{ cpu, workersCpu, memory, peak }] = (await once(child, 'message')) as [Told]
    return { cpu: secondsOf(cpu), workersCpu: workersCpu.map(secondsOf).reduce((sum, each) => sum + each, 0), memory, peak }
  }
  return {
    url,
    usage: () => ask('usage'),
    settled: () => ask('settled'),
    shrunk: () => ask('shrunk'),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  }
}

/** What the probe says. */
interface Told {
  cpu: NodeJS.CpuUsage
  workersCpu: NodeJS.CpuUsage[]
  memory: NodeJS.MemoryUsage
  peak: number
}

function secondsOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000_000
}

function address(child: ChildProcess): Promise<string> {
  let printed = ''
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk
      const found = /is at (http:\S+)/.exec(printed)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', (code, signal) => reject(new Error(`A process to measure ended with ${signal ?? code}: ${printed}`)))
  })
}
