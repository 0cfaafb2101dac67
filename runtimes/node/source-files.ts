import type inspector from 'node:inspector'
import type { ScriptMap, SourceFiles } from '../../src/adapter.ts'
import { filePathOf } from '../../src/normalize/paths.ts'
import { mapAt, sourceFiles } from '../common/source-files.ts'

/** Maps that Node has read, by what it gives for them. */
const readByNode = new WeakMap<object, ScriptMap>()

/** What V8 says of a script. */
interface Script {
  sourceMapURL?: string | undefined
  /** Characters. */
  length?: number | undefined
  /** Its last line, from 0. */
  endLine: number
}

/**
 * Scripts that may have been made in the process, by Vite and the like: the last one of a path. One that names itself
 * by a path is known by it to the debugger, and by its URL to the profiler.
 */
const scripts = new Map<string, Script>()
const made = new Map<string, { address: string; map: ScriptMap | undefined }>()

/** Node: maps that it has read itself, those of files, and those of scripts that a loader made. */
export const nodeSourceFiles: SourceFiles = {
  ...sourceFiles,

  async map(url) {
    const loaded = loadedMap(url)
    if (loaded) {
      return loaded
    }
    const address = scripts.get(filePathOf(url))?.sourceMapURL
    if (!address?.startsWith('data:')) {
      return sourceFiles.map(url)
    }
    let known = made.get(url)
    if (known?.address !== address) {
      known = { address, map: await mapAt(address, url.startsWith('/') ? `file://${url}` : url) }
      made.set(url, known)
    }
    return known.map
  },

  async text(file) {
    const text = await sourceFiles.text(file)
    const script = scripts.get(filePathOf(file))
    // A loader that gives no map may have moved everything.
    return text === undefined || !script || script.sourceMapURL || isSame(script, text, file)
      ? text
      : undefined
  },

  // Telling of all scripts takes V8 10 ms, and 5 ms for each megabyte that it has not hashed before.
  async prepare(urls) {
    const isMade = (url: string): boolean =>
      !/[\\/]node_modules[\\/]/.test(url) &&
      !loadedMap(url) &&
      (/\.[cm]?tsx?$|\.jsx$/.test(url) || !url.startsWith('file:'))
    if ([...urls].some(isMade)) {
      readAddresses(urls)
    }
    return Promise.resolve()
  },
}

/** Whether a script is a file as it stands; Node puts a comment of two lines after what it takes the types from. */
function isSame({ length = 0, endLine }: Script, text: string, file: string): boolean {
  const longer = length - text.length
  const linesMore = endLine - text.split('\n').length + 1
  return longer >= 0 && longer <= file.length + 30 && linesMore >= 0 && linesMore <= 2
}

function loadedMap(url: string): ScriptMap | undefined {
  const found = process.getBuiltinModule('node:module').findSourceMap(url)
  if (!found) {
    return undefined
  }
  let map = readByNode.get(found)
  if (!map) {
    map = { map: found.payload, url: url.startsWith('/') ? `file://${url}` : url }
    readByNode.set(found, map)
  }
  return map
}

/** Enabling the debugger tells of every script there is; the last one of a URL is what runs. */
function readAddresses(urls: ReadonlySet<string>): void {
  let session: inspector.Session
  try {
    session = new (process.getBuiltinModule('node:inspector').Session)()
    session.connect()
  } catch {
    return
  }
  const paths = new Set([...urls].map(filePathOf))
  session.on('Debugger.scriptParsed', ({ params: { url, sourceMapURL, length, endLine } }) => {
    const path = filePathOf(url)
    if (paths.has(path)) {
      scripts.set(path, { sourceMapURL, length, endLine })
    }
  })
  session.post('Debugger.enable')
  session.post('Debugger.disable')
  session.disconnect()
}
