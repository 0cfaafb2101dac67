/** The names of the tests that a worker lists. */
export async function listTests(url: string): Promise<string[]> {
  return (await (await fetch(url)).json()) as string[]
}

/** Runs one of them; undefined when it passed, else what it threw. */
export async function runTest(url: string, index: number): Promise<string | undefined> {
  const answer = await (await fetch(`${url}/?test=${index}`)).text()
  return answer === 'passed' ? undefined : answer
}

/** Runs all of them, and gives what was thrown, by name. */
export async function failuresOf(url: string): Promise<Record<string, string>> {
  const failures: Record<string, string> = {}
  for (const [i, name] of (await listTests(url)).entries()) {
    const failure = await runTest(url, i)
    if (failure !== undefined) {
      failures[name] = failure
    }
  }
  return failures
}
