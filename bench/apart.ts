import type { Worker } from 'node:worker_threads'
import type { Works } from './measure.ts'
import { runtime } from './measure.ts'

/** Each piece of work in each way of measuring it, called `way piece`. */
export function worksOf(
  pieces: Record<string, () => unknown>,
  ways: Record<string, (work: () => unknown) => Promise<number>>
): Works {
  return Object.fromEntries(
    Object.entries(ways).flatMap(([way, measure]) =>
      Object.entries(pieces).map(([name, work]) => [`${way} ${name}`, () => measure(work)])
    )
  )
}

let thread: Worker | undefined

/**
 * Milliseconds that some work takes where nothing is ever recorded. On Node the sampler goes on for ten seconds after a
 * recording: there it is a thread of its own, whose isolate is not sampled.
 */
export async function apart(works: Works, name: string): Promise<number> {
  if (runtime !== 'node') {
    return works[name]!()
  }
  const { Worker } = process.getBuiltinModule('node:worker_threads')
  thread ??= new Worker(new URL(import.meta.url))
  const answer = process.getBuiltinModule('node:events').once(thread, 'message')
  thread.postMessage(name)
  const [ms] = (await answer) as [number]
  return ms
}

/** Serves `apart` where this is its thread; tells whether it is. */
export function servesApart(works: Works = {}): boolean {
  if (runtime !== 'node') {
    return false
  }
  const { parentPort } = process.getBuiltinModule('node:worker_threads')
  parentPort?.on('message', (name: string) => {
    void works[name]!().then((ms) => {
      parentPort.postMessage(ms)
    })
  })
  return parentPort !== null
}
