import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Starts a server that answers `?ms=30` after 30 ms. */
export async function startUpstream(): Promise<{ url: string; stop: () => void }> {
  const server = createServer((request, response) => {
    const ms = Number(new URL(request.url!, 'http://upstream').searchParams.get('ms'))
    setTimeout(() => response.end('{ "from": "upstream" }'), ms)
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
