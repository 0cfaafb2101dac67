import type { SessionData } from '../session/records.ts'
import type { CallFrame, CallNodes } from './call-nodes.ts'
import { callNodes } from './call-nodes.ts'
import { attachment } from './renderer.ts'
import type { Renderer } from './renderer.ts'

/**
 * Renders the file format of speedscope (https://www.speedscope.app/file-format-schema.json), in order of time,
 * in microseconds. States are leaves, like `[await]`, with the line that waits.
 */
export function speedscopeRenderer(): Renderer {
  return {
    name: 'speedscope',
    contentType: 'application/json; charset=utf-8',
    extension: 'speedscope.json',
    headers: attachment('speedscope.json'),
    render: ({ data }) => speedscopeFile(data),
  }
}

function speedscopeFile(data: SessionData): string {
  const nodes = callNodes(data)
  const { events, endUs } = eventsOf(nodes, data.samples.durationUs)
  const { description } = data.meta
  const file = {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: 'hono-profiler',
    name: description,
    activeProfileIndex: 0,
    shared: { frames: nodes.frames.map(speedscopeFrame) },
  }
  const profile = {
    type: 'evented',
    name: description,
    unit: 'microseconds',
    startValue: 0,
    endValue: endUs,
  }
  // Events are most of the file: as text at once they take a tenth of the memory.
  return `${open(file)},"profiles":[${open(profile)},"events":[${events.join()}]}]}`
}

/** The JSON of an object, left open for more fields. */
function open(fields: object): string {
  return JSON.stringify(fields).slice(0, -1)
}

function speedscopeFrame({ name, file, line, column }: CallFrame): object {
  return {
    name,
    ...(file && { file }),
    ...(line > 0 && { line }),
    ...(column > 0 && { col: column }),
  }
}

/** Opens and closes frames where the stack changes. A sample without a duration has nothing to show. */
function eventsOf(
  nodes: CallNodes,
  durationUs: readonly number[]
): { events: string[]; endUs: number } {
  const events: string[] = []
  let atUs = 0
  let current = -1
  nodes.samples.forEach((node, i) => {
    if (durationUs[i]! > 0) {
      moveTo(nodes, current, node, atUs, events)
      current = node
      atUs += durationUs[i]!
    }
  })
  moveTo(nodes, current, -1, atUs, events)
  return { events, endUs: atUs }
}

function moveTo(
  { parent, frame, depth }: CallNodes,
  from: number,
  to: number,
  atUs: number,
  events: string[]
): void {
  const depthOf = (node: number): number => depth[node] ?? -1
  const opened: number[] = []
  let [left, entered] = [from, to]
  while (left !== entered) {
    if (depthOf(left) >= depthOf(entered)) {
      events.push(`{"type":"C","frame":${frame[left]},"at":${atUs}}`)
      left = parent[left]!
    } else {
      opened.push(entered)
      entered = parent[entered]!
    }
  }
  for (const node of opened.reverse()) {
    events.push(`{"type":"O","frame":${frame[node]},"at":${atUs}}`)
  }
}
