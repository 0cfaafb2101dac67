/**
 * V8's rules, decided once. They hold for `Profiler.stop`, `console.profileEnd` and `.cpuprofile` files.
 *
 * - `timeDeltas[i]` is the time before sample `i`: sample `i` was taken at `startTime + sum(timeDeltas[0..i])`.
 *   The first delta covers V8's walk over the heap when it starts, so it is not an interval between samples.
 * - A sample is an instant, not an interval: how far it reaches is up to the reader.
 * - `(idle)`: the event loop waits for events. `(program)`: the engine runs, but no JavaScript function does.
 *   `(garbage collector)` is a child of the root: what was interrupted is the sample before it.
 * - Positions of functions are counted from 0, lines in `positionTicks` from 1.
 */

import type { CapturedFrame, CapturedFunction, CapturedSamples } from '../adapter.ts'
import { GC_STACK, IDLE_STACK, NO_STACK } from '../adapter.ts'

export interface V8CallFrame {
  functionName: string
  scriptId?: string
  url: string
  lineNumber: number
  columnNumber: number
}

export interface V8ProfileNode {
  id: number
  callFrame: V8CallFrame
  hitCount?: number
  children?: number[]
  positionTicks?: { line: number; ticks: number }[]
}

/** A profile as V8's inspector gives it. Times are microseconds. */
export interface V8Profile {
  nodes: V8ProfileNode[]
  startTime: number
  endTime: number
  samples?: number[]
  timeDeltas?: number[]
}

const MARKERS = new Map([
  ['(root)', NO_STACK],
  ['(program)', NO_STACK],
  ['(idle)', IDLE_STACK],
  ['(garbage collector)', GC_STACK],
])

/**
 * Reads the samples of a V8 profile.
 *
 * @param clockOffsetUs What to subtract from V8's times to get the recording's clock.
 */
export function readV8Profile(profile: V8Profile, clockOffsetUs = 0): CapturedSamples {
  const nodes = new NodeTable(profile.nodes)
  const ids = profile.samples ?? []
  const timeUs = new Float64Array(ids.length)
  const stack = new Int32Array(ids.length)
  let clockUs = profile.startTime - clockOffsetUs
  for (let i = 0; i < ids.length; i++) {
    clockUs += profile.timeDeltas?.[i] ?? 0
    timeUs[i] = clockUs
    stack[i] = nodes.nextStack(ids[i]!)
  }
  return { timeUs, stack, frames: (index) => nodes.frames(index) }
}

/** The nodes of a profile as stacks: one stack for each line that a node's samples were seen on. */
class NodeTable {
  readonly #nodes = new Map<number, V8ProfileNode>()
  readonly #parents = new Map<number, number>()
  readonly #callers = new Map<number, readonly CapturedFrame[]>()
  readonly #lines = new Map<number, LineRotation>()
  readonly #stacks: { node: number; line: number }[] = []

  constructor(nodes: V8ProfileNode[]) {
    for (const node of nodes) {
      this.#nodes.set(node.id, node)
      for (const child of node.children ?? []) {
        this.#parents.set(child, node.id)
      }
    }
  }

  /** The stack of a node's next sample. V8 tells only how many samples a node has on each line. */
  nextStack(id: number): number {
    const node = this.#nodes.get(id)
    const marker = node ? this.#marker(node) : NO_STACK
    if (marker !== undefined) {
      return marker
    }
    let lines = this.#lines.get(id)
    if (!lines) {
      lines = new LineRotation(node?.positionTicks ?? [], (line) => {
        return this.#stacks.push({ node: id, line }) - 1
      })
      this.#lines.set(id, lines)
    }
    return lines.next()
  }

  frames(stack: number): readonly CapturedFrame[] {
    const { node, line } = this.#stacks[stack]!
    const frames = this.#framesOf(node)
    return line === 0 ? frames : [...frames.slice(0, -1), { ...frames.at(-1)!, line }]
  }

  #marker(node: V8ProfileNode): number | undefined {
    const { functionName, url } = node.callFrame
    return url === '' && functionName.startsWith('(') ? MARKERS.get(functionName) : undefined
  }

  #framesOf(id: number): readonly CapturedFrame[] {
    const known = this.#callers.get(id)
    if (known) {
      return known
    }
    const frames: CapturedFrame[] = []
    for (let at: number | undefined = id; at !== undefined; at = this.#parents.get(at)) {
      const node = this.#nodes.get(at)!
      if (this.#marker(node) === undefined) {
        frames.push({ function: functionOf(node.callFrame), line: 0, column: 0 })
      }
    }
    frames.reverse()
    this.#callers.set(id, frames)
    return frames
  }
}

function functionOf(frame: V8CallFrame): CapturedFunction {
  return {
    name: frame.functionName,
    url: frame.url,
    line: frame.lineNumber + 1,
    column: frame.columnNumber + 1,
  }
}

/** Hands out a node's lines, each as often as V8 counted it, evenly spread over the node's samples. */
class LineRotation {
  readonly #stacks: number[]
  readonly #ticks: number[]
  readonly #credit: number[]
  readonly #total: number

  constructor(ticks: { line: number; ticks: number }[], makeStack: (line: number) => number) {
    const lines = ticks.length > 0 ? ticks : [{ line: 0, ticks: 1 }]
    this.#stacks = lines.map(({ line }) => makeStack(line))
    this.#ticks = lines.map(({ ticks }) => ticks)
    this.#credit = lines.map(() => 0)
    this.#total = this.#ticks.reduce((sum, count) => sum + count, 0)
  }

  next(): number {
    let best = 0
    for (let i = 0; i < this.#credit.length; i++) {
      this.#credit[i]! += this.#ticks[i]!
      if (this.#credit[i]! > this.#credit[best]!) {
        best = i
      }
    }
    this.#credit[best]! -= this.#total
    return this.#stacks[best]!
  }
}
