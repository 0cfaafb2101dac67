import { link, mkdir, open, readdir, readFile, rename, rm, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { FileSystem } from '../../src/store/file-system.ts'

let count = 0

/** Writes to a neighbouring file first, so that a reader never sees half a session. */
async function writeTemporary(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}-${++count}.tmp`
  const file = await open(temporary, 'wx')
  try {
    await file.writeFile(text)
  } catch (error) {
    await unlink(temporary)
    throw error
  } finally {
    await file.close()
  }
  return temporary
}

/** Files by `node:fs`, which Node, Bun and Deno have. */
export const nodeFileSystem: FileSystem = {
  read: (path) => readFile(path),

  list: (directory) => readdir(directory),

  remove: (path) => rm(path, { force: true }),

  async write(path, text) {
    await rename(await writeTemporary(path, text), path)
  },

  async create(path, text) {
    const temporary = await writeTemporary(path, text)
    try {
      // Unlike `rename`, `link` refuses to replace a file that another process made meanwhile.
      await link(temporary, path)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
        return false
      }
      throw error
    } finally {
      await unlink(temporary)
    }
  },
}
