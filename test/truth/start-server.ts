import { build } from 'esbuild'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** A running server and how to end it. */
export interface TruthServer {
  url: string
  stop(): Promise<void>
}

/**
 * Builds the server and starts it with the Node of `TRUTH_NODE`, this process's own by default.
 *
 * @param programs Source of modules that it serves at `/programs/`, by name.
 */
export async function startServer(programs = new Map<string, string>()): Promise<TruthServer> {
  const folder = await mkdtemp(join(tmpdir(), 'hono-profiler-truth-'))
  await buildServer(folder)
  await mkdir(join(folder, 'programs'))
  for (const [name, source] of programs) {
    await writeFile(join(folder, 'programs', `${name}.js`), source)
  }
  const upstream = await startUpstream()
  const child = spawn(process.env.TRUTH_NODE ?? process.execPath, ['server.js'], {
    cwd: folder,
    env: { ...process.env, UPSTREAM: upstream.url, NODE_ENV: 'test', NODE_OPTIONS: '' },
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

/**
 * Node 20 runs no TypeScript. Every file stays a module of its own, so that no function is renamed, and the
 * profiler is a package, so that its frames are told from the application's.
 */
async function buildServer(folder: string): Promise<void> {
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
    entryPoints: ['server', 'pulse', 'burn', 'ledger', 'workload', 'workloads/*'].map((name) => {
      return fromHere(`${name}.ts`)
    }),
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

/** Answers `?ms=30` after 30 ms. */
async function startUpstream(): Promise<{ url: string; stop: () => void }> {
  const server = createServer((request, response) => {
    const ms = Number(new URL(request.url!, 'http://upstream').searchParams.get('ms'))
    setTimeout(() => response.end('{ "from": "upstream" }'), ms)
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
