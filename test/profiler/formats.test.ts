import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { loadSession, profiler } from '../../runtimes/node/index.ts'
import { importPprof } from '../../src/index.ts'

const app = new Hono()
app.use(profiler())
app.get('/orders', async (c) => {
  await new Promise((resolve) => setTimeout(resolve, 5))
  return c.text('orders')
})

it.each([
  ['speedscope', 'application/json; charset=utf-8', 'profile.speedscope.json'],
  ['cpuprofile', 'application/json; charset=utf-8', 'profile.cpuprofile'],
  ['pprof', 'application/octet-stream', 'profile.pb'],
  ['firefox', 'application/json; charset=utf-8', 'profile.firefox.json'],
  ['folded', 'text/plain; charset=utf-8', undefined],
])('?profile=%s answers with a file for other tools', async (format, type, file) => {
  const response = await app.request(`/orders?profile=${format}`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe(type)
  expect(response.headers.get('content-disposition') ?? undefined).toBe(
    file && `attachment; filename="${file}"`
  )
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100)
})

it('what is answered loads as the session that it was', async () => {
  const profile = await (await app.request('/orders?profile=cpuprofile')).text()
  const { meta } = await loadSession(profile)
  expect(meta.request).toMatchObject({ method: 'GET', route: '/orders', status: 200 })
  const bytes = await (await app.request('/orders?profile=pprof')).arrayBuffer()
  const session = importPprof(new Uint8Array(bytes))
  expect(session.meta.request).toMatchObject({ route: '/orders' })
  expect(session.meta.totals.await).toBeGreaterThan(1)
})
