// Loaded into a measured process before its own code (`--import`): tells over IPC what the process has used so far, and
// before that, when asked to, throws away what nobody needs any more, or gives back to the system what V8 has spare, too.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Worker } from 'node:worker_threads'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (how?: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void

const workers: Worker[] = []
process.on('worker', (worker) => workers.push(worker))

process.on('message', async (question) => {
  // Twice, since what the first finds dead may have kept more from dying.
  for (let times = question === 'settled' ? 2 : 0; times > 0; times--) collect()
  if (question === 'shrunk') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  const workersCpu = await Promise.all(workers.map((worker) => worker.cpuUsage()))
  process.send?.({ cpu: process.cpuUsage(), workersCpu, memory: process.memoryUsage(), peak: process.resourceUsage().maxRSS * 1024 })
})
// Who measures must not keep the process from ending; but nothing that was measured outlives who measured.
process.channel?.unref()
process.on('disconnect', () => process.exit())
