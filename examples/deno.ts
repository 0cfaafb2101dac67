import { Hono } from 'hono'
import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { profiler } from 'hono-profiler'

const hash = promisify(pbkdf2)
const app = new Hono()

app.use(profiler())

app.get('/hash/:password', async (c) => {
  const key = await hash(c.req.param('password'), 'salt', 600_000, 32, 'sha256')
  return c.text(key.toString('hex'))
})

Deno.serve({
  port: Number(Deno.env.get('PORT') ?? 3000),
  handler: app.fetch,
  onListen({ port }) {
    console.log(`http://localhost:${port}/hash/secret?profile=1`)
  },
})
