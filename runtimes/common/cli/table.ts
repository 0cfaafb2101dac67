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
/** What a token of such text has at least; file names and figures have few. */
const CHARACTERS_PER_TOKEN = 3

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
  const head = `## ${title}\n\n`
  if (rows.length === 0) {
    return `${head}${none}\n`
  }
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map(markdownCell).join(' | ')} |\n`
  const rule = `|${columns.map(() => ' --- |').join('')}\n`
  let text = head + line(columns) + rule
  for (const [i, row] of rows.entries()) {
    const next = line(row)
    if (text.length + next.length > budget * CHARACTERS_PER_TOKEN) {
      return `${text}\n${rows.length - i} more do not fit into ${budget} tokens; ask with a larger --budget.\n`
    }
    text += next
  }
  return text
}

function markdownCell(cell: string | number): string {
  return visible(String(cell)).replace(/[\\|<>`*_[\]]/g, '\\$&')
}
