import type { Context } from 'hono'
import { pbkdf2, scrypt } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Sqlite from 'node:sqlite'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { Scope } from '../ledger.ts'
import type { Env, Workload } from '../workload.ts'
import { enter, sleep } from '../workload.ts'

const compress = promisify(gzip)
const compressBetter = promisify(brotliCompress)
const derive = promisify(pbkdf2)
const deriveHard = promisify(scrypt)

/** Starts something and awaits it: the synchronous part of the call is on the processor, the rest is a wait. */
async function awaited<T>(own: Scope, start: () => Promise<T>): Promise<T> {
  const pending = own.cpu(start)
  const resumed = own.wait()
  const value = await pending
  resumed()
  return value
}

const upstream = (ms: number): string => `${process.env.UPSTREAM}/?ms=${ms}`

async function fetching(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'fetching')
  await fetchUser(own)
  await Promise.all([fetchItems(own), fetchOrders(own)])
  own.burn(10)
  return c.text('done')
}

async function fetchUser(scope: Scope): Promise<void> {
  const own = scope.in('fetchUser')
  const response = await awaited(own, () => fetch(upstream(50)))
  await awaited(own, () => response.text())
  own.burn(12)
}

async function fetchItems(scope: Scope): Promise<void> {
  const own = scope.in('fetchItems')
  const response = await awaited(own, () => fetch(upstream(50)))
  await awaited(own, () => response.arrayBuffer())
  own.burn(16)
}

async function fetchOrders(scope: Scope): Promise<void> {
  const own = scope.in('fetchOrders')
  const response = await awaited(own, () => fetch(upstream(90)))
  await awaited(own, () => response.json())
  own.burn(14)
}

async function files(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'files')
  await writeAndRead(own)
  own.burn(20)
  return c.text('done')
}

/** One operation each: Node itself computes between the parts of a file that it reads in parts. */
async function writeAndRead(scope: Scope): Promise<void> {
  const own = scope.in('writeAndRead')
  const path = join(tmpdir(), `hono-profiler-truth-${process.pid}`)
  const file = await awaited(own, () => open(path, 'w+'))
  try {
    await awaited(own, () => file.write(block))
    await awaited(own, () => file.sync())
    await awaited(own, () => file.read(block, 0, block.length, 0))
    own.burn(10)
  } finally {
    await awaited(own, () => file.close())
    await awaited(own, () => rm(path))
  }
}

const block = Buffer.alloc(64 << 20, 'x')

async function threadPool(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'threadPool')
  await compressed(own)
  await Promise.all([hashed(own), hashedHard(own)])
  own.burn(10)
  return c.text('done')
}

const text = Buffer.from(Array.from({ length: 60_000 }, (_, i) => `line ${i * 7919}`).join('\n'))

async function compressed(scope: Scope): Promise<void> {
  const own = scope.in('compressed')
  await awaited(own, () => compress(text, { chunkSize: 1 << 20 }))
  await awaited(own, () => compressBetter(text.subarray(0, 100_000), { chunkSize: 1 << 20 }))
  own.burn(12)
}

async function hashed(scope: Scope): Promise<void> {
  const own = scope.in('hashed')
  await awaited(own, () => derive('password', 'salt', 100_000, 32, 'sha256'))
  own.burn(12)
}

async function hashedHard(scope: Scope): Promise<void> {
  const own = scope.in('hashedHard')
  await awaited(own, () => deriveHard('password', 'salt', 32))
  own.burn(14)
}

/** SQLite is synchronous: all of it is on the processor. */
async function database(c: Context<Env>): Promise<Response> {
  const own = enter(c, 'database')
  const execute = await openDatabase()
  const resumed = own.wait()
  await sleep(30)
  resumed()
  query(own, execute)
  own.burn(10)
  return c.text('done')
}

function query(scope: Scope, execute: (sql: string) => void): void {
  scope.in('query').cpu(() => {
    execute(COUNT)
  })
}

const COUNT = `
  WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 50000)
  SELECT sum(n) FROM numbers`

let execute: ((sql: string) => void) | undefined

/** Node has SQLite from version 22 on. */
async function openDatabase(): Promise<(sql: string) => void> {
  if (!execute) {
    const sqlite = process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined
    if (sqlite) {
      const database = new sqlite.DatabaseSync(':memory:')
      execute = (sql) => database.prepare(sql).get()
    } else {
      const { Database } = await (await import('sql.js')).default()
      const database = new Database()
      execute = (sql) => database.exec(sql)
    }
  }
  return execute
}

export const io: Workload[] = [
  { name: 'fetch with a warm pool', handlers: [fetching] },
  { name: 'files', handlers: [files] },
  { name: 'the thread pool', handlers: [threadPool] },
  { name: 'SQLite', handlers: [database] },
]
