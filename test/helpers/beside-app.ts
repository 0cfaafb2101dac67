/**
 * Run as a program of its own, beside tools that watch a process as well: profiles requests when a line comes on its
 * input, and prints what came of it as JSON.
 */
// eslint-disable-next-line n/no-extraneous-import -- a peer of the SDK
import { SpanStatusCode, trace } from '@opentelemetry/api'
// eslint-disable-next-line n/no-extraneous-import -- the SDK brings it along
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import * as Sentry from '@sentry/node'
import { Hono } from 'hono'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { profiler } from '../../runtimes/node/index.ts'

const spans = new InMemorySpanExporter()
const events: unknown[] = []

if (process.argv[2] === 'opentelemetry') {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).register()
}
if (process.argv[2] === 'sentry') {
  Sentry.init({
    dsn: 'https://key@sentry.example/1',
    tracesSampleRate: 1,
    beforeSend: (event) => {
      events.push(event.exception?.values?.[0]?.value)
      return null
    },
  })
}

const app = new Hono()
app.use(profiler())
app.get('/orders', async function listOrders(c) {
  await trace.getTracer('test').startActiveSpan('orders', async (span) => {
    await sleep(10)
    await Promise.all(['rows', 'prices'].map(loadPart))
    span.setStatus({ code: SpanStatusCode.OK }).end()
  })
  return c.text('own')
})
app.get('/fails', async function fails() {
  await sleep(2)
  throw new RangeError('out of stock')
})
app.onError((error, c) => {
  Sentry.captureException(error)
  return c.text(error.message, 500)
})

async function loadPart(name: string): Promise<void> {
  await trace.getTracer('test').startActiveSpan(name, async (span) => {
    await sleep(5)
    span.end()
  })
}

await once(process.stdin, 'data')
process.stdin.pause()
const text = await (await app.request('/orders?profile=text')).text()
const own = await (await app.request('/orders?profile=1&term=1')).text()
const failure = await (await app.request('/fails?profile=text')).text()
await Sentry.flush(1000)
console.log(
  JSON.stringify({
    text,
    own,
    failure,
    events,
    spans: spans.getFinishedSpans().map((span) => ({
      name: span.name,
      id: span.spanContext().spanId,
      trace: span.spanContext().traceId,
      parent: span.parentSpanContext?.spanId,
    })),
  })
)
