import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { SessionData } from '../../session/records.ts'
import { copyText } from '../copy.ts'
import { Menu } from '../menu.tsx'
import { download } from './download.ts'
import { asMarkdown, formats } from './formats.ts'

interface TakeAlongProps {
  data: SessionData
  /** Tells the reader what was done. */
  say: (text: string) => void
}

/** The report in other forms. */
export function TakeAlong({ data, say }: TakeAlongProps): JSX.Element {
  const copy = async (what: string, text: string) => {
    say((await copyText(text)) ? `Copied ${what}.` : 'The browser did not allow to copy.')
  }
  return (
    <Menu label="Take along">
      <button type="button" onClick={() => void copy('the report as Markdown', asMarkdown(data))}>
        <b>Copy as Markdown</b> <span>for an issue or an agent</span>
      </button>
      <button type="button" onClick={() => void copy('the link', location.href)}>
        <b>Copy link</b> <span>to what you see now</span>
      </button>
      {formats.map((format) => (
        <button
          type="button"
          onClick={() => {
            say(`Saved ${download(data, format)}.`)
          }}
        >
          <b>{format.label}</b> <span>{format.use}</span>
        </button>
      ))}
    </Menu>
  )
}
