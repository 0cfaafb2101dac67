/** What the package needs of a file system. Runtimes that have one install it; all paths are the caller's. */
export interface FileSystem {
  /** Reads a whole file, from a path or a `file:` URL. */
  read(path: string | URL): Promise<Uint8Array>
  /** Writes a new file whole or not at all, and makes its directory; an existing file is replaced. */
  write(path: string, text: string): Promise<void>
  /** Writes a new file; returns false and writes nothing when the path is taken. */
  create(path: string, text: string): Promise<boolean>
  /** Names of the files in a directory, in any order. */
  list(directory: string): Promise<string[]>
  /** Removes a file; one that is gone already is no error. */
  remove(path: string): Promise<void>
}

let installed: FileSystem | undefined

/** Makes a runtime's file system available; each entry with one calls it once. */
export function installFileSystem(fileSystem: FileSystem): void {
  installed = fileSystem
}

/** @throws Error When this runtime has no file system. */
export function fileSystem(): FileSystem {
  if (!installed) {
    throw new Error(
      'hono-profiler: this runtime has no file system; keep sessions with `store` or session.toJSON(), and give loadSession their JSON or bytes'
    )
  }
  return installed
}

/** Writes a session's JSON to `path`. */
export async function writeSessionFile(path: string, json: string): Promise<void> {
  await fileSystem().write(path, json)
}
