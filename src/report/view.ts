import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { Finding } from '../analysis/findings.ts'
import type { Frame } from '../session/frame.ts'
import type { FunctionRecord, SessionData } from '../session/records.ts'
import type { PageOptions } from './options.ts'

/** A stretch of time, in milliseconds. */
export interface TimeRange {
  start: number
  end: number
}

/** What every view of the session gets. The selection is shared, so that the next view shows the same call. */
export interface ViewProps {
  data: SessionData
  options: PageOptions
  onOptions: (change: Partial<PageOptions>) => void
  /** A frame of any tree of the session. */
  selected: Frame | undefined
  onSelect: (frame: Frame | undefined) => void
  /** Set while a search is active: whether it finds a function. */
  isMatch?: ((record: FunctionRecord) => boolean) | undefined
  /** The frame that the call tree is of; undefined for the whole request. */
  focus: Frame | undefined
  onFocus: (frame: Frame | undefined) => void
  /** The stretch of time that a link asks for, or that the reader zoomed to. */
  range: TimeRange | undefined
  onRange: (range: TimeRange | undefined) => void
  /** The finding that the reader chose, whose evidence is marked. */
  finding: Finding | undefined
  onFinding: (finding: Finding | undefined) => void
  /** What a view remembers while another one is open, by names of its own. */
  kept: Map<string, unknown>
}

/** A view, with a tab of its own. */
export interface View {
  /** As it is kept in the options and in links. */
  name: string
  label: string
  Content: (props: ViewProps) => JSX.Element
}
