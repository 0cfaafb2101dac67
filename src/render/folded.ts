import type { SessionData } from '../session/records.ts'
import type { CallFrame, CallNodes } from './call-nodes.ts'
import { callNodes } from './call-nodes.ts'
import type { Renderer } from './renderer.ts'
import { visible } from './text.ts'

/**
 * Renders folded stacks, as flamegraph.pl and its kin read them: a line for each stack, outermost frame first,
 * with its microseconds.
 */
export function foldedRenderer(): Renderer {
  return {
    name: 'folded',
    contentType: 'text/plain; charset=utf-8',
    extension: 'folded.txt',
    render: ({ data }) => foldedStacks(data),
  }
}

function foldedStacks(data: SessionData): string {
  const nodes = callNodes(data)
  const labels = nodes.frames.map(frameLabel)
  const timeUs = new Float64Array(nodes.parent.length)
  nodes.samples.forEach((node, i) => {
    timeUs[node]! += data.samples.durationUs[i]!
  })
  const lines: string[] = []
  timeUs.forEach((us, node) => {
    if (us > 0) {
      lines.push(`${pathOf(nodes, labels, node)} ${us}\n`)
    }
  })
  return lines.join('')
}

function pathOf({ parent, frame }: CallNodes, labels: readonly string[], node: number): string {
  const path: string[] = []
  for (let at = node; at >= 0; at = parent[at]!) {
    path.push(labels[frame[at]!]!)
  }
  return path.reverse().join(';')
}

/** `name file:line`. Semicolons and line ends would begin another frame or stack. */
function frameLabel({ name, fileShort, line }: CallFrame): string {
  const place = line > 0 ? `${fileShort}:${line}` : fileShort
  return visible(place === '' ? name : `${name} ${place}`).replaceAll(';', '\\x3b')
}
