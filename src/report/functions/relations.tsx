import { useContext, useMemo } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { FunctionTime } from '../../analysis/functions.ts'
import type { FunctionRecord, SessionData } from '../../session/records.ts'
import { PageContext } from '../context.ts'
import { formatTime, location, shortName } from '../format.ts'
import { Path, Place } from '../place.tsx'
import { splitOf, stateLabels } from '../split.ts'
import type { Related } from './related.ts'
import { relationsOf } from './related.ts'

interface FunctionRelationsProps {
  data: SessionData
  chosen: FunctionTime | undefined
  onChoose: (record: FunctionRecord) => void
}

/** The chosen function between those that call it and those that it calls. */
export function FunctionRelations({ data, chosen, onChoose }: FunctionRelationsProps): JSX.Element {
  const { options } = useContext(PageContext)
  const relations = useMemo(() => chosen && relationsOf(data, chosen.index), [data, chosen])
  if (!chosen || !relations) {
    return (
      <aside class="relations" aria-label="Callers and callees">
        <p class="hint">Select a function to see who calls it and what it calls.</p>
      </aside>
    )
  }
  const { duration } = data.meta
  const time = (ms: number) => formatTime(ms, duration, options.unit)
  const split = splitOf({ ...chosen, time: chosen.selfTime })
  const listProps = { whole: chosen.totalTime, time, onChoose }
  return (
    <aside class="relations" aria-label="Callers and callees">
      <RelatedList title="Called by" related={relations.callers} {...listProps} />
      <div class="chosen">
        <b>{shortName(chosen.function.name)}</b>{' '}
        <Place record={chosen.function} options={options} isStop />
        <p>
          {time(chosen.totalTime)} in total, {time(chosen.selfTime)} itself
          {stateLabels
            .filter(({ state }) => split[state] > 0)
            .map(({ state, doing }) => (
              <span class="chosen-state">
                <span class={`swatch ${state}`} aria-hidden="true" />
                {time(split[state])} {doing}
              </span>
            ))}
        </p>
      </div>
      <RelatedList title="Calls" related={relations.callees} {...listProps} />
    </aside>
  )
}

interface RelatedListProps {
  title: string
  related: readonly Related[]
  /** Milliseconds that a full bar stands for. */
  whole: number
  time: (ms: number) => string
  onChoose: (record: FunctionRecord) => void
}

/** Functions that are listed; a dispatcher can have thousands of callers. */
const MAX_RELATED = 50

function RelatedList({ title, related, whole, time, onChoose }: RelatedListProps): JSX.Element {
  return (
    <section>
      <h3>{title}</h3>
      {related.length === 0 && <p class="empty">nothing that was seen</p>}
      <ul>
        {related.slice(0, MAX_RELATED).map(({ function: record, time: ms }) => (
          <li>
            <button
              type="button"
              disabled={record === undefined}
              onClick={() => {
                onChoose(record!)
              }}
            >
              <span class="figure">{time(ms)}</span>
              <span class="share" aria-hidden="true">
                <span style={{ width: `${Math.min(100, (ms / whole) * 100)}%` }} />
              </span>
              <span class="related-name">
                {record ? shortName(record.name) : 'the request itself'}{' '}
                <span class="related-place">{record && <Path text={location(record)} />}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
