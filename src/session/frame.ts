import type { FunctionRecord } from './records.ts'

/**
 * Synthetic frames stand for what a function did itself, not for a call. They are leaves, they have no
 * file of their own, and their time counts as self time of the frame that holds them.
 */
export const AWAIT_FRAME = '[await]'
export const BLOCKED_FRAME = '[blocked]'
export const GC_FRAME = '[gc]'
export const SELF_FRAME = '[self]'

/** The leaf for each state, in the order of `STATES`. */
export const STATE_FRAMES: readonly string[] = [SELF_FRAME, GC_FRAME, AWAIT_FRAME, BLOCKED_FRAME]

/** Frames of libraries that a renderer folds into one line; made by `groupLibraryFrames`. */
export interface FrameGroup {
  id: number
  /** The first frame of the group, which stays visible. */
  root: Frame
  frames: Frame[]
  /** Frames of the group that call application code; they stay visible as well. */
  exitFrames: Frame[]
  /** Packages in the group, most frames first. */
  libraries: string[]
}

/** A node of the call tree. All times are milliseconds. */
export class Frame {
  /** Inclusive milliseconds. */
  time = 0
  /** Milliseconds of descendants that a processor removed; they stay part of `time`. */
  absorbedTime = 0
  /** Milliseconds of `time` on the processor, garbage collection included. */
  cpuTime = 0
  /** Milliseconds of `time` spent waiting. */
  awaitTime = 0
  /** Milliseconds of `time` in which other work held the event loop. */
  blockedTime = 0
  /** Milliseconds of `time` spent collecting garbage; part of `cpuTime`. */
  gcTime = 0
  /** Calls of the function that stood one in another, 1 unless `foldRecursion` has merged them. */
  recursionDepth = 1
  readonly children: Frame[] = []
  parent: Frame | undefined
  group: FrameGroup | undefined

  readonly record: FunctionRecord
  readonly isSynthetic: boolean

  /** @param record The function, or for a synthetic frame the name alone with its caller's file. */
  constructor(record: FunctionRecord, isSynthetic = false) {
    this.record = record
    this.isSynthetic = isSynthetic
  }

  get function(): string {
    return this.record.name
  }

  get filePath(): string {
    return this.record.file
  }

  get filePathShort(): string {
    return this.record.fileShort
  }

  /** Line of the function's definition, from 1; 0 when unknown. */
  get lineNo(): number {
    return this.record.line
  }

  /** Column of the function's definition, from 1; 0 when unknown. */
  get columnNo(): number {
    return this.record.column
  }

  /** Whether the user wrote it: it has a file, outside `node_modules`, the runtime and this package. */
  get isApplicationCode(): boolean {
    return !this.isSynthetic && this.record.origin === 'app'
  }

  /** Milliseconds not spent in calls: includes `[await]`, `[blocked]`, `[gc]`, `[self]` and absorbed time. */
  get totalSelfTime(): number {
    let calls = 0
    for (const child of this.children) {
      if (!child.isSynthetic) {
        calls += child.time
      }
    }
    return this.time - calls
  }

  addChild(child: Frame): void {
    child.parent = this
    this.children.push(child)
  }
}

/** Visits a frame and all below it, parents first; iterative, since stacks can be thousands of frames deep. */
export function* walk(root: Frame): Generator<Frame> {
  const pending = [root]
  for (let frame = pending.pop(); frame; frame = pending.pop()) {
    yield frame
    for (let i = frame.children.length - 1; i >= 0; i--) {
      pending.push(frame.children[i]!)
    }
  }
}
