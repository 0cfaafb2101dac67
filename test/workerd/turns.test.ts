import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Turns } from '../../runtimes/workerd/turns.ts'

const LONGEST = 5000

/** The timers of one request: they stop when it is cancelled. */
function requestTimers() {
  const state = { isCancelled: false }
  const unlessCancelled = (work: () => void) => (): void => {
    if (!state.isCancelled) {
      work()
    }
  }
  return {
    cancel: () => (state.isCancelled = true),
    timers: {
      nowUs: () => Date.now() * 1000,
      setTimeout: (work: () => void, ms: number) => setTimeout(unlessCancelled(work), ms),
      setInterval: (work: () => void, ms: number) => setInterval(unlessCancelled(work), ms),
      clearInterval: (timer: never) => {
        clearInterval(timer)
      },
    },
  }
}

describe('turns of requests that cannot wake one another up', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  /** One row of turns, of which each request takes one by its own timers. */
  function makeRow() {
    let current = requestTimers()
    const turns = new Turns({
      nowUs: () => Date.now() * 1000,
      setTimeout: (work, ms) => current.timers.setTimeout(work, ms),
      setInterval: (work, ms) => current.timers.setInterval(work, ms),
      clearInterval: (timer) => {
        current.timers.clearInterval(timer)
      },
    })
    return { turns, asRequest: (request: typeof current) => (current = request) }
  }

  it('come in the order in which they were asked for', async () => {
    const { turns } = makeRow()
    const order: number[] = []
    const all = [0, 1, 2, 3].map(async (i) => {
      // Each later one looks at another moment, and would be the first to see that the turn is free.
      await vi.advanceTimersByTimeAsync(i)
      const end = await turns.take(LONGEST)
      order.push(i)
      setTimeout(end, 20)
    })
    await vi.advanceTimersByTimeAsync(200)
    await Promise.all(all)
    expect(order).toEqual([0, 1, 2, 3])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('are not kept by a request that was cancelled with its turn', async () => {
    const { turns, asRequest } = makeRow()
    const cancelled = requestTimers()
    asRequest(cancelled)
    await turns.take(LONGEST)
    asRequest(requestTimers())
    let hasTurn = false
    const next = turns.take(LONGEST).then(() => (hasTurn = true))
    await vi.advanceTimersByTimeAsync(2000)
    expect(hasTurn).toBe(false)
    cancelled.cancel()
    await vi.advanceTimersByTimeAsync(2000)
    await next
    expect(hasTurn).toBe(true)
  })

  it('pass over a request that was cancelled in the row', async () => {
    const { turns, asRequest } = makeRow()
    const end = await turns.take(LONGEST)
    const cancelled = requestTimers()
    asRequest(cancelled)
    void turns.take(LONGEST)
    asRequest(requestTimers())
    const last = turns.take(LONGEST)
    cancelled.cancel()
    end()
    await vi.advanceTimersByTimeAsync(2000)
    expect(await last).toBeTypeOf('function')
  })

  it('end with an error after the longest wait, and the row goes on', async () => {
    const { turns } = makeRow()
    const end = await turns.take(LONGEST)
    const late = expect(turns.take(100)).rejects.toThrow('for 100 ms')
    await vi.advanceTimersByTimeAsync(150)
    await late
    const next = turns.take(LONGEST)
    end()
    end()
    await vi.advanceTimersByTimeAsync(10)
    expect(await next).toBeTypeOf('function')
  })
})
