import { useContext } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { FunctionTime } from '../../analysis/functions.ts'
import { PageContext } from '../context.ts'
import { formatTime, shortName } from '../format.ts'
import { Place } from '../place.tsx'
import { Marked } from '../search/marked.tsx'
import { SplitBar } from '../split-bar.tsx'
import { splitOf } from '../split.ts'

interface FunctionRowProps {
  entry: FunctionTime
  position: number
  selected: boolean
  /** Milliseconds of the whole request. */
  duration: number
}

/** The id of a row's element, for `aria-activedescendant`. */
export function functionRowId({ index }: FunctionTime): string {
  return `function-${index}`
}

/** A function: its own time with how that splits by state, its whole time, its name and its place. */
export function FunctionRow(props: FunctionRowProps): JSX.Element {
  const { entry, position, selected, duration } = props
  const { options, pattern } = useContext(PageContext)
  const { function: record, selfTime, totalTime } = entry
  return (
    <div
      role="row"
      id={functionRowId(entry)}
      class={`function-row ${record.origin}${selected ? ' selected' : ''}`}
      aria-rowindex={position + 2}
      aria-selected={String(selected)}
      data-row={position}
    >
      <span role="gridcell" class="self">
        <span class="figure">{formatTime(selfTime, duration, options.unit)}</span>
        <SplitBar split={splitOf({ ...entry, time: selfTime })} whole={duration} />
      </span>
      <span role="gridcell" class="total">
        {formatTime(totalTime, duration, options.unit)}
      </span>
      <span role="gridcell" class="name">
        <Marked text={shortName(record.name)} pattern={pattern} />
      </span>
      <span role="gridcell" class="place">
        <Place record={record} options={options} />
      </span>
    </div>
  )
}
