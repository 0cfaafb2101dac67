import { Frame, STATE_FRAMES } from './frame.ts'
import type { FunctionRecord, SessionData } from './records.ts'
import { AWAIT, BLOCKED, GC } from './records.ts'

/** Calls `visit` for each sample in order of time. Times are microseconds from the start of the request. */
export function forEachSample(
  { samples }: SessionData,
  visit: (stack: number, startUs: number, durationUs: number, state: number) => void
): void {
  let startUs = 0
  for (let i = 0; i < samples.stack.length; i++) {
    const durationUs = samples.durationUs[i]!
    visit(samples.stack[i]!, startUs, durationUs, samples.state[i]!)
    startUs += durationUs
  }
}

/** The functions of a stack entry, outermost first. */
export function stackFunctions(data: SessionData, stack: number): FunctionRecord[] {
  const functions: FunctionRecord[] = []
  for (let entry = stack; entry >= 0; entry = data.stacks.parent[entry]!) {
    functions.push(data.functions[data.stacks.function[entry]!]!)
  }
  return functions.reverse()
}

/**
 * Builds the call tree. The root stands for the request; calls of one function by the same caller are one
 * frame, and what a frame did itself stands in synthetic leaves, one for each state.
 * With `timeline`, only calls that follow each other directly are one frame, and children stand in order of time.
 */
export function buildCallTree(data: SessionData, options: { timeline?: boolean } = {}): Frame {
  return options.timeline ? buildTimelineTree(data) : buildMergedTree(data)
}

function rootFrameOf(data: SessionData): Frame {
  return new Frame({
    name: data.meta.description,
    file: '',
    fileShort: '',
    line: 0,
    column: 0,
    origin: 'native',
  })
}

function syntheticFrame(state: number, caller: Frame): Frame {
  const { file, fileShort, origin } = caller.record
  return new Frame(
    { name: STATE_FRAMES[state]!, file, fileShort, line: 0, column: 0, origin },
    true
  )
}

/** Adds `ms` in one state to a single frame, not to its callers. */
function addTime(frame: Frame, state: number, ms: number): void {
  frame.time += ms
  if (state === AWAIT) {
    frame.awaitTime += ms
  } else if (state === BLOCKED) {
    frame.blockedTime += ms
  } else {
    frame.cpuTime += ms
    if (state === GC) {
      frame.gcTime += ms
    }
  }
}

/** Sums up per stack entry first, so that the cost follows the number of stacks and not of samples. */
function buildMergedTree(data: SessionData): Frame {
  const { stacks } = data
  const states = STATE_FRAMES.length
  const entries = stacks.parent.length
  const selfUs = new Float64Array((entries + 1) * states)
  const hasTime = new Uint8Array(entries)
  forEachSample(data, (stack, _startUs, durationUs, state) => {
    selfUs[(stack + 1) * states + state]! += durationUs
    if (stack >= 0 && durationUs > 0) {
      hasTime[stack] = 1
    }
  })
  for (let entry = entries - 1; entry >= 0; entry--) {
    const parent = stacks.parent[entry]!
    if (hasTime[entry] && parent >= 0) {
      hasTime[parent] = 1
    }
  }

  const root = rootFrameOf(data)
  const frames: Frame[] = []
  const childrenOf = new Map<Frame, Map<number, Frame>>()
  for (let entry = 0; entry < entries; entry++) {
    if (!hasTime[entry]) {
      continue
    }
    const parent = frames[stacks.parent[entry]!] ?? root
    const index = stacks.function[entry]!
    let siblings = childrenOf.get(parent)
    if (!siblings) {
      childrenOf.set(parent, (siblings = new Map<number, Frame>()))
    }
    let frame = siblings.get(index)
    if (!frame) {
      frame = new Frame(data.functions[index]!)
      parent.addChild(frame)
      siblings.set(index, frame)
    }
    frames[entry] = frame
  }
  for (let entry = -1; entry < entries; entry++) {
    for (let state = 0; state < states; state++) {
      const us = selfUs[(entry + 1) * states + state]!
      if (us > 0) {
        addSelfTime(frames[entry] ?? root, state, us / 1000)
      }
    }
  }
  sumUp(root)
  return root
}

function addSelfTime(frame: Frame, state: number, ms: number): void {
  const name = STATE_FRAMES[state]!
  let leaf = frame.children.find((child) => child.isSynthetic && child.function === name)
  if (!leaf) {
    leaf = syntheticFrame(state, frame)
    frame.addChild(leaf)
  }
  addTime(leaf, state, ms)
}

function buildTimelineTree(data: SessionData): Frame {
  const root = rootFrameOf(data)
  let open: Frame[] = []
  let openFunctions: number[] = []
  forEachSample(data, (stack, _startUs, durationUs, state) => {
    const functions: number[] = []
    for (let entry = stack; entry >= 0; entry = data.stacks.parent[entry]!) {
      functions.push(data.stacks.function[entry]!)
    }
    functions.reverse()
    let shared = 0
    while (shared < functions.length && functions[shared] === openFunctions[shared]) {
      shared++
    }
    open = open.slice(0, shared)
    for (const index of functions.slice(shared)) {
      const frame = new Frame(data.functions[index]!)
      ;(open.at(-1) ?? root).addChild(frame)
      open.push(frame)
    }
    openFunctions = functions
    const holder = open.at(-1) ?? root
    let leaf = holder.children.at(-1)
    if (!leaf?.isSynthetic || leaf.function !== STATE_FRAMES[state]) {
      leaf = syntheticFrame(state, holder)
      holder.addChild(leaf)
    }
    addTime(leaf, state, durationUs / 1000)
  })
  sumUp(root)
  return root
}

/** Gives every frame the sum of its children; leaves have their time already. */
function sumUp(root: Frame): void {
  const order: Frame[] = [root]
  for (const frame of order) {
    for (const child of frame.children) {
      order.push(child)
    }
  }
  for (let i = order.length - 1; i > 0; i--) {
    const { parent, time, cpuTime, awaitTime, blockedTime, gcTime } = order[i]!
    parent!.time += time
    parent!.cpuTime += cpuTime
    parent!.awaitTime += awaitTime
    parent!.blockedTime += blockedTime
    parent!.gcTime += gcTime
  }
}
