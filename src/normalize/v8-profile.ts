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
  const tree = treeOf(profile)
  const stacks = new StackTable(tree, timeUs)
  const stack = tree.samples.map((node, sample) => stacks.stackOf(node, sample))
  return { timeUs, stack, frames: (index) => stacks.frames(index) }
}

/** The nodes of a profile by where they stand in it: from 0 without gaps, which their ids need not be. */
export interface NodeTree {
  nodes: readonly V8ProfileNode[]
  /** The node that calls each; -1 for none. */
  parents: Int32Array
  /** The innermost node of each sample; -1 for one that the profile does not have. */
  samples: Int32Array
}

function treeOf({ nodes, samples = [] }: V8Profile): NodeTree {
  const byId = new Map(nodes.map(({ id }, node) => [id, node]))
  const parents = new Int32Array(nodes.length).fill(-1)
  nodes.forEach(({ children = [] }, node) => {
    for (const child of children) {
      const at = byId.get(child)
      if (at !== undefined) {
        parents[at] = node
      }
    }
  })
  return { nodes, parents, samples: Int32Array.from(samples, (id) => byId.get(id) ?? -1) }
}

interface Stack {
  node: number
  line: number
  /** The innermost function of the user that called it, -1 for none, and the line near which it did so; 0 for unknown. */
  caller: number
  callerLine: number
}

/** The functions of a stack, outermost first, and the nodes that they are. */
interface Path {
  nodes: readonly number[]
  frames: readonly CapturedFrame[]
}

/** The nodes of a profile as stacks: one stack for each line that a node's samples were seen on. */
class StackTable {
  readonly #tree: NodeTree
  readonly #paths: (Path | undefined)[] = []
  readonly #callers: (number | undefined)[] = []
  readonly #frames = new FrameTable()
  readonly #lines: ExecutingLines
  readonly #stacks: Stack[] = []
  readonly #known = new Map<string, number>()

  constructor(tree: NodeTree, timeUs: ArrayLike<number>) {
    this.#tree = tree
    this.#lines = new ExecutingLines(tree, timeUs, (node) => this.#markerOf(node))
  }

  stackOf(node: number, sample: number): number {
    const marker = this.#markerOf(node)
    if (marker !== undefined) {
      return marker
    }
    const line = this.#lines.ofSample(sample)
    const caller = (this.#callers[node] ??= this.#callerOf(node))
    const callerLine = caller < 0 ? 0 : this.#lines.near(caller, sample)
    const key = `${node},${line},${callerLine}`
    let stack = this.#known.get(key)
    if (stack === undefined) {
      stack = this.#stacks.push({ node, line, caller, callerLine }) - 1
      this.#known.set(key, stack)
    }
    return stack
  }

  /** Most frames are the same objects in all stacks, so that what is found out of one holds for the others. */
  frames(stack: number): readonly CapturedFrame[] {
    const { node, line, caller, callerLine } = this.#stacks[stack]!
    const { nodes, frames: shared } = (this.#paths[node] ??= this.#pathTo(node))
    const frames = [...shared]
    const last = frames.length - 1
    if (line > 0) {
      frames[last] = { ...frames[last]!, line }
    }
    if (caller >= 0 && callerLine > 0) {
      const at = nodes.lastIndexOf(caller)
      frames[at] = { ...frames[at]!, near: { line: callerLine, column: 0 } }
    }
    return frames
  }

  #markerOf(node: number): number | undefined {
    return node < 0 ? NO_STACK : markerOfNode(this.#tree.nodes[node]!)
  }

  /** The innermost function of the user above one that is none: what the user's lines spend in libraries is theirs. */
  #callerOf(node: number): number {
    const { nodes, parents } = this.#tree
    let at = node
    while (at >= 0 && !this.#frames.isInFiles(nodes[at]!.callFrame.url)) {
      at = parents[at]!
    }
    return at === node ? -1 : at
  }

  #pathTo(innermost: number): Path {
    const nodes: number[] = []
    const frames: CapturedFrame[] = []
    for (let at = innermost; at >= 0; at = this.#tree.parents[at]!) {
      const node = this.#tree.nodes[at]!
      if (markerOfNode(node) === undefined) {
        nodes.push(at)
        frames.push(this.#frames.of(at, node.callFrame))
      }
    }
    return { nodes: nodes.reverse(), frames: frames.reverse() }
  }
}

/** One frame for each function, however many nodes of a profile it is. */
class FrameTable {
  readonly #byPlace = new Map<string, CapturedFrame>()
  readonly #byNode: (CapturedFrame | undefined)[] = []
  readonly #inFiles = new Map<string, boolean>()

  of(node: number, callFrame: V8CallFrame): CapturedFrame {
    return (this.#byNode[node] ??= this.#atPlace(callFrame))
  }

  #atPlace(callFrame: V8CallFrame): CapturedFrame {
    const { functionName, url, lineNumber, columnNumber } = callFrame
    const place = `${lineNumber}:${columnNumber} ${functionName} ${url}`
    let frame = this.#byPlace.get(place)
    if (!frame) {
      frame = { function: functionOf(callFrame), line: 0, column: 0 }
      this.#byPlace.set(place, frame)
    }
    return frame
  }

  /** Whether a script is the user's. */
  isInFiles(url: string): boolean {
    let isInFiles = this.#inFiles.get(url)
    if (isInFiles === undefined) {
      isInFiles = IN_FILES.test(url)
      this.#inFiles.set(url, isInFiles)
    }
    return isInFiles
  }
}

function markerOfNode({ callFrame: { functionName, url } }: V8ProfileNode): number | undefined {
  return url === '' && functionName.startsWith('(') ? MARKERS.get(functionName) : undefined
}

function functionOf(frame: V8CallFrame): CapturedFunction {
  return {
    name: frame.functionName,
    url: frame.url,
    line: frame.lineNumber + 1,
    column: frame.columnNumber + 1,
  }
}
