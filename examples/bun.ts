import { Hono } from 'hono'
import { profiler } from 'hono-profiler'

const app = new Hono()

app.use(profiler())

app.get('/hash/:password', async (c) => {
  const hash = await Bun.password.hash(c.req.param('password'))
  return c.text(hash)
})

const server = Bun.serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) })

console.log(`http://localhost:${server.port}/hash/secret?profile=1`)
