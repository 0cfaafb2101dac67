/** An application whose clock stands still while it computes. */
import { Hono } from 'hono'
import { profiler } from 'hono-profiler'

const app = new Hono()
app.use('/allowed/*', profiler({ authorize: () => true }))
app.use(profiler())

async function waitAndSort(): Promise<string> {
  Array.from({ length: 50_000 }, () => Math.random()).sort()
  await scheduler.wait(40)
  return 'done'
}

app.get('/work', async (c) => c.text(await waitAndSort()))
app.get('/allowed/work', async (c) => c.text(await waitAndSort()))

export default app
