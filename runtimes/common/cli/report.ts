import type { Command } from 'commander'
import type { Session } from 'hono-profiler'
import { consoleRenderer, jsonRenderer, markdownRenderer } from 'hono-profiler'
import { wantsColor } from './output.ts'
import type { Shape } from './table.ts'

/** How a whole session is shown. */
export interface ReportOptions extends Shape {
  all?: boolean
  timeline?: boolean
}

/** Adds the options of a whole session. */
export function withReport(command: Command): Command {
  return command
    .option('--all', 'keep small frames and those of libraries')
    .option('--timeline', 'calls in order of time instead of merged')
}

/** A session as text, Markdown or JSON. */
export function reportOf(session: Session, options: ReportOptions): string {
  const { json, markdown, budget, all: showAll = false, timeline = false } = options
  if (json) {
    return jsonRenderer({ processed: !showAll, timeline }).render(session)
  }
  return markdown
    ? markdownRenderer(budget === undefined ? {} : { budget }).render(session)
    : consoleRenderer({ color: wantsColor(), showAll, timeline }).render(session)
}
