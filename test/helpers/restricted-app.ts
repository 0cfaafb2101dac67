import { Hono } from 'hono'
import { profiler } from '../../runtimes/node/index.ts'

/** Run as a program of its own: profiles a request and prints what came of it as JSON. */
const app = new Hono()
app.use(profiler())
app.get('/', async function listOrders(c) {
  await new Promise((resolve) => setTimeout(resolve, 10))
  return c.text('own')
})

const answers: Record<string, { status: number; headers: Record<string, string>; text: string }> =
  {}
for (const query of ['', '?profile=text', '?profile=1&term=1']) {
  const response = await app.request(`/${query}`)
  answers[query] = {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text: await response.text(),
  }
}
console.log(JSON.stringify(answers))
