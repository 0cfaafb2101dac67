/** What the example and the tests use of Deno. Deno's own types clash with those of Node. */
declare const Deno: {
  env: { get(name: string): string | undefined }
  serve(options: {
    port: number
    handler(request: Request): Response | Promise<Response>
    onListen(address: { port: number }): void
  }): { shutdown(): Promise<void> }
}
