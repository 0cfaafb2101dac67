import { nowUs } from './clock.ts'
import { getJson, InspectorPort } from './inspector-port.ts'
import { isOwnInspector } from './own-inspector.ts'
import { env } from './platform.ts'
import { Turns } from './turns.ts'

/** An entry of the list that an inspector's port serves. */
interface Target {
  id: string
  description: string
  webSocketDebuggerUrl: string
}

/**
 * Where `wrangler dev` and the Vite plugin have the inspector, if nothing else is said. The plugin takes the next port
 * when another worker has the first.
 */
const DEFAULT_URLS = [9229, 9230, 9231].map((port) => `http://127.0.0.1:${port}`)

/**
 * Finds the inspectors of workers.
 *
 * @param url A port, like `http://127.0.0.1:9230`, or the address of a WebSocket.
 * @returns The addresses of their WebSockets, as HTTP.
 * @throws When there is none.
 */
async function findInspectors(url: string): Promise<string[]> {
  const { pathname } = new URL(url)
  if (pathname !== '/') {
    return [asHttp(url)]
  }
  const list = new URL('/json', asHttp(url)).href
  const targets = (await getJson<Target[]>(list)).filter(isWorker)
  if (targets.length === 0) {
    throw new Error(`the inspector at ${url} has no worker`)
  }
  return targets.map(({ webSocketDebuggerUrl }) => asHttp(webSocketDebuggerUrl))
}

/** `fetch` opens WebSockets by their HTTP address. */
function asHttp(url: string): string {
  return url.replace(/^ws/, 'http')
}

/** wrangler and the Vite plugin list only workers; workerd itself lists what Miniflare is made of, too. */
function isWorker({ id, description }: Target): boolean {
  return description === 'workers' || id.startsWith('core:user:')
}

/** Milliseconds that a recording waits for others that have the port. */
const LONGEST_TURN = 5000

// The timers as they are now: neither an application's fake ones nor the profiler's own wrappers.
const turns = new Turns({ nowUs, setTimeout, setInterval, clearInterval })

/** The WebSocket of the worker's own inspector, by what was given to find it. */
const found = new Map<string, string>()
/** The WebSockets of other workers' inspectors. */
const foreign = new Set<string>()

/** A connection that others wait for. */
interface OpenPort {
  inspector: InspectorPort
  close: () => Promise<void>
}

/**
 * Connects to the worker's own inspector, once nobody else is connected.
 *
 * @param url Its port, like `http://127.0.0.1:9230`, or the address of its WebSocket; by default the binding
 *   `INSPECTOR_URL`, else where development servers have it.
 * @returns The connection, and what closes it.
 * @throws When there is none, it is another worker's, or others have it for long.
 */
export async function openPort(url: string | undefined = env('INSPECTOR_URL')): Promise<OpenPort> {
  const endTurn = await turns.take(LONGEST_TURN)
  try {
    const inspector = await openFirst(url === undefined ? DEFAULT_URLS : [url])
    return {
      inspector,
      async close() {
        try {
          await inspector.close()
        } finally {
          endTurn()
        }
      },
    }
  } catch (error) {
    endTurn()
    throw error
  }
}

/** The first of these that leads to this worker; else the first says why it does not. */
async function openFirst(urls: readonly string[]): Promise<InspectorPort> {
  const errors: unknown[] = []
  for (const url of urls) {
    try {
      return await openOwn(url)
    } catch (error) {
      errors.push(error)
    }
  }
  throw errors[0]
}

async function openOwn(url: string): Promise<InspectorPort> {
  const known = found.get(url)
  if (known !== undefined) {
    found.delete(url)
    const inspector = await InspectorPort.open(known)
    found.set(url, known)
    return inspector
  }
  for (const address of await findInspectors(url)) {
    const inspector = foreign.has(address) ? undefined : await openIfOwn(address)
    if (inspector) {
      found.set(url, address)
      return inspector
    }
  }
  throw new Error(`the inspector at ${url} is another worker's`)
}

async function openIfOwn(address: string): Promise<InspectorPort | undefined> {
  const inspector = await InspectorPort.open(address)
  let isOwn = false
  try {
    isOwn = await isOwnInspector(inspector)
    if (!isOwn) {
      foreign.add(address)
    }
  } finally {
    await (isOwn || inspector.close())
  }
  return isOwn ? inspector : undefined
}

/** Connects for as long as `work` takes. */
export async function usePort<T>(
  url: string | undefined,
  work: (inspector: InspectorPort) => Promise<T>
): Promise<T> {
  const { inspector, close } = await openPort(url)
  try {
    return await work(inspector)
  } finally {
    await close()
  }
}
