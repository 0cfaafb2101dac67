import { findings } from '../analysis/findings.ts'
import { hotLines } from '../analysis/lines.ts'
import { middlewareTimes } from '../analysis/middleware.ts'
import { userSpans } from '../analysis/spans.ts'
import { waitGroups } from '../analysis/waits.ts'
import type { ProcessorOptions } from '../processors.ts'
import { processTree } from '../processors.ts'
import type { Session } from '../session.ts'
import { PLAIN, paintPlain } from './console/look.ts'
import { treeLines } from './console/tree.ts'
import { findingSection, nextSection } from './markdown/findings.ts'
import { listSection } from './markdown/lists.ts'
import { codeSpan, escapeMarkdown, fenced } from './markdown/syntax.ts'
import { lineTable, middlewareTable, waitTable } from './markdown/tables.ts'
import { estimateTokens } from './markdown/tokens.ts'
import type { Renderer } from './renderer.ts'
import {
  NO_SAMPLES,
  durationText,
  measurement,
  requestText,
  samplesText,
  stateShares,
} from './summary.ts'
import { cutEnd, linesThatFit, milliseconds, percent, visible } from './text.ts'

/** What the Markdown contains. */
export interface MarkdownOptions extends ProcessorOptions {
  /** The most tokens it may take, by an estimate that is rather too high; the head and the notes stay in any case. @default 1500 */
  budget?: number
}

const DEFAULT_BUDGET = 1500

/** The blank lines between the sections. */
const MOST_BLANK_LINES = 8

/** Names of spans that are listed, and the characters of each that are shown. */
const MAX_SPANS = 10
const MAX_SPAN_NAME = 60

/** Shares of what the sections before leave; the tree gets the rest. */
const LINES_SHARE = 0.38
const WAITS_SHARE = 0.22
const MIDDLEWARE_SHARE = 0.18
const FINDINGS_SHARE = 0.6
const NEXT_SHARE = 0.25
const SPANS_SHARE = 0.3

/** Parts of the request below which calls are left out of the tree: the default, and what is tried when it is too long. */
const FINEST_THRESHOLD = 0.01
const COARSER_THRESHOLDS = [0.02, 0.05, 0.1, 0.2]

/**
 * Renders a session as Markdown, short enough for an issue or a model's prompt. The same session gives the
 * same text, so that two can be compared line by line.
 *
 * @throws TypeError When `budget` is not a positive number.
 */
export function markdownRenderer(options: MarkdownOptions = {}): Renderer {
  const { budget = DEFAULT_BUDGET } = options
  if (!(budget > 0)) {
    throw new TypeError(`hono-profiler: \`budget\` is a positive number of tokens, not ${budget}`)
  }
  return {
    name: 'markdown',
    contentType: 'text/markdown; charset=utf-8',
    extension: 'md',
    render: (session) => renderMarkdown(session, options, budget),
  }
}

function renderMarkdown(session: Session, options: MarkdownOptions, budget: number): string {
  const { data, duration } = session
  const found = findings(data)
  let left = budget - MOST_BLANK_LINES
  const take = (section: string): string => {
    left -= estimateTokens(section)
    return section
  }
  const head = take(headSection(session))
  const notes = take(notesSection(session))
  const causes = take(findingSection(found, left * FINDINGS_SHARE))
  const next = take(nextSection(session, found, left * NEXT_SHARE))
  const spans = take(spanSection(session, left * SPANS_SHARE))
  const room = left
  const lines = take(lineTable(hotLines(data), data, room * LINES_SHARE))
  const waits = take(waitTable(waitGroups(data), duration, room * WAITS_SHARE))
  const chain = take(middlewareTable(middlewareTimes(data), duration, room * MIDDLEWARE_SHARE))
  const tree = treeSection(session, options, left)
  return [head, causes, lines, waits, chain, spans, tree, next, notes].filter(Boolean).join('\n')
}

function headSection({ meta }: Session): string {
  const { title, route, runtime, error } = requestText(meta, '→', '…')
  const totals = stateShares(meta).map(
    ({ state, time, share }) =>
      `${state} ${milliseconds(time, meta.duration)} (${percent(share, 1)})`
  )
  const facts = [
    ...(route ? [`route ${codeSpan(route)}`] : []),
    escapeMarkdown(runtime),
    samplesText(meta),
  ]
  return [
    `# ${codeSpan(title)}`,
    '',
    `**${durationText(meta)}**: ${totals.join(', ')}`,
    '',
    ...(error ? [`Threw ${codeSpan(error)}`, ''] : []),
    ...(meta.duration > 0 ? [] : [NO_SAMPLES, '']),
    facts.join(' · '),
    '',
  ].join('\n')
}

function spanSection({ data }: Session, tokens: number): string {
  const rows = userSpans(data)
    .slice(0, MAX_SPANS)
    .map(({ name, time, count }) => {
      const times = count > 1 ? `, ${count} times` : ''
      return `- ${codeSpan(cutEnd(visible(name), MAX_SPAN_NAME, '…'))}: ${milliseconds(time, data.meta.duration)}${times}`
    })
  return listSection('Spans', rows, tokens)
}

function notesSection({ meta }: Session): string {
  const facts = measurement(meta, '…').map(
    ({ label, text }) => `- ${label}: ${escapeMarkdown(text)}`
  )
  return ['## How this was measured', '', ...facts, ''].join('\n')
}

/** Stands for the lines of the tree that do not fit. */
const CUT = '[more lines do not fit]'

/** The finest tree that fits; when none does, the first lines of the coarsest. */
function treeSection(session: Session, options: MarkdownOptions, tokens: number): string {
  if (session.duration === 0) {
    return ''
  }
  const finest = options.filterThreshold ?? FINEST_THRESHOLD
  let lines: string[] = []
  let threshold = finest
  for (threshold of [finest, ...COARSER_THRESHOLDS.filter((coarser) => coarser > finest)]) {
    lines = callTree(session, { ...options, filterThreshold: threshold })
    const text = treeText(lines, threshold)
    if (estimateTokens(text) <= tokens) {
      return text
    }
  }
  const kept = linesThatFit(
    lines,
    tokens - estimateTokens(treeText([CUT], threshold)),
    estimateTokens
  )
  return kept.length > 0 ? treeText([...kept, CUT], threshold) : ''
}

function callTree(session: Session, options: MarkdownOptions): string[] {
  return treeLines(processTree(session.rootFrame(), options), {
    paint: paintPlain,
    glyphs: PLAIN,
    formatTime: (ms) => milliseconds(ms, session.duration),
  })
}

function treeText(lines: readonly string[], threshold: number): string {
  const note = `Calls below ${percent(threshold, 1)} of the request are left out; their time counts for their caller.`
  return ['## Call tree', '', note, '', fenced(lines), ''].join('\n')
}
