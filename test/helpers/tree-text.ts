import type { Frame } from '../../src/session/frame.ts'

/** A tree as text: one line per frame, indented by depth, with its milliseconds and what it has absorbed. */
export function treeText(root: Frame): string {
  const lines: string[] = []
  const pending = [{ frame: root, depth: 0 }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { frame, depth } = next
    const absorbed = frame.absorbedTime > 0 ? ` absorbed ${round(frame.absorbedTime)}` : ''
    lines.push(`${'  '.repeat(depth)}${frame.function} ${round(frame.time)}${absorbed}`)
    for (const child of [...frame.children].reverse()) {
      pending.push({ frame: child, depth: depth + 1 })
    }
  }
  return lines.join('\n')
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000
