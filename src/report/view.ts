import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { Frame } from '../session/frame.ts'
import type { FunctionRecord, SessionData } from '../session/records.ts'
import type { PageOptions } from './options.ts'

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
}

/** A view, with a tab of its own. */
export interface View {
  /** As it is kept in the options. */
  name: string
  label: string
  Content: (props: ViewProps) => JSX.Element
}
