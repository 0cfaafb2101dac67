import { getRuntimeKey } from 'hono/adapter'

/** A line of the table: what was measured, beside what, and what it should be. */
export interface Row {
  what: string
  measured: string
  /** The peers, in the same run; empty where the runtime has none. */
  beside: string
  reach: string
}

/** A benchmark: a module that measures its rows one after another. */
export interface Benchmark {
  rows(): AsyncIterable<Row> | Iterable<Row>
  /** What is measured where nothing is ever recorded, by name: see `apart`. */
  works?: Works
}

/** Pieces of work that measure themselves, in milliseconds. */
export type Works = Record<string, () => Promise<number>>

/** Where this runs. */
export const runtime: string = getRuntimeKey()

/** How many times as much work is measured at once where the clock ticks in whole milliseconds. */
export function onCoarseClock(times: number): number {
  return runtime === 'workerd' ? times : 1
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!
}

/** Measures variants in turns, so that what else the machine does hits all of them; gives the numbers of each. */
export async function inTurns<Name extends string>(
  rounds: number,
  variants: Record<Name, () => number | Promise<number>>
): Promise<Record<Name, number[]>> {
  const names = Object.keys(variants) as Name[]
  const numbers = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    Name,
    number[]
  >
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 ? [...names].reverse() : names) {
      numbers[name].push(await variants[name]())
    }
  }
  return numbers
}

/** The median of how many times as long the one took as the other, of the same round each. */
export function medianRatio(of: readonly number[], to: readonly number[]): number {
  return median(of.map((number, i) => number / to[i]!))
}

/** Milliseconds that some work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const startMs = performance.now()
  await work()
  return performance.now() - startMs
}

/** The longest time in which the event loop did not turn, while some work goes on; from the moment on that `sinceMs` gives. */
export async function longestBlock(
  work: () => Promise<unknown>,
  sinceMs: () => number = () => 0
): Promise<number> {
  let [longest, last, isOver] = [0, performance.now(), false]
  const turn = (): void => {
    const nowMs = performance.now()
    longest = Math.max(longest, nowMs - Math.max(last, sinceMs()))
    last = nowMs
    if (!isOver) {
      setImmediate(turn)
    }
  }
  setImmediate(turn)
  await work()
  isOver = true
  turn()
  return longest
}

export function formatted(number: number, unit: string): string {
  const digits = number < 10 ? 2 : number < 100 ? 1 : 0
  return `${number.toFixed(digits)}${unit}`
}
