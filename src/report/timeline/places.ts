import { Frame, STATE_FRAMES } from '../../session/frame.ts'
import { functionKey } from '../../session/identity.ts'
import type { FunctionRecord, SessionData } from '../../session/records.ts'
import { isWithin, pathOf } from './calls.ts'
import type { Box, TimelineLayout } from './layout.ts'
import { boxOfSample, startOf, timesOf } from './layout.ts'

/** The request itself, as a function. */
function requestRecord({ meta }: SessionData): FunctionRecord {
  const { description: name } = meta
  return { name, file: '', fileShort: '', line: 0, column: 0, origin: 'native' }
}

/** What a box stands for; a stretch of waiting is told by its caller's file. */
export function recordOf(data: SessionData, layout: TimelineLayout, box: Box): FunctionRecord {
  const call = data.functions[layout.calls.function[box.node]!] ?? requestRecord(data)
  if (box.state === undefined) {
    return call
  }
  const { file, fileShort, origin } = call
  return { name: STATE_FRAMES[box.state]!, file, fileShort, line: 0, column: 0, origin }
}

function addTimes(frame: Frame, byState: readonly number[], time: number): void {
  const [cpu = 0, gc = 0, waiting = 0, blocked = 0] = byState
  frame.time = time
  frame.cpuTime = cpu + gc
  frame.gcTime = gc
  frame.awaitTime = waiting
  frame.blockedTime = blocked
}

/** A box as a frame below its callers, as the other views know frames: one call, with its own times. */
export function frameOf(data: SessionData, layout: TimelineLayout, box: Box): Frame {
  let frame = new Frame(requestRecord(data))
  const add = (child: Frame) => {
    frame.addChild(child)
    frame = child
  }
  for (const fn of pathOf(layout.calls, box.node)) {
    add(new Frame(data.functions[fn]!))
  }
  if (box.state !== undefined) {
    add(new Frame(recordOf(data, layout, box), true))
  }
  const { byState, self } = timesOf(layout, box)
  addTimes(frame, byState, box.end - box.start)
  if (box.state === undefined) {
    const calls = new Frame({ ...frame.record, name: '(calls)' })
    calls.time = frame.time - self
    frame.addChild(calls)
  }
  return frame
}

/** The longest box of the call that a frame of any tree stands for; of its nearest caller that is drawn. */
export function findBox(data: SessionData, layout: TimelineLayout, frame: Frame): Box | undefined {
  const state = frame.isSynthetic ? STATE_FRAMES.indexOf(frame.function) : undefined
  const node = findNode(data, layout, frame)
  return (
    longestBox(layout, node, state === 0 ? undefined : state) ?? longestBox(layout, node, undefined)
  )
}

function findNode(data: SessionData, { calls }: TimelineLayout, frame: Frame): number {
  const path: string[] = []
  for (let at = frame; at.parent; at = at.parent) {
    if (!at.isSynthetic) {
      path.push(functionKey(at.record))
    }
  }
  const childrenOf = new Map<string, number>()
  for (let node = 1; node < calls.parent.length; node++) {
    const key = functionKey(data.functions[calls.function[node]!]!)
    childrenOf.set(`${calls.parent[node]} ${key}`, node)
  }
  return path.reduceRight((node, key) => childrenOf.get(`${node} ${key}`) ?? node, 0)
}

function longestBox(
  layout: TimelineLayout,
  node: number,
  state: number | undefined
): Box | undefined {
  const { calls, nodes, states, ends } = layout
  const depth = calls.depth[node]! + (state === undefined ? 0 : 1)
  const belongs = (i: number): boolean =>
    state === undefined
      ? isWithin(calls, nodes[i]!, node)
      : nodes[i] === node && states[i] === state
  let longest = { sample: -1, time: -1 }
  let run = -1
  for (let i = 0; i < ends.length; i++) {
    if (!belongs(i)) {
      run = -1
      continue
    }
    run = run < 0 ? i : run
    const time = ends[i]! - startOf(layout, run)
    longest = time > longest.time ? { sample: i, time } : longest
  }
  return longest.sample < 0 ? undefined : boxOfSample(layout, depth, longest.sample)
}
