import { nowUs } from './clock.ts'
import type { Inspector } from './inspector.ts'
import { env } from './platform.ts'
import { Turns } from './turns.ts'

/** What workerd's `fetch` gives for an upgrade. */
interface Upgraded {
  webSocket?: WebSocket & { accept(): void }
}

/** An entry of the list that an inspector's port serves. */
interface Target {
  id: string
  description: string
  webSocketDebuggerUrl: string
}

/** Where `wrangler dev` and the Vite plugin have the inspector, if nothing else is said. */
const DEFAULT_URL = 'http://127.0.0.1:9229'

/** wrangler asks for a local origin, and gives source maps to a browser only. */
const HEADERS = { Origin: 'http://localhost', 'User-Agent': 'Mozilla/5.0' }

const FIND_TIMEOUT = 1000
/** V8 walks over the heap before it samples, which takes 80 ns for each object. */
const ANSWER_TIMEOUT = 5000
const CLOSE_TIMEOUT = 500

// Bound now, so that fake timers of an application, and the profiler's own wrappers, do not reach them.
const request = fetch
const schedule = setTimeout
const cancel = clearTimeout
const repeat = setInterval
const stopRepeating = clearInterval

/**
 * Finds the worker's own inspector.
 *
 * @param url Its port, like `http://127.0.0.1:9230`, or the address of its WebSocket.
 * @returns The address of its WebSocket, as HTTP.
 * @throws When there is none, or it cannot be told which one it is.
 */
export async function findInspector(url: string): Promise<string> {
  const { pathname } = new URL(url)
  if (pathname !== '/') {
    return asHttp(url)
  }
  const list = new URL('/json', asHttp(url)).href
  const response = await within(FIND_TIMEOUT, request(list, { headers: HEADERS }), list)
  const targets = ((await response.json()) as Target[]).filter(isWorker)
  if (targets.length !== 1) {
    const found = targets.map((target) => target.webSocketDebuggerUrl).join(', ')
    throw new Error(
      `the inspector at ${url} has ${targets.length} workers${found && `: give one of ${found}`}`
    )
  }
  return asHttp(targets[0]!.webSocketDebuggerUrl)
}

/** `fetch` opens WebSockets by their HTTP address. */
function asHttp(url: string): string {
  return url.replace(/^ws/, 'http')
}

/** wrangler and the Vite plugin list only workers; workerd itself lists what Miniflare is made of, too. */
function isWorker({ id, description }: Target): boolean {
  return description === 'workers' || id.startsWith('core:user:')
}

/** The inspector by its WebSocket. It belongs to the request that opened it, and takes one client at a time. */
export class InspectorPort implements Inspector {
  readonly #socket: WebSocket
  readonly #answers = new Map<number, (answer: Answer) => void>()
  readonly #listeners = new Map<string, (params: never) => void>()
  readonly #closed: Promise<void>
  #lastId = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => {
      this.#receive(JSON.parse(data as string) as Message)
    })
    this.#closed = new Promise((resolve) => {
      socket.addEventListener('close', ({ code, reason }) => {
        this.#failAll(`the inspector closed the connection (${code} ${reason})`)
        resolve()
      })
    })
  }

  /** @throws When there is none. */
  static async open(url: string): Promise<InspectorPort> {
    const upgrade = request(url, { headers: { ...HEADERS, Upgrade: 'websocket' } })
    const { webSocket } = (await within(FIND_TIMEOUT, upgrade, url)) as Upgraded
    if (!webSocket) {
      throw new Error(`${url} is no inspector`)
    }
    webSocket.accept()
    return new InspectorPort(webSocket)
  }

  async post<T>(method: string, params: object = {}): Promise<T> {
    const id = ++this.#lastId
    const answer = new Promise<Answer>((resolve) => {
      this.#answers.set(id, resolve)
    })
    this.#socket.send(JSON.stringify({ id, method, params }))
    const { error, result } = await within(ANSWER_TIMEOUT, answer, method)
    if (error) {
      throw new Error(`${method} failed: ${error.message}`)
    }
    return result as T
  }

  on(method: string, listener: (params: never) => void): void {
    this.#listeners.set(method, listener)
  }

  /** Waits until the inspector has closed, too: it would close a connection that comes before that. */
  async close(): Promise<void> {
    this.#socket.close()
    await within(CLOSE_TIMEOUT, this.#closed, 'closing the inspector').catch(() => undefined)
  }

  #receive(message: Message): void {
    if ('id' in message) {
      this.#answers.get(message.id)?.(message)
      this.#answers.delete(message.id)
    } else {
      this.#listeners.get(message.method)?.(message.params)
    }
  }

  #failAll(message: string): void {
    for (const answer of this.#answers.values()) {
      answer({ error: { message } })
    }
    this.#answers.clear()
  }
}

interface Answer {
  error?: { message: string }
  result?: unknown
}

type Message = ({ id: number } & Answer) | { method: string; params: never }

/** Waits for a promise, but not for ever. */
async function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = schedule(() => {
      reject(new Error(`${what} gave no answer within ${ms} ms`))
    }, ms)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    cancel(timer)
  }
}

/** Milliseconds that a recording waits for others that have the port. */
const LONGEST_TURN = 5000

const turns = new Turns({
  nowUs,
  setTimeout: schedule,
  setInterval: repeat,
  clearInterval: stopRepeating,
})

/** The WebSockets of inspectors, by what was given to find them. */
const found = new Map<string, string>()

/** A connection that others wait for. */
interface OpenPort {
  inspector: InspectorPort
  close: () => Promise<void>
}

/**
 * Connects to the worker's own inspector, once nobody else is connected.
 *
 * @param url As `findInspector` takes it; by default the binding `INSPECTOR_URL`, else wrangler's port.
 * @returns The connection, and what closes it.
 * @throws When there is none, or others have it for long.
 */
export async function openPort(
  url: string = env('INSPECTOR_URL') ?? DEFAULT_URL
): Promise<OpenPort> {
  // Only what was found is shared: what a request waits for stays open for ever when it is cancelled.
  const address = found.get(url) ?? (await findInspector(url))
  found.set(url, address)
  const endTurn = await turns.take(LONGEST_TURN)
  try {
    const inspector = await InspectorPort.open(address)
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
    found.delete(url)
    endTurn()
    throw error
  }
}

/** Connects for as long as `work` takes. */
export async function usePort<T>(work: (inspector: InspectorPort) => Promise<T>): Promise<T> {
  const { inspector, close } = await openPort()
  try {
    return await work(inspector)
  } finally {
    await close()
  }
}
