/** The application of the soak: every kind of response that servers give. */
import type { Context } from 'hono'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { setCookie } from 'hono/cookie'
import { etag } from 'hono/etag'
import { stream, streamSSE } from 'hono/streaming'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Profiler } from '../../src/profiler.ts'
import { partsOf, rowsOf, textOf } from './content.ts'

/** Sessions that the directory of a soak keeps. */
export const KEPT_SESSIONS = 200

/** @param saveDir Where sessions are kept. */
export function soakApp({ profiler, span }: Profiler, saveDir: string): Hono {
  const app = new Hono()
  // Recordings of bodies that stream end after the client has its answer, so that some are left from before a burst.
  const maxRecordings = 64
  app.use('/zip/*', compress({ threshold: 0 }))
  app.use(profiler({ saveDir, maxSessions: KEPT_SESSIONS, maxRecordings }))
  app.use('/etag/*', etag())
  app.use(async function checkUser(_c, next) {
    await sleep(1)
    await next()
  })

  app.get('/json/:id', async (c) => {
    const rows = await span('load rows', () => loadRows(idOf(c)))
    compute(1)
    return c.json(rows)
  })
  app.get('/text/:id', (c) => {
    compute(2)
    return c.text(textOf(idOf(c)))
  })
  app.get('/zip/:id', (c) => c.text(textOf(idOf(c))))
  app.get('/etag/:id', (c) => c.text(textOf(idOf(c))))
  app.post('/echo/:id', async (c) => c.body(await c.req.arrayBuffer()))
  app.get('/parallel/:id', async (c) => {
    const ids = [idOf(c), idOf(c) + 1, idOf(c) + 2]
    return c.json(await Promise.all(ids.map(loadRows)))
  })
  app.get('/nested/:id', async (c) => {
    const inner = await app.request(`/json/${idOf(c)}`)
    return c.body(await inner.text(), 200, { 'content-type': 'application/json' })
  })
  app.get('/stream/:id', (c) =>
    stream(c, async function writeParts(out) {
      for (const part of partsOf(idOf(c))) {
        await out.write(part)
        await sleep(2)
      }
    })
  )
  app.get('/events/:id', (c) =>
    streamSSE(c, async function sendEvents(out) {
      for (const data of partsOf(idOf(c))) {
        await out.writeSSE({ data: data.trim() })
        await sleep(1)
      }
    })
  )
  app.post('/order/:id', async (c) => {
    await sleep(1)
    setCookie(c, 'order', String(idOf(c)))
    return c.redirect('/orders', 303)
  })
  app.delete('/order/:id', async (c) => {
    await sleep(1)
    return c.body(null, 204)
  })
  app.get('/fails/:id', async (c) => {
    await sleep(1)
    throw new RangeError(`no such order ${idOf(c)}`)
  })
  app.onError((error, c) => c.text(error.message, 500))
  return app
}

async function loadRows(id: number): Promise<ReturnType<typeof rowsOf>> {
  await sleep(1 + (id % 5))
  return rowsOf(id)
}

function idOf(c: Context): number {
  return Number(c.req.param('id'))
}

/** Keeps the processor busy for some milliseconds. */
function compute(ms: number): number {
  const endMs = performance.now() + ms
  let sum = 0
  while (performance.now() < endMs) {
    for (let i = 0; i < 5000; i++) {
      sum += Math.sqrt(i)
    }
  }
  return sum
}
