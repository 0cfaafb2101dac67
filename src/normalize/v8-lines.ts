/**
 * Which line a function executed in each of its samples. V8 tells how often a node of its profile was innermost on
 * each line, and nothing of when, nor on which lines the callers of a node were. The rest follows from the order:
 *
 * - Within one visit of a function, its lines run from top to bottom. One that is visited more often than it has lines
 *   repeats itself, so that each visit has its part of every line; one that is not goes on where it was, after an `await`.
 * - Code of another file that was put into a function from before the profile began has ticks on lines of that file.
 *   They tell nothing of the function's own lines.
 * - A caller that was innermost itself a moment ago, or will be soon, is on that line or near it.
 */

import { IDLE_STACK } from '../adapter.ts'
import type { NodeTree } from './v8-profile.ts'

/** How far from a sample its caller's line may be seen. What calls clocks and the like is seen every few samples. */
const NEAR_US = 100_000

/** How many calls V8 may put into one function. */
const MAX_INLINED = 8

interface Ticks {
  line: number
  ticks: number
}

/** The samples in which a node was innermost, in order of time. */
interface OwnSamples {
  at: number[]
  /** The visit of the node that each belongs to. */
  visit: number[]
  lines: number[]
}

/** Finds the executing lines of the samples of a profile. */
export class ExecutingLines {
  readonly #tree: NodeTree
  readonly #timeUs: ArrayLike<number>
  readonly #own: (OwnSamples | undefined)[] = []

  constructor(
    tree: NodeTree,
    timeUs: ArrayLike<number>,
    markerOf: (node: number) => number | undefined
  ) {
    this.#tree = tree
    this.#timeUs = timeUs
    this.#findVisits(markerOf)
    const foreign = this.#foreignLines()
    this.#own.forEach((own, node) => {
      const { positionTicks = [] } = tree.nodes[node]!
      own!.lines = linesInOrder(own!, withoutForeign(positionTicks, foreign.get(node)))
    })
  }

  /** The line of the innermost function of a sample; 0 when it is unknown. */
  ofSample(sample: number): number {
    const { at, lines } = this.#own[this.#tree.samples[sample]!]!
    return lines[firstFrom(at, sample)]!
  }

  /** The line on which a node was seen nearest to a sample of its callees; 0 when that is long before and after. */
  near(node: number, sample: number): number {
    const own = this.#own[node]
    if (!own) {
      return 0
    }
    const after = firstFrom(own.at, sample)
    const distanceUs = (index: number): number => {
      const other = own.at[index]
      return other === undefined ? Infinity : Math.abs(this.#timeUs[other]! - this.#timeUs[sample]!)
    }
    const nearest = distanceUs(after) < distanceUs(after - 1) ? after : after - 1
    return distanceUs(nearest) <= NEAR_US ? own.lines[nearest]! : 0
  }

  /** A node is visited when it comes onto the stack, and left when another sample does not have it there. */
  #findVisits(markerOf: (node: number) => number | undefined): void {
    const visits = new Int32Array(this.#tree.nodes.length)
    const open = new OpenPath(this.#tree.parents)
    this.#tree.samples.forEach((node, sample) => {
      const marker = markerOf(node)
      if (marker !== undefined) {
        // Collecting garbage and the like interrupts a visit, the event loop ends it.
        if (marker === IDLE_STACK) {
          open.goTo(-1)
        }
        return
      }
      for (const entered of open.goTo(node)) {
        visits[entered]!++
      }
      const own = (this.#own[node] ??= { at: [], visit: [], lines: [] })
      own.at.push(sample)
      own.visit.push(visits[node]!)
    })
  }

  /** For each node the lines of callees that stand in other files. */
  #foreignLines(): Map<number, Set<number>> {
    const { nodes, parents } = this.#tree
    const foreign = new Map<number, Set<number>>()
    nodes.forEach(({ callFrame, positionTicks = [] }, node) => {
      let at = parents[node]!
      const levels = positionTicks.length === 0 ? 0 : MAX_INLINED
      for (let level = 0; level < levels && at >= 0; level++) {
        if (this.#own[at] && nodes[at]!.callFrame.url !== callFrame.url) {
          const lines = foreign.get(at) ?? new Set()
          positionTicks.forEach(({ line }) => lines.add(line))
          foreign.set(at, lines)
        }
        at = parents[at]!
      }
    })
    return foreign
  }
}

/** The nodes on the stack, from one sample to the next: most of a deep stack stays as it is. */
class OpenPath {
  readonly #parents: Int32Array
  readonly #isOpen: Uint8Array
  #innermost = -1

  constructor(parents: Int32Array) {
    this.#parents = parents
    this.#isOpen = new Uint8Array(parents.length)
  }

  /** Makes a node the innermost one, -1 for an empty stack; gives the nodes that come onto it. */
  goTo(node: number): number[] {
    const entered: number[] = []
    let shared = node
    while (shared >= 0 && !this.#isOpen[shared]) {
      entered.push(shared)
      shared = this.#parents[shared]!
    }
    let left = this.#innermost
    while (left >= 0 && left !== shared) {
      this.#isOpen[left] = 0
      left = this.#parents[left]!
    }
    for (const each of entered) {
      this.#isOpen[each] = 1
    }
    this.#innermost = node
    return entered
  }
}

/** The first index whose number is at least `sample`. */
function firstFrom(numbers: readonly number[], sample: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! < sample) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}

/** Leaves out lines that are a callee's as well, where they stand apart from the node's other lines. */
function withoutForeign(
  ticks: readonly Ticks[],
  foreign: ReadonlySet<number> = new Set()
): Ticks[] {
  const own = ticks.filter(({ line }) => !foreign.has(line)).map(({ line }) => line)
  const [first, last] = [Math.min(...own), Math.max(...own)]
  return own.length === 0
    ? [...ticks]
    : ticks.map((each) =>
        each.line < first || each.line > last ? { line: 0, ticks: each.ticks } : each
      )
}

/** The lines of a node's own samples, each as often as V8 counted it. */
function linesInOrder({ visit }: OwnSamples, ticks: readonly Ticks[]): number[] {
  const lines = spread(ticks, visit.length)
  const isRepeated = new Set(visit).size > ticks.length
  let start = 0
  for (let i = 1; i <= lines.length; i++) {
    if (i === lines.length || (isRepeated && visit[i] !== visit[start])) {
      const visited = lines.slice(start, i)
      const known = visited.filter((line) => line > 0).sort((a, b) => a - b)
      let next = 0
      visited.forEach((line, j) => {
        lines[start + j] = (line > 0 ? known[next++] : known[Math.max(next - 1, 0)]) ?? 0
      })
      start = i
    }
  }
  return lines
}

/** `count` lines in proportion to their ticks, evenly spread. */
function spread(ticks: readonly Ticks[], count: number): number[] {
  const total = ticks.reduce((sum, each) => sum + each.ticks, 0)
  const credit = ticks.map(() => 0)
  return Array.from({ length: count }, () => {
    let best = 0
    ticks.forEach((each, i) => {
      credit[i]! += each.ticks
      if (credit[i]! > credit[best]!) {
        best = i
      }
    })
    credit[best]! -= total
    return ticks[best]?.line ?? 0
  })
}
