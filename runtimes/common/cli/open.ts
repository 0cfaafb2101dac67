import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tell } from './output.ts'

/** A page and the headers that it needs. */
export interface Page {
  html: string
  headers: Readonly<Record<string, string>>
}

/** Serves a page on this machine alone until the program is ended, and opens it in the browser. */
export async function servePage(
  { html, headers }: Page,
  port: number,
  browse: boolean
): Promise<void> {
  const server = createServer(({ method, url, headers: asked }, response) => {
    // Another name would be a page elsewhere that has its name lead here.
    const isLocal = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(asked.host ?? '')
    if (!isLocal || method !== 'GET' || url !== '/') {
      response.writeHead(isLocal ? 404 : 403).end()
      return
    }
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    })
    response.end(html)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await tell(`serving ${address} until Ctrl-C`)
  if (browse) {
    openBrowser(address)
  }
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      })
    }
  })
}

/** The address is on stderr already: a machine without a browser is no error. */
function openBrowser(address: string): void {
  const commands: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
    darwin: ['open', address],
    win32: ['cmd', '/c', 'start', '""', address],
  }
  const [command, ...args] = commands[process.platform] ?? ['xdg-open', address]
  const browser = spawn(command, args, { stdio: 'ignore', detached: true })
  browser.on('error', () => undefined)
  browser.unref()
}
