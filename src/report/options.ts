/** What the reader chose; kept in the browser from report to report. */
export interface PageOptions {
  /** The view that is open: the name of one in views.tsx. */
  view: string
  unit: 'ms' | 'percent'
  /** Frames below this share of the request are left out of the call stack, from 0 to 1. */
  threshold: number
  /** Whether frames of libraries are folded into one line. */
  foldLibraries: boolean
  /** Regular expression of file paths to fold although they are application code; empty for none. */
  hide: string
  /** Regular expression of file paths never to fold; empty for none. */
  show: string
  /** Whether the timeline and the functions leave out what is not application code. */
  appOnly: boolean
  theme: 'system' | 'light' | 'dark'
  /** Where a click on a location opens it: the name of one in editor.ts. */
  editor: string
  /** The address that the editor `custom` opens, with `{path}`, `{file}`, `{line}` and `{column}` in it. */
  editorTemplate: string
}

export const defaultOptions: Readonly<PageOptions> = {
  view: 'call-stack',
  unit: 'ms',
  threshold: 0.01,
  foldLibraries: true,
  hide: '',
  show: '',
  appOnly: false,
  theme: 'system',
  editor: 'vscode',
  editorTemplate: '',
}

const STORAGE_KEY = 'hono-profiler:options'

/** Reads the kept options; what is missing, of another type or not readable has its default. */
export function loadOptions(): PageOptions {
  const options = { ...defaultOptions }
  try {
    const kept = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Record<string, unknown>
    for (const [name, value] of Object.entries(defaultOptions)) {
      if (typeof kept[name] === typeof value) {
        Object.assign(options, { [name]: kept[name] })
      }
    }
  } catch {
    // Storage is refused to sandboxed and some file: pages; the report works without it.
  }
  return options
}

/** Keeps the options for the next report, where the browser allows it. */
export function saveOptions(options: PageOptions): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(options))
  } catch {
    // Refused or full: the options then last as long as the page.
  }
}

/** A regular expression that the reader typed: absent when empty, or the reason why it is not one. */
export interface TypedPattern {
  pattern?: RegExp
  error?: string
}

export function compilePattern(text: string): TypedPattern {
  if (text === '') {
    return {}
  }
  try {
    return { pattern: new RegExp(text) }
  } catch (error) {
    return { error: (error as Error).message }
  }
}
