import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AsyncLocalStorage } from 'node:async_hooks'
import { captureStack, readHookStack } from '../../runtimes/common/call-sites.ts'
import { AwaitTracker } from '../../src/capture/await-tracker/await-tracker.ts'
import type { Track } from '../../src/capture/track.ts'
import { readTrack } from '../../src/capture/track.ts'
import { wrapTimers } from '../../src/capture/wrapped-timers.ts'

const nextTick = process.nextTick.bind(process)
const nowUs = (): number => performance.now() * 1000

/** V8's stacks show the awaiting function, so the tracker can be watched on Node. */
function newTracker(afterDrain?: typeof nextTick): AwaitTracker<string> {
  return new AwaitTracker<string>({
    nowUs,
    storage: new AsyncLocalStorage(),
    captureStack,
    ...(afterDrain ? { afterDrain } : {}),
    wrapApis: (apis) => wrapTimers(apis, { global: globalThis, process }),
  })
}

/** No promise, though it may be one. */
const nothing = undefined as undefined | Promise<void>

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function burn(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end) {
    Math.sqrt(end)
  }
}

type Seen = ReturnType<typeof readTrack>

function read(track: Track<unknown>): Seen {
  return readTrack(track, ({ stack, type }) =>
    readHookStack(stack as { stack?: unknown }, type === 'reaction')
  )
}

async function watch(
  request: () => Promise<unknown>,
  tracker = newTracker(nextTick)
): Promise<Seen> {
  const track = tracker.begin('request')
  try {
    await tracker.run(track, request)
  } finally {
    tracker.end(track)
  }
  return read(track)
}

/** The awaits that a function of this file made, by name. */
function awaitsIn({ operations }: Seen, name: string): number[] {
  return Array.from({ length: operations.count }, (_, i) => i).filter(
    (i) => operations.awaits(i) >= 0 && operations.frames(i).at(-1)?.function.name === name
  )
}

/** Milliseconds that runs which an operation started held the processor. */
function heldBy({ segments }: Seen, operation: number): number {
  return segments.run.reduce((sum, run, i) => {
    const isOwn = segments.operationOf(run) === operation
    return isOwn ? sum + (segments.endUs[i]! - segments.startUs[i]!) / 1000 : sum
  }, 0)
}

/** The kind of the operation that started the run which settled what an await awaits. */
function settledBy({ operations, segments }: Seen, operation: number): string {
  const run = operations.settledIn(operations.awaits(operation))
  return run < 0 ? 'outside' : operations.kind(segments.operationOf(run))
}

describe('what the tracker sees', () => {
  it('is where an await waits, how long, and how long it ran afterwards', async () => {
    const seen = await watch(async function handler() {
      await sleep(20)
      burn(10)
    })
    const [waiting] = awaitsIn(seen, 'handler')
    const { operations } = seen
    const settledUs = operations.settledUs(operations.awaits(waiting!))
    expect((settledUs - operations.createdUs(waiting!)) / 1000).toBeGreaterThan(18)
    expect(heldBy(seen, waiting!)).toBeGreaterThanOrEqual(10)
  })

  it('is which run settled what was awaited, also among others in one queue', async () => {
    async function leaf(): Promise<void> {
      await sleep(5)
    }
    async function other(): Promise<void> {
      await sleep(5)
    }
    const seen = await watch(async function handler() {
      await Promise.all([leaf(), other()])
    })
    const [inLeaf] = awaitsIn(seen, 'leaf')
    const [all] = awaitsIn(seen, 'handler').filter((i) => seen.operations.kind(i) === 'await')
    expect(settledBy(seen, inLeaf!)).toBe('callback')
    expect(settledBy(seen, all!)).toBe('all')
  })

  it('is that a promise settled from outside was', async () => {
    let settle = (): void => undefined
    const outside = new Promise<void>((resolve) => (settle = resolve))
    setTimeout(() => {
      settle()
    }, 10)
    const seen = await watch(async function handler() {
      await outside
    })
    expect(settledBy(seen, awaitsIn(seen, 'handler')[0]!)).toBe('outside')
  })

  it('needs no signal that the queue is empty for what follows soon', async () => {
    async function inner(): Promise<void> {
      await sleep(5)
      await nothing
      burn(15)
    }
    const seen = await watch(async function handler() {
      await inner()
    }, newTracker())
    expect(settledBy(seen, awaitsIn(seen, 'handler')[0]!)).toBe('await')
    expect(heldBy(seen, awaitsIn(seen, 'inner')[0]!)).toBeGreaterThanOrEqual(15)
  })

  it('includes work after awaits that the getter does not see', async () => {
    const seen = await watch(async function handler() {
      for (let i = 0; i < 100; i++) {
        await nothing
      }
      burn(15)
    })
    expect(heldBy(seen, 0)).toBeGreaterThanOrEqual(15)
  })

  it('leaves out what others do in the same queue', async () => {
    const tracker = newTracker(nextTick)
    let settle = (): void => undefined
    const shared = new Promise<void>((resolve) => (settle = resolve))
    async function stranger(): Promise<void> {
      await shared
      burn(30)
    }
    const track = tracker.begin('request')
    const done = tracker.run(track, async function handler() {
      await shared
      burn(5)
    })
    const strange = stranger()
    setTimeout(() => {
      settle()
    }, 5)
    await Promise.all([done, strange])
    tracker.end(track)
    const seen = read(track)
    expect(heldBy(seen, awaitsIn(seen, 'handler')[0]!)).toBeLessThan(15)
  })

  it('is kept in segments that neither overlap nor go back', async () => {
    const { segments } = await watch(async function handler() {
      await Promise.all([sleep(3), sleep(2).then(() => sleep(1)), nothing])
      await new Promise<void>((resolve) => {
        process.nextTick(() => {
          queueMicrotask(resolve)
        })
      })
    })
    for (let i = 0; i < segments.run.length; i++) {
      expect(segments.endUs[i]!).toBeGreaterThanOrEqual(segments.startUs[i]!)
      expect(segments.startUs[i]!).toBeGreaterThanOrEqual(i > 0 ? segments.endUs[i - 1]! : 0)
    }
  })
})

describe('promises while something is recorded', () => {
  const original = Object.getOwnPropertyDescriptor(Promise.prototype, 'constructor')!
  const tracker = newTracker(nextTick)
  let track: Track<string>

  beforeEach(() => {
    track = tracker.begin('request')
  })

  afterEach(() => {
    tracker.end(track)
    Reflect.defineProperty(Promise.prototype, 'constructor', original)
  })

  it('have the same constructor, also by the prototype itself', () => {
    const promise = Promise.resolve()
    expect(promise.constructor).toBe(Promise)
    expect(Promise.prototype.constructor).toBe(Promise)
    expect((Object.create(Promise.prototype) as object).constructor).toBe(Promise)
  })

  it('can have constructors of their own, and subclasses', async () => {
    class Slow extends Promise<number> {}
    const slow = Slow.resolve(1)
    expect(slow.then(String)).toBeInstanceOf(Slow)
    const promise = Promise.resolve(2)
    promise.constructor = Slow
    expect(Object.keys(promise)).toEqual(['constructor'])
    expect([await slow, await promise]).toEqual([1, 2])
  })

  it('are as they were afterwards', () => {
    tracker.end(track)
    expect(Object.getOwnPropertyDescriptor(Promise.prototype, 'constructor')).toEqual(original)
  })

  it('keep a constructor that the application gave the prototype meanwhile', () => {
    class Traced extends Promise<unknown> {}
    Reflect.defineProperty(Promise.prototype, 'constructor', { ...original, value: Traced })
    tracker.end(track)
    expect(Object.getOwnPropertyDescriptor(Promise.prototype, 'constructor')?.value).toBe(Traced)
  })
})
