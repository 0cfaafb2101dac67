import type { Row } from './rows.ts'

/** What the reader asks of the tree, by key or by pointer. */
export type TreeCommand =
  | { kind: 'select'; index: number }
  | { kind: 'open'; open: boolean; recursive: boolean }
  | { kind: 'fold' }
  | { kind: 'focus' }

/** How many rows Page Up and Page Down move. */
const PAGE = 15

/** Reads a key as ARIA's tree pattern says; Alt makes Left, Right and Enter work on everything below. */
export function treeCommand(
  { key, altKey }: { key: string; altKey: boolean },
  rows: readonly Row[],
  index: number
): TreeCommand | undefined {
  const row = rows[index]!
  const select = (to: number): TreeCommand => ({
    kind: 'select',
    index: Math.min(rows.length - 1, Math.max(0, to)),
  })
  switch (key) {
    case 'ArrowDown':
      return select(index + 1)
    case 'ArrowUp':
      return select(index - 1)
    case 'PageDown':
      return select(index + PAGE)
    case 'PageUp':
      return select(index - PAGE)
    case 'Home':
      return select(0)
    case 'End':
      return select(rows.length - 1)
    case 'ArrowRight':
      return row.open && !altKey ? select(index + 1) : opening(row, true, altKey)
    case 'ArrowLeft':
      return row.open || altKey ? opening(row, false, altKey) : select(row.parent)
    case 'Enter':
    case ' ':
      return row.foldable && !altKey ? { kind: 'fold' } : opening(row, !row.open, altKey)
    case 'f':
      return { kind: 'focus' }
    default:
      return undefined
  }
}

/** Opens or closes a row; one that holds nothing but folded frames shows those instead. */
export function opening(row: Row, open: boolean, recursive: boolean): TreeCommand | undefined {
  if (row.open !== undefined) {
    return { kind: 'open', open, recursive }
  }
  return row.folded > 0 && open ? { kind: 'fold' } : undefined
}
