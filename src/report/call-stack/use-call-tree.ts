import { useMemo, useState } from 'hono/jsx/dom'
import { processTree } from '../../processors.ts'
import type { Frame } from '../../session/frame.ts'
import type { SessionData } from '../../session/records.ts'
import { buildCallTree } from '../../session/tree.ts'
import type { PageOptions, TypedPattern } from '../options.ts'
import { compilePattern } from '../options.ts'
import type { TreeCommand } from './keyboard.ts'
import { reveal, setOpen, toggleFold } from './openings.ts'
import type { Openings, Row } from './rows.ts'
import { buildRows, createPlaceIds, initialOpenings } from './rows.ts'

/** The call tree as the options show it, and what is open in it. */
export interface CallTree {
  root: Frame
  rows: Row[]
  hide: TypedPattern
  show: TypedPattern
  /** Opens or closes everything. */
  setAll: (fallback: Openings['fallback']) => void
  /** Opens, closes, folds or unfolds a row. */
  change: (command: TreeCommand, row: Row) => void
  /** Opens what hides a frame of this tree. */
  reveal: (frame: Frame) => void
}

const ANY_FILE = /^/

/** Builds the tree anew when an option asks for it, and keeps what the reader opened. */
export function useCallTree(data: SessionData, options: PageOptions): CallTree {
  const { threshold, foldLibraries } = options
  const hide = useMemo(() => compilePattern(options.hide), [options.hide])
  const show = useMemo(() => compilePattern(options.show), [options.show])
  const placeIds = useMemo(createPlaceIds, [])
  const neverFold = foldLibraries ? show.pattern : ANY_FILE
  const root = useMemo(
    () =>
      processTree(buildCallTree(data), {
        filterThreshold: threshold,
        hide: hide.pattern,
        show: neverFold,
      }),
    [data, threshold, hide.pattern, neverFold]
  )
  const ids = useMemo(() => placeIds(root), [root])
  const [openings, setOpenings] = useState(initialOpenings)
  const rows = useMemo(() => buildRows(root, ids, openings), [root, ids, openings])
  return {
    root,
    rows,
    hide,
    show,
    setAll: (fallback) => {
      setOpenings({ ...initialOpenings, fallback })
    },
    change(command, row) {
      if (command.kind === 'fold') {
        setOpenings(toggleFold(openings, row))
      } else if (command.kind === 'open') {
        setOpenings(setOpen(openings, row, command.open, command.recursive, ids))
      }
    },
    reveal: (frame) => {
      setOpenings(reveal(openings, frame, ids))
    },
  }
}
