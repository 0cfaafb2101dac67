import type { Finding } from '../../analysis/findings.ts'
import type { Session } from '../../session.ts'
import { messageText } from '../summary.ts'
import { listSection } from './lists.ts'
import { codeSpan, escapeMarkdown } from './syntax.ts'

/** More of them do not help to decide where to begin. */
const MAX_FINDINGS = 5

/** What makes the request slow, as a numbered list of its own section; empty when nothing stands out. */
export function findingSection(findings: readonly Finding[], tokens: number): string {
  const rows = findings
    .slice(0, MAX_FINDINGS)
    .map(
      ({ title, advice }, i) =>
        `${i + 1}. **${escapeMarkdown(messageText(title, '…'))}.** ${advice}`
    )
  return listSection('Findings', rows, tokens)
}

/** Below this, one request has too few samples to tell its functions apart. */
const FEW_SAMPLES = 50

/** What to ask next, as far as it follows from what was found. */
export function nextSection(
  session: Session,
  findings: readonly Finding[],
  tokens: number
): string {
  const { meta } = session
  const rows = [...placesToLook(findings)]
  const hot = findings.find(({ kind }) => kind === 'hot-function')?.function
  if (hot) {
    const name = codeSpan(messageText(hot.name, '…').slice(0, MAX_NAME))
    rows.push(`Who calls ${name} and what it calls: \`callers\` and \`callees\` of the session.`)
  }
  if (meta.runs === 1 && meta.sampleCount < FEW_SAMPLES && meta.totals.cpu > meta.duration / 2) {
    rows.push(
      'This request has few samples: profile it several times and merge them with `Session.combine`.'
    )
  }
  if (meta.request) {
    rows.push('All calls: `?profile=text`; what ran when: the timeline of `?profile=1`.')
  }
  rows.push(
    'After a change, profile again several times: `diff(before, after)` tells what changed beyond chance.'
  )
  const items = rows.map((text) => `- ${text}`)
  return listSection('Next', items, tokens)
}

const MAX_NAME = 60

function placesToLook(findings: readonly Finding[]): string[] {
  const places = findings.flatMap(({ function: fn, line }) =>
    fn?.fileShort && line > 0 ? [codeSpan(messageText(`${fn.fileShort}:${line}`, '…'))] : []
  )
  const [first, ...others] = [...new Set(places)].slice(0, MAX_FINDINGS)
  if (!first) {
    return []
  }
  return [`Read ${first} first${others.length > 0 ? `, then ${others.join(', ')}` : ''}.`]
}
