/* eslint-disable @typescript-eslint/no-deprecated -- applications use it until Hono 5 */
import { upgradeWebSocket } from 'hono/deno'
import { defineServedResponses } from '../../served-responses.ts'
import { subject } from './subject.ts'

defineServedResponses({
  ...subject,
  serve: (app) =>
    new Promise((resolve) => {
      const server = Deno.serve({
        port: 0,
        handler: app.fetch,
        onListen({ port }) {
          resolve({ origin: `http://127.0.0.1:${port}`, stop: () => server.shutdown() })
        },
      })
    }),
  upgradeWebSocket,
})
