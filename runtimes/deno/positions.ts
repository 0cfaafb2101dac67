import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { CapturedFrame, CapturedFunction, SourcePosition } from '../../src/adapter.ts'
import { denoDirectory, transpiledPath } from './deno-directory.ts'
import { isGranted } from './deno.ts'
import type { ScriptCoverage } from './sampler.ts'
import { Script } from './script.ts'

const TYPESCRIPT = /\.[cm]?tsx?$|\.jsx$/

const NOT_READABLE =
  'Some lines are those of transpiled code, and some functions are known by name only, because Deno may not read ' +
  'its cache: add --allow-read and --allow-env'

/**
 * Brings the two kinds of positions that Deno gives together, as positions in the code that runs. Samples have those
 * already. Call sites are in the source and do not tell where their function is defined, which V8's coverage does.
 */
export class Positions {
  readonly notes: string[] = []
  readonly #coverage: Map<string, ScriptCoverage['functions']>
  readonly #scripts = new Map<string, Script | undefined>()
  readonly #functions = new WeakMap<CapturedFunction, CapturedFunction>()

  constructor(coverage: readonly ScriptCoverage[]) {
    this.#coverage = new Map(coverage.map(({ url, functions }) => [url, functions]))
  }

  /** Gives a frame of a call site the position of its function, and its own in the code that runs. */
  readonly ofCallSite = (frame: CapturedFrame): CapturedFrame => {
    const { name } = frame.function
    const url = urlOf(frame.function.url)
    const script = this.#scriptOf(url)
    const position = script?.generated(frame)
    const found = position && script?.functionAround(position, name)
    // Deno may have followed the map of a script to a file that it does not run.
    const within = { line: frame.line, column: frame.column }
    const fn = found ? { ...found, url } : { ...byName(name, url), within }
    return { ...frame, ...position, function: fn }
  }

  /** Gives a sampled frame its function by the position that call sites have, and a column to its line. */
  readonly ofSample = (frame: CapturedFrame): CapturedFrame => {
    const { line, near } = frame
    const script = this.#scriptOf(frame.function.url)
    if (!script && TYPESCRIPT.test(frame.function.url) && frame.function.url.startsWith('file:')) {
      // What is sampled under such a name, Deno has transpiled.
      this.notes[0] = NOT_READABLE
    }
    const columnOf = (at: number): number => (script && at > 0 ? script.indentOf(at) : 0)
    return {
      function: this.#sampledFunction(frame.function, script),
      line,
      column: columnOf(line),
      ...(near ? { near: { line: near.line, column: columnOf(near.line) } } : {}),
    }
  }

  /** Leads to the source. */
  readonly original = (url: string, line: number, column: number): SourcePosition | undefined =>
    this.#scriptOf(url)?.original({ line, column })

  #sampledFunction(sampled: CapturedFunction, script: Script | undefined): CapturedFunction {
    let placed = this.#functions.get(sampled)
    if (!placed) {
      const { name, url } = sampled
      const found = script?.functionAround(sampled, name)
      // Coverage calls what makes the fields of a class otherwise, which nothing but samples tells of.
      placed = found ? { ...found, url } : script ? sampled : byName(name, url)
      this.#functions.set(sampled, placed)
    }
    return placed
  }

  #scriptOf(url: string): Script | undefined {
    if (!url.startsWith('file:')) {
      return undefined
    }
    if (!this.#scripts.has(url)) {
      const text = this.#textOf(url)
      this.#scripts.set(
        url,
        text === undefined ? undefined : new Script(url, text, this.#coverage.get(url) ?? [])
      )
    }
    return this.#scripts.get(url)
  }

  /** The text that runs: what Deno made of TypeScript, else the file itself. */
  #textOf(url: string): string | undefined {
    const path = fileURLToPath(url)
    const directory = TYPESCRIPT.test(path) ? denoDirectory() : undefined
    return TYPESCRIPT.test(path)
      ? directory && readText(transpiledPath(directory, url))
      : readText(path)
  }
}

function byName(name: string, url: string): CapturedFunction {
  return { name, url, line: 0, column: 0 }
}

/** Call sites name local files by their path. */
function urlOf(file: string): string {
  return /^(\/|[A-Za-z]:[\\/])/.test(file) ? pathToFileURL(file).href : file
}

function readText(path: string): string | undefined {
  if (!isGranted({ name: 'read', path })) {
    return undefined
  }
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
