import type { OriginalPosition, SourcePosition } from '../../src/adapter.ts'
import type { RawSourceMap } from '../../src/source/map-reader.ts'
import { MapReader } from '../../src/source/map-reader.ts'
import type { BundledModule } from './bundle.ts'
import { readBundle } from './bundle.ts'
import type { Inspector } from './inspector.ts'
import { learnProjectRoot } from './project.ts'
import type { Reach } from './source-maps.ts'
import { readSourceMap } from './source-maps.ts'

/** Leads from a line and a column of one script to the source. */
type Lookup = (line: number, column: number) => SourcePosition | undefined

/** Scripts of the runtime, not of the worker. */
const INTERNAL = /^(node|node-internal|cloudflare|cloudflare-internal|workerd|internal):|^$/

/** What leads from the scripts of a worker to their sources. */
export class Positions {
  readonly #bundled = new Map<string, Lookup>()
  readonly #parsed = new Map<string, Lookup>()
  readonly #parsedIds = new Map<string, Lookup>()
  #isBundleRead = false

  /** Leads to the source. */
  readonly original: OriginalPosition = (url, line, column) =>
    (this.#bundled.get(url) ?? this.#parsed.get(url))?.(line, column)

  /**
   * Reads what is new of the scripts of these URLs.
   *
   * @throws When the inspector refuses.
   */
  async update(reach: Reach | undefined, urls: ReadonlySet<string>): Promise<void> {
    if (!this.#isBundleRead) {
      this.#isBundleRead = true
      for (const script of readBundle()) {
        learnProjectRoot(script.url)
        this.#bundled.set(script.name, await lookupOf(script, reach, () => script.source))
      }
    }
    // What a development server loads is not in the bundle, and it may be another version each time.
    const isComplete = [...urls].every((url) => INTERNAL.test(url) || this.#bundled.has(url))
    if (reach && !isComplete) {
      await this.#readParsed(reach)
    }
  }

  async #readParsed(reach: Reach): Promise<void> {
    const { inspector } = reach
    for (const script of await parsedScripts(inspector)) {
      const { scriptId } = script
      const lookup =
        this.#parsedIds.get(scriptId) ??
        (await lookupOf(script, reach, () => sourceOf(inspector, scriptId)))
      this.#parsedIds.set(scriptId, lookup)
      this.#parsed.set(script.name, lookup)
    }
    await inspector.post('Debugger.disable')
  }
}

/** Maps whose sources are kept, the latest. */
const MAX_READERS = 50

const readers: MapReader[] = []

async function lookupOf(
  { url, sourceMapUrl }: Script,
  reach: Reach | undefined,
  source: () => string | Promise<string>
): Promise<Lookup> {
  const map = sourceMapUrl && (await readSourceMap(reach, sourceMapUrl, url))
  return map ? mapLookup(map, url) : moduleLookup(await source())
}

/** The text of a file, where the map that leads to it holds it. */
export function sourceText(file: string): string | undefined {
  for (const reader of readers) {
    const text = reader.content(file)
    if (text !== undefined) {
      return text
    }
  }
  return undefined
}

/** What is known of a script without its source. */
type Script = Omit<BundledModule, 'source'>

interface ScriptParsed {
  scriptId: string
  url: string
  embedderName?: string
  sourceMapURL: string
}

/** Enabling the debugger tells of every script there is. */
async function parsedScripts(inspector: Inspector): Promise<(Script & { scriptId: string })[]> {
  const scripts: (Script & { scriptId: string })[] = []
  inspector.on('Debugger.scriptParsed', (params: ScriptParsed) => {
    const { scriptId, url, embedderName, sourceMapURL } = params
    if (!INTERNAL.test(url)) {
      scripts.push({ scriptId, url, name: embedderName || url, sourceMapUrl: sourceMapURL })
    }
  })
  await inspector.post('Debugger.enable')
  return scripts
}

async function sourceOf(inspector: Inspector, scriptId: string): Promise<string> {
  const { scriptSource } = await inspector.post<{ scriptSource: string }>(
    'Debugger.getScriptSource',
    { scriptId }
  )
  return scriptSource
}

function mapLookup(map: RawSourceMap, url: string): Lookup {
  const reader = MapReader.whole(map, url)
  readers.unshift(reader)
  readers.length = Math.min(readers.length, MAX_READERS)
  return (line, column) => reader.original(line, column)
}

/** esbuild, and so wrangler, heads each module of a bundle with a comment that names its file. */
const MODULE_HEAD = /^\/\/ (?:\S*\/)?(node_modules\/\S+\.[cm]?[jt]sx?)$|^\/\/ \S+\.[cm]?[jt]sx?$/

/** Without a map, at least tells libraries from the application; where in their files is not known then. */
function moduleLookup(source: string): Lookup {
  const heads: { line: number; file: string | undefined }[] = []
  source.split('\n').forEach((text, i) => {
    const head = MODULE_HEAD.exec(text)
    if (head) {
      heads.push({ line: i + 1, file: head[1] })
    }
  })
  return (line) => {
    const file = heads.findLast((head) => head.line <= line)?.file
    return file === undefined ? undefined : { file: `/${file}`, line: 0, column: 0 }
  }
}
