import { useMemo } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { SessionData } from '../../session/records.ts'
import { PACKAGE_COLOURS, packagesByTime } from '../canvas/theme.ts'
import { shortName } from '../format.ts'

interface LegendProps {
  data: SessionData
  appOnly: boolean
  onAppOnly: (checked: boolean) => void
}

/** What the colours of the timeline mean, and the choice to see application code alone. */
export function Legend({ data, appOnly, onAppOnly }: LegendProps): JSX.Element {
  const packages = useMemo(() => packagesByTime(data).slice(0, PACKAGE_COLOURS), [data])
  return (
    <div class="toolbar" role="group" aria-label="Timeline options">
      <label>
        <input
          type="checkbox"
          name="appOnly"
          checked={appOnly}
          onChange={(event: Event) => {
            onAppOnly((event.target as HTMLInputElement).checked)
          }}
        />{' '}
        Your code only
      </label>
      <ul class="colours">
        <Colour name="app-box" label="your code" />
        {!appOnly &&
          packages.map((name, i) => <Colour name={`package-${i + 1}`} label={shortName(name)} />)}
        {!appOnly && <Colour name="runtime-box" label="runtime" />}
        <Colour name="await-box" label="waiting, callers pale" />
        <Colour name="blocked-box" label="blocked" />
        <Colour name="gc" label="garbage collection" />
      </ul>
    </div>
  )
}

function Colour({ name, label }: { name: string; label: string }): JSX.Element {
  return (
    <li>
      <span class="swatch" style={{ background: `var(--${name})` }} aria-hidden="true" />
      {label}
    </li>
  )
}
