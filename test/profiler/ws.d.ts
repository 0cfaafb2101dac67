/** What is used of `ws`, which brings no types. */
declare module 'ws' {
  /** Given to the server as it is. */
  export const WebSocketServer: new (options: { noServer: true }) => never
}
