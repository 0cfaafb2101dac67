import { fileURLToPath } from 'node:url'

const THIS_FILE = 'runtimes/common/own-files.ts'

/**
 * Where this package's sources are, when it runs from them. Installed, it is known by its name in
 * `node_modules`; in a bundle it cannot be told from the application.
 */
export const ownFiles: readonly string[] = sourceFolders(import.meta.url)

function sourceFolders(url: string): string[] {
  const path = url.startsWith('file:') ? fileURLToPath(url).replaceAll('\\', '/') : ''
  if (!path.endsWith(`/${THIS_FILE}`)) {
    return []
  }
  const root = path.slice(0, -THIS_FILE.length)
  return [`${root}src/`, `${root}runtimes/`]
}
