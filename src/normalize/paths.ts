import type { Origin } from '../session/records.ts'

const OWN_PACKAGE = 'hono-profiler'

/** What paths are compared with. */
export interface PathRules {
  /** The project's directory, to which paths are shown relative; empty for none. */
  projectRoot: string
  /** Beginnings of the paths of this package's own files, where it is not in `node_modules`. */
  ownFiles: readonly string[]
}

/** A script's path: `file:` URLs become paths, with forward slashes and a capital drive; other URLs stay as they are. */
export function filePathOf(url: string): string {
  if (!url.startsWith('file:')) {
    return capitalDrive(/^[a-z][\w+.-]+:\/\//i.test(url) ? url : url.replaceAll('\\', '/'))
  }
  let path = url.replace(/^file:\/\/(localhost(?=\/))?/, '').replace(/[?#].*$/, '')
  try {
    path = decodeURIComponent(path)
  } catch {
    // A path with a bare `%` is not encoded at all.
  }
  // What has a host is a share of Windows.
  const isShare = !path.startsWith('/') && !/^[A-Za-z]:/.test(path)
  return capitalDrive(isShare ? `//${path}` : path.replace(/^\/([A-Za-z]:\/)/, '$1'))
}

function capitalDrive(path: string): string {
  return path.replace(/^[a-z](?=:\/)/, (drive) => drive.toUpperCase())
}

/** Whose file it is, and its short name. */
export interface Location {
  origin: Origin
  fileShort: string
  /** The package of a library. */
  package?: string
}

/** Says whose file it is, and gives its short name. */
export function locate(file: string, { projectRoot, ownFiles }: PathRules): Location {
  if (file === '' || file === 'native' || file === '[native code]') {
    return { origin: 'native', fileShort: '' }
  }
  if (/^(node|bun|deno|ext|cloudflare|workerd|internal|evalmachine|wasm):/.test(file)) {
    return { origin: 'runtime', fileShort: file }
  }
  const library = libraryPath(file)
  if (library !== undefined) {
    const owner = /^(@[^/]+\/)?[^/]+/.exec(library)?.[0] ?? library
    const origin = owner === OWN_PACKAGE ? 'profiler' : 'library'
    return { origin, fileShort: library, package: owner }
  }
  if (ownFiles.some((prefix) => file.startsWith(prefix))) {
    return { origin: 'profiler', fileShort: file }
  }
  const root = filePathOf(projectRoot).replace(/\/$/, '')
  return { origin: 'app', fileShort: root === '' ? file : relativePath(root, file) }
}

/** Where packages lie: the groups are the package's name and the path inside of it. */
const PACKAGE_PATHS = [
  // Deno's cache of npm, and what it serves from JSR and other registries.
  /\/npm\/[^/]+\/((?:@[^/]+\/)?[^/@]+)\/\d+\.[^/]+(\/.*)$/,
  /^https:\/\/jsr\.io\/(@[^/]+\/[^/]+)\/\d[^/]*(\/.*)$/,
  /^https:\/\/deno\.land\/(?:x\/)?([^/@]+)(?:@[^/]+)?(\/.*)$/,
  /^https:\/\/(?:esm\.sh|cdn\.skypack\.dev|cdn\.jsdelivr\.net\/npm|unpkg\.com)\/((?:@[^/]+\/)?[^/@]+)(?:@[^/]+)?(\/.*)?$/,
]

/** `package/path` of a file of a library; undefined for any other. pnpm and Yarn nest `node_modules`, also in archives. */
function libraryPath(file: string): string | undefined {
  const modules = /^(?:.*[/\\])?node_modules\/(.+)$/.exec(file)
  if (modules) {
    return modules[1]
  }
  for (const pattern of PACKAGE_PATHS) {
    const [, owner, rest = ''] = pattern.exec(file) ?? []
    if (owner !== undefined) {
      return owner + rest
    }
  }
  return undefined
}

/** Folders above the project that paths may lead through: those of a workspace's other packages. */
const MAX_UP = 2

function relativePath(root: string, file: string): string {
  if (file.startsWith(`${root}/`)) {
    return file.slice(root.length + 1)
  }
  let above = root
  for (let up = 1; up <= MAX_UP; up++) {
    above = above.slice(0, Math.max(above.lastIndexOf('/'), 0))
    // What shares only a top folder, like a home, is elsewhere.
    if (above.split('/').length > 2 && file.startsWith(`${above}/`)) {
      return '../'.repeat(up) + file.slice(above.length + 1)
    }
  }
  return file
}
