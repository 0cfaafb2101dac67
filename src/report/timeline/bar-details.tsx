import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { milliseconds, percent } from '../../render/text.ts'
import { location, shortName } from '../format.ts'
import type { Bar } from './bars.ts'

/** Everything about the selected bar. */
export function BarDetails({ bar, duration }: { bar: Bar; duration: number }): JSX.Element {
  return (
    <div class="details" role="status">
      <p class="details-call">
        <b>{shortName(bar.name)}</b> <span class="details-file">{placeOfBar(bar)}</span>
      </p>
      <ul class="details-times">
        {barFacts(bar, duration).map((fact) => (
          <li>{fact}</li>
        ))}
      </ul>
    </div>
  )
}

/** What is known of a bar, a phrase each. */
export function barFacts(bar: Bar, duration: number): string[] {
  const ms = (time: number): string => milliseconds(time, duration)
  const facts = [
    `${ms(bar.start)} to ${ms(bar.end)}`,
    `${ms(bar.end - bar.start)}, ${percent(bar.end - bar.start, duration, 1)} of the request`,
  ]
  if (bar.kind !== 'wait') {
    return [...facts, bar.kind === 'user' ? 'named by the application' : bar.kind]
  }
  if (bar.awaited > bar.start) {
    facts.push(`awaited for ${ms(bar.end - bar.awaited)}`)
  }
  if (bar.unfinished) {
    facts.push('unfinished: a timeout went on without it')
  }
  return bar.critical ? [...facts, 'on the critical path'] : facts
}

/** The function and line that await. */
export function placeOfBar({ function: record, line }: Bar): string {
  return record ? `${shortName(record.name)} ${location(record, line)}` : ''
}
