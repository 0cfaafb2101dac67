/* eslint-disable @typescript-eslint/no-deprecated -- applications use it until Hono 5 */
import { upgradeWebSocket, websocket } from 'hono/bun'
import { defineServedResponses } from '../../served-responses.ts'
import { subject } from './subject.ts'

defineServedResponses({
  ...subject,
  serve: (app) => {
    const fetch = (request: Request, server: unknown): Response | Promise<Response> =>
      app.fetch(request, { server })
    const server = Bun.serve({ port: 0, fetch, websocket })
    const stop = (): Promise<void> => server.stop(true)
    return Promise.resolve({ origin: `http://127.0.0.1:${server.port}`, stop })
  },
  upgradeWebSocket,
})
