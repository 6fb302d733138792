// Mayday as its users run it: a process of its own, which can be told to stop, or killed.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface RunningProcess {
  readonly child: ChildProcessWithoutNullStreams
  /** What it has printed so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** Its exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>
}

/** Starts the process, or another entry of src, with only these options set. */
export function startProcess(environment: Record<string, string>, entry = main): RunningProcess {
  const child = spawn(process.execPath, [entry], { env: { PATH: process.env.PATH, ...environment } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
  })
  const exited = new Promise<number | NodeJS.Signals>((resolve) => child.once('close', (code, signal) => resolve(signal ?? code ?? 0)))
  return { child, stdout: () => stdout, stderr: () => stderr, exited }
}

/** Makes a data folder in which the tables are there already, and nothing else: making those takes longer than to start. */
export async function createDataFolder(parent: string): Promise<string> {
  const data = join(parent, 'data')
  await cp(inject('embeddedFolder'), data, { recursive: true })
  return data
}

/** Starts the process on a free port and waits until it serves; its address is what it printed. */
export async function startNode(environment: Record<string, string>): Promise<RunningProcess & { url: string }> {
  const running = startProcess({ PORT: '0', HOST: '127.0.0.1', MAYDAY_LOG_LEVEL: 'error', ...environment })
  const url = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const address = /Mayday is at (\S+)/.exec(running.stdout())?.[1]
      if (address) resolve(address)
    }
    running.child.stdout.on('data', look)
    running.exited.then((code) => reject(new Error(`Mayday ended with ${code}: ${running.stderr()}${running.stdout()}`)))
  })
  return { ...running, url }
}

export async function kill(running: RunningProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  running.child.kill(signal)
  await running.exited
}
