import type { Session } from '../session.ts'
import { consoleRenderer } from './console.ts'
import { htmlRenderer } from './html.ts'

/** What `renderSession` gives. */
export interface RenderOptions {
  /** Console text; otherwise the HTML report. @default true */
  text?: boolean
  /** Keeps small frames and library frames in the text. @default false */
  showAll?: boolean
  /** The text without header and counts. @default true */
  shortMode?: boolean
}

/** Renders a session as text to print, or as an HTML page. */
export function renderSession(
  session: Session,
  { text = true, showAll = false, shortMode = true }: RenderOptions = {}
): string {
  const renderer = text ? consoleRenderer({ showAll, shortMode }) : htmlRenderer()
  return renderer.render(session)
}
