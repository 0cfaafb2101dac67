import type { Inspector } from './inspector.ts'

/** What workerd's `fetch` gives for an upgrade. */
interface Upgraded {
  webSocket?: WebSocket & { accept(): void }
}

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

/**
 * What the inspector's port serves beside WebSockets.
 *
 * @throws When nobody answers.
 */
export async function getJson<T>(url: string): Promise<T> {
  const response = await within(FIND_TIMEOUT, request(url, { headers: HEADERS }), url)
  return (await response.json()) as T
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
