import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import {
  measurement,
  messageText,
  recordedText,
  requestText,
  samplesText,
} from '../../render/summary.ts'
import { counted, milliseconds, percent, visible } from '../../render/text.ts'
import type { SessionMeta } from '../../session/records.ts'
import { Path } from '../place.tsx'
import { SplitBar } from '../split-bar.tsx'
import { stateLabels } from '../split.ts'

/** What was profiled, how it went, and where the whole time went; its children are the tools beside it. */
export function Header(props: { meta: SessionMeta; children?: Child }): JSX.Element {
  const { meta, children } = props
  const { request } = meta
  const facts = measurement(meta, '…')
  const notes = facts.filter(({ label }) => label === 'note')
  return (
    <header class="header">
      <div class="head">
        <RequestLine meta={meta} />
        <div class="tools">{children}</div>
      </div>
      <div class="facts">
        <Facts meta={meta} />
        <details class="measurement">
          <summary>How this was measured</summary>
          <dl>
            {facts
              .filter(({ label }) => label !== 'note')
              .map(({ label, text }) => (
                <div>
                  <dt>{label}</dt>
                  <dd>{text}</dd>
                </div>
              ))}
          </dl>
        </details>
      </div>
      {request?.error !== undefined && <p class="error">{errorText(request.error)}</p>}
      <Totals meta={meta} />
      {notes.map(({ text }) => (
        <p class="note">{text}</p>
      ))}
    </header>
  )
}

function RequestLine({ meta }: { meta: SessionMeta }): JSX.Element {
  const { request, description } = meta
  return (
    <h1 class="request">
      {request && <span class="method">{visible(request.method)}</span>}
      <span class="path">
        <Path text={visible(request?.path ?? description)} />
      </span>
      {request?.status !== undefined && <Status code={request.status} />}
    </h1>
  )
}

function Facts({ meta }: { meta: SessionMeta }): JSX.Element {
  const { runs, overhead, duration } = meta
  const { route, runtime } = requestText(meta, '→', '…')
  const cost = overhead.start + overhead.excluded + overhead.stop
  const facts = [
    runtime,
    recordedText(meta),
    samplesText(meta),
    `recording cost ${milliseconds(cost, duration)}, not in the duration`,
    route !== undefined && `route ${route}`,
    runs > 1 && `sums of ${counted(runs, 'request')}`,
  ]
  return <ul>{facts.map((fact) => fact && <li>{fact}</li>)}</ul>
}

/** The lines of an error's text, which may be a stack. */
function errorText(error: string): string {
  return error
    .split('\n')
    .map((line) => messageText(line, '…'))
    .join('\n')
}

function Status({ code }: { code: number }): JSX.Element {
  const kind = code >= 500 ? 'failed' : code >= 400 ? 'refused' : 'fine'
  return <span class={`status ${kind}`}>{code}</span>
}

function Totals({ meta: { duration, totals } }: { meta: SessionMeta }): JSX.Element {
  return (
    <section class="totals" aria-label="Duration by state">
      <strong class="duration">{milliseconds(duration, duration)}</strong>
      <SplitBar split={totals} whole={duration} />
      <dl class="legend">
        {stateLabels.map(({ state, label, meaning }) => (
          <div class={totals[state] > 0 ? '' : 'none'} title={meaning}>
            <dt>
              <span class={`swatch ${state}`} aria-hidden="true" />
              {label}
            </dt>
            <dd>
              <b>{milliseconds(totals[state], duration)}</b> {percent(totals[state], duration)}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
