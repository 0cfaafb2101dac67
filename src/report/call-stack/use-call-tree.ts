import { useMemo, useState } from 'hono/jsx/dom'
import { processTree } from '../../processors.ts'
import { Frame } from '../../session/frame.ts'
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
export function useCallTree(
  data: SessionData,
  options: PageOptions,
  focus: Frame | undefined,
  kept: Map<string, unknown>
): CallTree {
  const { threshold, foldLibraries } = options
  const hide = useMemo(() => compilePattern(options.hide), [options.hide])
  const show = useMemo(() => compilePattern(options.show), [options.show])
  const placeIds = useMemo(() => keep(kept, 'places', createPlaceIds), [])
  const neverFold = foldLibraries ? show.pattern : ANY_FILE
  const root = useMemo(
    () =>
      processTree(focus ? treeBelow(focus) : buildCallTree(data), {
        filterThreshold: threshold,
        hide: hide.pattern,
        show: neverFold,
      }),
    [data, focus, threshold, hide.pattern, neverFold]
  )
  const ids = useMemo(() => placeIds(root), [root])
  const [openings, open] = useState(() => keep(kept, 'openings', () => initialOpenings))
  const setOpenings = (next: Openings) => {
    kept.set('openings', next)
    open(next)
  }
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

/** A copy of a frame and what is below it, as a tree of its own. */
function treeBelow(focus: Frame): Frame {
  const root = copyOf(focus)
  const pending: [Frame, Frame][] = [[focus, root]]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [from, to] = next
    for (const child of from.children) {
      const copy = copyOf(child)
      to.addChild(copy)
      pending.push([child, copy])
    }
  }
  return root
}

function copyOf(frame: Frame): Frame {
  const { time, absorbedTime, cpuTime, awaitTime, blockedTime, gcTime } = frame
  const times = { time, absorbedTime, cpuTime, awaitTime, blockedTime, gcTime }
  return Object.assign(new Frame(frame.record, frame.isSynthetic), times)
}

/** What stands under a name in a view's memory, made when it is asked for first. */
function keep<T>(kept: Map<string, unknown>, name: string, make: () => T): T {
  if (!kept.has(name)) {
    kept.set(name, make())
  }
  return kept.get(name) as T
}
