import { env } from './deno.ts'

/** Deno's cache directory; undefined when the environment that tells it may not be read. */
export function denoDirectory(): string | undefined {
  const configured = env('DENO_DIR')
  if (configured) {
    return configured
  }
  const cache = systemCache()
  return cache === undefined ? undefined : `${cache}/deno`
}

function systemCache(): string | undefined {
  switch (process.platform) {
    case 'win32':
      return env('LOCALAPPDATA')
    case 'darwin':
      return inHome('Library/Caches')
    default:
      return env('XDG_CACHE_HOME') || inHome('.cache')
  }
}

function inHome(path: string): string | undefined {
  const home = env('HOME')
  return home ? `${home}/${path}` : undefined
}

/** Where Deno keeps what it made of a local TypeScript file. */
export function transpiledPath(directory: string, url: string): string {
  // `C:` stands as `C` in the path of a cached file.
  const path = decodeURIComponent(new URL(url).pathname).replace(/^\/([A-Za-z]):/, '/$1')
  return `${directory}/gen/file${path}.js`
}
