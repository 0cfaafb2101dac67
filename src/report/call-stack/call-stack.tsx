import { useEffect, useMemo } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { Frame } from '../../session/frame.ts'
import { Details } from '../details.tsx'
import { findSamePlace } from '../places.ts'
import type { ViewProps } from '../view.ts'
import type { TreeCommand } from './keyboard.ts'
import { opening, treeCommand } from './keyboard.ts'
import { RowLine, rowElementId } from './row.tsx'
import type { Row } from './rows.ts'
import { Toolbar } from './toolbar.tsx'
import { useCallTree } from './use-call-tree.ts'
import { TEXT_WIDTH, useVirtualRows } from './virtual.ts'

/** Pixels; `.row` in call-stack.css says the same. */
const ROW_HEIGHT = 24

/** The call tree: each frame above what it calls. */
export function CallStack(props: ViewProps): JSX.Element {
  const { data, options, selected, onSelect, onOptions, isMatch, focus, onFocus, kept } = props
  const tree = useCallTree(data, options, focus, kept)
  const { root, rows } = tree
  const list = useVirtualRows(rows.length, ROW_HEIGHT)
  const { first, end } = list.window
  const place = useMemo(() => selected && findSamePlace(root, selected), [root, selected])
  const index = useMemo(() => nearestRow(rows, place), [rows, place])
  const deepest = useMemo(() => rows.reduce((most, { depth }) => Math.max(most, depth), 1), [rows])
  const indent = indentFor(deepest)

  useEffect(() => {
    if (place && rows[index]?.frame !== place) {
      tree.reveal(place)
    }
  }, [place])
  useEffect(() => {
    if (index >= 0) {
      list.showRow(index, rows[index]!.depth * indent)
    }
  }, [place, index])

  const run = (command: TreeCommand | undefined, row: Row) => {
    if (command?.kind === 'select') {
      onSelect(rows[command.index]!.frame)
    } else if (command?.kind === 'focus') {
      onFocus(focusAfter(row.frame, root))
    } else if (command) {
      tree.change(command, row)
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const at = Math.max(0, index)
    const command = event.ctrlKey || event.metaKey ? undefined : treeCommand(event, rows, at)
    if (command) {
      event.preventDefault()
      run(command, rows[at]!)
    }
  }
  const onClick = (event: MouseEvent) => {
    const target = event.target as HTMLElement
    const row = rows[Number(target.closest<HTMLElement>('[data-row]')?.dataset.row)]
    if (row) {
      onSelect(row.frame)
      run(clickCommand(event, target, row), row)
    }
  }

  return (
    <>
      <Toolbar
        options={options}
        tree={tree}
        focus={focus}
        selected={rows[index]?.frame}
        onChange={onOptions}
        onFocus={onFocus}
      />
      <div class="tree-scroller" ref={list.scroller}>
        <div
          class="tree"
          role="tree"
          aria-label="Call stack"
          tabindex={0}
          aria-activedescendant={index >= 0 ? rowElementId(rows[index]!) : undefined}
          style={{
            height: `${rows.length * ROW_HEIGHT}px`,
            minWidth: `${deepest * indent + TEXT_WIDTH}px`,
          }}
          onKeyDown={onKeyDown}
          onClick={onClick}
        >
          <div class="rows" role="none" style={{ top: `${first * ROW_HEIGHT}px` }}>
            {rows.slice(first, end).map((row, i) => (
              <RowLine
                key={row.id}
                row={row}
                index={first + i}
                selected={first + i === index}
                dimmed={isMatch !== undefined && !isFound(row.frame, isMatch)}
                duration={root.time}
                unit={options.unit}
                indent={indent}
              />
            ))}
          </div>
        </div>
      </div>
      <Details
        data={data}
        frame={rows[index]?.frame}
        hint="Select a row to see more of it. Arrows move, open and close; with Alt everything below; F focuses."
      />
    </>
  )
}

/** What `F` focuses on; on the root, the way back to the whole request. */
function focusAfter(frame: Frame, root: Frame): Frame | undefined {
  return frame === root || frame.isSynthetic ? undefined : frame
}

/** Whether a search finds a frame; what it did itself goes with it. */
function isFound(frame: Frame, isMatch: NonNullable<ViewProps['isMatch']>): boolean {
  return isMatch((frame.isSynthetic ? frame.parent! : frame).record)
}

/** The row of a frame, or of the nearest caller that is shown; -1 when there is none. */
function nearestRow(rows: readonly Row[], place: Frame | undefined): number {
  const indexes = new Map(rows.map(({ frame }, index) => [frame, index]))
  for (let frame = place; frame; frame = frame.parent) {
    const index = indexes.get(frame)
    if (index !== undefined) {
      return index
    }
  }
  return -1
}

const MAX_INDENT = 14
/** The part of the window that the deepest row is indented by, at most. */
const INDENTED_SHARE = 0.35

/** Pixels between two levels: fewer in a deep tree, so that its names stay in sight. */
function indentFor(deepest: number): number {
  return Math.min(MAX_INDENT, Math.max(1, (INDENTED_SHARE * innerWidth) / deepest))
}

function clickCommand(event: MouseEvent, target: HTMLElement, row: Row): TreeCommand | undefined {
  const action = target.closest<HTMLElement>('[data-do]')?.dataset.do
  if (action === 'fold') {
    return { kind: 'fold' }
  }
  return action === 'toggle' || event.detail === 2
    ? opening(row, !row.open, event.altKey)
    : undefined
}
