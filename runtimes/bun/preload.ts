/**
 * `bun --preload hono-profiler/preload app.ts`: with it, waits stand at the very line that awaits.
 *
 * Files of the application, `node_modules` left out, are loaded with what they await inside of a call. Nothing else
 * changes in them, and lines stay where they are.
 *
 * @module
 */

import { dirname, isAbsolute } from 'node:path'
import { isScript } from '../../src/source/syntax.ts'
import { installAwait } from './await-sites.ts'
import type { Transformed } from './await-transform.ts'
import { transformAwaits } from './await-transform.ts'
import { installSwitches } from './callback-apis.ts'
import { noteTransformed } from './transformed-files.ts'

const PLUGIN = 'hono-profiler'

/** What may be a file. */
const MODULE = /^(?!node:|bun:)/

/** An import would bind the functions of `fs`, for the application too, before switches stand in their place. */
const { readFileSync } = process.getBuiltinModule('fs')
const seen = new Set<string>()
/** Imports of something else than a module: the importing file and the specifier. */
const typedImports = new Set<string>()
let isResolving = false

installAwait()
installSwitches()
consider(Bun.main)
Bun.plugin({
  name: PLUGIN,
  setup(build) {
    build.onResolve({ filter: MODULE }, ({ path, importer }) => {
      considerImport(path, importer)
      return undefined
    })
  },
})

function considerImport(specifier: string, importer: string): void {
  const resolved = isAbsolute(specifier) ? specifier : resolve(specifier, importer)
  if (resolved !== undefined && !typedImports.has(importKey(importer, specifier))) {
    consider(resolved)
  }
}

/** Where an import of the application leads. Resolving is itself told to plugins. */
function resolve(specifier: string, importer: string): string | undefined {
  if (isResolving || !isAbsolute(importer) || isLibrary(importer)) {
    return undefined
  }
  isResolving = true
  try {
    return Bun.resolveSync(specifier, dirname(importer))
  } catch {
    // Bun will say so itself.
    return undefined
  } finally {
    isResolving = false
  }
}

/**
 * Loads a file transformed, if it has something to transform. A loader takes over all files that its filter matches,
 * and cannot load CommonJS, so each file has one of its own.
 */
function consider(path: string): void {
  if (seen.has(path) || !isScript(path) || isLibrary(path)) {
    return
  }
  seen.add(path)
  const transformed = load(path)
  // Bun tells plugins nothing of imports without an extension, such as `./shop`, so they are looked for here.
  for (const specifier of transformed?.imports ?? []) {
    if (MODULE.test(specifier)) {
      considerImport(specifier, path)
    }
  }
  if (transformed?.text === undefined) {
    return
  }
  Bun.plugin({
    name: PLUGIN,
    setup(build) {
      build.onLoad({ filter: new RegExp(`^${escape(path)}$`) }, () => ({
        contents: load(path)?.text ?? readFileSync(path, 'utf8'),
        loader: /[jt]sx?$/.exec(path)![0],
      }))
    },
  })
}

/** A file as it is transformed; undefined when it cannot be read. */
function load(path: string): Transformed | undefined {
  try {
    const transformed = transformAwaits(path, readFileSync(path, 'utf8'))
    noteTransformed(path, transformed.insertions)
    for (const specifier of transformed.typedImports) {
      typedImports.add(importKey(path, specifier))
    }
    return transformed
  } catch {
    // Not readable, or written in what Babel does not know: Bun loads it as it is.
    return undefined
  }
}

function importKey(importer: string, specifier: string): string {
  return `${importer}\n${specifier}`
}

function isLibrary(path: string): boolean {
  return path.includes('node_modules')
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
