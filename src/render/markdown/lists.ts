import { linesThatFit } from '../text.ts'
import { estimateTokens } from './tokens.ts'

/** A section with a list, as many of its rows as fit into `tokens`; empty when none does. */
export function listSection(title: string, rows: readonly string[], tokens: number): string {
  const head = `## ${title}\n\n`
  const kept = linesThatFit(rows, tokens - estimateTokens(head), estimateTokens)
  return kept.length > 0 ? `${head}${kept.join('\n')}\n` : ''
}
