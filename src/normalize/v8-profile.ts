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
import { ExecutingLines } from './v8-lines.ts'

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

/** Scripts of the user: not the runtime's own, nor packages. */
const IN_FILES = /^(?!node:|ext:|cloudflare:|$)(?!.*[\\/]node_modules[\\/])/

/**
 * Reads the samples of a V8 profile.
 *
 * @param clockOffsetUs What to subtract from V8's times to get the recording's clock.
 */
export function readV8Profile(profile: V8Profile, clockOffsetUs = 0): CapturedSamples {
  const ids = profile.samples ?? []
  const timeUs = new Float64Array(ids.length)
  let clockUs = profile.startTime - clockOffsetUs
  for (let i = 0; i < ids.length; i++) {
    clockUs += profile.timeDeltas?.[i] ?? 0
    timeUs[i] = clockUs
  }
  const nodes = new NodeTable(profile, timeUs)
  const stack = Int32Array.from(ids, (id, sample) => nodes.stackOf(id, sample))
  return { timeUs, stack, frames: (index) => nodes.frames(index) }
}

interface Stack {
  node: number
  line: number
  /** The innermost function of the user that called it, and the line near which it did so; 0 for unknown. */
  caller: number | undefined
  callerLine: number
}

/** The nodes of a profile as stacks: one stack for each line that a node's samples were seen on. */
class NodeTable {
  readonly #nodes = new Map<number, V8ProfileNode>()
  readonly #parents = new Map<number, number>()
  readonly #paths = new Map<number, readonly { node: number; frame: CapturedFrame }[]>()
  readonly #lines: ExecutingLines
  readonly #stacks: Stack[] = []
  readonly #known = new Map<string, number>()

  constructor(profile: V8Profile, timeUs: ArrayLike<number>) {
    for (const node of profile.nodes) {
      this.#nodes.set(node.id, node)
      for (const child of node.children ?? []) {
        this.#parents.set(child, node.id)
      }
    }
    const markerOf = (id: number): number | undefined => this.#markerOf(id)
    this.#lines = new ExecutingLines(profile, timeUs, this.#parents, markerOf)
  }

  stackOf(id: number, sample: number): number {
    const marker = this.#markerOf(id)
    if (marker !== undefined) {
      return marker
    }
    const line = this.#lines.ofSample(sample)
    const caller = this.#callerOf(id)
    const callerLine = caller === undefined ? 0 : this.#lines.near(caller, sample)
    const key = `${id},${line},${callerLine}`
    let stack = this.#known.get(key)
    if (stack === undefined) {
      stack = this.#stacks.push({ node: id, line, caller, callerLine }) - 1
      this.#known.set(key, stack)
    }
    return stack
  }

  frames(stack: number): readonly CapturedFrame[] {
    const { node, line, caller, callerLine } = this.#stacks[stack]!
    return this.#pathTo(node).map(({ node: at, frame }) => {
      if (at === node) {
        return line === 0 ? frame : { ...frame, line }
      }
      return at === caller && callerLine > 0
        ? { ...frame, near: { line: callerLine, column: 0 } }
        : frame
    })
  }

  #markerOf(id: number): number | undefined {
    const node = this.#nodes.get(id)
    return node ? this.#marker(node) : NO_STACK
  }

  #marker(node: V8ProfileNode): number | undefined {
    const { functionName, url } = node.callFrame
    return url === '' && functionName.startsWith('(') ? MARKERS.get(functionName) : undefined
  }

  /** The innermost function of the user above one that is none: what the user's lines spend in libraries is theirs. */
  #callerOf(id: number): number | undefined {
    for (let at: number | undefined = id; at !== undefined; at = this.#parents.get(at)) {
      if (IN_FILES.test(this.#nodes.get(at)!.callFrame.url)) {
        return at === id ? undefined : at
      }
    }
    return undefined
  }

  #pathTo(id: number): readonly { node: number; frame: CapturedFrame }[] {
    let path = this.#paths.get(id)
    if (!path) {
      const frames: { node: number; frame: CapturedFrame }[] = []
      for (let at: number | undefined = id; at !== undefined; at = this.#parents.get(at)) {
        const node = this.#nodes.get(at)!
        if (this.#marker(node) === undefined) {
          const frame = { function: functionOf(node.callFrame), line: 0, column: 0 }
          frames.push({ node: at, frame })
        }
      }
      this.#paths.set(id, (path = frames.reverse()))
    }
    return path
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
