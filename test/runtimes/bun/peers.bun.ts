import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { profile } from '../../../runtimes/bun/index.ts'
import { burn } from '../../truth/burn.ts'
import { waitsOf } from './expect-wait.ts'

const DELAY_MS = 60
const expectWait = waitsOf(import.meta.filename, DELAY_MS)

const SLEEP = ['sleep', String(DELAY_MS / 1000)]

void test('Bun.spawn waits at the line that awaits the end', async () => {
  const { session } = await profile(async function spawning() {
    const child = Bun.spawn(SLEEP)
    await child.exited // Bun.spawn
  })
  expectWait(session, 'spawning', 'Bun.spawn')
})

void test('a callback of Bun.spawn is part of the request', async () => {
  const { session } = await profile(async function spawning() {
    const ended = deferred()
    Bun.spawn({
      cmd: SLEEP,
      onExit: function ending() {
        burn(10)
        ended.resolve()
      },
    })
    await ended.promise // onExit
  })
  expectWait(session, 'spawning', 'onExit')
  const ending = session.flat({ n: 100 }).find((entry) => entry.function === 'burn')
  assert.ok((ending?.time ?? 0) > 7, `${ending?.time} ms`)
})

void test('a stream waits at the loop over its chunks', async () => {
  const { session } = await profile(async function reading() {
    const { stdout } = Bun.spawn(SLEEP)
    let size = 0
    for await (const chunk of stdout) {
      size += chunk.length
    }
    return size
  })
  expectWait(session, 'reading', 'for await (const chunk of stdout) {')
})

void test('child_process waits at the line that awaits the end', async () => {
  const run = promisify(execFile)
  const { session } = await profile(async function running() {
    await run(SLEEP[0]!, SLEEP.slice(1)) // execFile
  })
  expectWait(session, 'running', 'execFile')
  const { session: other } = await profile(async function spawning() {
    await once(spawn(SLEEP[0]!, SLEEP.slice(1)), 'exit') // spawn
  })
  expectWait(other, 'spawning', 'spawn')
})

void test('a socket that is kept waits at the line that awaits the answer', async () => {
  const server = await serve((socket, data) => {
    setTimeout(() => socket.write(data), DELAY_MS)
  })
  const socket = connect(server.port, '127.0.0.1')
  await once(socket, 'connect')
  let answered = (): void => undefined
  socket.on('data', function answering() {
    burn(10)
    answered()
  })
  const { session } = await profile(async function asking() {
    const answer = deferred()
    answered = answer.resolve
    socket.write('question')
    await answer.promise // socket
  })
  socket.destroy()
  server.stop()
  expectWait(session, 'asking', 'socket')
  const parsing = session.flat({ n: 100 }).find((entry) => entry.function === 'burn')
  assert.ok((parsing?.time ?? 0) > 7, `${parsing?.time} ms`)
})

void test('Bun.SQL waits at the line that awaits the rows', async () => {
  const server = await serve((socket, data) => {
    answerPostgres(socket, data)
  })
  const sql = new Bun.SQL({
    url: `postgres://user@127.0.0.1:${server.port}/orders`,
    max: 1,
    tls: false,
  })
  await sql`select 1`.simple()
  const { session } = await profile(async function querying() {
    await sql`select 1`.simple() // SQL
  })
  await sql.close()
  server.stop()
  expectWait(session, 'querying', 'SQL')
})

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

async function serve(
  answer: (socket: Socket, data: Buffer) => void
): Promise<{ port: number; stop: () => void }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (data: Buffer) => {
      answer(socket, data)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      server.close()
    },
  }
}

/** Speaks as much of Postgres' protocol as a query without rows needs. */
function answerPostgres(socket: Socket, data: Buffer): void {
  const ready = message('Z', Buffer.from('I'))
  if (data[0] === 0) {
    socket.write(Buffer.concat([message('R', Buffer.alloc(4)), ready]))
  } else if (data[0] === 'Q'.charCodeAt(0)) {
    setTimeout(() => {
      socket.write(Buffer.concat([message('C', Buffer.from('SELECT 0\0')), ready]))
    }, DELAY_MS)
  }
}

/** A type, the length with its own four bytes, and what it says. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
