import type { Env, Hono, Schema } from 'hono'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UserError } from './exit.ts'

/** What answers requests: a Hono application, or anything with `fetch`. */
export type App = Hono<Env, Schema> | { fetch: (request: Request) => Response | Promise<Response> }

/**
 * Imports an application.
 *
 * @param file Its module, in JavaScript or TypeScript.
 * @param name The export; the default one, else `app`, when it is not given.
 * @throws UserError When there is no such file or export, or this runtime cannot read it.
 */
export async function loadApp(file: string, name: string | undefined): Promise<App> {
  const path = resolve(file)
  if (!existsSync(path)) {
    throw new UserError(`there is no file ${path}`)
  }
  await prepareTypeScript(path)
  const module = await importModule(path)
  const app =
    name === undefined ? (appIn(module.default) ?? appIn(module.app)) : appIn(module[name])
  if (!app) {
    const names = Object.keys(module).join(', ') || 'nothing'
    const wanted =
      name === undefined
        ? 'no Hono app as default export or as `app`'
        : `no Hono app as \`${name}\``
    throw new UserError(`${file} exports ${wanted}, but ${names}; say which with --export NAME`)
  }
  return app
}

function appIn(value: unknown): App | undefined {
  const isApp =
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    'fetch' in value &&
    typeof value.fetch === 'function'
  return isApp ? (value as App) : undefined
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  try {
    return exportsOf((await import(pathToFileURL(path).href)) as Record<string, unknown>)
  } catch (error) {
    const { code, message, stack } = error as NodeJS.ErrnoException
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION' || code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
      throw new UserError(
        `${path} does not load: ${message}; install tsx beside the application, or use Bun`
      )
    }
    throw new UserError(`${path} does not load: ${stack ?? message}`)
  }
}

/** An ES module that was compiled to CommonJS, as tsx does without `"type": "module"`, has its exports in `default`. */
function exportsOf(module: Record<string, unknown>): Record<string, unknown> {
  return isCompiled(module.default) ? module.default : module
}

function isCompiled(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && '__esModule' in value
}

/** Node reads plain TypeScript from 22.18 on; the application's own tsx reads all of it, in all versions. */
async function prepareTypeScript(path: string): Promise<void> {
  if (process.versions.bun || !/\.[cm]?tsx?$|\.jsx$/.test(path)) {
    return
  }
  let loader: string
  try {
    loader = createRequire(path).resolve('tsx')
  } catch {
    return
  }
  await import(pathToFileURL(loader).href)
}
