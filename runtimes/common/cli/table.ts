import { escapeMarkdown } from '../../../src/render/markdown/syntax.ts'
import { estimateTokens } from '../../../src/render/markdown/tokens.ts'
import { visible } from '../../../src/render/text.ts'

/** An answer: a table to read, and the same as data. */
export interface Answer {
  title: string
  /** What stands in place of rows when there are none. */
  none: string
  columns: readonly string[]
  /** Cells that are numbers stand at the right. */
  rows: readonly (readonly (string | number)[])[]
  data: unknown
}

/** How an answer is shown. */
export interface Shape {
  json?: boolean
  markdown?: boolean
  /** The most tokens of Markdown. */
  budget?: number
}

const DEFAULT_BUDGET = 1500

export function shapeAnswer(answer: Answer, { json, markdown, budget }: Shape): string {
  if (json) {
    return JSON.stringify(answer.data, null, 2)
  }
  return markdown ? markdownTable(answer, budget ?? DEFAULT_BUDGET) : textTable(answer)
}

function textTable({ columns, rows, none }: Answer): string {
  if (rows.length === 0) {
    return none
  }
  const cells = [columns, ...rows.map((row) => row.map((cell) => visible(String(cell))))]
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => Array.from(row[i]!).length)))
  const isRight = columns.map((_, i) => typeof rows[0]![i] === 'number' || isFigure(rows[0]![i]!))
  return cells
    .map((row) =>
      row
        .map((cell, i) => pad(cell, widths[i]!, isRight[i]!))
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}

/** Figures with their unit or sign. */
function isFigure(cell: string | number): boolean {
  return /^[+-]?[\d.,]+( ms| ?%)?$/.test(String(cell))
}

function pad(cell: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(width - Array.from(cell).length)
  return isRight ? space + cell : cell + space
}

/** Rows that do not fit into the budget are counted instead. */
function markdownTable({ title, columns, rows, none }: Answer, budget: number): string {
  const head = `## ${visible(title)}\n\n`
  if (rows.length === 0) {
    return `${head}${none}\n`
  }
  const table = `${head}${markdownRow(columns)}|${columns.map(() => ' --- |').join('')}\n`
  const lines: string[] = []
  let left = budget - estimateTokens(table)
  for (const row of rows) {
    const line = markdownRow(row)
    left -= estimateTokens(line)
    if (left < 0) {
      lines.push(
        `\n${rows.length - lines.length} more do not fit into ${budget} tokens; ask with a larger --budget.\n`
      )
      break
    }
    lines.push(line)
  }
  return table + lines.join('')
}

function markdownRow(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => escapeMarkdown(visible(String(cell)))).join(' | ')} |\n`
}
