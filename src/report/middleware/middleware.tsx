import { useContext, useMemo } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { MiddlewareTime } from '../../analysis/middleware.ts'
import { middlewareTimes } from '../../analysis/middleware.ts'
import { counted, percent } from '../../render/text.ts'
import { functionKey } from '../../session/identity.ts'
import type { FunctionRecord } from '../../session/records.ts'
import { buildCallTree } from '../../session/tree.ts'
import { PageContext } from '../context.ts'
import { formatTime, shortName } from '../format.ts'
import { findLargest } from '../places.ts'
import { Marked } from '../search/marked.tsx'
import { SplitBar } from '../split-bar.tsx'
import { splitOf, stateLabels } from '../split.ts'
import type { ViewProps } from '../view.ts'

/** Hono's chain, each with the time of its own and with what it passes on to. */
export function Middleware({ data, selected, onSelect }: ViewProps): JSX.Element {
  const chain = useMemo(() => middlewareTimes(data), [data])
  const { options, pattern } = useContext(PageContext)
  const { duration } = data.meta
  const time = (ms: number) => formatTime(ms, duration, options.unit)
  const show = (record: FunctionRecord) => {
    onSelect(findLargest(buildCallTree(data), functionKey(record)))
  }
  if (chain.length === 0) {
    return <p class="nothing">No middleware or handler of Hono was seen in this recording.</p>
  }
  return (
    <div class="chain-scroller" tabindex={0} role="region" aria-label="Chain of middleware">
      <table class="chain">
        <caption>
          In the order in which they ran, each inside the one above it that is further left.
        </caption>
        <thead>
          <tr>
            <th scope="col">Middleware</th>
            <th scope="col" class="number" title="Without the middleware and handlers inside">
              Own time
            </th>
            <th scope="col" class="chain-part">
              Own time by state, in the time with what is inside
            </th>
            <th scope="col" class="number">
              With inside
            </th>
          </tr>
        </thead>
        <tbody>
          {chain.map((entry) => {
            const record = functionOf(data.functions, entry)
            return (
              <tr class={record && record === selected?.record ? 'selected' : ''}>
                <th scope="row" style={{ paddingLeft: `${16 + Math.min(entry.depth, 24) * 16}px` }}>
                  {record ? (
                    <button
                      type="button"
                      onClick={() => {
                        show(record)
                      }}
                    >
                      <Marked text={shortName(entry.name)} pattern={pattern} />
                    </button>
                  ) : (
                    <Marked text={shortName(entry.name)} pattern={pattern} />
                  )}{' '}
                  <span class="kind">
                    {entry.kind}
                    {entry.count > 1 && `, ${counted(entry.count, 'time')}`}
                  </span>
                </th>
                <td class="number">
                  <b>{time(entry.ownTime)}</b>{' '}
                  {options.unit === 'ms' && percent(entry.ownTime, duration)}
                </td>
                <td class="chain-part">
                  <ChainBar entry={entry} duration={duration} />
                  <span class="unseen">{stateText(entry, time)}</span>
                </td>
                <td class="number">{time(entry.time)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** The inclusive time as a pale bar behind the own time. */
function ChainBar({ entry, duration }: { entry: MiddlewareTime; duration: number }): JSX.Element {
  const whole = Math.min(100, (entry.time / duration) * 100)
  return (
    <span class="chain-bar" title={stateText(entry, (ms) => formatTime(ms, duration, 'ms'))}>
      <span class="chain-whole" style={{ width: `${whole}%` }} />
      <SplitBar split={splitOf({ ...entry, time: entry.ownTime })} whole={duration} />
    </span>
  )
}

function stateText(entry: MiddlewareTime, time: (ms: number) => string): string {
  const split = splitOf({ ...entry, time: entry.ownTime })
  return stateLabels
    .filter(({ state }) => split[state] > 0)
    .map(({ state, doing }) => `${time(split[state])} ${doing}`)
    .join(', ')
}

/** The function of the chain's entry, where one of the session has its name. */
function functionOf(
  functions: readonly FunctionRecord[],
  { name }: MiddlewareTime
): FunctionRecord | undefined {
  return functions.find((record) => record.name === name)
}
