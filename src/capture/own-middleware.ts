import type { Handler } from 'hono'

/** The middleware that this package has made: of a chain, they are nothing that the application does. */
export const ownMiddleware: WeakSet<Handler> = new WeakSet()
