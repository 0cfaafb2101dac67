import { open, readFile, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ScriptMap, SourceFiles } from '../../src/adapter.ts'
import { inlineMap, mapAddress } from '../../src/source/map-comment.ts'

/** Bytes at the end of a script in which the comment that names its map is looked for, when it is longer than this. */
const TAIL_BYTES = 1 << 16
const LONGEST_WHOLE = 1 << 22

/** A map larger than this is not read: what it holds takes several times its size. */
const LARGEST_MAP = 1 << 28

/** Files larger than this are no source that somebody wrote. */
const LARGEST_SOURCE = 1 << 21

/** Maps kept between recordings. */
const MAX_KEPT = 200

/** Bound now, so that fake timers of an application do not reach it. */
const defer = setImmediate

interface KnownMap {
  state: string
  map: Promise<ScriptMap | undefined>
}

const known = new Map<string, KnownMap>()

/** Maps and sources as files, by `node:fs`, which Node, Bun and Deno have. */
export const sourceFiles: SourceFiles = {
  async map(url) {
    const path = pathOf(url)
    const info = path !== undefined && /\.[cm]?jsx?$/.test(path) && (await statOf(path))
    if (!path || !info) {
      return undefined
    }
    const state = `${info.mtimeMs} ${info.size}`
    let entry = known.get(path)
    if (entry?.state !== state) {
      entry = { state, map: readMap(path, info.size) }
      if (known.size >= MAX_KEPT) {
        known.delete(known.keys().next().value!)
      }
      known.set(path, entry)
    }
    return entry.map
  },

  async text(file) {
    const path = pathOf(file)
    const info = path === undefined ? undefined : await statOf(path)
    return path && info && info.size <= LARGEST_SOURCE
      ? readFile(path, 'utf8').catch(() => undefined)
      : undefined
  },

  load: () => import('../../src/source/load.ts'),

  breathe: () =>
    new Promise((resolve) => {
      defer(resolve)
    }),
}

function pathOf(url: string): string | undefined {
  if (url.startsWith('file:')) {
    const [address] = url.split(/[?#]/, 1)
    return fileURLToPath(address!)
  }
  return isAbsolute(url) ? url : undefined
}

async function statOf(path: string): Promise<{ mtimeMs: number; size: number } | undefined> {
  const info = await stat(path).catch(() => undefined)
  return info?.isFile() ? info : undefined
}

/** @throws When the script names a map that cannot be read. */
async function readMap(path: string, size: number): Promise<ScriptMap | undefined> {
  const address = mapAddress(await endOf(path, size))
  return address === undefined ? undefined : mapAt(address, pathToFileURL(path).href)
}

/**
 * Reads the map at an address that a script gives.
 *
 * @throws When it cannot be read.
 */
export async function mapAt(address: string, scriptUrl: string): Promise<ScriptMap | undefined> {
  const inline = inlineMap(address)
  if (inline !== undefined) {
    return { map: inline, url: scriptUrl }
  }
  const url = new URL(address, scriptUrl)
  if (url.protocol !== 'file:') {
    return undefined
  }
  const { size } = await stat(url)
  if (size > LARGEST_MAP) {
    throw new Error(`it has ${size} bytes, more than ${LARGEST_MAP}`)
  }
  return { map: await readFile(url), url: url.href }
}

/** The end of a script, with the whole of its last comment. */
async function endOf(path: string, size: number): Promise<string> {
  if (size <= LONGEST_WHOLE) {
    return readFile(path, 'utf8')
  }
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(TAIL_BYTES),
      position: size - TAIL_BYTES,
    })
    const tail = buffer.toString('latin1', 0, bytesRead)
    return tail.trimEnd().includes('\n') ? tail : await readFile(path, 'utf8')
  } finally {
    await file.close()
  }
}
