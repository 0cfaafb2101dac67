import { build } from 'esbuild'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startUpstream } from './upstream.ts'

const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** A running server and how to end it. */
export interface TruthServer {
  url: string
  stop(): Promise<void>
}

/** Source of modules by name. The server runs them at `/programs/`. */
type Programs = ReadonlyMap<string, string>

const node = process.env.TRUTH_NODE ?? process.execPath
const env = { ...process.env, NODE_ENV: 'test', NODE_OPTIONS: '' }

/** Builds the server and starts it with the Node of `TRUTH_NODE`, this process's own by default. */
export async function startServer(programs: Programs = new Map()): Promise<TruthServer> {
  const folder = await buildFolder(programs)
  const upstream = await startUpstream()
  const child = spawn(node, ['server.js'], {
    cwd: folder,
    env: { ...env, UPSTREAM: upstream.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await firstLine(child.stdout)
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      if (child.exitCode === null && child.kill()) {
        await once(child, 'exit')
      }
      upstream.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** Runs a script that is built beside the server, on the same Node, and gives what it printed. */
export async function runScript(
  script: string,
  args: string[],
  programs: Programs
): Promise<string> {
  const folder = await buildFolder(programs)
  try {
    const options = { cwd: folder, env, maxBuffer: 1 << 26 }
    return (await promisify(execFile)(node, [script, ...args], options)).stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function buildFolder(programs: Programs): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hono-profiler-truth-'))
  await buildModules(folder)
  await mkdir(join(folder, 'programs'))
  for (const [name, source] of programs) {
    await writeFile(join(folder, 'programs', `${name}.js`), source)
  }
  return folder
}

/**
 * Node 20 runs no TypeScript. Every file stays a module of its own, so that no function is renamed, and the
 * profiler is a package, so that its frames are told from the application's.
 */
async function buildModules(folder: string): Promise<void> {
  const modules = join(folder, 'node_modules')
  const options = {
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    tsconfigRaw: '{}',
  } as const
  await mkdir(modules)
  for (const name of ['hono', '@hono', 'inspector-api', 'sql.js']) {
    await symlink(fromHere(`../../node_modules/${name}`), join(modules, name))
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await build({
    ...options,
    entryPoints: [fromHere('../../runtimes/node/index.ts')],
    outdir: join(modules, 'hono-profiler'),
    external: ['hono'],
  })
  await writeFile(
    join(modules, 'hono-profiler', 'package.json'),
    '{ "type": "module", "exports": "./index.js" }'
  )
  await build({
    ...options,
    entryPoints: ['server', 'without-http', 'burn', 'ledger', 'workload', 'workloads/*'].map(
      (name) => fromHere(`${name}.ts`)
    ),
    outdir: folder,
    packages: 'external',
  })
}

async function firstLine(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const chunk of stream) {
    text += chunk.toString()
    if (text.includes('\n')) {
      return text.trim()
    }
  }
  throw new Error('the server ended before it listened')
}
