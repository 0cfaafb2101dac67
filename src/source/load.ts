import type {
  Capture,
  CapturedFrame,
  CapturedFunction,
  FileFunctions,
  LoadedSources,
  ScriptMap,
  SourceFiles,
  SourcePosition,
} from '../adapter.ts'
import type { PathRules } from '../normalize/paths.ts'
import { filePathOf, locate } from '../normalize/paths.ts'
import type { Steps, Turns } from '../normalize/steps.ts'
import { inTurns } from '../normalize/steps.ts'
import type { Origin } from '../session/records.ts'
import { fileFunctions } from './file-functions.ts'
import { LONGEST_SCRIPT } from './functions.ts'
import type { MappedPosition } from './map-reader.ts'
import { MapReader } from './map-reader.ts'
import type { Place } from './syntax.ts'
import { isScript } from './syntax.ts'

/** Maps and files kept between recordings. */
const MAX_KEPT = 500

/** Characters of the application's files that are looked through for one recording. */
const MAX_TEXT = 8_000_000

/** Whose files may have maps that are worth reading: the profiler's own frames are left out, whatever they are called. */
const MAPPED: ReadonlySet<Origin> = new Set<Origin>(['app', 'library'])

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
  uncounted: Turns['uncounted']
): Promise<LoadedSources> {
  const turns: Turns = { uncounted, breathe: () => files.breathe() }
  const functions = await inTurns(capturedFunctions(capture), turns)
  const { maps, notes } = await readMaps(capture, files, functions, paths)
  const position = (url: string, line: number, column: number): MappedPosition | undefined => {
    const own = capture.originalPosition?.(url, line, column)
    const reader = maps.get(own?.file ?? url)
    return reader?.original(own?.line ?? line, own?.column ?? column) ?? own
  }
  const wanted = await inTurns(whereToLook(functions, position, paths), turns)
  const texts = await readTexts(wanted.app, files, maps)
  const byFile = new Map<string, FileFunctions>()
  for (const [file, text] of texts) {
    if (isScript(file)) {
      byFile.set(file, functionsOf(file, text))
    }
  }
  await inTurns(parse(byFile, wanted), turns)
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

/** What is looked up in the application's files. */
interface Wanted {
  app: ReadonlySet<string>
  places: readonly { file: string; find: 'definedAt' | 'around'; at: Place }[]
  /** Of each file in which a function is known by nothing else, the name of one. */
  names: ReadonlyMap<string, string>
}

function* whereToLook(
  functions: readonly CapturedFunction[],
  position: (url: string, line: number, column: number) => SourcePosition | undefined,
  paths: PathRules
): Steps<Wanted> {
  const app = new Set<string>()
  const places: Wanted['places'][number][] = []
  const names = new Map<string, string>()
  for (const { name, url, line, column, within } of functions) {
    const at = line > 0 ? (position(url, line, column) ?? { file: url, line, column }) : undefined
    const file = filePathOf(at?.file ?? url)
    if (locate(file, paths).origin === 'app') {
      app.add(file)
      if (at) {
        places.push({ file, find: 'definedAt', at })
      } else if (name === '' && within) {
        places.push({ file, find: 'around', at: within })
      } else if (name) {
        names.set(file, name)
      }
    }
    yield
  }
  return { app, places, names }
}

/** What is found is kept: all of a file for a name, for a place what is around it. */
function* parse(
  byFile: ReadonlyMap<string, FileFunctions>,
  { names, places }: Wanted
): Steps<void> {
  for (const [file, name] of names) {
    byFile.get(file)?.named(name)
    yield
  }
  for (const { file, find, at } of places) {
    byFile.get(file)?.[find](at.line, at.column)
    yield
  }
}

/**
 * Each function that a recording saw, once: by where it is, else by its file and where it was executing. Engines format
 * the stacks of operations when they are read.
 */
function* capturedFunctions({
  samples,
  operations,
  root,
}: Capture): Steps<readonly CapturedFunction[]> {
  const called = new Set<CapturedFunction>(root ? [root] : [])
  const add = (frames: readonly CapturedFrame[]): void => {
    for (const frame of frames) {
      called.add(frame.function)
    }
  }
  for (let i = 0; i < operations.count; i++) {
    add(operations.frames(i))
    yield
  }
  for (const stack of new Set(Array.from(samples.stack))) {
    if (stack >= 0) {
      add(samples.frames(stack))
    }
    yield
  }
  return onceEach(called)
}

/** Deno's call sites make a new function for every frame; the others give one object, so that there are few of them. */
function onceEach(functions: Iterable<CapturedFunction>): readonly CapturedFunction[] {
  const byPlace = new Map<string, CapturedFunction>()
  for (const fn of functions) {
    const { line, column } = fn.line > 0 ? fn : (fn.within ?? fn)
    byPlace.set(`${fn.line > 0} ${line}:${column} ${fn.url} ${fn.name}`, fn)
  }
  return [...byPlace.values()]
}

async function readMaps(
  { originalPosition }: Capture,
  files: SourceFiles,
  functions: readonly CapturedFunction[],
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
    reader = MapReader.read(map.map, map.url, () => files.breathe())
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
    const text = reader.content(file)
    if (text !== undefined) {
      return text
    }
  }
  return undefined
}

function functionsOf(file: string, text: string): FileFunctions {
  const known = parsed.get(file)
  if (known?.text === text) {
    return known.functions
  }
  const functions = fileFunctions(file, text)
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
