import { describe, expect, it } from 'vitest'
import { studentQuantile } from '../../src/analysis/interval.ts'
import { Session, diff } from '../../src/session.ts'
import { buildSession } from '../helpers/build-session.ts'

/** Whole numbers of a linear congruential generator as numbers from 0 to 1: the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** About normal, with mean 0 and deviation 1. */
const normal = (random: () => number): number =>
  Array.from({ length: 12 }, random).reduce((sum, part) => sum + part, -6)

/** How many events a Poisson process has. */
function poisson(random: () => number, mean: number): number {
  let product = random()
  let count = 0
  for (const limit = Math.exp(-mean); product > limit; count++) {
    product *= random()
  }
  return count
}

/** A request whose render is sampled every millisecond, and whose query varies by a tenth. */
function request(random: () => number, { render = 20, query = 40 } = {}): Session {
  const waited = Math.max(1, query + (query / 10) * normal(random))
  const sampled = poisson(random, render) || 0.001
  return new Session(
    buildSession(
      `handler@a.ts:1#2;load@a.ts:9#11;[await] ${waited.toFixed(3)}\nhandler@a.ts:1#3;render@a.ts:20#22 ${sampled}`,
      {
        waits: [
          { path: 'handler@a.ts:1#2;load@a.ts:9#11', start: 0, end: Number(waited.toFixed(3)) },
        ],
      }
    )
  )
}

const TRIALS = 150

const ENTRIES = ['total', 'render', 'load', 'wait', 'line'] as const

/** The part of trials in which each entry is called changed. */
function found(
  runs: number,
  after: { render?: number; query?: number }
): Record<(typeof ENTRIES)[number], number> {
  const random = randomFrom(17)
  const shares = { total: 0, render: 0, load: 0, wait: 0, line: 0 }
  for (let trial = 0; trial < TRIALS; trial++) {
    const make = (options?: { render?: number; query?: number }): Session[] =>
      Array.from({ length: runs }, () => request(random, options))
    const result = diff(make(), make(after))
    const changes = {
      total: result.total,
      wait: result.waits[0]!,
      line: result.lines.find(({ line }) => line === 22)!,
      load: result.functions.find((each) => each.function === 'load')!,
      render: result.functions.find((each) => each.function === 'render')!,
    }
    for (const entry of ENTRIES) {
      shares[entry] += Number(changes[entry].significant) / TRIALS
    }
  }
  return shares
}

describe('diff', { timeout: 30_000 }, () => {
  it.each([1, 2, 5, 20])('calls chance a change in 1 of 100 cases with %i requests', (runs) => {
    const shares = found(runs, {})
    for (const entry of ENTRIES) {
      // A hundredth of the trials, and three deviations of their number.
      expect(shares[entry], entry).toBeLessThanOrEqual(0.01 + 3 * Math.sqrt(0.01 / TRIALS))
    }
  })

  it('finds what did change', () => {
    const slowerRender = found(20, { render: 28 })
    expect(slowerRender.render).toBeGreaterThan(0.95)
    expect(slowerRender.line).toBeGreaterThan(0.95)
    expect(slowerRender.load).toBeLessThan(0.05)
    const slowerQuery = found(20, { query: 50 })
    expect(slowerQuery.load).toBeGreaterThan(0.95)
    expect(slowerQuery.wait).toBeGreaterThan(0.95)
    expect(slowerQuery.total).toBeGreaterThan(0.9)
    expect(found(1, { render: 80 }).render).toBeGreaterThan(0.9)
  })

  it('holds the true change in its interval about as often as it says', () => {
    const random = randomFrom(3)
    let held = 0
    for (let trial = 0; trial < TRIALS; trial++) {
      const before = Array.from({ length: 8 }, () => request(random))
      const after = Array.from({ length: 8 }, () => request(random, { query: 50 }))
      const [wait] = diff(before, after, { confidence: 0.9 }).waits
      held += Number(wait!.low <= 10 && wait!.high >= 10)
    }
    expect(held / TRIALS).toBeGreaterThan(0.85)
    expect(held / TRIALS).toBeLessThan(0.95)
  })

  it('takes merged sessions as the requests in them', () => {
    const random = randomFrom(5)
    const before = Array.from({ length: 6 }, () => request(random))
    const after = Array.from({ length: 6 }, () => request(random, { query: 80 }))
    const apart = diff(before, after)
    const merged = diff(Session.combine(before), Session.combine(after))
    expect(merged.runs).toEqual({ before: 6, after: 6 })
    expect(merged.total.change).toBeCloseTo(apart.total.change, 6)
    expect(merged.total.low).toBeCloseTo(apart.total.low, 6)
    expect(merged.waits).toMatchObject([{ name: 'load@a.ts:9#11', line: 11, significant: true }])
  })

  it('knows functions and lines that moved down, and tells what is new or gone', () => {
    const session = (text: string): Session => new Session(buildSession(text))
    const before = session('h@a.ts:1#3;f@a.ts:10#12 50\nh@a.ts:1#4;old@a.ts:30#31 40')
    const after = session('h@a.ts:1#3;f@a.ts:15#17 50\nh@a.ts:1#4;fresh@a.ts:40#41 40')
    const { functions, lines, total, states } = diff(before, after)
    expect(total).toMatchObject({ before: 90, after: 90, change: 0, significant: false })
    expect(states.cpu).toMatchObject({ before: 90, after: 90 })
    const shown = functions.map(
      ({ function: name, line, change, significant }) => `${name}:${line} ${change} ${significant}`
    )
    expect(shown).toEqual(['old:30 -40 true', 'fresh:40 40 true', 'f:15 0 false'])
    expect(lines.find(({ line }) => line === 17)).toMatchObject({ before: 50, after: 50 })
  })

  it('tells the whole time of a wait that others explain on one side alone', () => {
    const handler = 'h@a.ts:1#3'
    const query = `${handler};load@a.ts:9#11`
    // What computes beside the query before the change is gone after it.
    const session = (rest: number): Session =>
      new Session(
        buildSession(`${query};[await] 30\n${query} ${rest}`, {
          waits: [
            { path: handler, start: 0, end: 30 + rest },
            { path: query, start: 0, end: 30 },
          ],
        })
      )
    const { waits } = diff(session(20), session(1))
    expect(waits.map(({ line, before, after }) => ({ line, before, after }))).toEqual([
      { line: 3, before: 50, after: 31 },
      { line: 11, before: 30, after: 30 },
    ])
    expect(diff(session(1), session(1)).waits.map(({ line }) => line)).toEqual([11])
  })

  it('refuses what it cannot compare', () => {
    const session = request(randomFrom(1))
    expect(() => diff([], session)).toThrow('give at least one session for each side')
    expect(() => diff(session, session, { confidence: 1 })).toThrow('between 0 and 1, not 1')
  })
})

describe('studentQuantile', () => {
  // Two-sided values of the tables in textbooks.
  it.each([
    [0.95, 1, 12.706],
    [0.99, 1, 63.657],
    [0.99, 2, 9.925],
    [0.95, 4, 2.776],
    [0.99, 10, 3.169],
    [0.99, 100, 2.626],
  ])('holds %d of the distribution with %d degrees of freedom', (confidence, freedom, expected) => {
    expect(studentQuantile(confidence, freedom) / expected).toBeCloseTo(1, 3)
  })
})
