/**
 * The rules of JSC's sampling profiler, decided once. They hold for `samplingProfilerStackTraces` of `bun:jsc`.
 *
 * - A trace is an instant: seconds of the monotonic clock, and frames, innermost first.
 * - Every frame has the position that it executes, counted from 1, with source maps applied; none says where its
 *   function is defined. The caller finds that in the source; else a function is its name in its file.
 * - Native functions have no file, and the largest 32-bit number for a position. Functions of the engine that are
 *   written in JavaScript (`Array.from`) have no file either, and positions that mean nothing. A regular expression
 *   is a frame of its own, named by its source.
 * - A function that is being called for the first time has a file, but no code yet, so no position either: it is the one
 *   of that name that other frames show in the file, if there is only one.
 * - Optimized code tells where it called something last. When it has called nothing, that is its first instruction or
 *   no position at all, which says nothing of the line that it executes. With JSC's option
 *   `alwaysGeneratePCToCodeOriginMap`, it tells the very instruction.
 * - An async function that has not been suspended yet is two frames: its body, called by a wrapper of the same name,
 *   whose position is the function's end. The body alone is kept. Their codes have different hashes, those of a
 *   function that calls itself the same.
 * - Nothing is sampled while no JavaScript runs. A gap is waiting; where it begins and ends, an idle sample is put, as
 *   other engines have it.
 */

import type { CapturedFrame, CapturedSamples } from '../adapter.ts'
import { IDLE_STACK, NO_STACK } from '../adapter.ts'
import type { Frame, JscFrame, JscTrace, SourceReader } from './jsc-frames.ts'
import { FrameTable, isUntold } from './jsc-frames.ts'

/** Samples further apart than this many intervals have a gap between them: the thread that takes them can be late. */
const GAP_INTERVALS = 3

/** Some 5 MB. */
const MOST_NODES = 10_000

interface Node {
  caller: number
  frame: Frame
  callees: Map<Frame, number>
}

/** The traces of a process, kept small: each stack once. */
export class TraceLog {
  readonly #source: SourceReader | undefined
  readonly #frames: FrameTable
  readonly #nodes: Node[] = []
  readonly #outermost = new Map<Frame, number>()
  readonly #unfolded = new Map<number, readonly CapturedFrame[]>()
  #timeUs: number[] = []
  #stack: number[] = []
  #mostNodes: number

  /**
   * @param source Finds functions in their source; without it they are told apart by name.
   * @param mostNodes How many parts of stacks are known before those of forgotten samples are forgotten too.
   */
  constructor(source?: SourceReader, mostNodes: number = MOST_NODES) {
    this.#source = source
    this.#frames = new FrameTable(source)
    this.#mostNodes = mostNodes
  }

  /**
   * Adds traces, which are later than those before.
   *
   * @param clockOffsetUs What to subtract from JSC's times to get the recording's clock.
   */
  add(traces: readonly JscTrace[], clockOffsetUs: number): void {
    for (const { timestamp, frames } of traces) {
      this.#timeUs.push(timestamp * 1e6 - clockOffsetUs)
      this.#stack.push(this.#intern(frames))
    }
  }

  /**
   * The log of what came since a time; the samples before are forgotten. It is a new one when this one knows many
   * stacks: recordings that always overlap would never begin another.
   */
  since(timeUs: number): TraceLog {
    this.#dropBefore(timeUs)
    if (this.#nodes.length <= this.#mostNodes) {
      return this
    }
    const log = new TraceLog(this.#source, this.#mostNodes)
    const moved = new Map<number, number>()
    log.#timeUs = this.#timeUs
    log.#stack = this.#stack.map((stack) => log.#adopt(this.#nodes, stack, moved))
    log.#mostNodes = Math.max(this.#mostNodes, 2 * log.#nodes.length)
    return log
  }

  #dropBefore(timeUs: number): void {
    const first = this.#timeUs.findIndex((time) => time >= timeUs)
    const dropped = first < 0 ? this.#timeUs.length : first
    this.#timeUs = this.#timeUs.slice(dropped)
    this.#stack = this.#stack.slice(dropped)
  }

  /** The samples from one time to another. */
  samples(startUs: number, endUs: number, intervalUs: number): CapturedSamples {
    const timeUs: number[] = []
    const stack: number[] = []
    const add = (time: number, entry: number): void => {
      timeUs.push(time)
      stack.push(entry)
    }
    const addGap = (fromUs: number, toUs: number): void => {
      if (toUs - fromUs > GAP_INTERVALS * intervalUs) {
        add(fromUs + intervalUs, IDLE_STACK)
        add(toUs - intervalUs, IDLE_STACK)
      }
    }
    let lastUs = startUs - intervalUs
    this.#timeUs.forEach((time, i) => {
      if (time >= startUs && time <= endUs) {
        addGap(lastUs, time)
        add(time, this.#stack[i]!)
        lastUs = time
      }
    })
    addGap(lastUs, endUs + intervalUs)
    return { timeUs, stack, frames: (index) => this.#unfold(index) }
  }

  /** The share of the samples from one time to another whose innermost function is optimized and tells no line. */
  untoldShare(startUs: number, endUs: number): number {
    let samples = 0
    let untold = 0
    this.#timeUs.forEach((time, i) => {
      if (time >= startUs && time <= endUs) {
        const { frame } = this.#nodes[this.#stack[i]!] ?? {}
        samples++
        untold += frame && isUntold(frame) ? 1 : 0
      }
    })
    return samples === 0 ? 0 : untold / samples
  }

  #intern(frames: readonly JscFrame[]): number {
    let node = NO_STACK
    for (let i = frames.length - 1; i >= 0; i--) {
      node = this.#calleeOf(node, this.#frames.of(frames[i]!))
    }
    return node
  }

  #calleeOf(node: number, frame: Frame): number {
    const siblings = node === NO_STACK ? this.#outermost : this.#nodes[node]!.callees
    let callee = siblings.get(frame)
    if (callee === undefined) {
      callee = this.#nodes.push({ caller: node, frame, callees: new Map() }) - 1
      siblings.set(frame, callee)
    }
    return callee
  }

  /** Takes over a stack of another log; `moved` holds those taken over before. */
  #adopt(nodes: readonly Node[], stack: number, moved: Map<number, number>): number {
    if (stack < 0) {
      return stack
    }
    let own = moved.get(stack)
    if (own === undefined) {
      const { caller, frame } = nodes[stack]!
      own = this.#calleeOf(this.#adopt(nodes, caller, moved), frame)
      moved.set(stack, own)
    }
    return own
  }

  #unfold(stack: number): readonly CapturedFrame[] {
    let frames = this.#unfolded.get(stack)
    if (!frames) {
      this.#unfolded.set(stack, (frames = this.#read(stack)))
    }
    return frames
  }

  /** From the innermost frame out, so that the wrapper of an async function is known by its body. */
  #read(stack: number): CapturedFrame[] {
    const frames: CapturedFrame[] = []
    for (let at = stack; at >= 0; at = this.#nodes[at]!.caller) {
      const { frame, caller } = this.#nodes[at]!
      const { captured, isWrapped } = this.#frames.read(frame, this.#nodes[caller]?.frame)
      frames.push(captured)
      at = isWrapped ? caller : at
    }
    return frames.reverse()
  }
}
