import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs, { readFile } from 'node:fs'
import { test } from 'node:test'
import { promisify } from 'node:util'
import zlib, { gunzip } from 'node:zlib'
import { profile } from '../../../runtimes/bun/index.ts'
import { burn } from '../../truth/burn.ts'
import { waitsOf } from './expect-wait.ts'

const LEAST_MS = 30
const BURN_MS = 20

const expectWait = waitsOf(import.meta.filename, LEAST_MS)
const text = crypto.randomBytes(8 << 20).toString('hex')

/** Rounds of SHA-256 that take some time on any machine. */
const ROUNDS = 400_000

type Call<T> = (callback: (error: Error | null, value: T) => void) => void

/** Calls a function with a callback that computes before it settles the promise. */
function called<T>(call: Call<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    call(function arrived(error, value) {
      burn(BURN_MS)
      if (error) {
        reject(error)
      } else {
        resolve(value)
      }
    })
  })
}

/** Expects that what the callback computes is the request's, under the function that waits for it. */
function expectComputing(session: Awaited<ReturnType<typeof profile>>['session']): void {
  const [entry] = session.flat({ n: 100 }).filter((each) => each.function === 'burn')
  assert.ok(Math.abs((entry?.time ?? 0) - BURN_MS) < 4, `${entry?.time} of ${BURN_MS} ms`)
}

void test('crypto.pbkdf2 waits at the line that awaits', async () => {
  const { session } = await profile(async function hashing() {
    await called((done) => {
      crypto.pbkdf2('password', 'salt', ROUNDS, 32, 'sha256', done)
    })
  })
  expectComputing(session)
  const { session: promised } = await profile(async function deriving() {
    await promisify(crypto.pbkdf2)('password', 'salt', ROUNDS, 32, 'sha256') // promisified
  })
  expectWait(promised, 'deriving', 'promisified')
})

void test('zlib.gzip waits at the line that awaits', async () => {
  const { session } = await profile(async function packing() {
    const pack: Call<Buffer> = (done) => {
      zlib.gzip(text, done)
    }
    await called(pack) // gzip
  })
  expectComputing(session)
  expectWait(session, 'packing', 'gzip')
})

void test('what a callback of fs.readFile computes is the request itself', async () => {
  const { session } = await profile(async function reading() {
    await called<Buffer>((done) => {
      fs.readFile(import.meta.filename, done)
    })
  })
  expectComputing(session)
})

void test('what a stream calls back for a later chunk is the request itself', async () => {
  const { session } = await profile(async function piping() {
    const { stdout } = Bun.spawn(['sh', '-c', 'echo 1; sleep 0.03; echo 2'])
    const sink = Object.freeze({
      write(this: unknown) {
        assert.equal(this, sink)
        burn(BURN_MS / 2)
      },
    })
    await stdout.pipeThrough(new TransformStream()).pipeTo(new WritableStream(sink))
  })
  expectComputing(session)
})

void test('a stream calls back what it was given, with its own fields', async () => {
  class Joined {
    joined = ''
    #count = 0

    start(): void {
      this.joined = '>'
      this.#count++
    }

    transform(chunk: string, controller: TransformStreamDefaultController<string>): void {
      this.joined += chunk
      controller.enqueue(`${this.joined} ${this.#count}`)
    }
  }
  const { value } = await profile(async function joining() {
    const { readable, writable } = new TransformStream<string, string>(new Joined())
    const writer = writable.getWriter()
    void writer.write('a')
    void writer.write('b').then(() => writer.close())
    const chunks: string[] = []
    for await (const chunk of readable) {
      chunks.push(chunk)
    }
    return chunks
  })
  assert.deepEqual(value, ['>a 1', '>ab 1'])
})

const hasPreload = '__honoProfilerAwait' in globalThis

void test('with the preload, so are callbacks of functions that were imported by name', async () => {
  const packed = zlib.gzipSync('text')
  for (const call of [readFile.bind(undefined, import.meta.filename), gunzip.bind(zlib, packed)]) {
    const { session } = await profile(async function byName() {
      await called(call as Call<Buffer>)
    })
    if (hasPreload) {
      expectComputing(session)
    }
  }
})

void test('calls without a callback work as ever', async () => {
  const { value } = await profile(() => crypto.randomBytes(16).length)
  assert.equal(value, 16)
})
