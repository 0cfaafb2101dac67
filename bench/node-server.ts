import type { HttpBindings } from '@hono/node-server'

/** A request as `@hono/node-server` gives it to `app.fetch`, with what comes with it. */
export async function requestOfNodeServer(
  path: string,
  headers: Record<string, string>
): Promise<[Request, HttpBindings]> {
  const { serve } = await import('@hono/node-server')
  const { request } = process.getBuiltinModule('node:http')
  return new Promise((resolve) => {
    const server = serve({
      port: 0,
      fetch: (given, env) => {
        resolve([given, env as HttpBindings])
        server.close()
        return new Response()
      },
    })
    server.once('listening', () => {
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      request({ port, path, headers }).end()
    })
  })
}
