import type { SessionData } from '../../src/session/records.ts'

/** The samples of a session as V8 writes them, for the tools that read nothing else. */
export function cpuProfileOf({ functions, stacks, samples }: SessionData): string {
  const callFrame = (functionName: string, url: string, line: number, column: number) => ({
    functionName,
    scriptId: '0',
    url,
    lineNumber: line - 1,
    columnNumber: column - 1,
  })
  const nodes = [{ id: 1, callFrame: callFrame('(root)', '', 0, 0), children: [] as number[] }]
  stacks.parent.forEach((parent, entry) => {
    const { name, file, line, column } = functions[stacks.function[entry]!]!
    const id = entry + 2
    nodes.push({ id, callFrame: callFrame(name, file, line, column), children: [] })
    nodes[parent + 1]!.children.push(id)
  })
  const duration = samples.durationUs.reduce((sum, us) => sum + us)
  return JSON.stringify({
    nodes,
    startTime: 0,
    endTime: duration,
    samples: samples.stack.map((entry) => entry + 2),
    timeDeltas: [0, ...samples.durationUs.slice(0, -1)],
  })
}
