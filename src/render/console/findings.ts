import type { Finding } from '../../analysis/findings.ts'
import { messageText } from '../summary.ts'
import type { Look } from './look.ts'

/** As many as a screen has room for below the tree. */
const MAX_FINDINGS = 3

/** A title, then what makes the request slow and what to do, most important first; nothing when nothing stands out. */
export function findingLines(findings: readonly Finding[], { paint, glyphs }: Look): string[] {
  const shown = findings.slice(0, MAX_FINDINGS)
  if (shown.length === 0) {
    return []
  }
  const rows = shown.flatMap(({ title, advice }) => [
    paint('warm', messageText(title, glyphs.ellipsis).replaceAll('…', glyphs.ellipsis)),
    `  ${advice}`,
  ])
  return [paint('title', 'What stands out'), ...rows, '']
}
