/**
 * Malformed inputs for all that reads what comes from outside, a million by default.
 *
 *     npm run fuzz -- [--runs 1000000] [--seed 17] [--first 0]
 */
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type { FuzzProgress } from './fuzz.ts'
import { fuzz } from './fuzz.ts'

/** An input that says nothing for so long hangs. */
const HANG_MS = 60_000

interface Task {
  seed: number
  runs: number
  first: number
}

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      first: { type: 'string', default: '0' },
    },
  })
  const task = {
    seed: Number(values.seed),
    runs: Number(values.runs),
    first: Number(values.first),
  }
  console.log(`seed ${task.seed}, ${task.runs} inputs`)
  watch(task)
} else {
  const { seed, runs, first } = workerData as Task
  parentPort!.postMessage(
    await fuzz(
      seed,
      runs,
      (progress) => {
        parentPort!.postMessage(progress)
      },
      first
    )
  )
}

/** A hang would keep its thread from saying so. */
function watch(task: Task): void {
  let last: FuzzProgress = { runs: 0, read: 0, slowestMs: 0 }
  let told = 0
  const tellHang = (): void => {
    console.error(`an input hangs, of the 1000 after ${task.first + last.runs} (seed ${task.seed})`)
    process.exit(1)
  }
  let timer = setTimeout(tellHang, HANG_MS)
  const worker = new Worker(new URL(import.meta.url), { workerData: task })
  worker.on('message', (progress: FuzzProgress) => {
    last = progress
    clearTimeout(timer)
    timer = setTimeout(tellHang, HANG_MS)
    if (progress.runs >= told + task.runs / 20) {
      told = progress.runs
      const { runs, read, slowestMs } = progress
      console.log(
        `${runs} inputs: ${read} read, ${runs - read} refused, slowest ${slowestMs.toFixed(1)} ms`
      )
    }
  })
  worker.on('error', (error) => {
    console.error(error)
    process.exit(1)
  })
  worker.on('exit', (code) => {
    clearTimeout(timer)
    console.log(code === 0 ? `${last.runs} inputs, none crashed or hung` : 'failed')
    process.exit(code)
  })
}
