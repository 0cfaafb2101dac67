import * as esbuild from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Frame } from '../../../src/session/frame.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Functions have their names from properties, which minifying leaves. */
const APPLICATION = `
import { Hono } from 'hono'
import { instrument, profile, profiler, span } from 'hono-profiler'

function burn() {
  const end = Date.now() + 20
  while (Date.now() < end);
}
const app = new Hono()
app.use(profiler({ enabled: true }))
app.use({ async outerMiddleware(c, next) { await next(); c.header('x-outer', '1') } }.outerMiddleware)
app.use({ async innerMiddleware(c, next) { await next() } }.innerMiddleware)
const work = {
  async load() {
    await new Promise((resolve) => setTimeout(resolve, 20))
    burn()
  },
  async part() {
    burn()
    await work.load()
  },
}
const handlers = {
  async handler(c) {
    burn()
    await span('part', work.part)
    return c.text('done')
  },
  async failing() {
    burn()
    throw new Error('no')
  },
  onError(error, c) {
    burn()
    return c.text(error.message, 500)
  },
}
app.get('/orders', handlers.handler)
app.get('/error', handlers.failing)
app.get('/instrumented', instrument(handlers.handler, { enabled: true }))
app.onError(handlers.onError)

const answer = async (path) => (await app.request(path)).json()
const orders = await answer('/orders?profile=json')
const failing = await answer('/error?profile=json')
const instrumented = await answer('/instrumented?profile=json')
const { session } = await profile(work.part)
const profiled = { rootFrame: treeOf(session.rootFrame()) }
console.log(JSON.stringify({ orders, failing, instrumented, profiled }))

function treeOf({ function: name, time, children }) {
  return { function: name, time, children: children.map(treeOf) }
}
`

type Tree = Pick<Frame, 'function' | 'time'> & { children: Tree[] }
type Printed = Record<'orders' | 'failing' | 'instrumented' | 'profiled', { rootFrame: Tree }>

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hono-profiler-bundled-'))
  await writeFile(join(folder, 'app.js'), APPLICATION)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function runBundle(runtime: string, args: string[], minify: boolean): Promise<Printed> {
  const outfile = join(folder, `${runtime}-${minify}.mjs`)
  await esbuild.build({
    entryPoints: [join(folder, 'app.js')],
    outfile,
    bundle: true,
    minify,
    format: 'esm',
    platform: 'node',
    nodePaths: [join(root, 'node_modules')],
    alias: { 'hono-profiler': join(root, `runtimes/${runtime}/index.ts`) },
    external: ['node:*', 'bun:*', 'bun', 'cloudflare:*'],
    tsconfigRaw: '{}',
    logLevel: 'error',
  })
  const command = join(root, 'node_modules/.bin', runtime)
  const { NODE_OPTIONS: _, ...env } = process.env
  const options = { env: { ...env, NODE_ENV: 'development' }, maxBuffer: 1 << 26 }
  const { stdout } = await promisify(execFile)(command, [...args, outfile], options)
  return JSON.parse(stdout) as Printed
}

/** The functions on the longest way from the request to one of them. */
function wayTo(name: string, { function: own, children }: Tree): string[] | undefined {
  const lastWord = /[\w$]+$/.exec(own)?.[0] ?? own
  if (lastWord === name) {
    return [lastWord]
  }
  const inner = [...children]
    .sort((one, other) => other.time - one.time)
    .map((child) => wayTo(name, child))
    .find((way) => way !== undefined)
  return inner && [lastWord, ...inner]
}

describe.each([
  ['node', []],
  ['bun', []],
  ['deno', ['run', '-A']],
] as const)('in a bundle without a source map, on %s', (runtime, args) => {
  it.each([false, true])('no function of the profiler is told, minified: %s', async (minify) => {
    const { orders, failing, instrumented, profiled } = await runBundle(runtime, [...args], minify)
    const chain = ['outerMiddleware', 'innerMiddleware']
    const wayOf = (name: string, { rootFrame }: { rootFrame: Tree }): string[] | undefined =>
      wayTo(name, rootFrame)?.slice(1)
    expect(wayOf('load', orders)).toEqual([...chain, 'handler', 'part', 'load'])
    expect(wayOf('failing', failing)).toEqual([...chain, 'failing'])
    expect(wayOf('load', profiled)).toEqual(['part', 'load'])
    expect(wayOf('part', instrumented)?.slice(-2)).toEqual(['handler', 'part'])
    expect(JSON.stringify([orders, failing, instrumented, profiled])).not.toMatch(/honoProfiler/)
  })
})
