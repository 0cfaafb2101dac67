import type { FunctionTime } from '../../analysis/functions.ts'

/** A column that the table is sorted by. */
export type Column = 'self' | 'total' | 'name' | 'place'

export interface Sorting {
  column: Column
  isDescending: boolean
}

export const byOwnTime: Sorting = { column: 'self', isDescending: true }

/** What a click on a column's head asks for: times begin with the most, texts with the first. */
export function sortingAfter(sorting: Sorting, column: Column): Sorting {
  return sorting.column === column
    ? { column, isDescending: !sorting.isDescending }
    : { column, isDescending: column === 'self' || column === 'total' }
}

/** The functions in order; those that are equal keep theirs. */
export function sortFunctions(
  times: readonly FunctionTime[],
  { column, isDescending }: Sorting
): FunctionTime[] {
  const sign = isDescending ? -1 : 1
  return [...times].sort((a, b) => sign * compare(a, b, column))
}

function compare(a: FunctionTime, b: FunctionTime, column: Column): number {
  switch (column) {
    case 'self':
      return a.selfTime - b.selfTime
    case 'total':
      return a.totalTime - b.totalTime
    case 'name':
      return compareText(a.function.name, b.function.name)
    case 'place':
      return (
        compareText(a.function.fileShort, b.function.fileShort) || a.function.line - b.function.line
      )
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
