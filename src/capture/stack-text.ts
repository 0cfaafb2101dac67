/** A frame of a stack that an engine gave as text. Lines and columns from 1; 0 where the text has none. */
export interface TextFrame {
  /** The function's own name, without its object or class; empty when it has none. */
  name: string
  /** Path or URL; empty for native functions. */
  url: string
  line: number
  column: number
  /** It is suspended in an `await`, and goes on when what stands before it has ended. */
  isAsync: boolean
}

/** Frames kept of a stack: own frames and Hono's stand among them. */
const STACK_LIMIT = 60

interface StackHolder {
  stack?: unknown
}

type StackSettings = ErrorConstructor & {
  captureStackTrace?: (holder: object, below?: unknown) => void
  stackTraceLimit?: unknown
}

/**
 * Takes the current stack, to be read later: V8 formats an unread one never.
 *
 * @param below The function at whose caller the stack begins.
 */
export function takeStack(below: (...args: never[]) => unknown): StackHolder {
  const settings = Error as StackSettings
  const limit = Object.getOwnPropertyDescriptor(settings, 'stackTraceLimit')
  // Unlike an assignment, this does not throw where built-in objects are frozen.
  Reflect.set(settings, 'stackTraceLimit', STACK_LIMIT)
  try {
    if (!settings.captureStackTrace) {
      // Engines without it write a line for each frame and no other; the first are this function and `below`.
      return { stack: new Error().stack?.split('\n').slice(2).join('\n') }
    }
    const holder: StackHolder = {}
    settings.captureStackTrace(holder, below)
    return holder
  } finally {
    if (limit) {
      Reflect.defineProperty(settings, 'stackTraceLimit', limit)
    } else {
      Reflect.deleteProperty(settings, 'stackTraceLimit')
    }
  }
}

/**
 * Reads a taken stack, innermost frame first. An application's `Error.prepareStackTrace`, which may follow source
 * maps, has its say; one that gives no text, or throws, leaves nothing to read.
 */
export function readStack(holder: StackHolder): TextFrame[] {
  try {
    const text = holder.stack
    return typeof text === 'string' ? parseStack(text) : []
  } catch {
    return []
  }
}

/** Parses the stack of an error, as V8, JavaScriptCore and SpiderMonkey write it; innermost frame first. */
export function parseStack(text: string): TextFrame[] {
  const frames: TextFrame[] = []
  for (const line of text.split('\n')) {
    const frame = parseV8(line) ?? parseAtSign(line)
    if (frame) {
      frames.push(frame)
    }
  }
  return frames
}

/** `    at async name [as alias] (location)`, or the location alone where the function has no name. */
function parseV8(text: string): TextFrame | undefined {
  const match = /^\s+at (async )?(?:new )?(.*)$/.exec(text)
  if (!match) {
    return undefined
  }
  const [, isAsync, rest] = match
  const named = /^(.*?)(?: \[as [^\]]*\])? \((.*)\)$/.exec(rest!)
  const [name, location] = named ? [named[1]!, named[2]!] : ['', rest!]
  return { name: ownName(name), ...locate(location), isAsync: isAsync !== undefined }
}

/** `name@location`; SpiderMonkey puts the cause of an asynchronous call before the name, like `async*name`. */
function parseAtSign(text: string): TextFrame | undefined {
  const match = /^(?:(.*)\*)?([^@]*)@(.*)$/.exec(text.trim())
  if (!match) {
    return undefined
  }
  const [, cause, name, location] = match
  const isCode = /^(?:global|module|eval) code$/.test(name!)
  const isAsync = cause !== undefined || name!.startsWith('async ')
  const plain = name!.replace(/^async /, '')
  return { name: isCode ? '' : ownName(plain), ...locate(location!), isAsync }
}

/** `Orders.load` is `load`; SpiderMonkey's `load/<` is a function without a name inside of `load`. */
function ownName(name: string): string {
  const last = name.slice(name.lastIndexOf('.') + 1)
  return last === '<anonymous>' || last.endsWith('/<') ? '' : last.slice(last.lastIndexOf('/') + 1)
}

type Location = Pick<TextFrame, 'url' | 'line' | 'column'>

const NOWHERE: Location = { url: '', line: 0, column: 0 }

/** `url:line:column`. What `eval` made stands where `eval` was called. */
function locate(text: string): Location {
  const evalSite = /^eval at .*\((.*:\d+:\d+)\)/.exec(text)?.[1] ?? text
  const evalLine = / line (\d+) > (?:eval|Function).*$/.exec(evalSite)
  if (evalLine) {
    return { url: evalSite.slice(0, evalLine.index), line: Number(evalLine[1]), column: 0 }
  }
  const match = /^(.+?)(?::(\d+))?(?::(\d+))?$/.exec(evalSite)
  if (!match?.[2] || /^<anonymous>|^\[native code\]|^native$|^self-hosted|^wasm:/.test(evalSite)) {
    return NOWHERE
  }
  return { url: match[1]!, line: Number(match[2]), column: Number(match[3] ?? 0) }
}
