import { once } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Agent, request as httpRequest } from 'node:http'
import { gunzipSync } from 'node:zlib'

/** A request to the server that is soaked. */
export interface Asked {
  method: string
  path: string
  headers?: Record<string, string>
  body?: Buffer
  /** The client goes away when the first bytes have come. */
  leaves?: true
}

/** What the server answered; the body without its compression. */
export interface Answered {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A request that is not answered by then never is. */
const LONGEST_MS = 120_000

/** Makes requests over connections that are kept. */
export class Exchange {
  readonly #origin: string
  #agent = new Agent({ keepAlive: true })

  constructor(port: number) {
    this.#origin = `http://127.0.0.1:${port}`
  }

  /** @throws Error When the server does not answer. */
  async ask({ method, path, headers = {}, body, leaves }: Asked): Promise<Answered> {
    const request = httpRequest(this.#origin + path, {
      method,
      headers: { ...headers, ...(body && { 'content-length': String(body.length) }) },
      agent: this.#agent,
      signal: AbortSignal.timeout(LONGEST_MS),
    })
    request.end(body)
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const chunks: Buffer[] = []
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      if (leaves) {
        break
      }
    }
    const bytes = Buffer.concat(chunks)
    const isZipped = response.headers['content-encoding'] === 'gzip' && !leaves
    return {
      status: response.statusCode!,
      headers: response.headers,
      body: isZipped && bytes.length > 0 ? gunzipSync(bytes) : bytes,
    }
  }

  /** Closes all connections, so that the server has none open. */
  close(): void {
    this.#agent.destroy()
    this.#agent = new Agent({ keepAlive: true })
  }
}
