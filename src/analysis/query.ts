/**
 * Questions to a call tree. Time is counted once: a frame's self time belongs to the frame, and the synthetic
 * leaves that explain it are no entries of their own.
 */

import type { Frame } from '../session/frame.ts'
import { walk } from '../session/frame.ts'

/** The time of one function. */
export interface ProfileEntry {
  /** Milliseconds. */
  time: number
  function: string
  /** Absolute path or URL; empty for native functions and for the request itself. */
  file: string
  /** Line of the function's definition, from 1; 0 when unknown. */
  line: number
}

/** The time of one stack. */
export interface HotPath {
  /** Milliseconds. */
  time: number
  /** `name file:line → name file:line`, callers first. */
  path: string
}

export interface QueryOptions {
  /** Only files whose path contains one of these; all files when empty, which is the default. */
  paths?: readonly string[]
  /** The most entries to give; `Infinity` for all. 20 by default for `flat`, 10 for the others. */
  n?: number
}

export interface HotPathOptions extends QueryOptions {
  /** The most frames of a path to keep, nearest to where the time went; 8 by default. */
  depth?: number
}

const DEFAULT_FLAT_COUNT = 20
const DEFAULT_COUNT = 10
const DEFAULT_DEPTH = 8

/** Milliseconds. Samples last whole microseconds, so less than half of one is rounding noise. */
const LEAST_SELF_TIME = 0.0005

/** Self time by function, most first. The times of all add up to the time of `root`. */
export function flat(
  root: Frame,
  { paths, n = DEFAULT_FLAT_COUNT }: QueryOptions = {}
): ProfileEntry[] {
  return sumByFunction(walk(root), selfTimeOf, paths).slice(0, n)
}

/** Self time of the functions called `name`, by immediate caller; `paths` are of the callers. */
export function callers(
  root: Frame,
  name: string,
  { paths, n = DEFAULT_COUNT }: QueryOptions = {}
): ProfileEntry[] {
  const timeOfCalls = (caller: Frame): number =>
    caller.children
      .filter((child) => child.function === name)
      .reduce((time, child) => time + selfTimeOf(child), 0)
  return sumByFunction(walk(root), timeOfCalls, paths).slice(0, n)
}

/**
 * Self time of everything below the functions called `name`, by function; `paths` are of what is called.
 * A recursive call is below the first one, and what is below both counts once.
 */
export function callees(
  root: Frame,
  name: string,
  { paths, n = DEFAULT_COUNT }: QueryOptions = {}
): ProfileEntry[] {
  return sumByFunction(framesBelow(root, name), selfTimeOf, paths).slice(0, n)
}

/**
 * The stacks with most self time. Frames whose file is not in `paths` are left out of a path, and their
 * self time goes to the path that is left; the request itself stands only for its own self time.
 */
export function hotPaths(
  root: Frame,
  { paths, n = DEFAULT_COUNT, depth = DEFAULT_DEPTH }: HotPathOptions = {}
): HotPath[] {
  const isAsked = pathFilter(paths)
  const links = new Map<Frame, PathLink | undefined>()
  const times = new Map<string, number>()
  for (const frame of walk(root)) {
    const above = frame.parent && links.get(frame.parent)
    const link = frame !== root && isAsked(frame) ? { frame, above } : above
    links.set(frame, link)
    const time = selfTimeOf(frame)
    if (time > 0 && (link || isAsked(root))) {
      const path = link ? pathText(link, depth) : frameLabel(root)
      times.set(path, (times.get(path) ?? 0) + time)
    }
  }
  return [...times]
    .map(([path, time]) => ({ time, path }))
    .sort((a, b) => b.time - a.time || compareText(a.path, b.path))
    .slice(0, n)
}

/** Synthetic leaves have none: their time is self time of the frame that holds them. */
function selfTimeOf(frame: Frame): number {
  const time = frame.isSynthetic ? 0 : frame.totalSelfTime
  return time < LEAST_SELF_TIME ? 0 : time
}

function pathFilter(paths: readonly string[] = []): (frame: Frame) => boolean {
  return ({ filePath }) => paths.length === 0 || paths.some((path) => filePath.includes(path))
}

/** The frames below those called `name`, each once. */
function* framesBelow(root: Frame, name: string): Generator<Frame> {
  const below = new Set<Frame>()
  for (const frame of walk(root)) {
    const { parent } = frame
    if (parent && (below.has(parent) || parent.function === name)) {
      below.add(frame)
      yield frame
    }
  }
}

/** The entries for all frames that have a time and whose file is asked for, most time first. */
function sumByFunction(
  frames: Iterable<Frame>,
  timeOf: (frame: Frame) => number,
  paths: readonly string[] | undefined
): ProfileEntry[] {
  const isAsked = pathFilter(paths)
  const entries = new Map<string, ProfileEntry>()
  for (const frame of frames) {
    const time = timeOf(frame)
    if (time === 0 || !isAsked(frame)) {
      continue
    }
    const { function: name, filePath: file, lineNo: line } = frame
    const key = `${name}\0${file}\0${line}`
    const entry = entries.get(key)
    if (entry) {
      entry.time += time
    } else {
      entries.set(key, { time, function: name, file, line })
    }
  }
  return [...entries.values()].sort(byTimeThenName)
}

function byTimeThenName(a: ProfileEntry, b: ProfileEntry): number {
  return (
    b.time - a.time ||
    compareText(a.function, b.function) ||
    compareText(a.file, b.file) ||
    a.line - b.line
  )
}

/** By code units, so that the order is the same everywhere. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** The frames of a path as a list that callees share, innermost first. */
interface PathLink {
  frame: Frame
  above: PathLink | undefined
}

function pathText(innermost: PathLink, depth: number): string {
  const labels: string[] = []
  for (
    let link: PathLink | undefined = innermost;
    link && labels.length < depth;
    link = link.above
  ) {
    labels.push(frameLabel(link.frame))
  }
  return labels.reverse().join(' → ')
}

function frameLabel({ function: name, filePathShort, lineNo }: Frame): string {
  const place = lineNo > 0 ? `${filePathShort}:${lineNo}` : filePathShort
  return place === '' ? name : `${name} ${place}`
}
