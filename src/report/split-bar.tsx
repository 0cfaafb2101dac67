import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { Totals } from '../session/records.ts'
import { stateLabels } from './split.ts'

/** A bar of times by state, as wide as their share of `whole` milliseconds. Its figures stand in text beside it. */
export function SplitBar({ split, whole }: { split: Totals; whole: number }): JSX.Element {
  return (
    <span class="split-bar" aria-hidden="true">
      {stateLabels.map(({ state }) => (
        <span
          class={`split-part ${state}`}
          style={{ width: `${whole > 0 ? (split[state] / whole) * 100 : 0}%` }}
        />
      ))}
    </span>
  )
}
