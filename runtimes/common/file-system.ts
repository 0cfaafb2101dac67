import type { FileSystem } from '../../src/store/file-system.ts'

/** Loaded when it is needed: that takes Node 2 ms, which an application would pay at its start. */
const filesOf = () => import('node:fs/promises')

let count = 0

/** Writes to a neighbouring file first, so that a reader never sees half a session. */
async function writeTemporary(path: string, text: string): Promise<string> {
  const files = await filesOf()
  const folder = process.getBuiltinModule('node:path').dirname(path)
  await files.mkdir(folder, { recursive: true })
  const temporary = `${path}.${process.pid}-${++count}.tmp`
  const file = await files.open(temporary, 'wx')
  try {
    await file.writeFile(text)
  } catch (error) {
    await files.unlink(temporary)
    throw error
  } finally {
    await file.close()
  }
  return temporary
}

/** Files by `node:fs`, which Node, Bun and Deno have. */
export const nodeFileSystem: FileSystem = {
  read: async (path) => (await filesOf()).readFile(path),

  list: async (directory) => (await filesOf()).readdir(directory),

  remove: async (path) => (await filesOf()).rm(path, { force: true }),

  async write(path, text) {
    const temporary = await writeTemporary(path, text)
    const { rename } = await filesOf()
    await rename(temporary, path)
  },

  async create(path, text) {
    const temporary = await writeTemporary(path, text)
    const { link, unlink } = await filesOf()
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
