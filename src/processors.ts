/**
 * Processors make a call tree easier to read. All have one contract, `(root, options) => root`: they change
 * the tree in place and return its root, keep `root.time`, and leave the time of every frame explained by
 * its children and what it has absorbed. None recurses, since stacks can be thousands of frames deep.
 */

import type { Frame, FrameGroup } from './session/frame.ts'
import { AWAIT_FRAME, BLOCKED_FRAME, SELF_FRAME, walk } from './session/frame.ts'
import { functionKey, isSameFunction } from './session/identity.ts'
import type { FunctionRecord } from './session/records.ts'
import {
  absorbChildren,
  leafOf,
  mergeFrame,
  replaceByChildren,
  setChildren,
} from './session/tree-edit.ts'

/** What a user may set about processing. */
export interface ProcessorOptions {
  /** Frames with a smaller part of the whole time are removed; from 0 to 1, 0.01 by default. */
  filterThreshold?: number
  /** Frames with such a file are folded into groups, as libraries are. A string matches anywhere in the path. */
  hide?: RegExp | string
  /** Frames with such a file are never folded, whatever `hide` says. A string matches anywhere in the path. */
  show?: RegExp | string
}

/** Which processors run. */
export interface ProcessorSelection {
  /** Keep calls apart and in order of time, those of a function by itself too; false by default. */
  timeline?: boolean
  /** Keep small frames, recursion, library frames, and frames of this package and of Hono's dispatcher; false by default. */
  showAll?: boolean
}

/** A step from tree to tree; see the top of this file for its contract. */
export type Processor = (root: Frame, options: ProcessorOptions) => Frame

const DEFAULT_FILTER_THRESHOLD = 0.01

/** The processors that renderers use, in their order. */
export function defaultProcessors(selection: ProcessorSelection = {}): Processor[] {
  const { timeline = false, showAll = false } = selection
  const unless = (isDropped: boolean, processor: Processor): Processor[] =>
    isDropped ? [] : [processor]
  return [
    ...unless(showAll, hidePlumbing),
    collapseAsyncWrappers,
    ...unless(showAll || timeline, foldRecursion),
    mergeConsecutiveSelfTime,
    ...unless(timeline, aggregateRepeatedCalls),
    ...unless(showAll, removeIrrelevantNodes),
    removeUnnecessarySelfTimeNodes,
    ...unless(showAll, groupLibraryFrames),
  ]
}

/** Runs the default processors over a tree, which is changed, and returns its root. */
export function processTree(
  root: Frame,
  options: ProcessorOptions & ProcessorSelection = {}
): Frame {
  return defaultProcessors(options).reduce((tree, process) => process(tree, options), root)
}

/** Where Hono calls one middleware after another: two frames between any two of the user's own. */
const DISPATCHER = /(^|\/)hono\/dist\/(cjs\/)?compose\.js$/

/**
 * Puts what the frames of this package and of Hono's dispatcher call in their place. What they ran themselves
 * is absorbed by their caller; where they wait, their caller waits.
 */
export const hidePlumbing: Processor = (root) => {
  const isPlumbing = ({ record }: Frame): boolean =>
    record.origin === 'profiler' || DISPATCHER.test(record.file)
  const isWait = ({ function: name }: Frame): boolean =>
    name === AWAIT_FRAME || name === BLOCKED_FRAME
  for (const frame of walk(root)) {
    if (frame.children.some(isPlumbing)) {
      replaceByChildren(frame, (child) => isPlumbing(child) && !child.isSynthetic)
      absorbChildren(frame, (child) => !isPlumbing(child) || isWait(child))
      const adopted = frame.children.map((child) =>
        isPlumbing(child) ? leafOf(frame, child) : child
      )
      setChildren(frame, adopted)
    }
  }
  return root
}

/**
 * Merges a frame with the calls below it when all of them are the same function again, in the same file: some
 * runtimes sample an async function as two functions, a wrapper and its body.
 */
export const collapseAsyncWrappers: Processor = (root) => {
  const wrappers = new Set<Frame>()
  for (const frame of walk(root)) {
    const calls = frame.children.filter((child) => !child.isSynthetic)
    if (calls.length > 0 && calls.every((call) => isBodyOf(frame.record, call.record))) {
      wrappers.add(frame)
    }
  }
  for (const frame of walk(root)) {
    if (wrappers.has(frame)) {
      replaceByChildren(frame, (child) => !child.isSynthetic && wrappers.has(child.parent!))
    }
  }
  return root
}

const ANONYMOUS = '(anonymous)'

/**
 * Whether a function is the body of the async function that calls it. The two frames of a function may differ in
 * line, but anonymous functions have nothing else to tell them apart.
 */
export function isBodyOf(wrapper: FunctionRecord, body: FunctionRecord): boolean {
  return (
    wrapper !== body &&
    wrapper.file !== '' &&
    wrapper.file === body.file &&
    wrapper.name === body.name &&
    (wrapper.name !== ANONYMOUS || wrapper.line === body.line)
  )
}

/**
 * Merges the calls of a function by itself, one in another, with the outermost: hundreds of levels of a recursion
 * hide what it calls. `recursionDepth` says how many they were.
 */
export const foldRecursion: Processor = (root) => {
  for (const frame of walk(root)) {
    // Of what has no position, one name may be many functions.
    if (frame.isSynthetic || frame.lineNo === 0) {
      continue
    }
    const isSame = (child: Frame): boolean =>
      !child.isSynthetic && isSameFunction(child.record, frame.record)
    for (let level = frame.children.filter(isSame); level.length > 0; frame.recursionDepth++) {
      level = level.flatMap(({ children }) => children.filter(isSame))
    }
    replaceByChildren(frame, isSame)
  }
  return root
}

/** Merges synthetic leaves of one kind that follow each other directly. */
export const mergeConsecutiveSelfTime: Processor = (root) => {
  for (const frame of walk(root)) {
    const merged: Frame[] = []
    for (const child of frame.children) {
      const last = merged.at(-1)
      if (child.isSynthetic && last?.isSynthetic && last.function === child.function) {
        mergeFrame(last, child)
      } else {
        merged.push(child)
      }
    }
    if (merged.length < frame.children.length) {
      setChildren(frame, merged)
    }
  }
  return root
}

/** Merges calls of one function by the same caller, and sorts the children of every frame by time, most first. */
export const aggregateRepeatedCalls: Processor = (root) => {
  for (const frame of walk(root)) {
    if (frame.children.length < 2) {
      continue
    }
    const byKey = new Map<string, Frame>()
    for (const child of frame.children) {
      const key = functionKey(child.record)
      const first = byKey.get(key)
      if (first) {
        mergeFrame(first, child)
      } else {
        byKey.set(key, child)
      }
    }
    setChildren(
      frame,
      [...byKey.values()].sort((a, b) => b.time - a.time)
    )
  }
  return root
}

/** Removes frames below `filterThreshold` of the whole; their caller absorbs their time. */
export const removeIrrelevantNodes: Processor = (root, options) => {
  const least = (options.filterThreshold ?? DEFAULT_FILTER_THRESHOLD) * root.time
  for (const frame of walk(root)) {
    absorbChildren(frame, (child) => child.time >= least)
  }
  return root
}

/** Removes a `[self]` that is the only child: the frame's own line says the same. */
export const removeUnnecessarySelfTimeNodes: Processor = (root) => {
  for (const frame of walk(root)) {
    const [only, another] = frame.children
    if (only?.isSynthetic && only.function === SELF_FRAME && !another) {
      absorbChildren(frame, () => false)
    }
  }
  return root
}

/**
 * Sets `group` on connected frames outside application code, when there are at least two. Synthetic leaves
 * belong to the group of the frame that holds them, but are not among its `frames`. Runs last: steps that
 * remove frames do not look at groups.
 */
export const groupLibraryFrames: Processor = (root, { hide, show }) => {
  const isHidden = (frame: Frame): boolean =>
    !frame.isSynthetic &&
    !matches(frame, show) &&
    (!frame.isApplicationCode || matches(frame, hide))
  let groups = 0
  for (const frame of walk(root)) {
    for (const child of frame.children) {
      if (!child.group && isHidden(child) && child.children.some(isHidden)) {
        groupFrom(child, ++groups, isHidden)
      }
    }
  }
  return root
}

function matches({ filePath }: Frame, pattern: RegExp | string | undefined): boolean {
  if (typeof pattern === 'string') {
    return pattern !== '' && filePath.includes(pattern)
  }
  // Unlike `test`, `search` has no memory of the last match when the pattern has the flag `g`.
  return pattern !== undefined && filePath.search(pattern) >= 0
}

function groupFrom(root: Frame, id: number, isHidden: (frame: Frame) => boolean): void {
  const group: FrameGroup = { id, root, frames: [], exitFrames: [], libraries: [] }
  const pending = [root]
  for (let frame = pending.pop(); frame; frame = pending.pop()) {
    frame.group = group
    group.frames.push(frame)
    let isExit = false
    for (const child of [...frame.children].reverse()) {
      if (child.isSynthetic) {
        child.group = group
      } else if (isHidden(child)) {
        pending.push(child)
      } else {
        isExit = true
      }
    }
    if (isExit) {
      group.exitFrames.push(frame)
    }
  }
  group.libraries = librariesOf(group.frames)
}

/** Packages of frames, most frames first; a file outside packages counts as the first part of its short path. */
function librariesOf(frames: readonly Frame[]): string[] {
  const counts = new Map<string, number>()
  for (const { record } of frames) {
    const library = record.package ?? record.fileShort.split('/')[0]!
    if (library !== '') {
      counts.set(library, (counts.get(library) ?? 0) + 1)
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([library]) => library)
}
