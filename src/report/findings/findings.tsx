import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { Finding, FindingKind } from '../../analysis/findings.ts'
import { visible } from '../../render/text.ts'
import type { State } from '../../session/records.ts'

interface FindingsProps {
  found: readonly Finding[]
  /** The one whose evidence is shown. */
  shown: Finding | undefined
  /** Shows the evidence. */
  onShow: (finding: Finding) => void
}

/** What makes the request slow, and what to do; each leads to what shows it. */
export function Findings({ found, shown, onShow }: FindingsProps): JSX.Element {
  return (
    <section class="findings" aria-labelledby="findings-title">
      <h2 id="findings-title">What stands out</h2>
      {found.length === 0 && <p class="empty">Nothing does: no single cause took long.</p>}
      <ol>
        {found.map((finding) => (
          <li>
            <button
              type="button"
              class={`finding ${stateOf[finding.kind]}`}
              aria-pressed={String(finding === shown)}
              onClick={() => {
                onShow(finding)
              }}
            >
              <b>{visible(finding.title)}</b> <span>{visible(finding.advice)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** The state whose colour a finding has. */
const stateOf: Readonly<Record<FindingKind, State>> = {
  'sequential-awaits': 'await',
  'hot-function': 'cpu',
  blocked: 'blocked',
  'garbage-collection': 'gc',
  serialization: 'cpu',
  'slow-middleware': 'await',
  timeout: 'await',
}
