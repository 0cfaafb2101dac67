// The suppliers' pricing service: another program that the shop calls over HTTP. It runs in a thread of its
// own, so that the time it takes is only waiting for the shop.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { bearerAuth } from 'hono/bearer-auth'
import { createHash, randomBytes, scrypt, scryptSync, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { parentPort, workerData } from 'node:worker_threads'

const salt = randomBytes(16)
const storedKey = scryptSync(workerData as string, salt, 32)
const hash = promisify<string, Buffer, number, Buffer>(scrypt)

const app = new Hono()

app.use(
  bearerAuth({
    verifyToken: async (token) => timingSafeEqual(await hash(token, salt, 32), storedKey),
  })
)

app.get('/:supplier/quotes/:sku', (c) => {
  const { supplier, sku } = c.req.param()
  const digest = createHash('sha256').update(`${supplier}/${sku}`).digest()
  const cents = 500 + (digest.readUInt32BE() % 20_000)
  return c.json({ supplier, sku, cents, inStock: digest[4]! })
})

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  parentPort!.postMessage(`http://127.0.0.1:${port}`)
})
