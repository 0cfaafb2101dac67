import type fs from 'node:fs'
import { builtin } from './platform.ts'

/** A module of the worker. */
export interface BundledModule {
  /** What stacks and profiles call it. */
  name: string
  /** Where it came from, if it says so itself; else its name. */
  url: string
  /** As it stands at the end of the module; empty for none. */
  sourceMapUrl: string
  source: string
}

/** Where workerd shows a worker its own modules as files. */
const FOLDER = '/bundle'

/** Reads the modules of the worker itself; none without `node:fs`, which `nodejs_compat` gives since 2025-09. */
export function readBundle(): BundledModule[] {
  const files = builtin('node:fs')
  return files ? readFolder(files, '') : []
}

function readFolder(files: typeof fs, folder: string): BundledModule[] {
  return files
    .readdirSync(`${FOLDER}/${folder}`, { withFileTypes: true })
    .flatMap((entry): BundledModule[] => {
      const path = folder + entry.name
      if (entry.isDirectory()) {
        return readFolder(files, `${path}/`)
      }
      const isScript = /\.[cm]?js$/.test(path)
      return isScript ? [describe(path, files.readFileSync(`${FOLDER}/${path}`, 'utf8'))] : []
    })
}

function describe(name: string, source: string): BundledModule {
  return {
    name,
    url: lastComment(source, 'sourceURL') ?? name,
    sourceMapUrl: lastComment(source, 'sourceMappingURL') ?? '',
    source,
  }
}

/** The value of `//# key=value` at the end of a script. */
function lastComment(source: string, key: string): string | undefined {
  const start = source.lastIndexOf(`\n//# ${key}=`)
  return start < 0 ? undefined : source.slice(start + key.length + 6).split('\n', 1)[0]
}
