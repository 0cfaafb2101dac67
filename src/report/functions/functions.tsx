import { useEffect, useMemo, useState } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { FunctionTime } from '../../analysis/functions.ts'
import { functionTimes } from '../../analysis/functions.ts'
import { counted } from '../../render/text.ts'
import { functionKey } from '../../session/identity.ts'
import type { FunctionRecord } from '../../session/records.ts'
import { buildCallTree } from '../../session/tree.ts'
import { useVirtualRows } from '../call-stack/virtual.ts'
import { Check } from '../fields.tsx'
import { findLargest } from '../places.ts'
import type { ViewProps } from '../view.ts'
import { FunctionRelations } from './relations.tsx'
import { FunctionRow, functionRowId } from './row.tsx'
import type { Column, Sorting } from './sorting.ts'
import { byOwnTime, sortFunctions, sortingAfter } from './sorting.ts'

/** Pixels; `.function-row` in functions.css says the same. */
const ROW_HEIGHT = 24
/** How many rows Page Up and Page Down move. */
const PAGE = 15

const HEADS: readonly { column: Column; label: string; meaning: string }[] = [
  { column: 'self', label: 'Self', meaning: 'Without what it calls' },
  { column: 'total', label: 'Total', meaning: 'With what it calls' },
  { column: 'name', label: 'Function', meaning: '' },
  { column: 'place', label: 'Place', meaning: '' },
]

/** Every function with its own and its whole time; the chosen one with its callers and callees. */
export function Functions(props: ViewProps): JSX.Element {
  const { data, options, onOptions, selected, onSelect, isMatch } = props
  const [sorting, setSorting] = useState<Sorting>(byOwnTime)
  const all = useMemo(() => functionTimes(data), [data])
  const shown = useMemo(
    () => sortFunctions(all.filter(isShown(options.appOnly, isMatch)), sorting),
    [all, options.appOnly, isMatch, sorting]
  )
  const chosen = (selected?.isSynthetic ? selected.parent : selected)?.record
  const index = useMemo(
    () => shown.findIndex((entry) => entry.function === chosen),
    [shown, chosen]
  )
  const list = useVirtualRows(shown.length, ROW_HEIGHT)
  const { first, end } = list.window
  useEffect(() => {
    if (index >= 0) {
      list.showRow(index, 0)
    }
  }, [index])
  const choose = (record: FunctionRecord) => {
    onSelect(findLargest(buildCallTree(data), functionKey(record)))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const to = rowAfter(event.key, index, shown.length)
    if (to !== undefined) {
      event.preventDefault()
      choose(shown[to]!.function)
    }
  }
  const onClick = (event: MouseEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')
    const entry = shown[Number(row?.dataset.row)]
    if (entry) {
      choose(entry.function)
    }
  }
  const chosenTime = all.find((entry) => entry.function === chosen)
  return (
    <>
      <div class="toolbar" role="group" aria-label="Functions options">
        <Check
          label="Your code only"
          name="appOnly"
          isChecked={options.appOnly}
          onCheck={(appOnly) => {
            onOptions({ appOnly })
          }}
        />
        <span role="status">{counted(shown.length, 'function')}</span>
      </div>
      <div class="functions-split">
        <div class="table-scroller" ref={list.scroller}>
          <div
            class="function-table"
            role="grid"
            aria-label="Functions"
            aria-rowcount={shown.length + 1}
            tabindex={0}
            aria-activedescendant={index >= 0 ? functionRowId(shown[index]!) : undefined}
            onKeyDown={onKeyDown}
            onClick={onClick}
          >
            <Heads sorting={sorting} onSort={setSorting} />
            <div
              role="rowgroup"
              class="function-rows"
              style={{ height: `${shown.length * ROW_HEIGHT}px` }}
            >
              <div role="none" style={{ transform: `translateY(${first * ROW_HEIGHT}px)` }}>
                {shown.slice(first, end).map((entry, i) => (
                  <FunctionRow
                    key={entry.index}
                    entry={entry}
                    position={first + i}
                    selected={first + i === index}
                    duration={data.meta.duration}
                  />
                ))}
              </div>
            </div>
          </div>
        </div>
        <FunctionRelations data={data} chosen={chosenTime} onChoose={choose} />
      </div>
    </>
  )
}

function isShown(appOnly: boolean, isMatch: ViewProps['isMatch']) {
  return ({ function: record }: FunctionTime): boolean =>
    (!appOnly || record.origin === 'app') && (!isMatch || isMatch(record))
}

interface HeadsProps {
  sorting: Sorting
  onSort: (sorting: Sorting) => void
}

function Heads({ sorting, onSort }: HeadsProps): JSX.Element {
  return (
    <div role="rowgroup" class="function-heads">
      <div role="row" aria-rowindex={1} class="function-row">
        {HEADS.map(({ column, label, meaning }) => {
          const isSorted = sorting.column === column
          const direction = sorting.isDescending ? 'descending' : 'ascending'
          return (
            <span role="columnheader" class={column} aria-sort={isSorted ? direction : 'none'}>
              <button
                type="button"
                title={meaning}
                onClick={() => {
                  onSort(sortingAfter(sorting, column))
                }}
              >
                {label}
                <span aria-hidden="true">
                  {isSorted ? (sorting.isDescending ? ' ↓' : ' ↑') : ''}
                </span>
              </button>
            </span>
          )
        })}
      </div>
    </div>
  )
}

function rowAfter(key: string, index: number, count: number): number | undefined {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + PAGE,
    PageUp: index - PAGE,
    Home: 0,
    End: count - 1,
  }
  const to = moves[key]
  return to === undefined || count === 0 ? undefined : Math.min(count - 1, Math.max(0, to))
}
