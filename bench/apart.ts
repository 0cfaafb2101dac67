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

const hasThreads = runtime === 'node' || runtime === 'deno'
const threads: { apart?: Worker; recording?: Worker } = {}

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
  return hasThreads ? inThread('apart', name) : works[name]!()
}

/** The same where everything is recorded: an isolate like the other, so that nothing else is different. */
export async function recording(works: Works, name: string): Promise<number> {
  return hasThreads ? inThread('recording', name) : works[name]!()
}

async function inThread(which: keyof typeof threads, name: string): Promise<number> {
  const { Worker } = process.getBuiltinModule('node:worker_threads')
  const thread = (threads[which] ??= new Worker(new URL(import.meta.url)))
  const answer = process.getBuiltinModule('node:events').once(thread, 'message')
  thread.postMessage(name)
  const [ms] = (await answer) as [number]
  return ms
}

/** Serves `apart` and `recording` where this is their thread; tells whether it is. */
export function servesApart(works: Works = {}): boolean {
  if (!hasThreads) {
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
