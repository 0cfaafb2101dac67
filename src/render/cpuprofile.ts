import type { ExchangeNote } from '../session/exchange.ts'
import { exchangeNote } from '../session/exchange.ts'
import type { SessionData } from '../session/records.ts'
import type { CallFrame, CallNodes } from './call-nodes.ts'
import { callNodes } from './call-nodes.ts'
import { fileUrl } from './file-url.ts'
import { attachment } from './renderer.ts'
import type { Renderer } from './renderer.ts'

/** A node as DevTools' protocol has it (`Profiler.ProfileNode`). Lines and columns of functions count from 0. */
interface ProfileNode {
  id: number
  callFrame: {
    functionName: string
    scriptId: string
    url: string
    lineNumber: number
    columnNumber: number
  }
  hitCount: number
  children: number[]
  positionTicks?: { line: number; ticks: number }[]
}

interface CpuProfile {
  nodes: ProfileNode[]
  startTime: number
  endTime: number
  samples: number[]
  timeDeltas: number[]
  /** The executing line of each sample, which DevTools knows as well; 0 when unknown. */
  lines: number[]
  $honoProfiler: ExchangeNote
}

/**
 * Renders a `.cpuprofile`, as Chrome DevTools, VS Code, cpupro and speedscope open it. A sample lasts until the
 * next one, to the microsecond. States are leaves, like `[await]`, at the line that waits.
 */
export function cpuProfileRenderer(): Renderer {
  return {
    name: 'cpuprofile',
    contentType: 'application/json; charset=utf-8',
    extension: 'cpuprofile',
    headers: attachment('cpuprofile'),
    render: ({ data }) => JSON.stringify(cpuProfile(data)),
  }
}

function cpuProfile(data: SessionData): CpuProfile {
  const nodes = callNodes(data)
  const { stack, durationUs } = data.samples
  const lines = stack.map((entry) => data.stacks.line[entry] ?? 0)
  const { order, idOf } = breadthFirst(nodes)
  const startTime = startTimeUs(data)
  return {
    nodes: profileNodes(nodes, order, idOf, lines),
    startTime,
    endTime: startTime + durationUs.reduce((sum, us) => sum + us, 0),
    // Without a sample at the end, readers would not know how long the last one lasted.
    samples: [...nodes.samples.map((node) => idOf[node]!), idOf[0]!],
    timeDeltas: [0, ...durationUs],
    lines: [...lines, 0],
    $honoProfiler: exchangeNote(data),
  }
}

/** Epoch microseconds; 0 where they would be no whole number. */
function startTimeUs({ meta }: SessionData): number {
  const us = Math.round(meta.startTime * 1000)
  return Number.isSafeInteger(us) ? us : 0
}

/** VS Code takes ids for positions, from 1, of nodes that stand breadth first. */
function breadthFirst({ parent }: CallNodes): { order: number[]; idOf: number[] } {
  const children: number[][] = parent.map(() => [])
  parent.forEach((caller, node) => children[caller]?.push(node))
  const order = [0]
  for (const node of order) {
    for (const child of children[node]!) {
      order.push(child)
    }
  }
  const idOf: number[] = []
  order.forEach((node, i) => (idOf[node] = i + 1))
  return { order, idOf }
}

function profileNodes(
  nodes: CallNodes,
  order: readonly number[],
  idOf: readonly number[],
  lines: readonly number[]
): ProfileNode[] {
  const scripts = new Map<string, string>()
  const made = order.map((node): ProfileNode => {
    const frame = nodes.frames[nodes.frame[node]!]!
    const callFrame = node === 0 ? ROOT : callFrameOf(frame, scripts)
    return { id: idOf[node]!, callFrame, hitCount: 0, children: [] }
  })
  order.forEach((node, i) => made[idOf[nodes.parent[node]!]! - 1]?.children.push(made[i]!.id))
  countSamples(made, nodes.samples, idOf, lines)
  return made
}

const ROOT = { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 }

function callFrameOf(
  { name, file, line, column, isState }: CallFrame,
  scripts: Map<string, string>
): ProfileNode['callFrame'] {
  if (!scripts.has(file)) {
    scripts.set(file, file === '' ? '0' : String(scripts.size + 1))
  }
  return {
    functionName: name,
    // V8's own pseudo functions have script 0.
    scriptId: isState ? '0' : scripts.get(file)!,
    url: fileUrl(file),
    lineNumber: line - 1,
    columnNumber: column - 1,
  }
}

function countSamples(
  made: readonly ProfileNode[],
  samples: readonly number[],
  idOf: readonly number[],
  lines: readonly number[]
): void {
  const ticks = made.map(() => new Map<number, number>())
  samples.forEach((sample, i) => {
    const position = idOf[sample]! - 1
    made[position]!.hitCount++
    const line = lines[i]!
    if (line > 0) {
      ticks[position]!.set(line, (ticks[position]!.get(line) ?? 0) + 1)
    }
  })
  made.forEach((node, position) => {
    const lineTicks = Array.from(ticks[position]!, ([line, count]) => ({ line, ticks: count }))
    if (lineTicks.length > 0) {
      node.positionTicks = lineTicks
    }
  })
}
