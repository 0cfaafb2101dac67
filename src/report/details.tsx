import { useContext } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { cutEnd, milliseconds, percent, visible } from '../render/text.ts'
import type { Frame } from '../session/frame.ts'
import { PageContext } from './context.ts'
import { copyText } from './copy.ts'
import { editorUrl, editors } from './editor.ts'
import { Path } from './place.tsx'
import { splitOf, stateLabels } from './split.ts'

/** The longest name or path that is shown in full, in characters. */
const MAX_DETAIL = 600

interface DetailsProps {
  frame: Frame | undefined
  /** Milliseconds of the whole request. */
  duration: number
  /** What to do when nothing is selected. */
  hint: string
  /** When the call ran, for one that stands in time. */
  when?: string | undefined
}

/** Everything about the selected frame. A screen reader hears it when the selection moves. */
export function Details({ frame, duration, hint, when }: DetailsProps): JSX.Element {
  return (
    <div class="details" role="status">
      {frame ? <FrameDetails frame={frame} duration={duration} when={when} /> : <p>{hint}</p>}
    </div>
  )
}

function FrameDetails({
  frame,
  duration,
  when,
}: {
  frame: Frame
  duration: number
  when: string | undefined
}): JSX.Element {
  const split = splitOf(frame)
  const self = frame.totalSelfTime
  return (
    <>
      <p class="details-call">
        <b>{cutEnd(visible(frame.function), MAX_DETAIL, '…')}</b>{' '}
        <span class="details-file">
          <Path text={fullLocation(frame)} />
        </span>{' '}
        <PlaceTools frame={frame} />
      </p>
      <ul class="details-times">
        {when !== undefined && <li>{when}</li>}
        <li>
          <b>{milliseconds(frame.time, duration)}</b> {percent(frame.time, duration, 1)} of the
          request
        </li>
        {!frame.isSynthetic && <li>self time {milliseconds(self, duration)}</li>}
        {stateLabels
          .filter(({ state }) => split[state] > 0)
          .map(({ state, doing }) => (
            <li>
              <span class={`swatch ${state}`} aria-hidden="true" />
              {milliseconds(split[state], duration)} {doing}
            </li>
          ))}
      </ul>
    </>
  )
}

/** Opens the place in the reader's editor, and copies it. */
function PlaceTools({ frame }: { frame: Frame }): JSX.Element {
  const { options, say } = useContext(PageContext)
  const { record, lineNo, columnNo } = frame
  const url = editorUrl(options, record, lineNo, columnNo)
  const editor = editors.find(({ name }) => name === options.editor)
  const copy = async () => {
    const place = fullLocation(frame)
    say((await copyText(place)) ? `Copied ${place}` : 'The browser did not allow to copy.')
  }
  if (record.file === '') {
    return <></>
  }
  return (
    <span class="place-tools">
      {url !== undefined && (
        <a href={url}>Open in {editor?.name === 'custom' ? 'your editor' : editor?.label}</a>
      )}
      <button type="button" onClick={() => void copy()}>
        Copy place
      </button>
    </span>
  )
}

function fullLocation({ filePath, lineNo, columnNo }: Frame): string {
  if (filePath === '') {
    return ''
  }
  const place = lineNo > 0 ? `:${lineNo}${columnNo > 0 ? `:${columnNo}` : ''}` : ''
  return cutEnd(visible(filePath), MAX_DETAIL, '…') + place
}
