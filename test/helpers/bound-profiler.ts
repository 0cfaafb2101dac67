import type { Context, MiddlewareHandler } from 'hono'
import { expect } from 'vitest'
import { nodeFileSystem } from '../../runtimes/common/file-system.ts'
import { nodeRuntime } from '../../runtimes/node/runtime.ts'
import type { Runtime } from '../../src/adapter.ts'
import type { Profiler } from '../../src/profiler.ts'
import { createProfiler } from '../../src/profiler.ts'
import { checkSession, checkTree } from '../../src/session/check.ts'
import type { Session } from '../../src/session.ts'
import { installFileSystem } from '../../src/store/file-system.ts'
import type { SessionStore } from '../../src/store/store.ts'
import { memoryStore } from '../../src/store/store.ts'

installFileSystem(nodeFileSystem)

/** A profiler on Node whose environment and terminal belong to one test. */
export interface BoundProfiler extends Profiler {
  /** What it printed, one entry for each call. */
  printed: string[]
}

export function bindProfiler(
  environment: Record<string, string> = {},
  changes: Partial<Runtime> = {}
): BoundProfiler {
  const printed: string[] = []
  const runtime: Runtime = {
    ...nodeRuntime,
    env: (name) => environment[name],
    terminal: { print: (text) => printed.push(text), color: false },
    ...changes,
  }
  return { ...createProfiler(runtime), printed }
}

/** A store and the session that was kept in it last, checked. */
export function watchedStore(): SessionStore & { last(): Promise<Session> } {
  const store = memoryStore()
  return {
    ...store,
    async last() {
      const session = await store.load((await store.list()).at(-1) ?? '')
      expect(session, 'a session in the store').toBeDefined()
      return checked(session!)
    },
  }
}

/** The session, after the checks that hold for all. */
export function checked(session: Session): Session {
  checkSession(session.data)
  checkTree(session.rootFrame(), session.duration)
  checkTree(session.rootFrame({ timeline: true }), session.duration)
  return session
}

/** On a machine that is busy itself, V8 may take no sample for some milliseconds. */
export const LONG_ENOUGH_TO_BE_SAMPLED = 40

/** Keeps the processor busy for some milliseconds, without calls that hide where the time goes. */
export function burn(ms: number): number {
  const endMs = performance.now() + ms
  let sum = 0
  while (performance.now() < endMs) {
    for (let i = 0; i < 20_000; i++) {
      sum += Math.sqrt(i)
    }
  }
  return sum
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Milliseconds in which a session ran and in which it waited, whatever the collector and others did meanwhile. */
export function timesOf({ meta: { totals } }: Session): { ran: number; waited: number } {
  return { ran: totals.cpu + totals.gc, waited: totals.await + totals.blocked }
}

/** The names of the functions in a session's tree. */
export function functionNames(session: Session): string[] {
  return session.data.functions.map(({ name }) => name)
}

/** Middleware that does nothing, so that Hono composes instead of calling a lone handler. */
export const passOn: MiddlewareHandler = (_c: Context, next) => next()
