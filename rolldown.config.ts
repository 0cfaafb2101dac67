import type { PluginContext } from 'rolldown'
import { defineConfig } from 'rolldown'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { entry } from './tsup.config.ts'

const fromRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const { dependencies } = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')) as {
  dependencies: Record<string, string>
}

/**
 * What is loaded together is one chunk, also where something else uses a part of it: each more takes Node 0.3 ms.
 * What a request that does not ask needs is a chunk of its own, so that bundlers leave the rest for the first recording.
 */
const CHUNKS: Record<string, string[]> = {
  profiler: ['src/profiler.ts', 'src/store/file-system.ts'],
  sessions: ['src/index.ts'],
  process: ['runtimes/common/runtime.ts'],
}

type InfoOf = PluginContext['getModuleInfo']

function chunkOf(id: string, infoOf: InfoOf): string | null {
  const found = Object.entries(CHUNKS).find(([, roots]) => isLoadedWith(roots, id, infoOf))
  return found?.[0] ?? null
}

function isLoadedWith(roots: readonly string[], id: string, infoOf: InfoOf): boolean {
  const modules = new Set(roots.map(fromRoot))
  for (const each of modules) {
    infoOf(each)?.importedIds.forEach((imported) => modules.add(imported))
  }
  return modules.has(id)
}

/** The scripts of the package; `tsup` makes their types. */
export default defineConfig({
  input: entry,
  // The command asks for the package by its name, so that the runtime chooses the entry.
  external: [
    /^node:/,
    /^bun(:|$)/,
    ...['hono', 'hono-profiler', ...Object.keys(dependencies)].map(
      (name) => new RegExp(`^${name}(/|$)`)
    ),
  ],
  platform: 'neutral',
  transform: { target: 'node20' },
  // What the chunks above share with those that load on demand is exported from where it is.
  preserveEntrySignatures: 'allow-extension',
  output: {
    dir: 'dist',
    cleanDir: true,
    sourcemap: true,
    chunkFileNames: '[name]-[hash].js',
    comments: { jsdoc: false },
    topLevelVar: true,
    // V8 keeps text of other characters at twice the size.
    minify: {
      compress: false,
      mangle: false,
      codegen: { removeWhitespace: false, asciiOnly: true },
    },
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        {
          debugName: 'loaded together',
          name: (id, context) => chunkOf(id, (each) => context.getModuleInfo(each)),
        },
      ],
    },
  },
})
