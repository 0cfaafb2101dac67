import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { FunctionRecord } from '../session/records.ts'
import { editorUrl, editors } from './editor.ts'
import { location } from './format.ts'
import type { PageOptions } from './options.ts'

interface PlaceProps {
  record: FunctionRecord
  /** The executing line; 0 for the line of the function's definition. */
  line?: number
  options: Pick<PageOptions, 'editor' | 'editorTemplate'>
  /** Whether the Tab key stops at it; not in trees and tables, which have keys of their own. */
  isStop?: boolean
}

/** Where a function is, as a link that opens it in the reader's editor. */
export function Place({ record, line = 0, options, isStop = false }: PlaceProps): JSX.Element {
  const at = line > 0 ? line : record.line
  const text = <Path text={location(record, at)} />
  const url = editorUrl(options, record, at, line > 0 ? 1 : record.column)
  if (url === undefined) {
    return <span class="place">{text}</span>
  }
  const editor = editors.find(({ name }) => name === options.editor)!
  return (
    <a
      class="place"
      href={url}
      title={`Open in ${editor.name === 'custom' ? 'your editor' : editor.label}`}
      tabindex={isStop ? undefined : -1}
    >
      {text}
    </a>
  )
}

/** A path that breaks where a person would break it: after a slash. */
export function Path({ text }: { text: string }): JSX.Element {
  return (
    <>
      {text.split(/(?<=[/\\])/).map((part) => (
        <>
          {part}
          <wbr />
        </>
      ))}
    </>
  )
}
