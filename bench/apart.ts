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

const hasThread = runtime === 'node' || runtime === 'deno'
let thread: Worker | undefined

/** The same worker once more, in which nothing is recorded; workerd gives it by a service binding. */
interface Twin {
  fetch(url: string): Promise<Response>
}

/**
 * Milliseconds that some work takes where nothing is ever recorded. V8's sampler goes on for ten seconds after a
 * recording: it is done in an isolate of its own, which is not sampled. JavaScriptCore's ends with the recording.
 */
export async function apart(works: Works, name: string): Promise<number> {
  const { TWIN } = globalThis as { TWIN?: Twin }
  if (TWIN) {
    const response = await TWIN.fetch(`http://twin/${encodeURIComponent(name)}`)
    return Number(await response.text())
  }
  if (!hasThread) {
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
  if (!hasThread) {
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
