import type { V8Profile, V8ProfileNode } from './v8-profile.ts'

/**
 * Checks that JSON is a profile as V8 writes it, and that its nodes are a tree.
 *
 * @throws TypeError A sentence that says what is wrong and where.
 */
export function checkCpuProfile(json: unknown): asserts json is V8Profile {
  demand(isObject(json) && Array.isArray(json.nodes), "it has no list 'nodes'")
  const { nodes, samples, timeDeltas, startTime, endTime } = json as unknown as V8Profile
  demand(nodes.length > 0, "its list 'nodes' is empty")
  for (const [i, node] of nodes.entries()) {
    checkNode(node, i)
  }
  checkTree(nodes)
  checkNumbers('startTime', [startTime])
  checkNumbers('endTime', [endTime])
  demand(Array.isArray(samples) && Array.isArray(timeDeltas), 'it has no samples with their times')
  demand(
    samples.length === timeDeltas.length,
    `it has ${samples.length} samples, but ${timeDeltas.length} timeDeltas`
  )
  checkNumbers('timeDeltas', timeDeltas)
  checkLines((json as { lines?: unknown }).lines)
  const ids = new Set(nodes.map(({ id }) => id))
  const unknown = samples.findIndex((id) => !ids.has(id))
  demand(unknown < 0, `samples[${unknown}] points at node ${samples[unknown]}, which there is not`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function demand(holds: boolean, problem: string): asserts holds {
  if (!holds) {
    throw new TypeError(`hono-profiler: not a CPU profile: ${problem}`)
  }
}

function checkNumbers(where: string, numbers: readonly unknown[]): void {
  const wrong = numbers.findIndex((number) => !Number.isFinite(number))
  demand(wrong < 0, `${where}${numbers.length > 1 ? `[${wrong}]` : ''} is not a number`)
}

/** What this package adds: the line that each sample executes. */
function checkLines(lines: unknown = []): void {
  const areLines =
    Array.isArray(lines) && lines.every((line) => Number.isSafeInteger(line) && line >= 0)
  demand(areLines, 'its lines are not a list of whole numbers from 0')
}

function checkNode(node: V8ProfileNode, i: number): void {
  demand(isObject(node) && isObject(node.callFrame), `nodes[${i}] has no callFrame`)
  const { functionName, url, lineNumber, columnNumber } = node.callFrame
  demand(
    typeof functionName === 'string' && typeof url === 'string',
    `nodes[${i}].callFrame has no function name or no URL`
  )
  demand(
    [node.id, lineNumber, columnNumber].every(Number.isSafeInteger),
    `nodes[${i}] has an id or a position that is no whole number`
  )
  const { children = [], positionTicks = [] } = node
  demand(Array.isArray(children), `nodes[${i}].children is not a list`)
  const areTicks =
    Array.isArray(positionTicks) &&
    positionTicks.every(
      (tick) => isObject(tick) && Number.isSafeInteger(tick.line) && tick.ticks > 0
    )
  demand(areTicks, `nodes[${i}].positionTicks is not a list of lines with their ticks`)
}

/** A node that had two callers, or was its own, would have no end of callers. */
function checkTree(nodes: readonly V8ProfileNode[]): void {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  demand(byId.size === nodes.length, 'two of its nodes have one id')
  const seen = new Set([nodes[0]!.id])
  for (const id of seen) {
    for (const child of byId.get(id)!.children ?? []) {
      demand(byId.has(child), `node ${id} calls node ${child}, which there is not`)
      demand(!seen.has(child), `node ${child} is called twice`)
      seen.add(child)
    }
  }
  demand(seen.size === nodes.length, 'not all of its nodes are below the first one')
}
