/** What the example uses of Deno. Deno's own types clash with those of Node. */
declare const Deno: {
  env: { get(name: string): string | undefined }
  serve(options: {
    port: number
    handler(request: Request): Response | Promise<Response>
    onListen(address: { port: number }): void
  }): void
}
