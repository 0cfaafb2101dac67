/** Tests that a worker runs, each in a request of its own. */
export class TestList {
  readonly #tests: { name: string; run: () => Promise<void> }[] = []

  /** Adds a test. */
  readonly test = (name: string, run: () => Promise<void>): void => {
    this.#tests.push({ name, run })
  }

  /** `/` lists the names; `/?test=3` runs one and answers with what it threw. */
  async answer(request: Request): Promise<Response> {
    const index = new URL(request.url).searchParams.get('test')
    if (index === null) {
      return Response.json(this.#tests.map(({ name }) => name))
    }
    try {
      await this.#tests[Number(index)]!.run()
      return new Response('passed')
    } catch (error) {
      return new Response(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
  }
}
