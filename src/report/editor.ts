import type { FunctionRecord } from '../session/records.ts'
import type { PageOptions } from './options.ts'

interface Editor {
  /** As it is kept in the options. */
  name: string
  label: string
  /** `{path}` is the path as it stands in an address, `{file}` as it stands in a query. */
  template: string
}

/** The editors that have an address for a line of a file. */
export const editors: readonly Editor[] = [
  { name: 'vscode', label: 'VS Code', template: 'vscode://file{path}:{line}:{column}' },
  { name: 'cursor', label: 'Cursor', template: 'cursor://file{path}:{line}:{column}' },
  { name: 'zed', label: 'Zed', template: 'zed://file{path}:{line}:{column}' },
  {
    name: 'idea',
    label: 'IntelliJ IDEA',
    template: 'idea://open?file={file}&line={line}&column={column}',
  },
  { name: 'webstorm', label: 'WebStorm', template: 'webstorm://open?file={file}&line={line}' },
  { name: 'custom', label: 'Another', template: '' },
  { name: 'none', label: 'None: copy it', template: '' },
]

/** An address of which the page would be the victim, or that leads to a website. */
const REFUSED = /^(javascript|data|blob|vbscript|about|https?|ftp|file):/i
const SCHEME = /^[a-z][a-z\d+.-]*:/i

/** Why a template cannot be used; undefined when it can. */
export function templateError(template: string): string | undefined {
  if (!SCHEME.test(template) || REFUSED.test(template)) {
    return 'Starts with the scheme of an editor, like editor://open?file={file}&line={line}'
  }
  return /\{(path|file)\}/.test(template) ? undefined : 'Has {path} or {file} in it'
}

/** A path on this machine, with slashes; undefined for what has none: built-in modules, code from the network. */
export function localPath({ file }: Pick<FunctionRecord, 'file'>): string | undefined {
  const path = file.startsWith('file://') ? fromFileUrl(file) : file.replaceAll('\\', '/')
  if (/^[a-z]:\//i.test(path)) {
    return `/${path}`
  }
  return path.startsWith('/') ? path : undefined
}

function fromFileUrl(url: string): string {
  try {
    return decodeURIComponent(new URL(url).pathname)
  } catch {
    return ''
  }
}

/** The address that opens a line in the reader's editor; undefined when there is no such file or no editor is chosen. */
export function editorUrl(
  options: Pick<PageOptions, 'editor' | 'editorTemplate'>,
  record: Pick<FunctionRecord, 'file'>,
  line: number,
  column = 1
): string | undefined {
  const template =
    options.editor === 'custom'
      ? options.editorTemplate
      : (editors.find(({ name }) => name === options.editor)?.template ?? '')
  const path = localPath(record)
  if (path === undefined || templateError(template) !== undefined) {
    return undefined
  }
  // Half a surrogate pair has no encoding.
  const wellFormed = path.replace(/\p{Cs}/gu, '\ufffd')
  const values: Record<string, string> = {
    path: encodeURI(wellFormed).replace(/[?#]/g, encodeURIComponent),
    file: encodeURIComponent(wellFormed.replace(/^\/(?=[a-z]:)/i, '')),
    line: String(Math.max(1, line)),
    column: String(Math.max(1, column)),
  }
  return template.replace(/\{(path|file|line|column)\}/g, (_, name: string) => values[name]!)
}
