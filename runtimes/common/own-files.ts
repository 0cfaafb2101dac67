/**
 * Where this package's code is when it is not below `node_modules`, where its name tells it: linked, in a workspace, or
 * run from its sources. In a bundle without a source map, functions are told by name: see `markedFrames`.
 */
export function ownFiles(): readonly string[] {
  return (known ??= findOwnFiles())
}

let known: readonly string[] | undefined

function findOwnFiles(): string[] {
  const root = packageRoot()
  return root ? ['src', 'runtimes', 'dist'].map((folder) => `${root}${folder}/`) : []
}

/** The package's folder, ending with a slash; undefined in a bundle, whose file is outside of it. */
function packageRoot(): string | undefined {
  try {
    // A package may ask for itself by its own name.
    const root = new URL('.', import.meta.resolve('hono-profiler/package.json')).href
    const { fileURLToPath } = process.getBuiltinModule('node:url')
    return import.meta.url.startsWith(root) ? fileURLToPath(root).replaceAll('\\', '/') : undefined
  } catch {
    return undefined
  }
}
