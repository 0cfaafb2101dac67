import type {
  Capture,
  CapturedFrame,
  CapturedFunction,
  FileFunctions,
  LoadedSources,
  ScriptMap,
  SourceFiles,
} from '../adapter.ts'
import type { PathRules } from '../normalize/paths.ts'
import { filePathOf, locate } from '../normalize/paths.ts'
import type { Origin } from '../session/records.ts'
import { fileFunctions } from './file-functions.ts'
import { LONGEST_SCRIPT, readFunctions } from './functions.ts'
import { parseMap } from './map-comment.ts'
import type { MappedPosition, RawSourceMap } from './map-reader.ts'
import { MapReader } from './map-reader.ts'
import { isScript } from './syntax.ts'

/** Maps and files kept between recordings. */
const MAX_KEPT = 500

/** Characters of the application's files that are looked through for one recording. */
const MAX_TEXT = 8_000_000

/** Whose files may have maps that are worth reading: the profiler's own frames are left out, whatever they are called. */
const MAPPED: ReadonlySet<Origin> = new Set<Origin>(['app', 'library'])

/** Operations whose stacks are read before the event loop goes on: a few milliseconds. */
const OPERATIONS_PER_TURN = 500

const readers = new WeakMap<ScriptMap, Promise<MapReader>>()
const parsed = new Map<string, { text: string; functions: FileFunctions }>()

/**
 * Reads the source maps of what a recording saw, and the application's files that they lead to.
 *
 * @param uncounted Runs synchronous work of the profiler itself.
 */
export async function loadSources(
  capture: Capture,
  files: SourceFiles,
  paths: PathRules,
  uncounted: <T>(work: () => T) => T
): Promise<LoadedSources> {
  const functions = await capturedFunctions(capture, files, uncounted)
  const { maps, notes } = await readMaps(capture, files, functions, paths)
  const position = (url: string, line: number, column: number): MappedPosition | undefined => {
    const own = capture.originalPosition?.(url, line, column)
    const reader = maps.get(own?.file ?? url)
    return reader?.original(own?.line ?? line, own?.column ?? column) ?? own
  }
  const app = new Set<string>()
  for (const { url, line, column } of functions) {
    const at = line > 0 ? position(url, line, column) : undefined
    const file = filePathOf(at?.file ?? url)
    if (locate(file, paths).origin === 'app') {
      app.add(file)
    }
  }
  const texts = await readTexts(app, files, maps)
  const byFile = new Map<string, FileFunctions>()
  for (const [file, text] of texts) {
    const found = uncounted(() => functionsOf(file, text))
    if (found) {
      byFile.set(file, found)
    }
    await files.breathe()
  }
  return {
    lookup: {
      position,
      nameAt: (url, line, column) => position(url, line, column)?.name,
      linesOf: (url, line) => linesAt(maps.get(url), line),
      functions: (file) => byFile.get(file),
    },
    text: (file) => texts.get(file),
    notes,
    release() {
      for (const reader of maps.values()) {
        reader.release()
      }
    },
  }
}

/** All functions that a recording saw. Engines format the stacks of operations when they are read, so that takes turns. */
async function capturedFunctions(
  { samples, operations, root }: Capture,
  files: SourceFiles,
  uncounted: <T>(work: () => T) => T
): Promise<Set<CapturedFunction>> {
  const called = new Set<CapturedFunction>(root ? [root] : [])
  const add = (frames: readonly CapturedFrame[]): void => {
    for (const frame of frames) {
      called.add(frame.function)
    }
  }
  for (let first = 0; first < operations.count; first += OPERATIONS_PER_TURN) {
    const end = Math.min(first + OPERATIONS_PER_TURN, operations.count)
    uncounted(() => {
      for (let i = first; i < end; i++) {
        add(operations.frames(i))
      }
    })
    await files.breathe()
  }
  uncounted(() => {
    for (const stack of new Set(Array.from(samples.stack))) {
      if (stack >= 0) {
        add(samples.frames(stack))
      }
    }
  })
  return called
}

async function readMaps(
  { originalPosition }: Capture,
  files: SourceFiles,
  functions: ReadonlySet<CapturedFunction>,
  paths: PathRules
): Promise<{ maps: Map<string, MapReader>; notes: string[] }> {
  const urls = new Set<string>()
  for (const { url, line, column } of functions) {
    if (MAPPED.has(locate(filePathOf(url), paths).origin)) {
      urls.add((line > 0 ? originalPosition?.(url, line, column)?.file : undefined) ?? url)
    }
  }
  await files.prepare?.(urls)
  const maps = new Map<string, MapReader>()
  const notes: string[] = []
  for (const url of urls) {
    try {
      const map = await files.map(url)
      if (map) {
        maps.set(url, await readerOf(map, files))
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      notes.push(`the source map of ${filePathOf(url)} is not used: ${reason}`)
    }
  }
  return { maps, notes }
}

function readerOf(map: ScriptMap, files: SourceFiles): Promise<MapReader> {
  let reader = readers.get(map)
  if (!reader) {
    const json = typeof map.map === 'string' ? parseMap(map.map) : map.map
    reader = MapReader.read(json as RawSourceMap, map.url, () => files.breathe())
    readers.set(map, reader)
  }
  return reader
}

/** The texts of files, from the maps that hold them, else from where they are. */
async function readTexts(
  wanted: ReadonlySet<string>,
  files: SourceFiles,
  maps: ReadonlyMap<string, MapReader>
): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  let left = MAX_TEXT
  for (const file of wanted) {
    const text = contentOf(file, maps) ?? (await files.text(file))
    if (text !== undefined && text.length <= Math.min(left, LONGEST_SCRIPT)) {
      left -= text.length
      texts.set(file, text)
    }
  }
  return texts
}

function contentOf(file: string, maps: ReadonlyMap<string, MapReader>): string | undefined {
  for (const reader of maps.values()) {
    const source = reader.sources.find((url) => filePathOf(url) === file)
    const text = source === undefined ? undefined : reader.content(source)
    if (text !== undefined) {
      return text
    }
  }
  return undefined
}

function functionsOf(file: string, text: string): FileFunctions | undefined {
  const known = parsed.get(file)
  if (known?.text === text) {
    return known.functions
  }
  const found = isScript(file) ? readFunctions(file, text) : []
  if (found.length === 0) {
    return undefined
  }
  const functions = fileFunctions(text, found)
  if (parsed.size >= MAX_KEPT) {
    parsed.delete(parsed.keys().next().value!)
  }
  parsed.set(file, { text, functions })
  return functions
}

/** The lines that a line was made of: from its first mapped position to its last, if both are of one file. */
function linesAt(
  reader: MapReader | undefined,
  line: number
): { first: number; last: number } | undefined {
  const first = reader?.original(line, 1)
  const last = reader?.original(line, Number.MAX_SAFE_INTEGER)
  if (!first || first.file !== last?.file) {
    return undefined
  }
  return { first: first.line, last: Math.max(first.line, last.line) }
}
