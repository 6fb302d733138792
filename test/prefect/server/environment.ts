// A virtual environment with a real Prefect, made on first use. It is kept in the folder for temporary files, or in the one that MAYDAY_TEST_CACHE names.
import { execFile } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const version = '3.8.8'
/** With later ones of these two, this version of the server does not start, or makes no runs. */
const packages = [`prefect==${version}`, 'fastapi==0.145.0', 'sqlalchemy<2.1']

/** The folder of its programs. Without a Python, or without the packages, the tests fail: they are not left out silently. */
export async function prefectPrograms(): Promise<string> {
  const folder = join(process.env.MAYDAY_TEST_CACHE ?? tmpdir(), `mayday-prefect-${version}`)
  const bin = join(folder, 'bin')
  // Made last, so that an environment that broke off half-way is made anew.
  if (existsSync(join(folder, 'complete'))) return bin
  rmSync(folder, { recursive: true, force: true })
  await run('python3', '-m', 'venv', folder)
  await run(join(bin, 'python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages)
  writeFileSync(join(folder, 'complete'), '')
  return bin
}

async function run(program: string, ...args: string[]): Promise<void> {
  await promisify(execFile)(program, args).catch((error: Error) => {
    throw new Error(`These tests need Python 3.10 or newer with venv, and PyPI: ${error.message.slice(0, 4_000)}`)
  })
}
